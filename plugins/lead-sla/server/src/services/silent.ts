import { many } from '@leadsea/crm-core';
import type { Kit, PolicyShadow, ShadowCase, ShadowRun } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import { contractSchema, SLA_KIND, type Contract } from '../../../contracts';
import type { Clock, Step } from '../domain/clock';
import { happen, revived } from '../domain/happening';
import { SILENT_OUTCOMES } from '../domain/silent';
import { clockCalendar, loadCalendars } from './calendars';
import { assemble, type Material } from './facts-of';
import { refKey, refsOf } from './metrics';
import { metricLookup } from './shelf';

const EVERY_SECONDS = 900;

type Decide = (
  material: Material,
) => Promise<{ readonly steps: ReadonlyMap<number, { readonly step: Step }>; readonly added: readonly Step[] }>;

const versionOf = (shadow: PolicyShadow): number => -shadow.id;
const bodyOf = (shadow: PolicyShadow<Contract>): Contract => contractSchema.parse(shadow.body);

const caseOf = (clock: Clock, at: Date): ShadowCase => ({
  key: `${clock.leadId}:${clock.metric}:${clock.cycle}`,
  subject: 'lead',
  subjectId: clock.leadId,
  at,
  outcome: 'pending',
  live: {},
  silent: {
    metric: clock.metric,
    cycle: clock.cycle,
    state: clock.state,
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    breachedAt: clock.breachedAt,
    stoppedAt: clock.stoppedAt,
    clock,
  },
});

/** Clocks of a silent run as they were left; a condition of SQL over the cases `c`. */
async function clocksOf(trx: Knex.Transaction, shadow: PolicyShadow, where: string, bindings: readonly unknown[]): Promise<Clock[]> {
  const rows = await many<{ clock: unknown }>(
    trx,
    `SELECT c.silent->'clock' AS clock FROM crm_shadow_cases c WHERE c.shadow_id = ? AND ${where} ORDER BY c.key FOR UPDATE`,
    [shadow.id, ...bindings],
  );
  return rows.map(({ clock }) => revived(clock) as Clock);
}

/** Contracts that run silently over a change set: the same decisions over clocks of their own that arm nothing and tell nobody. */
export async function runSilently(set: WorkingSet, decide: Decide): Promise<void> {
  if (set.dryRun || set.clocks === 'none') return;
  for (const shadow of await set.kit.shadows.running<Contract>(SLA_KIND, set.now)) {
    const cases = await set.kit.shadows.beside(set.trx, shadow, async () => {
      const body = bodyOf(shadow);
      const version = { contractId: shadow.policyId, versionId: versionOf(shadow), body };
      const refs = new Map(refsOf(version, true).map((ref) => [refKey(ref, ref.metric.key), ref]));
      const known = set.entries.filter((entry) => !entry.isNew).map((entry) => entry.id);
      const stored =
        known.length === 0
          ? []
          : await clocksOf(set.trx, shadow, `c.subject_id = ANY(?::int[]) AND c.silent->'clock'->>'latest' = 'true'`, [known]);
      const material = await assemble(set, refs, stored, new Map([[version.versionId, body]]));
      const { steps, added } = await decide(material);
      return [...[...steps.values()].map(({ step }) => step), ...added].map(({ clock }) => caseOf(clock, set.now));
    });
    if (cases && cases.length > 0) set.defer((trx) => set.kit.shadows.note(trx, shadow.id, cases));
  }
}

/** Deadlines and limits of pauses that have come since: what timers do for clocks that count. */
async function letTimePass(kit: Kit, trx: Knex.Transaction, shadow: PolicyShadow<Contract>, now: Date): Promise<void> {
  const due = await clocksOf(
    trx,
    shadow,
    `((c.silent->>'state' = 'running' AND (c.silent->>'dueAt')::timestamptz <= ?) OR
      (c.silent->>'state' = 'paused' AND (c.silent->'clock'->>'pauseLimitAt')::timestamptz <= ?))`,
    [now, now],
  );
  const shelf = {
    metric: metricLookup(new Map([[versionOf(shadow), bodyOf(shadow)]])),
    calendar: await loadCalendars(kit, due.map(clockCalendar)),
  };
  const passed = due.map((before): Clock => {
    const { clock } = before.state === 'paused' ? happen(before, { kind: 'pause-limit' }, [], shelf, now) : { clock: before };
    const late = clock.state === 'running' && clock.dueAt !== null && clock.dueAt <= now;
    return late ? happen(clock, { kind: 'deadline', hop: false }, [], shelf, now).clock : clock;
  });
  await kit.shadows.note(
    trx,
    shadow.id,
    passed.map((clock) => caseOf(clock, now)),
  );
}

/** Beside each silent clock the one that really ran for the same promise of the same contract, and what the two say. */
const COMPARE = `
  UPDATE crm_shadow_cases c SET outcome = x.outcome, live = x.live FROM (
    SELECT s.key,
      CASE WHEN l.id IS NULL THEN '{}'::jsonb
        ELSE jsonb_build_object('state', l.state, 'startedAt', l.started_at, 'dueAt', l.due_at, 'breachedAt', l.breached_at, 'stoppedAt', l.stopped_at) END AS live,
      CASE
        WHEN l.id IS NULL THEN CASE WHEN s.missed THEN 'extra-missed' WHEN s.open THEN 'pending' ELSE 'extra-kept' END
        WHEN s.missed AND l.breached_at IS NOT NULL THEN 'same'
        WHEN s.missed THEN 'missed-draft'
        WHEN l.breached_at IS NOT NULL THEN CASE WHEN s.open THEN 'pending' ELSE 'missed-live' END
        WHEN s.open THEN 'pending' ELSE 'same' END AS outcome
    FROM (SELECT k.key, k.subject_id, k.silent->>'metric' AS metric, (k.silent->>'cycle')::int AS cycle, k.silent->>'breachedAt' IS NOT NULL AS missed,
            k.silent->>'state' IN ('running', 'paused', 'blocked') AS open
          FROM crm_shadow_cases k WHERE k.shadow_id = ?) s
    LEFT JOIN LATERAL (SELECT * FROM crm_sla_clocks l WHERE l.lead_id = s.subject_id AND l.contract_id = ? AND l.metric = s.metric AND l.started_at >= ?
      ORDER BY l.cycle OFFSET s.cycle - 1 LIMIT 1) l ON TRUE) x
  WHERE c.shadow_id = ? AND c.key = x.key AND (c.outcome, c.live) IS DISTINCT FROM (x.outcome, x.live)`;

/** How a contract runs silently: its clocks are kept apart, start and stop with the same changes, and ring for nobody. */
export const contractShadow = (kit: Kit): ShadowRun<Contract> => ({
  outcomes: SILENT_OUTCOMES,
  terms: {
    zh: '只计试运行开始之后发生的起点；签字与生效日不作要求。人工暂停、豁免、线索合并和日历改版不影响静默计时。现行合约中草稿不再包含的承诺不在其中。',
    en: 'Only promises that begin after the run has begun are counted, signed or not. Pauses by hand, waivers, merges and new calendar revisions do not reach the silent clocks. Promises of the live contract that the draft no longer makes are not among them.',
  },
  look: {
    everySeconds: EVERY_SECONDS,
    run: async (trx, shadow, now) => {
      await letTimePass(kit, trx, shadow, now);
      await trx.raw(COMPARE, [shadow.id, shadow.policyId, shadow.startedAt, shadow.id]);
    },
  },
});
