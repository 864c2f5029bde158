/** Filters of the lead list and how they travel as filter keys with an operator suffix. */
export const FILTER_KINDS = ['choice', 'owner', 'number', 'text', 'since', 'due', 'days', 'flag'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];

export interface FilterDefinition {
  /** Field it looks at. */
  field: string;
  kind: FilterKind;
  /** Message key, or the words themselves for custom fields. */
  label: string;
  options?: { value: string | number; label: string }[];
}

export type FilterValues = Record<string, unknown>;

const KEYS: Record<FilterKind, readonly string[]> = {
  choice: ['_in'],
  owner: ['', '_in', '_null'],
  number: ['_gte', '_lte'],
  text: ['_like'],
  since: ['_gte'],
  due: ['_lte'],
  days: ['_gte', '_lte'],
  flag: [''],
};

export const keysOf = (definition: FilterDefinition): string[] => KEYS[definition.kind].map((suffix) => `${definition.field}${suffix}`);

/** The part of `values` that belongs to one filter; null when it is not set. */
export const valueOf = (definition: FilterDefinition, values: FilterValues): FilterValues | null => {
  const part: FilterValues = {};
  for (const key of keysOf(definition)) if (values[key] !== undefined) part[key] = values[key];
  return Object.keys(part).length > 0 ? part : null;
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Replaces what one filter says, leaving the others alone; empty values disappear. */
export const withFilter = (definition: FilterDefinition, values: FilterValues, part: FilterValues | null): FilterValues => {
  const own = new Set(keysOf(definition));
  const rest = Object.fromEntries(Object.entries(values).filter(([key]) => !own.has(key)));
  const added = Object.fromEntries(Object.entries(part ?? {}).filter(([key, value]) => own.has(key) && !isEmpty(value)));
  return { ...rest, ...added };
};

/** True when two filter sets ask the same, whatever the order of keys. */
export const sameFilters = (a: FilterValues, b: FilterValues): boolean => {
  const flat = (values: FilterValues): string =>
    JSON.stringify(
      Object.entries(values)
        .filter(([, value]) => !isEmpty(value))
        .sort(([x], [y]) => x.localeCompare(y)),
    );
  return flat(a) === flat(b);
};

export interface PlainFilter {
  /** As it travels: `grade_in`. */
  readonly key: string;
  readonly field: string;
  readonly operator: (typeof OPERATORS)[number] | '';
  readonly value: unknown;
}

const OPERATORS = ['_in', '_nin', '_ne', '_gte', '_lte', '_gt', '_lt', '_like', '_null'] as const;

/**
 * Filters that are set but have no control of their own: from a link, a number of a report or a view. They get a chip too, so that nobody wonders
 * what is missing from his list.
 */
export const plainFilters = (definitions: readonly FilterDefinition[], values: FilterValues, shown: readonly string[]): PlainFilter[] => {
  const covered = new Set([...shown, ...definitions.flatMap(keysOf)]);
  return Object.entries(values)
    .filter(([key, value]) => !covered.has(key) && !isEmpty(value))
    .map(([key, value]) => {
      const operator = OPERATORS.find((suffix) => key.endsWith(suffix)) ?? '';
      return { key, field: key.slice(0, key.length - operator.length), operator, value };
    });
};
