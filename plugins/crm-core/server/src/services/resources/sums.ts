import type { Knex } from 'knex';
import type { AccessService, ConditionService, ResourceField } from '../../../../contracts';
import { identifier } from '../../domain/access';
import { allOf, fieldSql, fieldUnknown, parseListParams, type QueryString } from '../../domain/query';
import { ALIAS, type FieldGate } from './field-gate';
import { listPredicate, onlyUncovered } from './predicates';
import { query, type Row } from './rows';

/** Names of fields: what is added up, what keeps sums apart, and per cent by which an amount counts. */
export interface SumsAsked {
  readonly amount: string;
  readonly by: string;
  readonly weight: string;
}

/** Sum of the rows that have an amount and the same `by`; `weighted` over those that also have a weight. */
export interface SumRow {
  readonly by: string | null;
  readonly rows: number;
  readonly amount: number;
  /** Rows with a weight, and the sum of their weighted amounts; null where the actor may not read weights. */
  readonly weighed: number | null;
  readonly weighted: number | null;
}

interface Counted extends Row {
  readonly by: string | null;
  readonly rows: number;
  readonly amount: string;
  readonly weighed: number;
  readonly weighted: string | null;
}

export interface SumsDeps {
  readonly db: Knex;
  readonly access: AccessService;
  readonly conditions: Pick<ConditionService, 'compile' | 'describe'>;
}

/**
 * Sums over the rows of a list, by the same filter, reach and masks: an amount the actor reads masked or not at all never enters a sum, so that
 * none can be worked out from one. Null where he reads no amounts at all.
 */
export async function sumsOf(
  deps: SumsDeps,
  gate: FieldGate,
  queryString: QueryString,
  asked: SumsAsked,
  now: Date,
): Promise<readonly SumRow[] | null> {
  const readable = (name: string): ResourceField | null => {
    const field = gate.find(name);
    return field && gate.access(field) !== 'masked' ? field : null;
  };
  const [amount, weight] = [readable(asked.amount), readable(asked.weight)];
  const by = gate.find(asked.by);
  if (!gate.definition.fields.some(({ name }) => name === asked.amount)) throw fieldUnknown(asked.amount);
  // What may not be filtered by is refused, whether or not there is a sum to give.
  const listed = listPredicate(deps, gate, parseListParams(queryString), now);
  if (!amount || !by || gate.access(by) === 'masked') return null;
  const used = [amount, by, ...(weight ? [weight] : [])];
  const where = allOf([listed, onlyUncovered(gate, used)]);
  const value = (field: ResourceField): string => fieldSql(field, ALIAS).read;
  const share = weight ? value(weight) : 'NULL::numeric';
  const rows = await query<Counted>(deps.db, {
    sql: `SELECT ${value(by)} AS by, count(*)::int AS rows, sum(${value(amount)}) AS amount,
            count(${share})::int AS weighed, sum(${value(amount)} * ${share} / 100) AS weighted
          FROM ${identifier(gate.definition.table)} "${ALIAS}" WHERE ${where.sql} AND ${value(amount)} IS NOT NULL
          GROUP BY 1 ORDER BY 3 DESC, 1`,
    bindings: where.bindings,
  });
  return rows.map((row) => ({
    by: row.by,
    rows: row.rows,
    amount: Number(row.amount),
    weighed: weight ? row.weighed : null,
    weighted: weight ? Math.round(Number(row.weighted ?? 0) * 100) / 100 : null,
  }));
}
