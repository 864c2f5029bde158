import { queryInvalid } from './problems';

export const MAX_ROWS = 1000;
export const DEFAULT_ROWS = 25;

/** What a list request says, before fields are looked up. */
export interface ListParams {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly offset: number;
  readonly limit: number;
  readonly sort: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | null;
}

export type QueryString = Readonly<Record<string, string | readonly string[] | undefined>>;

function json(query: QueryString, name: string): unknown {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  if (typeof text !== 'string') throw queryInvalid(`"${name}" may be given once.`, { parameter: name });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw queryInvalid(`"${name}" is not valid JSON.`, { parameter: name });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseRange(value: unknown): readonly [number, number] | null {
  if (value === undefined) return null;
  const [from, to] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (
    typeof from !== 'number' ||
    typeof to !== 'number' ||
    !Number.isSafeInteger(from) ||
    !Number.isSafeInteger(to) ||
    from < 0 ||
    to < from
  ) {
    throw queryInvalid('"range" must be [first, last], both inclusive and starting at 0.', { parameter: 'range' });
  }
  if (to - from + 1 > MAX_ROWS) throw queryInvalid(`A page may hold ${MAX_ROWS} rows at most.`, { parameter: 'range', limit: MAX_ROWS });
  return [from, to];
}

function parseSort(value: unknown): ListParams['sort'] {
  if (value === undefined) return null;
  const [field, order] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  const direction = typeof order === 'string' ? order.toUpperCase() : '';
  if (typeof field !== 'string' || (direction !== 'ASC' && direction !== 'DESC')) {
    throw queryInvalid('"sort" must be [field, "ASC" or "DESC"].', { parameter: 'sort' });
  }
  return { field, direction };
}

/**
 * Reads `filter`, `range` and `sort` as ra-data-simple-rest sends them. Without a range (getMany) as many rows as ids are asked for are
 * returned, otherwise the first 25.
 * @throws AppError QUERY_INVALID
 */
export function parseListParams(query: QueryString): ListParams {
  const filter = json(query, 'filter') ?? {};
  if (!isRecord(filter)) throw queryInvalid('"filter" must be an object.', { parameter: 'filter' });
  const range = parseRange(json(query, 'range'));
  const ids = Array.isArray(filter['id']) ? filter['id'].length : null;
  if (ids !== null && ids > MAX_ROWS)
    throw queryInvalid(`At most ${MAX_ROWS} ids may be asked for at once.`, { parameter: 'filter', limit: MAX_ROWS });
  return {
    filter,
    offset: range ? range[0] : 0,
    limit: range ? range[1] - range[0] + 1 : Math.max(ids ?? DEFAULT_ROWS, 1),
    sort: parseSort(json(query, 'sort')),
  };
}
