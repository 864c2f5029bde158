import type { ResourceField } from '../../../../contracts';
import { fieldUnknown, queryInvalid } from './problems';

export const FILTER_OPERATORS = ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'like', 'in', 'nin', 'null'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export interface FilterTerm {
  readonly field: ResourceField;
  readonly operator: FilterOperator;
  readonly value: unknown;
}

export interface ParsedFilter {
  readonly terms: readonly FilterTerm[];
  /** Text to search for, or null. */
  readonly q: string | null;
  /** Condition tree, unchecked, or null. */
  readonly where: unknown;
}

const SUFFIX = /^(.+)_(ne|gte|lte|gt|lt|like|in|nin|null)$/;
const MAX_DEPTH = 4;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Forms send dotted names as nested objects: `{ custom: { budget_gte: 5 } }` is `custom.budget_gte`. */
export function flatten(
  values: Readonly<Record<string, unknown>>,
  isWhole: (path: string) => boolean,
  prefix = '',
  depth = 0,
): [string, unknown][] {
  if (depth > MAX_DEPTH) throw queryInvalid('Values are nested too deeply.');
  return Object.entries(values).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    return isRecord(value) && !isWhole(path) ? flatten(value, isWhole, `${path}.`, depth + 1) : [[path, value]];
  });
}

function term(path: string, value: unknown, find: (name: string) => ResourceField | undefined): FilterTerm {
  const exact = find(path);
  if (exact)
    return { field: exact, operator: Array.isArray(value) ? 'in' : value === null ? 'null' : 'eq', value: value === null ? true : value };
  const [, name = '', suffix = ''] = SUFFIX.exec(path) ?? [];
  const field = find(name);
  if (!field) throw fieldUnknown(name === '' ? path : name);
  return { field, operator: suffix as FilterOperator, value };
}

/**
 * The terms of a filter object: plain keys are equality (a list means any of them, null means empty), suffixes are operators, `q` and
 * `where` are set apart. `find` answers undefined for fields the caller may not know of.
 * @throws AppError QUERY_INVALID, FIELD_UNKNOWN
 */
export function parseFilter(filter: Readonly<Record<string, unknown>>, find: (name: string) => ResourceField | undefined): ParsedFilter {
  const { q, where, ...rest } = filter;
  if (q !== undefined && q !== null && typeof q !== 'string' && typeof q !== 'number')
    throw queryInvalid('"q" must be text.', { parameter: 'q' });
  const text = q === undefined || q === null ? '' : String(q).trim();
  return {
    terms: flatten(rest, () => false).map(([path, value]) => term(path, value, find)),
    q: text === '' ? null : text,
    where: where ?? null,
  };
}
