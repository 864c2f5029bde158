import { useEffect, useRef } from 'react';

export interface Shortcut {
  /** `KeyboardEvent.key`, e.g. `j`, `Enter`, `?`. */
  key: string;
  /** Message key of what it does. */
  label: string;
  run: () => void;
}

const active = new Set<{ current: Shortcut[] }>();

/** Shortcuts of everything on screen, for the help. */
export const activeShortcuts = (): Shortcut[] => [...active].flatMap((entry) => entry.current);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const isOverlayOpen = (): boolean => document.querySelector('.MuiDialog-root, .MuiPopover-root, .MuiDrawer-modal') !== null;

/** Single-key shortcuts while the caller is on screen; silent while somebody types, a dialog is open or a modifier is held. */
export const useShortcuts = (shortcuts: Shortcut[], enabled = true): void => {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    if (!enabled) return undefined;
    active.add(latest);
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isOverlayOpen()) return;
      const isControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role="checkbox"]') !== null;
      if (event.key === 'Enter' && isControl) return;
      const hit = latest.current.find((shortcut) => shortcut.key === event.key);
      if (!hit) return;
      event.preventDefault();
      hit.run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      active.delete(latest);
      window.removeEventListener('keydown', onKey);
    };
  }, [enabled]);
};
