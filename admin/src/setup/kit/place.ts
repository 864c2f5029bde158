import { normalPath } from './tree';

/** Whether a path of a body is this place or lies below it. */
export const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}.`);

/** The part of an address that names a place of the body: `#recycle.rules.0.when`. */
export const hashOf = (path: string | undefined): string => (path ? `#${encodeURIComponent(normalPath(path))}` : '');

/** The place an address names; null when it names none. */
export const pathOf = (hash: string): string | null => {
  try {
    return normalPath(decodeURIComponent(hash.replace(/^#/, ''))) || null;
  } catch {
    return null;
  }
};

/**
 * Of the places a form shows the one that is meant by a path: itself or what it lies in, as near as possible; where the form
 * shows none of these, the first and widest one that lies below it. Null when nothing there has to do with it.
 */
export const nearestPlace = (places: readonly string[], path: string): string | null => {
  const around = places.filter((place) => isWithin(path, place)).sort((a, b) => b.length - a.length);
  const depth = (place: string): number => place.split('.').length;
  const below = places.filter((place) => isWithin(place, path)).sort((a, b) => depth(a) - depth(b));
  return around[0] ?? below[0] ?? null;
};
