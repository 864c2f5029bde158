/** An account as the database has it: columns, custom values as an object. */
export type AccountRow = Readonly<Record<string, unknown>> & {
  readonly id: number;
  readonly custom: Readonly<Record<string, unknown>> | null;
};

/** Columns people fill in, by the name the console has for them; each with the match keys made of it. */
export const MERGED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'company_key', 'sound_key'],
  website: ['website', 'domain_key'],
  industry: ['industry'],
  employees: ['employees'],
  annualRevenue: ['annual_revenue'],
  country: ['country'],
  province: ['province'],
  city: ['city'],
  phone: ['phone'],
  owner: ['owner_id', 'team_id'],
};

export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The value a field of the console has in a row. */
export const valueOf = (row: AccountRow, field: string): unknown =>
  field.startsWith('custom.') ? (row.custom?.[field.slice(7)] ?? null) : (row[MERGED_FIELDS[field]?.[0] ?? ''] ?? null);

/** All fields that at least one of these accounts has a value in, built-in ones first. */
export function fieldsOf(rows: readonly AccountRow[]): string[] {
  const custom = new Set(rows.flatMap(({ custom: own }) => Object.keys(own ?? {}).map((key) => `custom.${key}`)));
  return [...Object.keys(MERGED_FIELDS), ...[...custom].sort()].filter((field) => rows.some((row) => !isBlank(valueOf(row, field))));
}

/** From which account each field's value comes: as chosen, else the survivor's, else the first of the others that has one. */
export function sources(
  survivor: AccountRow,
  losers: readonly AccountRow[],
  chosen: Readonly<Record<string, number>>,
): ReadonlyMap<string, AccountRow> {
  const rows = [survivor, ...losers];
  return new Map(
    fieldsOf(rows).map((field) => {
      const wanted = rows.find(({ id }) => id === chosen[field]);
      return [field, wanted ?? rows.find((row) => !isBlank(valueOf(row, field))) ?? survivor];
    }),
  );
}

/** The columns of the survivor that change. */
export function mergedColumns(
  survivor: AccountRow,
  losers: readonly AccountRow[],
  chosen: Readonly<Record<string, number>>,
): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  const custom: Record<string, unknown> = { ...survivor.custom };
  for (const [field, from] of sources(survivor, losers, chosen)) {
    if (field.startsWith('custom.')) custom[field.slice(7)] = valueOf(from, field);
    else for (const column of MERGED_FIELDS[field] ?? []) columns[column] = from[column] ?? null;
  }
  return Object.fromEntries(Object.entries({ ...columns, custom }).filter(([column, value]) => !same(value, survivor[column])));
}

/** What the survivor gives back when a merge is undone: values it took and still has; what was edited since stays and is named. */
export function givenBack(
  survivor: AccountRow,
  before: Readonly<Record<string, unknown>>,
  taken: Readonly<Record<string, unknown>>,
): { readonly columns: Record<string, unknown>; readonly conflicts: readonly string[] } {
  const columns: Record<string, unknown> = {};
  const conflicts: string[] = [];
  for (const [column, value] of Object.entries(taken)) {
    if (same(survivor[column], value)) columns[column] = before[column] ?? null;
    else conflicts.push(column);
  }
  return { columns, conflicts };
}
