export { fieldSql } from './columns';
export { flatten, parseFilter, type FilterTerm, type ParsedFilter } from './filter';
export { allOf, anyOf, around, FALSE, raw, TRUE } from './fragments';
export { MAX_ROWS, parseListParams, type ListParams, type QueryString } from './params';
export { orderSql, termSql, type TextLookup } from './predicate';
export { fieldUnknown, notSearchable, queryInvalid } from './problems';
export { conditionFields, isConditionGroup } from './where';
