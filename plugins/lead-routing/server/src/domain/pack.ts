/** Facts as JSON that keeps maps, sets and instants, so that a decision can be made again from what was stored. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Tag = '$date' | '$map' | '$set';

/** The only key, where it is a tag. Asked of every object there is: without a list of its keys. */
function tagOf(value: object): Tag | null {
  let only: string | null = null;
  for (const key in value) {
    if (only !== null) return null;
    only = key;
  }
  return only === '$date' || only === '$map' || only === '$set' ? only : null;
}

export function pack(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Map) return { $map: [...(value as Map<unknown, unknown>)].map(([key, item]) => [pack(key), pack(item)]) };
  if (value instanceof Set) return { $set: [...(value as Set<unknown>)].map(pack) };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value === 'object') {
    const packed: Record<string, Json> = {};
    const record = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(record)) if (record[key] !== undefined) packed[key] = pack(record[key]);
    return packed;
  }
  throw new TypeError(`A ${typeof value} cannot be packed.`);
}

export function unpack(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unpack);
  const tagged = value as { $date?: number; $map?: readonly (readonly [unknown, unknown])[]; $set?: readonly unknown[] };
  const tag = tagOf(value);
  if (tag === '$date' && tagged.$date !== undefined) return new Date(tagged.$date);
  if (tag === '$map' && tagged.$map) return new Map(tagged.$map.map(([key, item]) => [unpack(key), unpack(item)]));
  if (tag === '$set' && tagged.$set) return new Set(tagged.$set.map(unpack));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
}
