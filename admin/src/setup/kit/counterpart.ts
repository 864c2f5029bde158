import { identity, sameBody } from './diff';

export type Counterpart =
  /** The place has a value there; undefined or null when it is left empty. */
  | { readonly found: true; readonly value: unknown }
  /** Whatever holds the place does not exist there: it is new. */
  | { readonly found: false };

const MISSING: Counterpart = { found: false };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCondition = (value: unknown): boolean => isObject(value) && Array.isArray(value.rules) && 'combinator' in value;

/** An item without its conditions: what is left tells which rule it is when only a condition was edited. */
const bare = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (isCondition(inner) || inner === null ? [] : [[key, bare(inner)]])),
  );
};

const isUnique = (items: readonly unknown[], id: string): boolean => items.filter((item) => identity(item) === id).length === 1;

/**
 * Pairs items without a key: first those that are the same, then those that differ in their conditions only, then the others in their order.
 * Each item of `after` gets the index of its partner in `before`, or undefined when it is new.
 */
const paired = (before: readonly unknown[], after: readonly unknown[]): (number | undefined)[] => {
  const partners: (number | undefined)[] = after.map(() => undefined);
  const free = new Set(before.keys());
  const pair = (fits: (old: unknown, item: unknown) => boolean): void => {
    for (const [index, item] of after.entries()) {
      if (partners[index] !== undefined) continue;
      const found = [...free].find((at) => fits(before[at], item));
      if (found === undefined) continue;
      partners[index] = found;
      free.delete(found);
    }
  };
  pair(sameBody);
  pair((old, item) => sameBody(bare(old), bare(item)));
  pair(() => true);
  return partners;
};

const partnerOf = (before: readonly unknown[], after: readonly unknown[], index: number): number | undefined => {
  const id = identity(after[index]);
  if (id !== null && isUnique(after, id)) {
    const at = before.findIndex((item) => identity(item) === id);
    return at < 0 ? undefined : at;
  }
  return paired(before, after)[index];
};

/**
 * What stands at a dotted path of `after` in another version of the same body: items of lists are followed by their key (or by what else makes
 * them the same) and not by their position, so that a rule that was moved is still compared with itself.
 */
export const counterpart = (before: unknown, after: unknown, path: string): Counterpart => {
  const segments = path.split('.');
  let [old, fresh]: [unknown, unknown] = [before, after];
  for (const [depth, segment] of segments.entries()) {
    const last = depth === segments.length - 1;
    if (Array.isArray(fresh)) {
      const at = Array.isArray(old) ? partnerOf(old as unknown[], fresh as unknown[], Number(segment)) : undefined;
      if (at === undefined) return MISSING;
      [old, fresh] = [(old as unknown[])[at], (fresh as unknown[])[Number(segment)]];
    } else if (isObject(old)) {
      [old, fresh] = [old[segment], isObject(fresh) ? fresh[segment] : undefined];
    } else return MISSING;
    if (last) return { found: true, value: old };
  }
  return MISSING;
};
