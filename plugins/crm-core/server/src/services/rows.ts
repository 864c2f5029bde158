import { randomFillSync } from 'node:crypto';
import type { Knex } from 'knex';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Random bytes drawn ahead: asking for 24 at a time costs more than the rest of a row. */
const POOL = Buffer.alloc(24 * 1024);
let used = POOL.length;

/** A document id as Strapi writes them: 24 characters, first one a letter. */
export function documentId(): string {
  if (used + 24 > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  let id = '';
  for (let i = 0; i < 24; i += 1) id += ALPHABET[POOL[used + i]! % (i === 0 ? 26 : 36)];
  used += 24;
  return id;
}

const jsonReady = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !(value instanceof Date) ? JSON.stringify(value) : value;

/** Inserts one row into a content type's table with the columns Strapi expects; returns its id. Columns are snake_case. */
export async function insertRow(
  db: Knex | Knex.Transaction,
  table: string,
  values: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<number> {
  const stamp = now.toISOString().replace('Z', '');
  const row: Record<string, unknown> = { document_id: documentId(), created_at: stamp, updated_at: stamp, published_at: stamp };
  for (const [column, value] of Object.entries(values)) row[column] = jsonReady(value);
  const [inserted] = await db(table).insert(row).returning<{ id: number }[]>('id');
  if (!inserted) throw new Error(`No row was inserted into ${table}.`);
  return inserted.id;
}

/** Updates one row by id; returns false when it is not there. */
export async function updateRow(
  db: Knex | Knex.Transaction,
  table: string,
  id: number,
  values: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<boolean> {
  const row: Record<string, unknown> = { updated_at: now.toISOString().replace('Z', '') };
  for (const [column, value] of Object.entries(values)) row[column] = jsonReady(value);
  return (await db(table).where({ id }).update(row)) > 0;
}

/** First row of a raw statement, or null. */
export async function one<Row>(db: Knex | Knex.Transaction, sql: string, bindings: readonly unknown[] = []): Promise<Row | null> {
  const { rows } = await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  return rows[0] ?? null;
}

/** All rows of a raw statement. */
export async function many<Row>(db: Knex | Knex.Transaction, sql: string, bindings: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  return rows;
}

export const camel = (column: string): string => column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
