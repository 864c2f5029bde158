import type { Knex } from 'knex';
import type { Sql } from '../../../../contracts';
import { identifier } from '../../domain/access';
import { ALIAS, type FieldGate } from './field-gate';
import { query, type Row } from './rows';

export const EXACT_UP_TO = 10_000;

export interface Total {
  readonly total: number;
  readonly estimated: boolean;
}

interface Explained extends Row {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
}

/** How long an estimate is given again. Exact totals are never kept: they change with the next lead. */
const KEEP_MS = 20_000;
const MOST = 1000;

const rounded = (estimate: number): number => {
  const unit = 10 ** Math.max(Math.floor(Math.log10(estimate)) - 1, 0);
  return Math.round(estimate / unit) * unit;
};

/**
 * How many rows match: exact up to 10,000, beyond that the planner's estimate in two digits, and never fewer than were seen. An estimate
 * holds for twenty seconds for the same rows (filter and row scope of the actor), so that paging and sorting a long list count it once.
 */
export function createCounter(db: Knex, clock: () => number = () => performance.now()) {
  const estimates = new Map<string, { readonly at: number; readonly total: number }>();

  return async (gate: FieldGate, where: Sql, seen: number): Promise<Total> => {
    const from = `FROM ${identifier(gate.definition.table)} "${ALIAS}" WHERE ${where.sql}`;
    const key = JSON.stringify([from, where.bindings]);
    const known = estimates.get(key);
    if (known && clock() - known.at < KEEP_MS) return { total: Math.max(known.total, seen), estimated: true };
    const [counted] = await query<{ n: number }>(db, {
      sql: `SELECT count(*)::int AS n FROM (SELECT 1 ${from} LIMIT ${EXACT_UP_TO + 1}) AS matching`,
      bindings: where.bindings,
    });
    const n = counted?.n ?? 0;
    if (n <= EXACT_UP_TO) return { total: n, estimated: false };
    const [plan] = await query<Explained>(db, { sql: `EXPLAIN (FORMAT JSON) SELECT 1 ${from}`, bindings: where.bindings });
    const estimate = plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? n;
    const total = Math.max(rounded(Math.max(estimate, 1)), n);
    if (estimates.size >= MOST) estimates.clear();
    estimates.set(key, { at: clock(), total });
    return { total: Math.max(total, seen), estimated: true };
  };
}
