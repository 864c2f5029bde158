import { CONDITION_OPERATORS, type FactDefinition, type FactOption, type FactType, type LocalisedText } from '../../../../contracts';
import { matchPattern } from '../like';
import { all, raw, sql } from './fragment';
import { parseSpan, shift } from './span';

/** All operators of a type, for a fact that offers them all. */
export const operatorsOf = (type: FactType): readonly string[] => CONDITION_OPERATORS[type].map((operator) => operator.key);

/** A fact that is a column of a row. */
export interface ColumnFact {
  /** Last part of the key: `stage` of `lead.stage`. */
  readonly name: string;
  readonly type: FactType;
  readonly label: LocalisedText;
  /** Default: snake_case of the name. Dates are timestamptz, multiselects jsonb arrays. */
  readonly column?: string;
  readonly reference?: string;
  readonly options?: readonly FactOption[];
  /** What the console offers; default all of the type's. */
  readonly operators?: readonly string[];
  /** Access field that guards it; default the name. Null = readable by all. */
  readonly accessField?: string | null;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** An identifier of our own declarations, written into SQL as it is. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" is not an SQL identifier.`);
  return name;
}

function described(subject: string, prefix: string, fact: ColumnFact, access: (field: string) => string): Omit<FactDefinition, 'sql'> {
  const guard = fact.accessField === undefined ? fact.name : fact.accessField;
  return {
    subject,
    key: `${prefix}.${fact.name}`,
    label: fact.label,
    type: fact.type,
    operators: fact.operators ?? operatorsOf(fact.type),
    ...(fact.options ? { options: fact.options } : {}),
    ...(fact.reference !== undefined ? { reference: fact.reference } : {}),
    ...(guard === null ? {} : { accessField: access(guard) }),
  };
}

/** Facts for plain columns of the subject's own row: `factsFromColumns('lead', [{ name: 'stage', type: 'select', label }])` gives `lead.stage`. */
export function factsFromColumns(subject: string, facts: readonly ColumnFact[]): readonly FactDefinition[] {
  return facts.map((fact) => {
    const column = identifier(fact.column ?? snake(fact.name));
    return { ...described(subject, subject, fact, (field) => field), sql: (alias) => raw(`${alias}.${column}`) };
  });
}

/** A row that the subject's row points to. */
export interface RelatedFacts {
  readonly subject: string;
  /** First part of the keys, e.g. `account`. */
  readonly prefix: string;
  readonly table: string;
  /** Column of the subject's row that holds the other's id. */
  readonly foreignKey: string;
  /** Access resource of the other row: guards read `accounts:industry`. */
  readonly accessResource: string;
  readonly facts: readonly ColumnFact[];
}

/** Facts of a related row as correlated scalar subqueries, e.g. the account of a lead; null when there is no such row. */
export function factsFromRelated(related: RelatedFacts): readonly FactDefinition[] {
  const [table, key] = [identifier(related.table), identifier(related.foreignKey)];
  return related.facts.map((fact) => {
    const column = identifier(fact.column ?? snake(fact.name));
    return {
      ...described(related.subject, related.prefix, fact, (field) => `${related.accessResource}:${field}`),
      sql: (alias) => raw(`(SELECT ${alias}_r.${column} FROM ${table} ${alias}_r WHERE ${alias}_r.id = ${alias}.${key})`),
    };
  });
}

/** Seconds that have passed since an instant of the row; negative when it lies ahead. */
export function sinceFact(input: {
  readonly subject: string;
  readonly key: string;
  readonly label: LocalisedText;
  readonly column: string;
  readonly accessField?: string;
}): FactDefinition {
  const { column, ...fact } = input;
  identifier(column);
  return {
    ...fact,
    type: 'duration',
    operators: operatorsOf('duration'),
    sql: (alias, _args, { now }) => sql`extract(epoch FROM (${now.toISOString()}::timestamptz - ${raw(`${alias}.${column}`)}))`,
  };
}

/** A table of things that happened to the subject, e.g. `crm_engagements`. */
export interface BehaviourTable {
  readonly subject: string;
  /** First part of the keys: `behaviour` gives `behaviour.count` and `behaviour.lastAt`. */
  readonly prefix: string;
  readonly table: string;
  readonly foreignKey: string;
  readonly label: { readonly count: LocalisedText; readonly lastAt: LocalisedText };
  readonly kinds?: readonly FactOption[];
  /** Columns that can be asked for exactly, by the argument of the same name; default `kind` and `product`. */
  readonly exact?: readonly string[];
  /** Text column of the argument `match`; null = there is none. Default `asset`. */
  readonly matchColumn?: string | null;
  /** Boolean column that must be true; null = there is none. Default `human` (bots do not count). */
  readonly onlyWhere?: string | null;
}

function behaviourSql(what: BehaviourTable, select: string): FactDefinition['sql'] {
  const table = identifier(what.table);
  const key = identifier(what.foreignKey);
  const exact = (what.exact ?? ['kind', 'product']).map(identifier);
  const match = what.matchColumn === undefined ? 'asset' : what.matchColumn;
  const only = what.onlyWhere === undefined ? 'human' : what.onlyWhere;
  return (alias, args, { now }) => {
    const b = `${alias}_b`;
    const parts = [raw(`${b}.${key} = ${alias}.id`), sql`${raw(`${b}.occurred_at`)} <= ${now.toISOString()}::timestamptz`];
    if (only !== null) parts.push(raw(`${b}.${identifier(only)}`));
    for (const column of exact) if (typeof args[column] === 'string') parts.push(sql`${raw(`${b}.${column}`)} = ${args[column]}::text`);
    if (match !== null && typeof args['match'] === 'string')
      parts.push(sql`${raw(`${b}.${identifier(match)}`)} ILIKE ${matchPattern(args['match'])}::text`);
    const span = typeof args['within'] === 'string' ? parseSpan(args['within']) : null;
    const from = span && shift(now, span, -1);
    if (from) parts.push(sql`${raw(`${b}.occurred_at`)} > ${from.toISOString()}::timestamptz`);
    return sql`(SELECT ${raw(select.replace('$', b))} FROM ${raw(`${table} ${b}`)} WHERE ${all(parts)})`;
  };
}

/**
 * How often and when last something was done, `<prefix>.count` and `<prefix>.lastAt`, by args `{ kind, product, match, within }`. The window is
 * `(now − within, now]`; what lies after `now` never counts, so that a replay with an earlier `now` gives what was known then.
 */
export function behaviourFacts(what: BehaviourTable): readonly FactDefinition[] {
  const args: NonNullable<FactDefinition['args']> = [
    ...(what.exact ?? ['kind', 'product']).map((key) =>
      key === 'kind' && what.kinds ? ({ key, type: 'select', options: what.kinds } as const) : ({ key, type: 'text' } as const),
    ),
    ...(what.matchColumn === null ? [] : [{ key: 'match', type: 'text' } as const]),
    { key: 'within', type: 'duration' },
  ];
  const { subject, prefix, label } = what;
  return [
    {
      subject,
      key: `${prefix}.count`,
      label: label.count,
      type: 'count',
      operators: operatorsOf('count'),
      args,
      sql: behaviourSql(what, 'count(*)'),
    },
    {
      subject,
      key: `${prefix}.lastAt`,
      label: label.lastAt,
      type: 'date',
      operators: operatorsOf('date'),
      args,
      sql: behaviourSql(what, 'max($.occurred_at)'),
    },
  ];
}
