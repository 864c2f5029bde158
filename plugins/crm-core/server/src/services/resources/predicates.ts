import type { AccessService, ConditionService, ResourceField, Sql } from '../../../../contracts';
import {
  allOf,
  anyOf,
  around,
  conditionFields,
  fieldSql,
  fieldUnknown,
  isConditionGroup,
  notSearchable,
  orderSql,
  parseFilter,
  queryInvalid,
  raw,
  termSql,
  TRUE,
  type TextLookup,
  type ListParams,
} from '../../domain/query';
import { identifier } from '../../domain/access/shape';
import { likePattern, likeText } from '../../domain/like';
import { ALIAS, type FieldGate } from './field-gate';

export interface PredicateDeps {
  readonly access: AccessService;
  readonly conditions: Pick<ConditionService, 'compile' | 'describe'>;
}

/** Rows the actor may reach with `verb`, base predicate included. Every statement of the gateway starts from this. */
export function reach({ access }: PredicateDeps, gate: FieldGate, verb: string, ignoreBase = false): Sql {
  const base = ignoreBase ? TRUE : (gate.definition.base?.(ALIAS) ?? TRUE);
  return allOf([access.scope(gate.actor, gate.definition.name, verb, ALIAS), base === TRUE ? TRUE : around('(', base, ')')]);
}

/** Rows on which none of these fields is covered. */
export function onlyUncovered(gate: FieldGate, fields: readonly ResourceField[]): Sql {
  const covered = gate.covered(fields);
  return covered ? around('NOT (', covered, ')') : TRUE;
}

const TRIPLE = 3;
/** Whether a search text is too short for the index of the search, and finds beginnings of words only. Letters are counted, not code units. */
const isShort = (gate: FieldGate, text: string): boolean => gate.definition.searchTable !== undefined && [...text].length < TRIPLE;

const SEARCHED = 'searched';
/** Rows whose text matches, found in the table with the index of the search. */
const found = (table: string, match: Sql): Sql =>
  around(`"${ALIAS}"."id" IN (SELECT "${SEARCHED}"."id" FROM ${identifier(table)} "${SEARCHED}" WHERE `, match, ')');

const searchedText =
  ({ definition }: FieldGate): TextLookup =>
  (field, match) =>
    definition.searchTable !== undefined && definition.search?.includes(field.name) === true
      ? found(definition.searchTable, match(SEARCHED))
      : match(ALIAS);

function searchSql(gate: FieldGate, text: string): Sql {
  const names = gate.definition.search ?? [];
  if (names.length === 0) throw queryInvalid(`"${gate.definition.name}" cannot be searched with "q".`, { parameter: 'q' });
  const fields = names
    .map((name) => gate.find(name))
    .filter((field): field is ResourceField => field !== undefined && gate.access(field) !== 'masked');
  if (fields.length === 0) throw notSearchable('q');
  const patterns = isShort(gate, text) ? [`${likeText(text)}%`, `% ${likeText(text)}%`] : [likePattern(text)];
  const matches = (field: ResourceField, alias: string): Sql =>
    anyOf(patterns.map((pattern) => raw(`${fieldSql(field, alias).compare} ILIKE ?`, pattern)));
  const shown = anyOf(
    fields.map((field) => {
      const match = matches(field, ALIAS);
      return gate.isRowMasked(field) ? allOf([match, onlyUncovered(gate, [field])]) : match;
    }),
  );
  const { searchTable } = gate.definition;
  if (searchTable === undefined) return shown;
  const anywhere = found(searchTable, anyOf(fields.map((field) => matches(field, SEARCHED))));
  // Of the few rows found, those whose match stands in a field that is masked on that row fall away.
  return fields.some((field) => gate.isRowMasked(field)) ? allOf([anywhere, shown]) : anywhere;
}

/** Field of this resource that guards a fact: the one it names, else the field of the same name. */
function guardOf(gate: FieldGate, fact: { readonly key: string; readonly accessField?: string }, subject: string): string | null {
  if (fact.accessField !== undefined) return fact.accessField;
  const name = fact.key.startsWith(`${subject}.`) ? fact.key.slice(subject.length + 1) : null;
  const fields = [...gate.definition.fields, ...(gate.definition.dynamicFields?.() ?? [])];
  return name !== null && fields.some((field) => field.name === name) ? name : null;
}

/** A guard such as `accounts:industry` belongs to another resource; a plain name to the one that is listed. */
function assertFactReadable(deps: PredicateDeps, gate: FieldGate, fact: string, guard: string): ResourceField | undefined {
  const colon = guard.indexOf(':');
  const [resource, name] = colon < 0 ? [gate.definition.name, guard] : [guard.slice(0, colon), guard.slice(colon + 1)];
  const level = deps.access.field(gate.actor, resource, name);
  if (level === 'hidden') throw fieldUnknown(fact);
  if (level === 'masked') throw notSearchable(fact);
  return colon < 0 ? gate.find(name) : undefined;
}

/**
 * A condition in SQL, with the fields it asks of this resource; rows on which one of them is covered are for the caller to leave out.
 * @throws AppError QUERY_INVALID, FIELD_UNKNOWN, FIELD_NOT_SEARCHABLE, CONDITION_INVALID
 */
export function compiledCondition(
  deps: PredicateDeps,
  gate: FieldGate,
  where: unknown,
  now: Date,
): { readonly sql: Sql; readonly asked: readonly ResourceField[] } {
  const { subject } = gate.definition;
  if (subject === undefined || !isConditionGroup(where))
    throw queryInvalid('"where" must be a condition group on a resource that has facts.', { parameter: 'where' });
  const facts = new Map(deps.conditions.describe(subject).map((fact) => [fact.key, fact]));
  const guards = conditionFields(where).map((key) => {
    const fact = facts.get(key);
    if (!fact) throw fieldUnknown(key);
    const guard = guardOf(gate, fact, subject);
    return guard === null ? undefined : assertFactReadable(deps, gate, key, guard);
  });
  const { search = [], searchTable } = gate.definition;
  const searched = searchTable === undefined ? {} : { searched: { table: searchTable, columns: search } };
  const compiled = deps.conditions.compile(where, subject, ALIAS, { now, actor: gate.actor, ...searched });
  return { sql: around('(', compiled, ')'), asked: guards.filter((field) => field !== undefined) };
}

function conditionSql(deps: PredicateDeps, gate: FieldGate, where: unknown, now: Date): Sql {
  const { sql, asked } = compiledCondition(deps, gate, where, now);
  return gate.covered(asked) ? allOf([sql, onlyUncovered(gate, asked)]) : sql;
}

/**
 * The whole WHERE of a list: row scope, base, filter terms, search and condition, with fields masked on some rows searched on the others only.
 * @throws AppError QUERY_INVALID, FIELD_UNKNOWN, FIELD_NOT_SEARCHABLE, CONDITION_INVALID
 */
export function listPredicate(deps: PredicateDeps, gate: FieldGate, params: ListParams, now: Date): Sql {
  const filter = parseFilter(params.filter, (name) => gate.find(name));
  const terms = filter.terms.map((term) => {
    const field = gate.searchable(term.field.name);
    const sql = termSql(term, ALIAS, gate.actor.timeZone, searchedText(gate));
    return gate.isRowMasked(field) ? allOf([sql, onlyUncovered(gate, [field])]) : sql;
  });
  return allOf([
    reach(deps, gate, 'read'),
    ...terms,
    ...(filter.q === null ? [] : [searchSql(gate, filter.q)]),
    ...(filter.where === null ? [] : [conditionSql(deps, gate, filter.where, now)]),
  ]);
}

/** ORDER BY of a list; a field masked on some rows would betray its values by their order, so it cannot be sorted by. */
export function listOrder(gate: FieldGate, sort: ListParams['sort']): string {
  if (sort) {
    const field = gate.searchable(sort.field);
    if (gate.isRowMasked(field)) throw notSearchable(sort.field);
    return orderSql(field, sort.direction, ALIAS);
  }
  const [name, direction] = gate.definition.defaultSort ?? ['id', 'ASC'];
  const field = gate.find(name);
  const usable = field !== undefined && gate.access(field) !== 'masked' && !gate.isRowMasked(field);
  return orderSql(usable ? field : { name: 'id', type: 'id' }, direction, ALIAS);
}

/** How a list answers its search text: `beginnings` of words where it is too short for the index; null without one. */
export function searchKind(gate: FieldGate, params: ListParams): 'anywhere' | 'beginnings' | null {
  const { q } = parseFilter(params.filter, (name) => gate.find(name));
  return q === null ? null : isShort(gate, q) ? 'beginnings' : 'anywhere';
}
