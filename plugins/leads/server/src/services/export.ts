import { PassThrough, Readable } from 'node:stream';
import { badRequest, many } from '@leadsea/crm-core';
import type { Actor, FieldEntity, HostContext, Kit, ResourceDefinition, VerbContext } from '@leadsea/crm-core';
import ExcelJS from 'exceljs';
import { neutralise, toCsv } from '../domain/files';

type Row = Record<string, unknown>;
type Query = Readonly<Record<string, string | readonly string[] | undefined>>;
/** The part of the console's gateway that an export needs: the same rows, filters, masks as every list. */
export interface ListGate {
  get(resource: string): ResourceDefinition;
  list(request: { readonly actor: Actor }, resource: string, query: Query): Promise<{ readonly rows: readonly Row[] }>;
}

const PAGE = 1000;
/** Rows a sheet can hold below its header; more go on in a further sheet. */
const SHEET_ROWS = 1_048_575;
const FORMATS = ['csv', 'xlsx'] as const;

/** What leaves as a file: the kind of record whose own fields go with it, and what history calls it. */
interface Exported {
  readonly resource: string;
  readonly entity: FieldEntity;
}
const EXPORTED: readonly Exported[] = [
  { resource: 'leads', entity: 'lead' },
  { resource: 'accounts', entity: 'account' },
  { resource: 'opportunities', entity: 'opportunity' },
  { resource: 'activities', entity: 'activity' },
];

interface Column {
  readonly key: string;
  readonly header: string;
}

const textOf = (value: string | readonly string[] | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

function parseFilter(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw badRequest('QUERY_INVALID', '"filter" must be a JSON object.', { parameter: 'filter' });
}

/** Columns asked for (a JSON list or names with commas), else all the person may see; hidden ones do not exist for him. */
function columnsOf(kit: Kit, gate: ListGate, actor: Actor, { resource, entity }: Exported, text: string | null): Column[] {
  const custom = kit.custom
    .fields(entity)
    .filter((field) => !field.retired)
    .map((field) => ({ key: `custom.${field.key}`, header: field.label[actor.locale] }));
  const plain = gate
    .get(resource)
    .fields.filter(({ label, type }) => label !== undefined || type === 'id')
    .map((field) => ({ key: field.name, header: field.label?.[actor.locale] ?? field.name }));
  const known = [...plain, ...custom].filter((column) => kit.access.field(actor, resource, column.key) !== 'hidden');
  if (text === null) return known;
  let asked: unknown;
  try {
    asked = text.startsWith('[') ? JSON.parse(text) : text.split(',');
  } catch {
    asked = null;
  }
  if (!Array.isArray(asked) || asked.length === 0)
    throw badRequest('QUERY_INVALID', '"columns" must be a list of field names.', { parameter: 'columns' });
  return asked.map((name) => {
    const column = known.find((one) => one.key === name);
    if (!column) throw badRequest('FIELD_UNKNOWN', `There is no field "${String(name)}".`, { field: name });
    return column;
  });
}

const valueAt = (row: Row, key: string): unknown =>
  key.startsWith('custom.') ? (row['custom'] as Row | undefined)?.[key.slice(7)] : row[key];

/** Leaves out rows the person may read but not export. */
async function exportable(kit: Kit, gate: ListGate, actor: Actor, resource: string, rows: readonly Row[]): Promise<readonly Row[]> {
  const scope = kit.access.scope(actor, resource, 'export', 't');
  if (scope.sql === 'TRUE' || rows.length === 0) return rows;
  const allowed = await many<{ id: number }>(
    kit.db,
    `SELECT t.id FROM ${gate.get(resource).table} t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`,
    [rows.map((row) => row['id']), ...scope.bindings],
  );
  const ids = new Set(allowed.map((row) => row.id));
  return rows.filter((row) => ids.has(Number(row['id'])));
}

/** Pages by id: whatever comes or goes meanwhile, no record is given twice, and each page is one short statement. */
async function* pages(
  kit: Kit,
  gate: ListGate,
  actor: Actor,
  resource: string,
  filter: Record<string, unknown>,
): AsyncGenerator<readonly Row[]> {
  const floor = Math.max(Number(filter['id_gt'] ?? 0), Number(filter['id_gte'] ?? 1) - 1);
  for (let after = Number.isFinite(floor) ? floor : 0; ;) {
    const { rows } = await gate.list({ actor }, resource, {
      filter: JSON.stringify({ ...filter, id_gt: after }),
      sort: '["id","ASC"]',
      range: JSON.stringify([0, PAGE - 1]),
    });
    if (rows.length > 0) yield await exportable(kit, gate, actor, resource, rows);
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)?.['id']);
  }
}

const asText = (value: unknown): string | number | boolean | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return neutralise(value);
  return neutralise(Array.isArray(value) ? value.join('; ') : JSON.stringify(value));
};

/** Until the reader has taken what waits, or has gone. */
const taken = (out: PassThrough): Promise<void> =>
  new Promise((resolve) => {
    out.once('drain', resolve);
    out.once('close', resolve);
  });

/** Who took a file, when, and under which number history knows it (`cause_id` of the event): what is passed on can be traced back. */
export interface ExportMark {
  readonly by: string;
  readonly at: Date;
  readonly id: string;
}

/** `leads-20261123-0930-4f2a.csv`: the same file tells by its name too where it comes from. */
const fileName = (resource: string, format: string, { at, id }: ExportMark): string => {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 13);
  return `${resource}-${stamp}-${id.replace(/[^A-Za-z0-9-]/g, '')}.${format}`;
};

/** At the foot of every printed page; `&` begins a code there. */
const footer = ({ by, at, id }: ExportMark): string => `&L${`${by} · ${at.toISOString()} · ${id}`.replaceAll('&', '&&')}&R&P / &N`;

/** Fills a workbook row by row; nothing but the current page is held. Ends early when the reader goes. */
export async function writeXlsx(
  out: PassThrough,
  { name, headers, mark }: { readonly name: string; readonly headers: readonly string[]; readonly mark?: ExportMark },
  rows: AsyncIterable<readonly unknown[]>,
  sheetRows = SHEET_ROWS,
): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useStyles: false, useSharedStrings: false });
  if (mark) {
    workbook.creator = mark.by;
    workbook.created = mark.at;
    workbook.description = mark.id;
  }
  const options = mark ? { headerFooter: { oddFooter: footer(mark) } } : {};
  const open = (number: number): ExcelJS.Worksheet => {
    const sheet = workbook.addWorksheet(number === 1 ? name : `${name} ${number}`, options);
    sheet.addRow([...headers]).commit();
    return sheet;
  };
  let sheet = open(1);
  let count = 0;
  for await (const row of rows) {
    if (out.destroyed) return;
    if (count > 0 && count % sheetRows === 0) {
      sheet.commit();
      sheet = open(count / sheetRows + 1);
    }
    sheet.addRow(row.map(asText)).commit();
    count += 1;
    if (count % PAGE === 0 && out.writableNeedDrain) await taken(out);
  }
  sheet.commit();
  await workbook.commit();
}

/** `GET /leads/export?filter=…&columns=…&format=csv|xlsx`, and the same of accounts, opportunities and activities. */
export function registerExport(kit: Kit, gate: ListGate): void {
  for (const what of EXPORTED) kit.addRoute('GET', `/${what.resource}/export`, sender(kit, gate, what));
}

function sender(kit: Kit, gate: ListGate, what: Exported) {
  const { resource } = what;
  return async (ctx: HostContext, { actor, requestId }: VerbContext): Promise<void> => {
    kit.access.assert(actor, resource, 'export');
    const format = textOf(ctx.query['format']) ?? 'csv';
    if (!(FORMATS as readonly string[]).includes(format))
      throw badRequest('QUERY_INVALID', 'The format is csv or xlsx.', { parameter: 'format' });
    const filter = parseFilter(textOf(ctx.query['filter']));
    const columns = columnsOf(kit, gate, actor, what, textOf(ctx.query['columns']));
    const source = pages(kit, gate, actor, resource, filter);
    // The first page is read before anything is sent, so that a filter that is refused is answered as an error.
    const first = await source.next();
    const note = (count: number): Promise<unknown> => {
      const data = { count, format, filter, columns: columns.map((column) => column.key) };
      const event = { subject: 'export', subjectId: actor.memberId ?? 0, type: `${what.entity}.exported`, data };
      return kit.db.transaction((trx) => kit.events.append(trx, [event], actor, { type: 'export', id: requestId }, kit.clock.now()));
    };
    const rows = async function* (): AsyncGenerator<readonly unknown[]> {
      let count = 0;
      try {
        for (let page = first; !page.done; page = await source.next()) {
          count += page.value.length;
          for (const row of page.value) yield columns.map((column) => valueAt(row, column.key));
        }
      } finally {
        // A download that is broken off has taken rows all the same.
        await note(count);
      }
    };
    ctx.status = 200;
    const mark: ExportMark = { by: actor.name, at: kit.clock.now(), id: requestId };
    ctx.set('Content-Disposition', `attachment; filename="${fileName(resource, format, mark)}"`);
    ctx.set('Access-Control-Expose-Headers', 'Content-Disposition');
    if (format === 'csv') {
      ctx.type = 'text/csv; charset=utf-8';
      const header = columns.map((column) => column.header);
      ctx.body = Readable.from(
        toCsv(
          (async function* (): AsyncGenerator<readonly unknown[]> {
            yield header;
            yield* rows();
          })(),
        ),
      );
      return;
    }
    ctx.type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const out = new PassThrough();
    ctx.body = out;
    const headers = columns.map((column) => column.header);
    writeXlsx(out, { name: resource, headers, mark }, rows()).catch((error: unknown) => {
      kit.log.error('The export broke off.', error);
      out.destroy(error instanceof Error ? error : new Error('The export broke off.'));
    });
  };
}
