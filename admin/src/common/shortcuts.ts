import { useEffect, useRef } from 'react';

export interface Shortcut {
  /** `KeyboardEvent.key`, e.g. `j`, `Enter`, `?`; two with a space between are pressed one after the other: `g l`. */
  key: string;
  /** Message key of what it does. */
  label: string;
  run: () => void;
}

const SEQUENCE_MS = 1200;
const active = new Set<{ current: Shortcut[] }>();
let pending: { key: string; at: number } | null = null;

/** Shortcuts of everything on screen, for the help and the command palette. */
export const activeShortcuts = (): Shortcut[] => [...active].flatMap((entry) => entry.current);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isTick(target)));

/** A tick box takes no text: keys pressed on it are meant for the page. */
const isTick = (target: HTMLElement): boolean => target instanceof HTMLInputElement && target.type === 'checkbox';

/** A dialog that fades away is still on the page, but no longer listens: keys are meant for what is below it. */
const isFading = (overlay: Element): boolean => {
  const inside = overlay.querySelector('.MuiDialog-container, .MuiPopover-paper');
  return inside instanceof HTMLElement && inside.style.opacity === '0';
};
const isOverlayOpen = (): boolean =>
  [...document.querySelectorAll('.MuiDialog-root, .MuiPopover-root, .MuiDrawer-modal')].some((overlay) => !isFading(overlay));

/** The shortcut a key press means, given the key pressed just before. */
export const matchShortcut = (shortcuts: readonly Shortcut[], key: string, before: string | null): Shortcut | undefined =>
  (before === null ? undefined : shortcuts.find((shortcut) => shortcut.key === `${before} ${key}`)) ??
  shortcuts.find((shortcut) => shortcut.key === key);

const onKey = (event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isOverlayOpen()) return;
  const isControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role="checkbox"]') !== null;
  if (event.key === 'Enter' && isControl) return;
  const before = pending && event.timeStamp - pending.at < SEQUENCE_MS ? pending.key : null;
  const all = activeShortcuts();
  const hit = matchShortcut(all, event.key, before);
  pending = !hit && all.some((shortcut) => shortcut.key.startsWith(`${event.key} `)) ? { key: event.key, at: event.timeStamp } : null;
  if (!hit) return;
  event.preventDefault();
  hit.run();
};

/** Shortcuts while the caller is on screen; silent while somebody types, a dialog is open or a modifier is held. */
export const useShortcuts = (shortcuts: Shortcut[], enabled = true): void => {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    if (!enabled) return undefined;
    if (active.size === 0) window.addEventListener('keydown', onKey);
    active.add(latest);
    return () => {
      active.delete(latest);
      if (active.size === 0) window.removeEventListener('keydown', onKey);
    };
  }, [enabled]);
};
