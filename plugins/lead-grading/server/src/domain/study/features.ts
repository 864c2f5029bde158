/** A fact as a column over the studied leads. `null` = empty. */
export interface FieldColumn {
  readonly field: string;
  readonly kind: 'category' | 'list' | 'number';
  readonly values: readonly (string | number | readonly string[] | null)[];
}

/** One yes-or-no thing known of a lead, and the rule it would become. */
export type Feature =
  | { readonly field: string; readonly type: 'value'; readonly value: string }
  /** Filled, with a value that is not among the usual ones. */
  | { readonly field: string; readonly type: 'other' }
  | { readonly field: string; readonly type: 'filled' }
  | { readonly field: string; readonly type: 'band'; readonly from: number | null; readonly to: number | null }
  | { readonly field: string; readonly type: 'often'; readonly min: number };

export interface FeatureSet {
  readonly features: readonly Feature[];
  /** Per lead the indexes of the features it has. */
  readonly rows: readonly (readonly number[])[];
}

const MAX_LEVELS = 12;
const LEAST_LEADS = 10;
const LEAST_SHARE = 0.01;
const BANDS = 5;

const rare = (leads: number): number => Math.max(LEAST_LEADS, Math.ceil(leads * LEAST_SHARE));
const itemsOf = (value: FieldColumn['values'][number]): readonly string[] =>
  value === null ? [] : Array.isArray(value) ? (value as readonly string[]) : [String(value)];

/** Limits that cut the known numbers into up to five parts of about the same size; fewer when many share a value. */
export function bandLimits(values: readonly number[], bands = BANDS): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const limits = Array.from({ length: bands - 1 }, (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / bands)] ?? NaN);
  return [...new Set(limits)].filter((limit) => Number.isFinite(limit) && limit > (sorted[0] ?? Infinity));
}

function categoryFeatures(column: FieldColumn): Feature[] {
  const { field, values } = column;
  const counts = new Map<string, number>();
  for (const value of values) for (const item of itemsOf(value)) counts.set(item, (counts.get(item) ?? 0) + 1);
  const least = rare(values.length);
  const levels = [...counts]
    .filter(([, count]) => count >= least)
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, MAX_LEVELS);
  const filled = values.filter((value) => value !== null).length;
  if (levels.length === 0) return filled >= least && values.length - filled >= least ? [{ field, type: 'filled' }] : [];
  const known = new Set(levels.map(([value]) => value));
  const others = values.filter((value) => value !== null && !itemsOf(value).some((item) => known.has(item))).length;
  // A value that nearly every lead has says nothing.
  if (levels.length === 1 && others < least && values.length - (levels[0]?.[1] ?? 0) < least) return [];
  return [
    ...levels.map(([value]): Feature => ({ field, type: 'value', value })),
    ...(others >= least ? [{ field, type: 'other' } as const] : []),
  ];
}

/** A whole number that no two leads share is a serial number, and tells only who came first. */
const isSerial = (numbers: readonly number[]): boolean => numbers.every(Number.isInteger) && new Set(numbers).size === numbers.length;

function numberFeatures({ field, values }: FieldColumn): Feature[] {
  const numbers = values.filter((value) => typeof value === 'number');
  const least = rare(values.length);
  if (numbers.length < least || isSerial(numbers)) return [];
  const limits = bandLimits(numbers);
  if (limits.length === 0) return values.length - numbers.length >= least ? [{ field, type: 'filled' }] : [];
  return [null, ...limits].map((from, index): Feature => ({ field, type: 'band', from, to: limits[index] ?? null }));
}

/** How a fact is cut into features; nothing when it has too few values to learn from. */
export const featuresOf = (column: FieldColumn): readonly Feature[] =>
  column.kind === 'number' ? numberFeatures(column) : categoryFeatures(column);

/** Which of one field's features hold for a value. */
export function holds(feature: Feature, value: FieldColumn['values'][number], siblings: ReadonlySet<string>): boolean {
  if (value === null) return false;
  switch (feature.type) {
    case 'filled':
      return true;
    case 'value':
      return itemsOf(value).includes(feature.value);
    case 'other':
      return !itemsOf(value).some((item) => siblings.has(item));
    case 'band':
      return typeof value === 'number' && (feature.from === null || value >= feature.from) && (feature.to === null || value < feature.to);
    case 'often':
      return typeof value === 'number' && value >= feature.min;
  }
}

/** Encodes columns by given features: learnt on some leads, they are laid over others. */
export function encode(columns: readonly FieldColumn[], features: readonly Feature[]): FeatureSet {
  const leads = columns[0]?.values.length ?? 0;
  const rows = Array.from({ length: leads }, (): number[] => []);
  const byField = new Map(columns.map((column) => [column.field, column]));
  const siblings = new Map<string, Set<string>>();
  for (const feature of features)
    if (feature.type === 'value') siblings.set(feature.field, (siblings.get(feature.field) ?? new Set()).add(feature.value));
  features.forEach((feature, index) => {
    const column = byField.get(feature.field);
    const known = siblings.get(feature.field) ?? new Set<string>();
    column?.values.forEach((value, lead) => {
      if (holds(feature, value, known)) rows[lead]?.push(index);
    });
  });
  return { features, rows };
}
