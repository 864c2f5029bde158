import { many } from '@leadsea/crm-core';
import type { Kit, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';

/** How much each agreement speaks for one person; a likeness counts by its degree. */
const WEIGHTS = { email: 0.7, phone: 0.6, wechat: 0.6, externalId: 0.9, company: 0.2, domain: 0.1, name: 0.4 } as const;
type Ground = keyof typeof WEIGHTS;
const SHOWN = 10;
const ENOUGH = 0.3;
/** Of a large company only so many colleagues are compared. */
const COLLEAGUES = 100;

interface Found {
  readonly id: number;
  readonly email: boolean;
  readonly phone: boolean;
  readonly wechat: boolean;
  readonly company: boolean;
  readonly domain: boolean;
  readonly alike: number;
}

/**
 * Candidates come from indexes only: equal mail, telephone or WeChat keys, colleagues by company key, and leads linked as doubles by the
 * door. Names are compared among those, never over the whole table.
 */
const candidatesSql = (similarity: string, scope: string): string => `
  WITH me AS (SELECT * FROM crm_leads WHERE id = ?),
  near AS (
    (SELECT l.id FROM crm_leads l, me WHERE l.email_key = me.email_key AND l.email_key IS NOT NULL LIMIT 50)
    UNION (SELECT l.id FROM crm_leads l, me WHERE l.phone_key = me.phone_key AND l.phone_key IS NOT NULL LIMIT 50)
    UNION (SELECT k.lead_id FROM me JOIN crm_lead_keys k ON k.kind = 'wechat' AND k.value = lower(me.wechat))
    UNION (SELECT l.id FROM crm_leads l, me WHERE l.company_key = me.company_key AND l.company_key IS NOT NULL LIMIT ${COLLEAGUES})
    UNION (SELECT me.duplicate_of FROM me WHERE me.duplicate_of IS NOT NULL)
  )
  SELECT t.id, coalesce(t.email_key = me.email_key, false) AS email, coalesce(t.phone_key = me.phone_key, false) AS phone, coalesce(lower(t.wechat) = lower(me.wechat), false) AS wechat,
         coalesce(t.company_key = me.company_key, false) AS company, coalesce(t.domain_key = me.domain_key, false) AS domain, coalesce(${similarity}, 0)::float8 AS alike
  FROM near JOIN crm_leads t ON t.id = near.id CROSS JOIN me
  WHERE t.id <> me.id AND t.merged_into IS NULL AND (${scope})`;

const SIMILAR = 0.45;

/** The grounds on which two leads may be one, each with what it adds; independent grounds add up without passing 1. */
function judge(found: Found): { score: number; grounds: { field: Ground; weight: number; likeness: number }[] } {
  const grounds: { field: Ground; weight: number; likeness: number }[] = [];
  const equal: readonly Ground[] = (['email', 'phone', 'wechat', 'company', 'domain'] as const).filter((field) => found[field as 'email']);
  for (const field of equal) grounds.push({ field, weight: WEIGHTS[field], likeness: 1 });
  if (found.alike >= SIMILAR)
    grounds.push({
      field: 'name',
      weight: Math.round(WEIGHTS.name * found.alike * 100) / 100,
      likeness: Math.round(found.alike * 100) / 100,
    });
  const score = 1 - grounds.reduce((rest, ground) => rest * (1 - ground.weight), 1);
  return { score: Math.round(score * 100) / 100, grounds };
}

/** Reads leads as this person may see them. */
export type ReadLeads = (
  context: { actor: Parameters<Kit['access']['can']>[0] },
  ids: readonly number[],
) => Promise<readonly Record<string, unknown>[]>;

export function duplicatesVerb(kit: Kit, read: ReadLeads): ResourceVerb {
  let similarity: Promise<string> | null = null;
  const measure = (): Promise<string> =>
    (similarity ??= many<{ x: number }>(kit.db, `SELECT 1 AS x FROM pg_extension WHERE extname = 'pg_trgm'`).then((rows) =>
      rows.length > 0 ? 'similarity(lower(t.name), lower(me.name))' : '(lower(t.name) = lower(me.name))::int',
    ));
  const definition: ResourceVerb<Record<string, never>> = {
    name: 'duplicates',
    target: 'record',
    method: 'GET',
    input: z.object({}),
    summary: 'Leads that are likely the same person, with what speaks for it.',
    access: 'read',
    run: async ({ actor }, ids) => {
      const scope = kit.access.scope(actor, 'leads', 'read', 't');
      const rows = await many<Found>(kit.db, candidatesSql(await measure(), scope.sql), [ids[0], ...scope.bindings]);
      const likely = rows
        .map((row) => ({ id: row.id, ...judge(row) }))
        .filter((one) => one.score >= ENOUGH)
        .sort((a, b) => b.score - a.score || a.id - b.id)
        .slice(0, SHOWN);
      const leads = new Map(
        (
          await read(
            { actor },
            likely.map((one) => one.id),
          )
        ).map((lead) => [lead['id'], lead]),
      );
      return likely.flatMap((one) => (leads.has(one.id) ? [{ ...one, lead: leads.get(one.id) }] : []));
    },
  };
  return definition;
}
