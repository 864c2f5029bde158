export interface Change {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Segments from the root; items of a list are named by their key, label or number. */
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

type Naming = (item: unknown, index: number) => string;
type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCondition = (value: unknown): boolean => isPlain(value) && Array.isArray(value.rules) && 'combinator' in value;
const isText = (value: unknown): boolean => isPlain(value) && 'zh' in value && 'en' in value && Object.keys(value).length === 2;
/** Values that are told as a whole, not part by part. */
const isLeaf = (value: unknown): boolean => (!isPlain(value) && !Array.isArray(value) ? true : isCondition(value) || isText(value));
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .filter((key) => value[key] !== undefined)
      .map((key) => [key, sorted(value[key])]),
  );
};
/** Equal in meaning: the order of properties does not count. */
export const sameBody = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** What makes an item of a list the same item in another version; null when nothing does. */
export const identity = (item: unknown): string | null => {
  if (!isPlain(item)) return typeof item === 'string' || typeof item === 'number' ? String(item) : null;
  if (typeof item.key === 'string') return item.key;
  if (typeof item.from === 'string' && typeof item.to === 'string') return `${item.from}>${item.to}`;
  return typeof item.value === 'string' ? item.value : null;
};

const keyed = (items: readonly unknown[]): Map<string, number> | null => {
  const map = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const id = identity(item);
    if (id === null || map.has(id)) return null;
    map.set(id, index);
  }
  return map;
};

const inLists = (before: readonly unknown[], after: readonly unknown[], path: readonly string[], name: Naming): Change[] => {
  const old = keyed(before);
  const fresh = keyed(after);
  if (!old || !fresh) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      diff(before[index], after[index], [...path, name(after[index] ?? before[index], index)], name),
    );
  }
  const removed = before.filter((item) => !fresh.has(identity(item) ?? ''));
  const changes: Change[] = removed.map((item) => ({ kind: 'removed', path: [...path, name(item, before.indexOf(item))], before: item }));
  for (const [index, item] of after.entries()) {
    const position = old.get(identity(item) ?? '');
    const here = [...path, name(item, index)];
    if (position === undefined) changes.push({ kind: 'added', path: here, after: item });
    else changes.push(...diff(before[position], item, here, name));
  }
  const order = (items: readonly unknown[], other: Map<string, number>): string =>
    items
      .map((item) => identity(item) ?? '')
      .filter((id) => other.has(id))
      .join();
  if (order(before, fresh) !== order(after, old)) changes.push({ kind: 'moved', path });
  return changes;
};

/** What differs between two bodies, part by part. Lists whose items have keys are compared by key, others by position. */
export const diff = (before: unknown, after: unknown, path: readonly string[], name: Naming): Change[] => {
  if (sameBody(before, after) || (isEmpty(before) && isEmpty(after))) return [];
  if (isEmpty(before)) return [{ kind: 'added', path, after }];
  if (isEmpty(after)) return [{ kind: 'removed', path, before }];
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, path, name);
  if (isLeaf(before) || isLeaf(after) || Array.isArray(before) !== Array.isArray(after)) return [{ kind: 'changed', path, before, after }];
  const [a, b] = [before as Plain, after as Plain];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => diff(a[key], b[key], [...path, key], name));
};
