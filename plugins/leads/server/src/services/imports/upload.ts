import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { AppError, badRequest, databaseJson, one } from '@leadsea/crm-core';
import type { Actor, HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import { previewRows, SAMPLE_BYTES, sniff, type ImportRow, type Sniffed } from '../../domain/files';
import { importableOf } from './kinds';
import { columnMapping, importKind, importOptions, type ColumnMapping, type ImportKind, type ImportOptions } from './schema';
import { importsOf, readParts, rememberedImport, storeParts, type ImportRecord } from './store';
import { effectiveMapping, headerKey, mayFill, proposeMapping, rememberedMapping } from './targets';
import { z } from 'zod';

export const MAX_FILE = 200 * 1024 * 1024;
const PIECE = 1024 * 1024;
const SAMPLE_ROWS = 20;
/** Types and options of new fields are told from this many rows. */
const GUESS_ROWS = 2000;

interface Upload {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function uploadOf(ctx: HostContext): Upload {
  const given = ctx.request.files?.['file'];
  const file: unknown = Array.isArray(given) ? given[0] : given;
  if (!isRecord(file) || typeof file['filepath'] !== 'string')
    throw badRequest('FILE_MISSING', 'Send the file in the form field "file".', { field: 'file' });
  return {
    path: file['filepath'],
    name: typeof file['originalFilename'] === 'string' ? file['originalFilename'] : 'file',
    size: Number(file['size'] ?? 0),
  };
}

function optionsOf(ctx: HostContext): ImportOptions {
  const body = ctx.request.body;
  const text = isRecord(body) ? body['options'] : undefined;
  if (text === undefined || text === '') return {};
  if (typeof text !== 'string') throw badRequest('OPTIONS_INVALID', '"options" must be JSON text.', { field: 'options' });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badRequest('OPTIONS_INVALID', '"options" must be JSON text.', { field: 'options' });
  }
  return importOptions.parse(parsed);
}

/** Leads, where nothing is said. */
function kindOf(ctx: HostContext): ImportKind {
  const { body } = ctx.request;
  const kind = isRecord(body) ? body['kind'] : undefined;
  return kind === undefined || kind === '' ? 'leads' : importKind.parse(kind);
}

async function sniffFile(file: Upload): Promise<Sniffed> {
  const handle = await open(file.path, 'r');
  try {
    const sample = Buffer.alloc(SAMPLE_BYTES);
    const { bytesRead } = await handle.read(sample, 0, SAMPLE_BYTES, 0);
    const sniffed = sniff(sample.subarray(0, bytesRead), file.name);
    if (sniffed.kind === 'unsupported')
      throw new AppError(sniffed.code === 'FILE_EMPTY' ? 'FILE_EMPTY' : 'FILE_UNSUPPORTED', 400, sniffed.message, { reason: sniffed.code });
    return sniffed;
  } finally {
    await handle.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const cellsOf = (row: ImportRow, headers: readonly string[]): string[] => headers.map((header) => row.cells[header] ?? '');

interface Proposal {
  readonly mapping: readonly ColumnMapping[];
  readonly options: ImportOptions;
}

/** Where the columns go: as with the last file of this kind that had them, else as names and values say; never where the person may not write. */
async function propose(
  kit: Kit,
  actor: Actor,
  kind: ImportKind,
  { headers, rows }: { readonly headers: readonly string[]; readonly rows: readonly ImportRow[] },
  given: ImportOptions,
): Promise<Proposal> {
  const importable = importableOf(kind);
  const custom = kit.custom.fields(importable.entity);
  const past = await rememberedImport(kit.db, kind, headerKey(headers));
  const proposed = proposeMapping(
    importable,
    headers,
    rows.map((row) => row.cells),
    custom,
  );
  const pastMapping = z.array(columnMapping).safeParse(past?.mapping ?? []);
  const mapping = pastMapping.success && past ? rememberedMapping(proposed, pastMapping.data, custom) : proposed;
  const options: ImportOptions = { ...(past?.options ?? {}), ...given };
  const own = mapping.map((column) =>
    column.target === null || column.create || mayFill(kit, actor, importable, column.target) ? column : { ...column, target: null },
  );
  return { mapping: effectiveMapping(own, { ...options, createFields: false }), options };
}

/** The same file as another kind of record: its columns are proposed anew from its first rows. */
export async function proposeAs(kit: Kit, actor: Actor, record: ImportRecord, kind: ImportKind): Promise<Proposal> {
  const { sheet } = record.options;
  const read = await previewRows(readParts(kit.db, record.id), record.sniffed, GUESS_ROWS, sheet ? { sheet } : {});
  return propose(kit, actor, kind, read, sheet ? { sheet } : {});
}

/** Takes a file in: keeps its bytes, tells what it is, and proposes where its columns go. Nothing is imported yet. */
export async function receive(kit: Kit, ctx: HostContext, { actor, now }: VerbContext): Promise<number> {
  const kind = kindOf(ctx);
  kit.access.assert(actor, 'imports', 'create');
  kit.access.assert(actor, importableOf(kind).resource, 'import');
  const file = uploadOf(ctx);
  try {
    if (file.size > MAX_FILE)
      throw new AppError('FILE_TOO_LARGE', 413, 'The file is larger than 200 MB. Split it, or import it as several files.', {
        limit: MAX_FILE,
        size: file.size,
      });
    const given = optionsOf(ctx);
    const sniffed = await sniffFile(file);
    const { headers, rows } = await previewRows(
      createReadStream(file.path),
      sniffed,
      GUESS_ROWS,
      given.sheet ? { sheet: given.sheet } : {},
    );
    if (rows.length === 0) throw badRequest('FILE_EMPTY', 'The file has no rows below its header.');
    const hash = await hashOf(file.path);
    const { mapping, options } = await propose(kit, actor, kind, { headers, rows }, given);
    return await kit.db.transaction(async (trx) => {
      const created = await one<{ id: number }>(
        trx,
        `INSERT INTO crm_imports (kind, file_name, size, hash, sniffed, headers, header_key, samples, mapping, options, status, owner_id, team_id, created_at)
         VALUES (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?::jsonb, 'draft', ?, ?, ?) RETURNING id`,
        [
          kind,
          file.name.slice(0, 255),
          file.size,
          hash,
          databaseJson(sniffed),
          databaseJson(headers),
          headerKey(headers),
          databaseJson(rows.slice(0, SAMPLE_ROWS).map((row) => cellsOf(row, headers))),
          databaseJson(mapping),
          JSON.stringify(options),
          actor.memberId,
          actor.teamId,
          now,
        ],
      );
      const id = created?.id ?? 0;
      await storeParts(trx, id, createReadStream(file.path, { highWaterMark: PIECE }));
      return id;
    });
  } finally {
    await rm(file.path, { force: true });
  }
}

/** What a person should know before importing: the very same file came in earlier. */
export async function warningOf(
  kit: Kit,
  { hash, id, kind }: { readonly hash: string; readonly id: number; readonly kind: ImportKind },
): Promise<Record<string, unknown> | null> {
  const [earlier] = (await importsOf(kit.db, kind, hash)).filter((one) => one.id !== id);
  return earlier
    ? {
        code: 'FILE_IMPORTED_BEFORE',
        message: `This very file was imported before (import ${earlier.id}).`,
        import: earlier.id,
        at: earlier.at,
      }
    : null;
}
