import { Readable } from 'node:stream';
import { many, notFound, one } from '@leadsea/crm-core';
import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import { toCsv } from '../../domain/files';
import { getImport } from './store';
import { ERROR_COLUMNS, isErrorColumn } from './targets';

const PAGE = 1000;

interface Refused {
  readonly row: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly cells: readonly string[];
}

/** The refused rows with all their columns and the reasons: mend it and send it as a new import. */
async function* refusedRows(kit: Kit, id: number, keep: readonly number[]): AsyncGenerator<readonly string[]> {
  for (let after = 0; ;) {
    const rows = await many<Refused>(
      kit.db,
      'SELECT row, code, message, cells FROM crm_import_rows WHERE import_id = ? AND row > ? AND cells IS NOT NULL ORDER BY row LIMIT ?',
      [id, after, PAGE],
    );
    for (const { cells, code, message } of rows) yield [...keep.map((index) => cells[index] ?? ''), code ?? '', message ?? ''];
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.row;
  }
}

async function* withHeader(headers: readonly string[], rows: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
  yield headers;
  yield* rows;
}

/** `GET /imports/:id/errors` */
export async function sendErrors(kit: Kit, ctx: HostContext, { actor }: VerbContext): Promise<void> {
  kit.access.assert(actor, 'imports', 'read');
  const id = /^\d{1,9}$/.test(ctx.params['id'] ?? '') ? Number(ctx.params['id']) : 0;
  const scope = kit.access.scope(actor, 'imports', 'read', 't');
  if (!(await one(kit.db, `SELECT t.id FROM crm_imports t WHERE t.id = ? AND (${scope.sql})`, [id, ...scope.bindings])))
    throw notFound('Import');
  const { headers, file_name: name } = await getImport(kit.db, id);
  const keep = headers.flatMap((header, index) => (isErrorColumn(header) ? [] : [index]));
  const file = `${name
    .replace(/\.[a-z]+$/i, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .slice(0, 80)}-errors.csv`;
  ctx.status = 200;
  ctx.type = 'text/csv; charset=utf-8';
  ctx.set('Content-Disposition', `attachment; filename="errors.csv"; filename*=UTF-8''${encodeURIComponent(file)}`);
  ctx.body = Readable.from(toCsv(withHeader([...keep.map((index) => headers[index] ?? ''), ...ERROR_COLUMNS], refusedRows(kit, id, keep))));
}
