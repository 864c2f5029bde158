const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** From this length on a value is recognised wherever it is quoted; a shorter one only as `fact = value`. */
const TELLING_LENGTH = 5;

/** The values that stand under the withheld names, at any depth: what the sentences beside them may quote. */
export function withheldValues(value: unknown, withheld: ReadonlySet<string>): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => withheldValues(item, withheld));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const telling = (typeof item === 'string' && item !== '') || typeof item === 'number';
    return withheld.has(name) && telling ? [String(item)] : withheldValues(item, withheld);
  });
}

/** The same JSON with these values starred out of every text. The argument is not changed. */
export function withoutValues(value: unknown, values: readonly string[]): unknown {
  if (values.length === 0) return value;
  if (typeof value === 'string') {
    return values.reduce(
      (text, hidden) => (hidden.length >= TELLING_LENGTH ? text.replaceAll(hidden, '***') : text.replaceAll(`= ${hidden}`, '= ***')),
      value,
    );
  }
  if (Array.isArray(value)) return value.map((item) => withoutValues(item, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutValues(item, values)]));
}
