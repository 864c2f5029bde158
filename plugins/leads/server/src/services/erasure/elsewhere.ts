import { likePattern } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { ERASED } from '../../domain/erasure/personal';
import { scrub } from '../../domain/erasure/scrub';
import type { Person } from './person';
import { cleanRows } from './tables';

/** Imports that are over: their files are not read again. */
const OVER = ['done', 'failed', 'cancelled', 'reverted'];

interface Place {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly json: boolean }[];
  /** Rows that belong to the lead without naming it in `lead_id`. */
  readonly own?: { readonly sql: string; readonly bindings: (person: Person) => readonly unknown[] };
  /** Summaries name people only: looked for by name as well. */
  readonly named?: boolean;
  /** What becomes of a value of a row that is found; by default the traces are taken out. */
  readonly clean?: (column: string, value: unknown, person: Person) => unknown;
}

const json = (...names: string[]) => names.map((name) => ({ name, json: true }));
const text = (...names: string[]) => names.map((name) => ({ name, json: false }));
const TIED =
  '(SELECT r.import_id FROM crm_import_rows r WHERE r.lead_id = ANY(?::int[]) UNION SELECT l.import_id FROM crm_leads l WHERE l.id = ANY(?::int[]))';
const hold = (value: unknown, { traces }: Person): boolean => JSON.stringify(scrub(value, traces)) !== JSON.stringify(value);

/** A row that was refused is somebody's or it is not: what is hers goes whole. Values of the examples of a trial run are shown by themselves. */
const cleanRow: Place['clean'] = (column, value) => (column === 'cells' ? null : value === null ? null : ERASED);
const cleanImport: Place['clean'] = (column, value, person) => {
  if (column === 'samples' && Array.isArray(value)) return (value as unknown[]).filter((row) => !hold(row, person));
  const rest = scrub(value, person.traces);
  return column === 'dry_run' ? withoutExamples(rest) : rest;
};
const withoutExamples = (report: unknown): unknown =>
  Array.isArray(report)
    ? report.map(withoutExamples)
    : typeof report === 'object' && report !== null
      ? Object.fromEntries(Object.entries(report).map(([key, value]) => [key, key === 'examples' ? [] : withoutExamples(value)]))
      : report;

/** Notices, mails, jobs and files: they name the person, and the lead only in a link or not at all. */
const PLACES: readonly Place[] = [
  {
    table: 'crm_notifications',
    columns: json('title', 'body'),
    named: true,
    own: {
      sql: `(t.subject = 'lead' AND t.subject_id = ANY(?::int[])) OR t.link = ANY(?::text[])`,
      bindings: ({ leads }) => [[...leads], leads.map((id) => `/leads/${id}`)],
    },
  },
  {
    table: 'crm_deliveries',
    columns: [...json('items'), ...text('error')],
    named: true,
    own: {
      sql: 'EXISTS (SELECT 1 FROM unnest(?::text[]) AS link WHERE strpos(t.items::text, link) > 0)',
      bindings: ({ leads }) => [leads.map((id) => `"/leads/${id}"`)],
    },
  },
  { table: 'crm_jobs', columns: [...json('payload'), ...text('error', 'progress_note')] },
  { table: 'crm_timers', columns: [...json('payload'), ...text('last_error')] },
  {
    table: 'crm_import_rows',
    columns: [...json('cells'), ...text('message')],
    own: {
      sql: `t.cells IS NOT NULL AND t.import_id IN ${TIED} AND lower(t.cells::text) LIKE ANY(?::text[])`,
      bindings: ({ leads, names }) => [[...leads], [...leads], names.map(likePattern)],
    },
    clean: cleanRow,
  },
  { table: 'crm_captures', columns: [...json('payload', 'result'), ...text('idempotency_key')] },
  {
    table: 'crm_imports',
    columns: [...json('samples', 'dry_run', 'revert', 'mapping'), ...text('error', 'file_name')],
    own: { sql: `t.id IN ${TIED}`, bindings: ({ leads }) => [[...leads], [...leads]] },
    clean: cleanImport,
  },
];

/** Cleans what is found by the lead, and what is found by an address or a number of the person. Returns rows changed, by table. */
export async function eraseElsewhere(trx: Knex.Transaction, person: Person): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { table, columns, own, named, clean } of PLACES) {
    const patterns = [...person.searchable, ...(named ? person.names : [])].map(likePattern);
    const words = `lower(concat_ws(' ', ${columns.map(({ name }) => `t."${name}"::text`).join(', ')}))`;
    // Numbers are written with blanks, brackets and dashes.
    const found = `${words} LIKE ANY(?::text[]) OR translate(${words}, ' ()./-', '') LIKE ANY(?::text[])`;
    const where = {
      sql: own ? `(${own.sql}) OR ${found}` : found,
      bindings: [...(own ? own.bindings(person) : []), patterns, person.searchable.map(likePattern)],
    };
    const changed = await cleanRows(trx, table, columns, where, (column, value) =>
      clean ? clean(column, value, person) : scrub(value, person.traces),
    );
    if (changed > 0) counts[table] = changed;
  }
  return counts;
}

/** The uploaded files that brought the person, as far as their imports are over: a file is kept whole or not at all. */
export async function dropFiles(trx: Knex.Transaction, { leads }: Person): Promise<number> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `DELETE FROM crm_import_parts p USING crm_imports i WHERE i.id = p.import_id AND i.status = ANY(?::text[])
       AND i.id IN ${TIED}`,
    [OVER, [...leads], [...leads]],
  );
  return rowCount;
}
