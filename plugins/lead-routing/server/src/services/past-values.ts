import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { allConditions, tableColumns } from './conditions';
import { fieldsOf } from './lead-facts';
import type { LivePolicy } from './plans';

/** What a policy asks of a lead, as its values were at some moment. */
export interface ThenRow {
  score: number | null;
  grade: string | null;
  language: string | null;
  annual_revenue: string | null;
  /** Keys of the conditions that held. */
  held: string[] | null;
  [column: string]: unknown;
}

interface Asked {
  readonly key: number;
  readonly id: number;
  /** Columns that were otherwise than they are today. */
  readonly patch: Readonly<Record<string, unknown>>;
}

/** Conditions, tables and compared fields of a policy over leads as they were, in one statement; by the key they were asked with. */
export async function valuesOfThen(
  kit: Kit,
  policy: LivePolicy,
  earlier: readonly LivePolicy[],
  asked: readonly Asked[],
  now: Date,
): Promise<ReadonlyMap<number, ThenRow>> {
  const bindings: unknown[] = [];
  const whens = earlier.flatMap(({ versionId, body }) => (body.when ? [{ key: `${versionId}`, condition: body.when }] : []));
  const held = [...allConditions(policy), ...whens].map(({ key, condition }) => {
    const sql = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
    bindings.push(...sql.bindings, key);
    return `CASE WHEN ${sql.sql} THEN ?::text END`;
  });
  const fields = fieldsOf(policy.body.rules).map((field, index) => {
    bindings.push(...(field.startsWith('custom.') ? [field.slice(7)] : []));
    return field.startsWith('custom.')
      ? `l.custom->>? AS f${index}`
      : `to_jsonb(l)->>'${field.replace(/[^A-Za-z]/g, '').replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`)}' AS f${index}`;
  });
  const columns = tableColumns(kit, [policy], now);
  const rows = await many<ThenRow & { k: number }>(
    kit.db,
    `SELECT o.k, l.score, l.grade, l.language, l.annual_revenue, array_remove(ARRAY[NULL${held.map((one) => `, ${one}`).join('')}]::text[], NULL) AS held
       ${fields.length > 0 ? `, ${fields.join(', ')}` : ''} ${columns ? `, ${columns.sql}` : ''}
     FROM jsonb_to_recordset(?::jsonb) AS o(k int, id int, patch jsonb) JOIN crm_leads t ON t.id = o.id
       CROSS JOIN LATERAL jsonb_populate_record(t, o.patch) AS l`,
    [...bindings, ...(columns?.bindings ?? []), JSON.stringify(asked.map(({ key, id, patch }) => ({ k: key, id, patch })))],
  );
  return new Map(rows.map((row) => [row.k, row]));
}
