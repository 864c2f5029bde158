import { databaseJson } from '@leadsea/crm-core';
import type { Kit, Sql } from '@leadsea/crm-core';
import { rowAsOf, type FieldChange } from '../domain/study/outcome';
import { bind, sql } from '../sql/fragments';

import { rowsOf } from './evaluate';

type Row = Readonly<Record<string, unknown>>;

/** An account that has gone into another one since: the history of that one keeps its row. */
const goneRow = (kit: Kit, id: number): Promise<{ row: Row }[]> =>
  rowsOf<{ row: Row }>(
    kit.db,
    sql`SELECT data->'row' AS row FROM crm_events WHERE subject = 'account' AND type = 'account.merged' AND (data->>'account')::int = ${bind('int', id)} ORDER BY id DESC LIMIT 1`,
  );

/** An account as it was at a moment: every later edit, and what a merge brought it later, taken back. */
async function accountAsOf(kit: Kit, id: number, at: Date): Promise<Row | null> {
  const [known] = await rowsOf<Row>(kit.db, sql`SELECT * FROM crm_accounts WHERE id = ${bind('int', id)}`);
  const row = known ?? (await goneRow(kit, id))[0]?.row;
  if (!row) return null;
  const changes = await rowsOf<FieldChange>(
    kit.db,
    sql`SELECT at, CASE WHEN type = 'account.merged' THEN data->'survivor'->'before' ELSE before END AS before FROM crm_events
      WHERE subject = 'account' AND subject_id = ${bind('int', id)} AND type IN ('account.updated', 'account.merged') AND at > ${bind('timestamptz', at)}`,
  );
  return rowAsOf(row, changes, at);
}

/**
 * Stands in for the table of accounts in one statement: the one account of a lead as it was at a moment, so that the very conditions of
 * production ask the past.
 */
export async function accountsAsOf(kit: Kit, id: number | null, at: Date): Promise<Sql> {
  const account = id === null ? null : await accountAsOf(kit, id, at);
  return sql`WITH crm_accounts AS (SELECT * FROM json_populate_recordset(NULL::crm_accounts, ${bind('json', databaseJson(account ? [account] : []))}))`;
}
