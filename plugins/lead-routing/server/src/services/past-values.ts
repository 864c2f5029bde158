import { isDeepStrictEqual } from 'node:util';
import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { RoutingPolicy } from '../../../contracts';
import { factsIn } from './candidates';
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
  /** The decision it is about: what it was graded before that is what it was; null = as events told it. */
  readonly decision: number | null;
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
     FROM jsonb_to_recordset(?::jsonb) AS o(k int, id int, decision bigint, patch jsonb) JOIN crm_leads t ON t.id = o.id
       LEFT JOIN LATERAL (SELECT jsonb_build_object('score', d.result->'score', 'grade', d.result->'grade', 'label', d.result->'label',
           'fit_score', d.result->'fit', 'engagement', d.result->'engagement') AS graded
         FROM crm_decisions d WHERE d.subject = 'lead' AND d.subject_id = o.id AND d.kind = 'grade' AND d.id < o.decision ORDER BY d.id DESC LIMIT 1) g ON TRUE
       CROSS JOIN LATERAL jsonb_populate_record(t, o.patch || coalesce(g.graded, '{}')) AS l`,
    [...bindings, ...(columns?.bindings ?? []), JSON.stringify(asked.map(({ key, ...one }) => ({ k: key, ...one })))],
  );
  return new Map(rows.map((row) => [row.k, row]));
}

/** Facts of a lead of which events and grades tell what they were. A date says something else with every day that passes. */
const TOLD: ReadonlySet<string> = new Set(
  (
    'name title email phone company website industry employees annualRevenue country province city language source medium campaign landingPage ' +
    'product stage disposition quarantine isTest owner pool team account grade label score fitScore engagement'
  )
    .split(' ')
    .map((name) => `lead.${name}`),
);
const isTold = (fact: string): boolean => TOLD.has(fact) || /^(lead\.)?custom\./.test(fact);

interface Looked {
  readonly asked: unknown;
  readonly facts: readonly string[];
}

/** Every fact a policy looks at, under the name of the condition or table that does. */
function lookedAt(policy: LivePolicy): ReadonlyMap<string, Looked> {
  const { rules, standards } = policy.body;
  return new Map<string, Looked>([
    ...allConditions(policy).map(({ key, condition }) => [key, { asked: condition, facts: factsIn(condition) }] as const),
    ...rules.flatMap(({ key, destination }) =>
      destination.kind === 'table' ? [[`table:${key}`, { asked: destination, facts: destination.columns }] as const] : [],
    ),
    ...standards.map(({ key, people }) => [`people:${key}`, { asked: people, facts: factsIn(people) }] as const),
  ]);
}

/**
 * Facts a policy looks at of which nobody knows what they were when a lead was decided: no event tells it, and the version that decided then did
 * not ask it. The value of today stands for them.
 * @param then the version whose answers are kept; null = none are
 */
export function untoldFacts(policy: LivePolicy, then: RoutingPolicy | null): readonly string[] {
  const before = then === null ? new Map<string, Looked>() : lookedAt({ ...policy, body: then });
  const anew = [...lookedAt(policy)].filter(([key, { asked }]) => !isDeepStrictEqual(before.get(key)?.asked, asked));
  return [...new Set(anew.flatMap(([, { facts }]) => facts))].filter((fact) => !isTold(fact));
}
