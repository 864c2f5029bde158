/** Resources whose ids conditions may hold, and that have a name which is the same in another installation. */
export const REFERENCED = ['members', 'teams', 'pools'] as const;
export type Referenced = (typeof REFERENCED)[number];

/** `{ $ref: 'teams:east' }` stands in text for the id that a condition holds. */
export interface TextReference {
  readonly $ref: string;
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isReference = (value: unknown): value is TextReference => isRecord(value) && typeof value['$ref'] === 'string';

const isRule = (value: Json): boolean => typeof value['field'] === 'string' && typeof value['operator'] === 'string' && 'value' in value;

type Change = (resource: Referenced, value: unknown) => unknown;

/** Kinds of holder that are named by an id, as destinations, members of pools and receivers write them: `{ kind | type, id | ref }`. */
const HOLDERS: Readonly<Record<string, Referenced>> = { member: 'members', team: 'teams', pool: 'pools' };

/** Places of a policy's body, other than conditions, that hold ids of people: a holder, a seat (`member`), those who sign (`members`). */
function holdersOf(json: Json, change: Change): Json {
  const resource = HOLDERS[String(json['kind'] ?? json['type'])];
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (resource && (key === 'id' || key === 'ref')) return [key, change(resource, value)];
      if (key === 'member') return [key, change('members', value)];
      if (key === 'members' && Array.isArray(value)) return [key, value.map((item) => change('members', item))];
      return [key, value];
    }),
  );
}

/** Walks JSON and hands every value of a condition rule on a reference, and every id of a holder, to `change`. */
function eachReference(json: unknown, referenceOf: (fact: string) => string | undefined, change: Change): unknown {
  if (Array.isArray(json)) return json.map((item) => eachReference(item, referenceOf, change));
  if (!isRecord(json)) return json;
  const inner = Object.fromEntries(Object.entries(json).map(([key, value]) => [key, eachReference(value, referenceOf, change)]));
  if (!isRule(json)) return holdersOf(inner, change);
  const resource = REFERENCED.find((name) => name === referenceOf(String(json['field'])));
  if (!resource) return inner;
  const { value } = json;
  return { ...inner, value: Array.isArray(value) ? value.map((item) => change(resource, item)) : change(resource, value) };
}

/** Ids in conditions and of people → stable names. An id nobody knows stays as it is. */
export const toText = (
  json: unknown,
  referenceOf: (fact: string) => string | undefined,
  nameOf: (resource: Referenced, id: number) => string | undefined,
): unknown =>
  eachReference(json, referenceOf, (resource, value) => {
    const name =
      typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? nameOf(resource, Number(value)) : undefined;
    return name === undefined ? value : { $ref: `${resource}:${name}` };
  });

/** Stable names in conditions → ids; names nobody has here are collected in `missing` and become 0, which matches no row. */
export function fromText(json: unknown, idOf: (resource: string, name: string) => number | undefined, missing: string[] = []): unknown {
  if (Array.isArray(json)) return json.map((item) => fromText(item, idOf, missing));
  if (isReference(json)) {
    const colon = json.$ref.indexOf(':');
    const id = idOf(json.$ref.slice(0, colon), json.$ref.slice(colon + 1));
    if (id === undefined) missing.push(json.$ref);
    return id ?? 0;
  }
  if (!isRecord(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromText(value, idOf, missing)]));
}
