import { camel, snake } from '@leadsea/crm-core';

/** Names under which the JSON of a lead's history may hold values of fields: `email`, `lead.email`, `email_key`, `custom.budget` … */
export function namesOf(fields: Iterable<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const field of fields) {
    for (const name of [field, snake(field)]) for (const known of [name, `lead.${name}`]) names.add(known);
    if (!field.startsWith('custom.')) for (const key of [`${field}Key`, `${snake(field)}_key`]) names.add(key);
  }
  return names;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ field: 'lead.email', value: … }`: an object that says itself whose value it holds. */
const NAMING = ['field', 'fact', 'column', 'kind'] as const;
const VALUES = new Set(['value', 'values', 'from', 'to']);

/**
 * JSON of history without the values of the fields named in `withheld`, at any depth. A raw payload names its fields as it likes, so it
 * goes as soon as anything is withheld. The argument is not changed.
 */
export function withoutFields(value: unknown, withheld: ReadonlySet<string>, path = ''): unknown {
  if (withheld.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutFields(item, withheld, path));
  if (!isRecord(value) || value instanceof Date) return value;
  const speaksOfOne = NAMING.some((name) => typeof value[name] === 'string' && withheld.has(value[name]));
  const kept: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (withheld.has(name) || name === 'raw' || (path === 'custom' && withheld.has(`custom.${name}`))) continue;
    if (speaksOfOne && VALUES.has(name)) continue;
    kept[name] = withoutFields(item, withheld, name);
  }
  return kept;
}

/** Before and after of an event as a person reads them: only fields a lead is known to have; the machine's own columns stay out. */
export function knownFields(values: Readonly<Record<string, unknown>> | null, known: ReadonlySet<string>): Record<string, unknown> | null {
  if (values === null) return null;
  return Object.fromEntries(Object.entries(values).filter(([name]) => name === 'custom' || known.has(camel(name))));
}
