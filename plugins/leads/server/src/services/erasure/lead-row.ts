import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { PERSONAL_COLUMNS } from '../../domain/erasure/personal';
import { scrub } from '../../domain/erasure/scrub';
import type { Person } from './person';
import { cleanRows } from './tables';

/** What a lead keeps that is words, and may hold the person's name (a sole trader's company). */
const WORDED = ['company', 'website', 'domain_key', 'company_key', 'campaign', 'medium', 'source', 'product', 'city'];
const PERSONAL: ReadonlySet<string> = new Set(PERSONAL_COLUMNS);

/** Which personal fields of these leads have a value: what the person who erases is told. */
export async function fieldsOf(db: Knex | Knex.Transaction, { leads, customKeys }: Person): Promise<string[]> {
  const rows = await many<{ field: string }>(
    db,
    `SELECT DISTINCT f.field FROM crm_leads l
     CROSS JOIN LATERAL (
       SELECT v.key AS field FROM jsonb_each(to_jsonb(l)) v WHERE v.key = ANY(?::text[]) AND v.value <> 'null'
       UNION ALL SELECT 'custom.' || c.key FROM jsonb_each(coalesce(l.custom, '{}')) c WHERE c.key = ANY(?::text[]) AND c.value <> 'null') f
     WHERE l.id = ANY(?::int[]) ORDER BY 1`,
    [PERSONAL_COLUMNS.filter((column) => !column.endsWith('_key')), [...customKeys.lead], [...leads]],
  );
  return rows.map(({ field }) => field);
}

/**
 * Empties the personal values of the leads, past the reactors: nothing about the lead has changed that a rule should answer to, so score, stage
 * and times stay as they were measured.
 */
export async function eraseLeadRows(trx: Knex.Transaction, { leads, traces, customKeys }: Person): Promise<void> {
  const columns = [...PERSONAL_COLUMNS, ...WORDED, 'custom'].map((name) => ({ name, json: ['utm', 'bant', 'custom'].includes(name) }));
  await cleanRows(trx, 'crm_leads', columns, { sql: 't.id = ANY(?::int[])', bindings: [[...leads]] }, (name, value) => {
    if (value === null || PERSONAL.has(name)) return null;
    if (name !== 'custom') return scrub(value, traces);
    const kept = Object.entries(value as Record<string, unknown>).filter(([key]) => !customKeys.lead.has(key));
    return scrub(Object.fromEntries(kept), traces);
  });
}
