import type { ConfigChange, ConfigItem, ConfigValue } from '../../../../contracts';

type Difference = ConfigChange['differences'][number];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null, absent and an empty object or list of objects are told apart only where text can tell them apart: null is as good as absent. */
const nothing = (value: unknown): boolean => value === null || value === undefined;

/** Without what is null or undefined, keys in order: equal configurations are equal text. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .filter((key) => !nothing(value[key]))
      .map((key) => [key, canonical(value[key])]),
  );
}

/** Where two values differ, deepest paths first to be read: lists of one length are compared place by place. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (JSON.stringify(canonical(before)) === JSON.stringify(canonical(after))) return [];
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key] ?? null, after[key] ?? null, at(key)));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => differences(item, after[index], at(index)));
  return [{ path, before: before ?? null, after: after ?? null }];
}

/** What one section of a bundle changes: new objects, changed ones, and objects here that it does not name. */
export function compareSection(
  section: string,
  current: readonly ConfigItem[],
  wanted: ReadonlyMap<string, ConfigValue>,
  prune: boolean,
): { readonly changes: ConfigChange[]; readonly extra: string[] } {
  const here = new Map(current.map((item) => [item.key, item.value]));
  const changes = [...wanted].flatMap(([key, value]): ConfigChange[] => {
    const known = here.get(key);
    if (!known) return [{ section, key, action: 'create', differences: differences({}, value) }];
    const found = differences(known, value);
    return found.length > 0 ? [{ section, key, action: 'update', differences: found }] : [];
  });
  const extra = [...here.keys()].filter((key) => !wanted.has(key));
  const removals = prune ? extra.map((key): ConfigChange => ({ section, key, action: 'remove', differences: [] })) : [];
  return { changes: [...changes, ...removals], extra };
}
