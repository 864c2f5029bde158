import { LEAD_VALUE_COLUMNS } from './values';

/** What an event told of a lead: values before and after, by field name. */
export interface Told {
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface Restoration {
  /** For an update: fields with the value they had; custom fields key by key, null where there was none. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly stage: {
    readonly key: string;
    readonly enteredAt: string | null;
    readonly disposition?: string | null;
    /** Where the move began or ended a cycle: which one it was, since when behaviour counts, and the score to be surpassed. */
    readonly cycle?: number;
    readonly scoreEpoch?: string | null;
    readonly scoreBase?: number | null;
  } | null;
  readonly holding: { readonly ownerId: number | null; readonly poolId: number | null } | null;
  /** Fields that somebody or something has changed since: they are left alone. */
  readonly conflicts: readonly string[];
}

const HOLDING = ['owner', 'pool'] as const;
/** Told with a stage and put back with it. */
const OF_STAGE = new Set(['stageEnteredAt', 'disposition', 'cycle', 'scoreEpoch', 'scoreBase']);

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : (value ?? null));
/** Equal whatever the order of keys. */
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
const canonical = (value: unknown): string =>
  JSON.stringify(plain(value), (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const asId = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Custom values are patched key by key; a key that has another value by now is a conflict of its own. */
function customBack(before: unknown, after: unknown, now: unknown): { values: Record<string, unknown>; conflicts: string[] } {
  const [old, fresh, current] = [asRecord(before), asRecord(after), asRecord(now)];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter((key) => !same(old[key], fresh[key]));
  const free = changed.filter((key) => same(current[key], fresh[key]));
  return {
    values: Object.fromEntries(free.map((key) => [key, old[key] ?? null])),
    conflicts: changed.filter((key) => !free.includes(key)).map((key) => `custom.${key}`),
  };
}

interface Span {
  readonly first: unknown;
  readonly last: unknown;
}

function spansOf(stories: readonly Told[]): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  for (const { before, after } of stories)
    for (const [field, value] of Object.entries(before ?? {}))
      spans.set(field, { first: spans.has(field) ? spans.get(field)!.first : value, last: after?.[field] ?? null });
  return spans;
}

/** The cycle a move of the stage ended or took up again. */
function cycleBack(spans: ReadonlyMap<string, Span>): Pick<NonNullable<Restoration['stage']>, 'cycle' | 'scoreEpoch' | 'scoreBase'> {
  const cycle = asId(spans.get('cycle')?.first);
  return {
    ...(cycle === null ? {} : { cycle }),
    ...(spans.has('scoreEpoch') ? { scoreEpoch: asText(plain(spans.get('scoreEpoch')!.first)) } : {}),
    ...(spans.has('scoreBase') ? { scoreBase: asId(spans.get('scoreBase')!.first) } : {}),
  };
}

/**
 * What takes a change back: each field as it was before the first of these events, where it still is as the last of them left it. Owner and
 * pool stand or fall together.
 * @param current the value a field has now, by field name
 * @param isValue which fields are values of the record: those of a lead when absent
 */
export function restorationOf(
  stories: readonly Told[],
  current: (field: string) => unknown,
  isValue: (field: string) => boolean = (field) => LEAD_VALUE_COLUMNS[field] !== undefined,
): Restoration {
  const spans = spansOf(stories);
  const values: Record<string, unknown> = {};
  const conflicts: string[] = [];
  const untouched = (field: string): boolean => !spans.has(field) || same(current(field), spans.get(field)!.last);
  for (const [field, span] of spans) {
    if (field === 'custom') {
      const custom = customBack(span.first, span.last, current('custom'));
      if (Object.keys(custom.values).length > 0) values['custom'] = custom.values;
      conflicts.push(...custom.conflicts);
    } else if (isValue(field)) {
      if (untouched(field)) values[field] = span.first ?? null;
      else conflicts.push(field);
    }
  }
  const held = HOLDING.some((field) => spans.has(field));
  const holdingFree = HOLDING.every(untouched);
  if (held && !holdingFree) conflicts.push('owner');
  const stage = spans.get('stage');
  if (stage && !untouched('stage')) conflicts.push('stage');
  const back = (field: string): unknown => (spans.has(field) ? spans.get(field)!.first : current(field));
  return {
    values,
    conflicts: conflicts.filter((field) => !OF_STAGE.has(field)),
    holding: held && holdingFree ? { ownerId: asId(back('owner')), poolId: asId(back('pool')) } : null,
    stage:
      stage && untouched('stage')
        ? {
            key: String(stage.first),
            enteredAt: asText(plain(spans.get('stageEnteredAt')?.first)),
            ...(spans.has('disposition') ? { disposition: asText(spans.get('disposition')!.first) } : {}),
            ...cycleBack(spans),
          }
        : null,
  };
}
