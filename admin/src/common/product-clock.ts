import { useSyncExternalStore } from 'react';

let offset = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Product time may differ from the browser's clock: the server says what time it is. */
export const setProductNow = (serverNow: string): void => {
  const at = Date.parse(serverNow);
  if (!Number.isNaN(at)) offset = at - Date.now();
};

/** Milliseconds of product time. */
export const productNow = (): number => Date.now() + offset;

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((run) => run()), 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
};

/**
 * A text that follows product time. Only the caller renders again, and only when its text changes:
 * a list of sixty countdowns costs sixty small comparisons a second.
 */
export const useTicking = (text: (now: number) => string): string => useSyncExternalStore(subscribe, () => text(productNow()));
