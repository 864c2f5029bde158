import { databaseJson, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Sniffed } from '../../domain/files';
import type { ColumnMapping, ImportKind, ImportOptions } from './schema';

export const IMPORT_STATES = ['draft', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled', 'reverting', 'reverted'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface Counts {
  created: number;
  updated: number;
  merged: number;
  linked: number;
  skipped: number;
  failed: number;
}
export const NO_COUNTS: Counts = { created: 0, updated: 0, merged: 0, linked: 0, skipped: 0, failed: 0 };

export interface ImportRecord {
  readonly id: number;
  readonly kind: ImportKind;
  readonly file_name: string;
  readonly size: string;
  readonly hash: string;
  readonly sniffed: Sniffed;
  readonly headers: readonly string[];
  readonly header_key: string | null;
  readonly samples: readonly (readonly string[])[];
  readonly mapping: readonly ColumnMapping[];
  readonly options: ImportOptions;
  readonly status: ImportState;
  readonly total: number | null;
  readonly done: number;
  readonly counts: Partial<Counts>;
  readonly dry_run: Record<string, unknown> | null;
  readonly revert: Record<string, unknown> | null;
  readonly error: string | null;
  readonly owner_id: number | null;
  readonly team_id: number | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
}

type Db = Knex | Knex.Transaction;

export async function getImport(db: Db, id: number): Promise<ImportRecord> {
  const record = await one<ImportRecord>(db, 'SELECT * FROM crm_imports WHERE id = ?', [id]);
  if (!record) throw notFound('Import');
  return record;
}

/** Holds the record until the transaction ends: steps of one import never run side by side. */
export async function lockImport(trx: Knex.Transaction, id: number): Promise<ImportRecord> {
  const record = await one<ImportRecord>(trx, 'SELECT * FROM crm_imports WHERE id = ? FOR UPDATE', [id]);
  if (!record) throw notFound('Import');
  return record;
}

const json = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !(value instanceof Date) ? databaseJson(value) : value;

export async function updateImport(
  db: Db,
  id: number,
  values: Partial<Record<keyof ImportRecord | 'finished_at', unknown>>,
): Promise<void> {
  await db('crm_imports')
    .where({ id })
    .update(Object.fromEntries(Object.entries(values).map(([column, value]) => [column, json(value)])));
}

/** Keeps the bytes of a file in pieces, so that any node can run the job. Returns how many there are. */
export async function storeParts(trx: Knex.Transaction, id: number, pieces: AsyncIterable<Buffer>): Promise<number> {
  let part = 0;
  for await (const bytes of pieces) {
    await trx.raw('INSERT INTO crm_import_parts (import_id, part, bytes) VALUES (?, ?, ?)', [id, part, bytes]);
    part += 1;
  }
  return part;
}

/** The bytes of the file, one piece in memory at a time. */
export async function* readParts(db: Knex, id: number): AsyncGenerator<Buffer> {
  for (let part = 0; ; part += 1) {
    const row = await one<{ bytes: Buffer }>(db, 'SELECT bytes FROM crm_import_parts WHERE import_id = ? AND part = ?', [id, part]);
    if (!row) return;
    yield row.bytes;
  }
}

export interface RowRecord {
  readonly row: number;
  readonly status: string;
  /** The lead the row is about. */
  readonly leadId: number | null;
  /** The account, opportunity or activity, where the row is about one. */
  readonly recordId?: number | null;
  readonly code?: string;
  readonly message?: string;
  readonly cells?: readonly string[];
}

/** Every row leaves a trace: accepted ones their lead, for revert and resume; refused ones their cells and the reason. */
export async function storeRows(trx: Knex.Transaction, id: number, rows: readonly RowRecord[]): Promise<void> {
  const accepted = rows.filter((row) => row.cells === undefined);
  const refused = rows.filter((row) => row.cells !== undefined);
  if (accepted.length > 0) {
    await trx.raw(
      'INSERT INTO crm_import_rows (import_id, row, status, lead_id, record_id, code) SELECT ?, * FROM unnest(?::int[], ?::text[], ?::int[], ?::int[], ?::text[])',
      [
        id,
        accepted.map((row) => row.row),
        accepted.map((row) => row.status),
        accepted.map((row) => row.leadId),
        accepted.map((row) => row.recordId ?? null),
        accepted.map((row) => row.code ?? null),
      ] as Knex.RawBinding[],
    );
  }
  if (refused.length === 0) return;
  const records = refused.map((row) => ({
    import_id: id,
    row: row.row,
    status: row.status,
    lead_id: row.leadId,
    record_id: null,
    code: row.code ?? null,
    message: row.message ?? null,
    cells: row.cells,
  }));
  await trx.raw('INSERT INTO crm_import_rows SELECT * FROM jsonb_populate_recordset(NULL::crm_import_rows, ?::jsonb)', [
    databaseJson(records),
  ]);
}

/** The person on whose behalf the import runs, writing as an import. */
export async function importActor(kit: Kit, record: Pick<ImportRecord, 'owner_id'>): Promise<Actor> {
  const member = record.owner_id === null ? kit.actors.system('Import') : await kit.actors.member(record.owner_id);
  return { ...member, kind: 'import' };
}

/** The newest mapping that was used for a file of this kind with these headers. */
export const rememberedImport = (db: Db, kind: ImportKind, key: string): Promise<Pick<ImportRecord, 'id' | 'mapping' | 'options'> | null> =>
  one(
    db,
    `SELECT id, mapping, options FROM crm_imports WHERE kind = ? AND header_key = ? ORDER BY (status NOT IN ('draft', 'checking', 'checked')) DESC, id DESC LIMIT 1`,
    [kind, key],
  );

/** Earlier imports of the very same bytes that brought something in. */
export const importsOf = (db: Db, kind: ImportKind, hash: string): Promise<{ id: number; at: Date }[]> =>
  many(
    db,
    `SELECT id, started_at AS at FROM crm_imports WHERE kind = ? AND hash = ? AND status IN ('running', 'done', 'cancelled') AND started_at IS NOT NULL ORDER BY id DESC LIMIT 5`,
    [kind, hash],
  );
