import type { Knex } from 'knex';
import type { MatchTotal, Sql } from '../../../../contracts';
import { identifier } from '../../domain/access';
import { allOf, anyOf, around, raw } from '../../domain/query';
import { ALIAS, type FieldGate } from './field-gate';
import { query, type Row } from './rows';

export interface CountLimits {
  /** How long the whole table may be counted before a part of it is counted instead, in milliseconds. */
  readonly countMs: number;
  /** Rows of the part that is counted instead. */
  readonly partRows: number;
}

const PART_MS = 8000;
const CANCELED = '57014';

export const isTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === CANCELED;

/** One statement that is ended after `ms`; the connection is left as it was. */
export const within = <T extends Row>(db: Knex, ms: number, statement: Sql): Promise<T[]> =>
  db.transaction(async (trx) => {
    await trx.raw(`SET LOCAL statement_timeout = ${Math.ceil(ms)}`);
    return query<T>(trx, statement);
  });

const rounded = (estimate: number): number => {
  const unit = 10 ** Math.max(Math.floor(Math.log10(Math.max(estimate, 1))) - 1, 0);
  return Math.round(estimate / unit) * unit;
};

/** The rows that are looked at. */
export interface Looked {
  readonly gate: FieldGate;
  /** Within the actor's reach, and no field that is asked for is covered. */
  readonly base: Sql;
}

/** The n-th condition in a count: TRUE or FALSE, also where the SQL of a fact says neither. */
export const held = (index: number): Sql => raw(`p${index}`);

/**
 * Counts of combinations of conditions in one reading of the table, which evaluates each condition once per row: what two versions of a
 * condition share is not read twice, and the numbers are of one moment.
 */
function countStatement({ gate, base }: Looked, conditions: readonly Sql[], counts: readonly Sql[], part: Sql | null): Sql {
  const columns = conditions.map((condition, index) => around('((', condition, `)) IS TRUE AS p${index}`));
  const selected = counts.map((count, index) => around('count(*) FILTER (WHERE ', count, `)::int AS c${index}`));
  const where = allOf([base, anyOf(conditions)]);
  const list = (parts: readonly Sql[]): string => parts.map(({ sql }) => sql).join(', ');
  return {
    // OFFSET 0 keeps the planner from pulling the conditions up and evaluating them in every FILTER again.
    sql: `SELECT ${list(selected)} FROM (SELECT ${list(columns)} FROM ${identifier(gate.definition.table)} "${ALIAS}" ${part?.sql ?? ''} WHERE ${where.sql} OFFSET 0) AS seen`,
    bindings: [...selected, ...columns, ...(part ? [part] : []), where].flatMap(({ bindings }) => [...bindings]),
  };
}

export type CountAll = (looked: Looked, conditions: readonly Sql[], counts: readonly Sql[]) => Promise<readonly MatchTotal[]>;

/** Exact counts; of a table that cannot be read in time those of a random part of its pages, times the parts there are. */
export function createCountAll(db: Knex, { countMs, partRows }: CountLimits): CountAll {
  /** Share of the table in percent that holds about `partRows` rows. */
  const shareOf = async (gate: FieldGate): Promise<number> => {
    const [table] = await query<{ n: number }>(
      db,
      raw('SELECT reltuples::float8 AS n FROM pg_class WHERE oid = ?::regclass', gate.definition.table),
    );
    return table && table.n > 0 ? Math.min((100 * partRows) / table.n, 100) : 1;
  };

  return async (looked, conditions, counts) => {
    const read = async (part: Sql | null, ms: number): Promise<readonly number[]> => {
      const [row = {}] = await within(db, ms, countStatement(looked, conditions, counts, part));
      return counts.map((_count, index) => Number(row[`c${index}`]));
    };
    try {
      return (await read(null, countMs)).map((total) => ({ total, estimated: false }));
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const share = await shareOf(looked.gate);
      // The same part each time: the numbers move with the condition and not by chance.
      const found = await read(raw('TABLESAMPLE SYSTEM (?) REPEATABLE (1)', share), PART_MS);
      return found.map((total) => ({ total: rounded((total * 100) / share), estimated: true }));
    }
  };
}
