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
