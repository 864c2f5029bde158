import { databaseJson, many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { ERASED, withoutPerson } from '../../domain/erasure/personal';
import { scrub } from '../../domain/erasure/scrub';
import type { Person } from './person';

/** Columns of a table with words somebody wrote about a lead, or a copy of what it sent: emptied when its person is erased. */
export interface PersonalWords {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Those of this plugin; others add theirs with `leads.personal`. */
export const OWN_WORDS: readonly PersonalWords[] = [
  { table: 'crm_activities', columns: ['subject', 'note', 'evidence'] },
  { table: 'crm_engagements', columns: ['data', 'external_id'] },
  { table: 'crm_consents', columns: ['ip', 'note'] },
  { table: 'crm_captures', columns: ['payload'] },
  { table: 'crm_import_rows', columns: ['cells', 'message'] },
];

interface Column {
  readonly table: string;
  readonly name: string;
  readonly json: boolean;
  readonly nullable: boolean;
}

/** Tables with a lead that are written elsewhere, with rules of their own. */
const APART = ['crm_lead_keys', 'crm_account_suggestions'];

/** Text and JSON columns of every table that names a lead in `lead_id`, whoever made it; of tables from the outside too. */
async function columnsOfLeads(trx: Knex.Transaction): Promise<ReadonlyMap<string, readonly Column[]>> {
  const rows = await many<Column>(
    trx,
    `SELECT c.table_name AS "table", c.column_name AS name, c.data_type IN ('json', 'jsonb') AS json, c.is_nullable = 'YES' AS nullable
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
       AND c.data_type IN ('text', 'character varying', 'json', 'jsonb') AND c.column_name NOT IN ('document_id', 'locale')
       AND c.table_name <> ALL(?::text[])
       AND EXISTS (SELECT 1 FROM information_schema.columns l WHERE l.table_schema = c.table_schema AND l.table_name = c.table_name AND l.column_name = 'lead_id')
     ORDER BY 1, 2`,
    [[...APART]],
  );
  const tables = new Map<string, Column[]>();
  for (const row of rows) tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  return tables;
}

/** Identifiers are taken away, of words it stays visible that there were some. */
const IDENTIFIERS = ['ip', 'external_id'];
const empty = ({ name, json, nullable }: Column): unknown => (json ? (nullable ? null : {}) : IDENTIFIERS.includes(name) ? null : ERASED);

/**
 * Empties or cleans rows of one table, found by their place on disk: they are locked first, so that it stays.
 * @param clean the new value of a column; the same value leaves the row alone
 * @returns rows changed
 */
export async function cleanRows(
  trx: Knex.Transaction,
  table: string,
  columns: readonly Pick<Column, 'name' | 'json'>[],
  where: { readonly sql: string; readonly bindings: readonly unknown[] },
  clean: (column: string, value: unknown) => unknown,
): Promise<number> {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const rows = await many<Record<string, unknown>>(
    trx,
    `SELECT ctid::text AS "at ctid", ${names} FROM "${table}" t WHERE ${where.sql} FOR UPDATE`,
    [...where.bindings],
  );
  const changed = rows.flatMap((row) => {
    const after = Object.fromEntries(columns.map(({ name }) => [name, clean(name, row[name])]));
    const differs = columns.some(({ name }) => JSON.stringify(after[name] ?? null) !== JSON.stringify(row[name] ?? null));
    return differs ? [{ 'at ctid': row['at ctid'], ...after }] : [];
  });
  if (changed.length === 0) return 0;
  const types = columns.map(({ name, json }) => `"${name}" ${json ? 'jsonb' : 'text'}`).join(', ');
  await trx.raw(
    `UPDATE "${table}" t SET ${columns.map(({ name }) => `"${name}" = w."${name}"`).join(', ')}
     FROM json_to_recordset(?::json) AS w("at ctid" tid, ${types}) WHERE t.ctid = w."at ctid"`,
    [databaseJson(changed)],
  );
  return changed.length;
}

/** In every row of the lead: declared words are emptied, personal custom values too, and the person is taken out of all other texts. */
export async function eraseTables(
  trx: Knex.Transaction,
  person: Person,
  words: readonly PersonalWords[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const custom = new Map<string, ReadonlySet<string>>([
    ['crm_activities', person.customKeys.activity],
    ['crm_opportunities', person.customKeys.opportunity],
  ]);
  for (const [table, columns] of await columnsOfLeads(trx)) {
    const emptied = new Set(words.filter((one) => one.table === table).flatMap((one) => one.columns));
    const byName = new Map(columns.map((column) => [column.name, column]));
    const keys = custom.get(table);
    const count = await cleanRows(
      trx,
      table,
      columns,
      { sql: 't.lead_id = ANY(?::int[])', bindings: [[...person.leads]] },
      (name, value) => {
        if (value === null) return value;
        if (emptied.has(name)) return empty(byName.get(name)!);
        const rest = name === 'custom' && keys ? (withoutPerson({ custom: value }, keys) as { custom: unknown }).custom : value;
        return scrub(rest, person.traces);
      },
    );
    if (count > 0) counts[table] = count;
  }
  return counts;
}
