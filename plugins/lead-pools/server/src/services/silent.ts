import { many } from '@leadsea/crm-core';
import type { Kit, PolicyShadow, ShadowCase, ShadowRun } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { poolSchema, type Pool } from '../../../contracts';
import { SILENT_OUTCOMES, silentOutcome } from '../domain/silent';
import { poolCalendar } from './calendar';
import type { LivePool } from './pools';
import type { Preflight } from './preflight';

const EVERY_SECONDS = 3600;

interface OpenCase {
  readonly key: string;
  readonly lead: number;
  readonly owner: number;
  readonly silent: string | null;
  readonly moved: Date | null;
}

/** Cases that may still change, each with the moment at which the live rules took the lead from that owner, if they did. */
const OPEN = `SELECT c.key, c.subject_id AS lead, (c.silent->>'owner')::int AS owner, c.silent->>'at' AS silent,
    (SELECT min(e.at) FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = c.subject_id AND e.type = 'lead.recycled'
       AND e.before->>'owner' = c.silent->>'owner' AND e.at >= ?) AS moved
  FROM crm_shadow_cases c WHERE c.shadow_id = ? AND c.outcome IN ('pending', 'only-draft')`;

/**
 * Recycle rules run silently: once an hour the draft plans every held lead as if it had been published when the run began, grace and staged
 * start included, by the planner that moves leads. Only leads that one of the two takes back, or is about to, become cases.
 */
export function poolShadow(kit: Kit, preflight: Preflight): ShadowRun<Pool> {
  const draftOf = (shadow: PolicyShadow<Pool>): LivePool => ({
    policyId: shadow.policyId,
    versionId: -shadow.id,
    number: 0,
    kind: shadow.kind,
    key: shadow.key,
    name: shadow.name,
    body: poolSchema.parse(shadow.body),
    publishedAt: shadow.startedAt,
  });
  const look = async (trx: Knex.Transaction, shadow: PolicyShadow<Pool>, now: Date): Promise<void> => {
    const draft = draftOf(shadow);
    const zone = (await poolCalendar(kit, draft)).tz;
    const dayOf = (at: Date): string => DateTime.fromJSDate(at, { zone }).toISODate() ?? '';
    const known = new Map((await many<OpenCase>(trx, OPEN, [shadow.startedAt, shadow.id])).map((one) => [one.key, one] as const));
    const soon = now.getTime() + EVERY_SECONDS * 1000;
    const isSoon = (at: Date | null): boolean => at !== null && at.getTime() <= soon;
    const caseOf = (lead: number, owner: number, live: Date | null, silent: Date | null): ShadowCase => ({
      key: `${lead}:${owner}`,
      subject: 'lead',
      subjectId: lead,
      at: now,
      outcome: silentOutcome({ live, silent }, now, dayOf),
      live: { at: live, owner },
      silent: { at: silent, owner },
    });
    const cases = new Map<string, ShadowCase>();
    for (const { id, owner, planned, now: live } of await preflight.plan(draft, now)) {
      const before = known.get(`${id}:${owner}`);
      // What the draft would have taken back stays taken back, whatever its owner did afterwards.
      const gone = before?.silent && new Date(before.silent) <= now ? new Date(before.silent) : null;
      const silent = gone ?? planned;
      if (before || isSoon(live) || isSoon(silent)) cases.set(`${id}:${owner}`, caseOf(id, owner, live, silent));
    }
    for (const { key, lead, owner, silent, moved } of known.values())
      if (moved && !cases.has(key)) cases.set(key, caseOf(lead, owner, moved, silent === null ? null : new Date(silent)));
    await kit.shadows.note(trx, shadow.id, [...cases.values()]);
  };
  return {
    outcomes: SILENT_OUTCOMES,
    terms: {
      zh: '每小时按草稿为每条在手线索重新计算收回时间，从试运行开始起算宽限期与分批启动。线索其实没有被收回，负责人之后的跟进算在真实情况里。限额、成员和展示字段不在比较之内。',
      en: 'Every hour the draft plans each held lead anew; grace and a staged start count from the beginning of the run. The leads are not really taken back, so what their owners do afterwards is part of what really happens. Limits, members and fields are not compared.',
    },
    look: { everySeconds: EVERY_SECONDS, run: look },
  };
}
