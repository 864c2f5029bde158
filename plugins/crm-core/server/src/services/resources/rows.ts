import type { Knex } from 'knex';
import type { ResourceField, Sql } from '../../../../contracts';
import { identifier, maskValue } from '../../domain/access';
import { fieldSql } from '../../domain/query';
import { ALIAS, type FieldGate } from './field-gate';

export type Row = Record<string, unknown>;

const CUSTOM = 'custom.';

/** Runs a fragment; placeholders are knex's. */
export async function query<T extends Row>(db: Knex, { sql, bindings }: Sql): Promise<T[]> {
  const result = await db.raw<{ rows: T[] }>(sql, bindings as Knex.RawBinding[]);
  return result.rows;
}

function asSent(field: ResourceField, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  const numeric = field.type === 'number' || field.type === 'money' || field.type === 'id' || field.type === 'reference';
  return numeric && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Sets a field in a row as it is sent: `custom.<key>` under `custom`. */
export const place = (row: Row, name: string, value: unknown): void => {
  if (!name.startsWith(CUSTOM)) {
    row[name] = value;
    return;
  }
  const custom = (row['custom'] ??= {}) as Row;
  custom[name.slice(CUSTOM.length)] = value;
};

/** Value of a field in a row as it is sent. */
export function valueAt(row: Row, name: string): unknown {
  if (!name.startsWith(CUSTOM)) return row[name];
  return (row['custom'] as Row | undefined)?.[name.slice(CUSTOM.length)];
}

function shape(gate: FieldGate, raw: Row): Row {
  const row: Row = { id: Number(raw['id']) };
  const masked: string[] = [];
  gate.visible.forEach((field, index) => {
    if (field.name === 'id') return;
    const value = asSent(field, raw[`f${index}`]);
    const cover = gate.covers.findLast(({ fields }, at) => fields.includes(field.name) && raw[`m${at}`] !== false);
    const hide = gate.access(field) === 'masked' || cover !== undefined;
    if (hide) masked.push(field.name);
    place(row, field.name, cover?.access === 'hidden' ? null : hide ? maskValue(field, value) : value);
  });
  if (masked.length > 0) row['_masked'] = masked;
  return row;
}

export interface Page {
  readonly where: Sql;
  readonly order: string;
  readonly limit: number;
  readonly offset: number;
}

/** Reads rows in one statement and gates every value: hidden fields are never selected, masked ones never leave in the clear. */
export async function readRows(db: Knex, gate: FieldGate, page: Page): Promise<Row[]> {
  const columns = gate.visible.map((field, index) => `${fieldSql(field, ALIAS).read} AS "f${index}"`);
  const covers = gate.covers.map(({ when }, index) => `${when.sql} AS "m${index}"`);
  const list = [`"${ALIAS}"."id" AS "id"`, ...columns, ...covers].join(', ');
  const rows = await query(db, {
    sql: `SELECT ${list} FROM ${identifier(gate.definition.table)} "${ALIAS}" WHERE ${page.where.sql} ORDER BY ${page.order} LIMIT ? OFFSET ?`,
    bindings: [...gate.covers.flatMap(({ when }) => [...when.bindings]), ...page.where.bindings, page.limit, page.offset],
  });
  return rows.map((row) => shape(gate, row));
}

export const EXACT_UP_TO = 10_000;

export interface Total {
  readonly total: number;
  readonly estimated: boolean;
}

interface Explained extends Row {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
}

const rounded = (estimate: number): number => {
  const unit = 10 ** Math.max(Math.floor(Math.log10(estimate)) - 1, 0);
  return Math.round(estimate / unit) * unit;
};

/** How many rows match: exact up to 10,000, beyond that the planner's estimate in two digits, and never fewer than were seen. */
export async function countRows(db: Knex, gate: FieldGate, where: Sql, seen: number): Promise<Total> {
  const from = `FROM ${identifier(gate.definition.table)} "${ALIAS}" WHERE ${where.sql}`;
  const [counted] = await query<{ n: number }>(db, {
    sql: `SELECT count(*)::int AS n FROM (SELECT 1 ${from} LIMIT ${EXACT_UP_TO + 1}) AS matching`,
    bindings: where.bindings,
  });
  const n = counted?.n ?? 0;
  if (n <= EXACT_UP_TO) return { total: n, estimated: false };
  const [plan] = await query<Explained>(db, { sql: `EXPLAIN (FORMAT JSON) SELECT 1 ${from}`, bindings: where.bindings });
  const estimate = plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? n;
  return { total: Math.max(rounded(Math.max(estimate, 1)), n, seen), estimated: true };
}
