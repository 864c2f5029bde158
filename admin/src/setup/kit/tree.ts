type Node = Record<string, unknown> | unknown[];

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const isIndex = (segment: string): boolean => /^\d+$/.test(segment);

/** `recycle.rules[0].when` and `recycle.rules.0.when` name the same place. */
export const normalPath = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1').replace(/^\./, '');

/** The value at a dotted path; undefined when the way there does not exist. */
export const getAt = (body: unknown, path: string): unknown => {
  if (path === '') return body;
  let current: unknown = body;
  for (const segment of path.split('.')) {
    if (!isNode(current)) return undefined;
    current = Array.isArray(current) ? current[Number(segment)] : current[segment];
  }
  return current;
};

const setIn = (node: unknown, segments: readonly string[], value: unknown): unknown => {
  const [first, ...rest] = segments;
  if (first === undefined) return value;
  if (isIndex(first) && (Array.isArray(node) || !isNode(node))) {
    const copy: unknown[] = Array.isArray(node) ? [...(node as unknown[])] : [];
    copy[Number(first)] = setIn(copy[Number(first)], rest, value);
    return copy;
  }
  const object = isNode(node) && !Array.isArray(node) ? node : {};
  const next = setIn(object[first], rest, value);
  if (next !== undefined) return { ...object, [first]: next };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== first));
};

/** A copy with one value replaced; `undefined` takes a property away. Everything off the path stays the same object. */
export const setAt = <Body>(body: Body, path: string, value: unknown): Body =>
  (path === '' ? value : setIn(body, path.split('.'), value)) as Body;

export const moved = <Item>(items: readonly Item[], from: number, to: number): Item[] => {
  const rest = items.filter((_item, index) => index !== from);
  const item = items[from];
  return item === undefined ? [...items] : [...rest.slice(0, to), item, ...rest.slice(to)];
};

/** A stable key from a name; `taken` keys get a number. Names without Latin letters become `fallback`. */
export const keyFrom = (name: string, fallback: string, taken: readonly string[] = [], separator: '-' | '_' = '-'): string => {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, separator)
    .replace(new RegExp(`^[${separator}0-9]+|${separator}+$`, 'g'), '')
    .slice(0, 40);
  const base = plain || fallback;
  let key = base;
  for (let count = 2; taken.includes(key); count += 1) key = `${base}${separator}${count}`;
  return key;
};
