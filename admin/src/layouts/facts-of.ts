import { UNKNOWN } from './condition-state';

type Values = Readonly<Record<string, unknown>>;

const at = (values: ReadonlyMap<string, unknown>, name: string): unknown => {
  if (values.has(name)) return values.get(name);
  const custom = values.get('custom');
  const key = name.startsWith('custom.') ? name.slice('custom.'.length) : null;
  if (key === null) return UNKNOWN;
  return typeof custom === 'object' && custom !== null ? ((custom as Values)[key] ?? null) : null;
};

/**
 * How the conditions of a form find their values: first among what is entered, then in the record. What is masked, and facts that are not fields of
 * this kind of record, stay unknown.
 */
export const factsOf = (
  subject: string,
  draft: Values,
  record: { readonly _masked?: readonly string[] | null } | null,
): ((fact: string) => unknown) => {
  const values = new Map<string, unknown>(Object.entries(record ?? {}));
  return (fact) => {
    if (!fact.startsWith(`${subject}.`)) return UNKNOWN;
    const name = fact.slice(subject.length + 1);
    if (record?._masked?.includes(name)) return UNKNOWN;
    return Object.hasOwn(draft, name) ? draft[name] : at(values, name);
  };
};
