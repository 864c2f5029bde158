import type { ResourceField, Sql } from '../../../../contracts';
import { likePattern } from '../like';
import { fieldSql } from './columns';
import type { FilterTerm } from './filter';
import { around, raw } from './fragments';
import { queryInvalid } from './problems';
import { asBoolean, asText, isOrdered, isTextual, isWholeDay, listValues, needsNumeric, valueSql } from './values';

const COMPARISON = { gte: '>=', lte: '<=', gt: '>', lt: '<' } as const;
type Comparison = keyof typeof COMPARISON;

const refused = (term: FilterTerm): never => {
  throw queryInvalid(`"${term.field.name}" has no operator "${term.operator}".`, { field: term.field.name, operator: term.operator });
};

function comparison(term: FilterTerm, column: string, operator: Comparison, timeZone: string): Sql {
  if (!isOrdered(term.field)) return refused(term);
  const wholeDay = isWholeDay(term.field, term.value);
  const sign = !wholeDay ? COMPARISON[operator] : operator === 'lte' ? '<' : operator === 'gt' ? '>=' : COMPARISON[operator];
  const days = wholeDay && (operator === 'lte' || operator === 'gt') ? 1 : 0;
  return around(`${column} ${sign} `, valueSql(term.field, term.value, timeZone, days), '');
}

function membership(field: ResourceField, value: unknown, column: string): Sql {
  const list = listValues(field, value);
  if (field.type === 'multiselect') return raw(`COALESCE(jsonb_exists_any(${column}, ?::text[]), FALSE)`, [...list]);
  const cast = field.type === 'datetime' ? '::timestamptz[]' : field.type === 'date' ? '::date[]' : needsNumeric(list) ? '::numeric[]' : '';
  return raw(`${column} = ANY(?${cast})`, [...list]);
}

function equality(term: FilterTerm, column: string, timeZone: string): Sql {
  if (term.field.type === 'multiselect') return membership(term.field, [term.value], column);
  if (!isWholeDay(term.field, term.value)) return around(`${column} = `, valueSql(term.field, term.value, timeZone), '');
  const from = comparison({ ...term, operator: 'gte' }, column, 'gte', timeZone);
  const to = comparison({ ...term, operator: 'lte' }, column, 'lte', timeZone);
  return { sql: `(${from.sql} AND ${to.sql})`, bindings: [...from.bindings, ...to.bindings] };
}

/** Where the text of a field is looked for: `match` gives the predicate over the rows of an alias. */
export type TextLookup = (field: ResourceField, match: (alias: string) => Sql) => Sql;

const negated = (part: Sql): Sql => around('NOT COALESCE(', part, ', FALSE)');

/**
 * One filter term over `alias`. Empty values meet only `_null: true`, `_ne` and `_nin`; a date given for a time stands for that whole
 * day in `timeZone`. Text that is looked for within a value may stand elsewhere (`textIn`).
 * @throws AppError QUERY_INVALID
 */
export function termSql(term: FilterTerm, alias: string, timeZone: string, textIn: TextLookup = (field, match) => match(alias)): Sql {
  const { field, operator, value } = term;
  const column = fieldSql(field, alias).compare;
  if (field.filterable === false) throw queryInvalid(`"${field.name}" cannot be filtered by.`, { field: field.name });
  switch (operator) {
    case 'null':
      return raw(`${column} IS ${asBoolean(field, value) ? '' : 'NOT '}NULL`);
    case 'eq':
      return equality(term, column, timeZone);
    case 'ne':
      return value === null ? raw(`${column} IS NOT NULL`) : negated(equality(term, column, timeZone));
    case 'in':
      return membership(field, value, column);
    case 'nin':
      return negated(membership(field, value, column));
    case 'like':
      if (!isTextual(field)) return refused(term);
      return textIn(field, (rows) => raw(`${fieldSql(field, rows).compare} ILIKE ?`, likePattern(asText(field, value))));
    case 'gte':
    case 'lte':
    case 'gt':
    case 'lt':
      return comparison(term, column, operator, timeZone);
    default:
      throw new Error(`Unknown operator ${String(operator satisfies never)}`);
  }
}

/**
 * ORDER BY with empty values last and the id as tie-break. The id goes in the same direction where no value is empty, so that one index
 * serves both directions; a descending list with empty values breaks ties by the older record, as the indexes (x DESC NULLS LAST, id) do:
 * with ten thousand equal scores a page would otherwise read and sort all of them.
 */
export function orderSql(field: ResourceField, direction: 'ASC' | 'DESC', alias: string): string {
  const sortable = field.sortable ?? (field.type !== 'json' && field.type !== 'multiselect');
  if (!sortable) throw queryInvalid(`"${field.name}" cannot be sorted by.`, { field: field.name });
  if (field.name === 'id') return `"${alias}"."id" ${direction}`;
  const { compare } = fieldSql(field, alias);
  return field.nullable === false
    ? `${compare} ${direction}, "${alias}"."id" ${direction}`
    : `${compare} ${direction} NULLS LAST, "${alias}"."id" ASC`;
}
