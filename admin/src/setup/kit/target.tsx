import { Box } from '@mui/material';
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { isWithin, nearestPlace, pathOf } from './place';

interface Target {
  readonly path: string;
  /** Another one each time somebody asks, even for the same place. */
  readonly asked: string;
}

const TargetContext = createContext<Target | null>(null);

/**
 * Calls `open` with the path somebody asked for, when it lies in one of these places of the form: what is folded up opens.
 * The function is called once per asking.
 */
export const useOpenFor = (places: readonly string[], open: (path: string) => void): void => {
  const target = useContext(TargetContext);
  const latest = useRef({ places, open });
  useEffect(() => {
    latest.current = { places, open };
  });
  useEffect(() => {
    if (target && latest.current.places.some((place) => isWithin(target.path, place))) latest.current.open(target.path);
  }, [target]);
};

const WRONG = '[aria-invalid="true"]';
const CAN_BE_FOCUSED =
  'input:not([type=hidden]):not([disabled]):not([aria-hidden=true]), textarea:not([disabled]):not([aria-hidden=true]), [role=combobox]:not([aria-disabled=true]), button:not([disabled])';

const mayMove = (): boolean => !window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Shows the place in the middle of the window, lights it up for a moment and puts the focus into it. */
const land = (place: HTMLElement): void => {
  const field = place.querySelector<HTMLElement>(WRONG) ?? place.querySelector<HTMLElement>(CAN_BE_FOCUSED);
  if (!field) place.tabIndex = -1;
  (field ?? place).focus({ preventScroll: true });
  const shown = place.offsetHeight > window.innerHeight * 0.6 ? 'start' : 'center';
  place.scrollIntoView({ block: shown, behavior: 'auto' });
  if (!mayMove()) return;
  const light = getComputedStyle(place).getPropertyValue('--target-light');
  place.animate([{ boxShadow: `0 0 0 4px ${light}` }, { boxShadow: `0 0 0 4px ${light}` }, { boxShadow: '0 0 0 4px transparent' }], {
    duration: 2200,
  });
};

const TICK = 80;
const STILL = 3;
const PATIENCE = 40;

/** Waits until what was folded up stands still, then goes there. Gives back how to give up. */
const goTo = (root: HTMLElement, path: string): (() => void) => {
  let [last, still, ticks] = ['', 0, 0];
  const timer = setInterval(() => {
    const shown = [...root.querySelectorAll<HTMLElement>('[data-place]')].filter((one) => one.offsetParent !== null);
    const name = nearestPlace(
      shown.map((one) => one.dataset['place'] ?? ''),
      path,
    );
    const place = shown.find((one) => one.dataset['place'] === name);
    const now = place ? `${name} ${Math.round(place.getBoundingClientRect().top)} ${place.offsetHeight}` : '';
    still = now !== '' && now === last ? still + 1 : 0;
    last = now;
    ticks += 1;
    if (still < STILL && ticks < PATIENCE) return;
    clearInterval(timer);
    if (place) land(place);
  }, TICK);
  return () => clearInterval(timer);
};

/** A form whose places can be named in the address: `#limits.0` opens, shows and focuses the first limit. */
export const TargetForm = ({ children }: { children: ReactNode }) => {
  const { hash, key } = useLocation();
  const root = useRef<HTMLDivElement>(null);
  const target = useMemo<Target | null>(() => {
    const path = pathOf(hash);
    return path === null ? null : { path, asked: key };
  }, [hash, key]);
  useEffect(() => (target && root.current ? goTo(root.current, target.path) : undefined), [target]);
  return (
    <TargetContext.Provider value={target}>
      <Box
        ref={root}
        sx={{
          display: 'contents',
          '--target-light': (theme) => theme.palette.primary.light,
          '& [data-place]': { scrollMarginTop: 72, borderRadius: 1 },
        }}
      >
        {children}
      </Box>
    </TargetContext.Provider>
  );
};
