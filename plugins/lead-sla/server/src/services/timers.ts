import { many, type DueTimer, type Kit, type NoticeInput, type TimerHandler } from '@leadsea/crm-core';
import type { ActivityRow, LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { EvidenceRule } from '../../../contracts';
import { atDeadline, atWarn } from '../domain/advance';
import { decideMove, type BreachMove } from '../domain/breach-move';
import type { Clock, Step } from '../domain/clock';
import { isEvidence } from '../domain/evidence';
import { elapsedAt } from '../domain/plan';
import { loadCalendars } from './calendars';
import { clockEvent } from './clock-events';
import { lockClocks, saveSteps } from './clock-store';
import { loadMetrics, refKey, type MetricRef } from './metrics';
import { lockConcerned, managersOf, noticesFor, type Concerned } from './notices';

interface DueClock {
  readonly clock: Clock;
  readonly lead: Concerned;
  readonly ref: MetricRef;
}

/** Leads first, clocks second: the order in which every change set locks. */
async function lockDue(kit: Kit, trx: Knex.Transaction, due: readonly DueTimer[]): Promise<DueClock[]> {
  const leads = await lockConcerned(
    trx,
    due.map((timer) => Number(timer.payload['lead'])),
  );
  const clocks = await lockClocks(trx, [...new Set(due.map((timer) => timer.subjectId))]);
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  const refs = await loadMetrics(
    kit,
    clocks.map((clock) => clock.versionId),
  );
  return clocks.flatMap((clock) => {
    const lead = byId.get(clock.leadId);
    const ref = refs.get(refKey(clock, clock.metric));
    return lead && ref ? [{ clock, lead, ref }] : [];
  });
}

async function record(kit: Kit, trx: Knex.Transaction, steps: readonly Step[], cause: string, now: Date): Promise<void> {
  const changed = steps.filter((step) => step.events.length > 0);
  if (changed.length === 0) return;
  const events = changed.flatMap((step) => step.events.map((event) => clockEvent(step.clock, event)));
  await kit.events.append(trx, events, kit.actors.system('SLA'), { type: 'timer', id: cause }, now);
}

/** `sla.warn`: tells the owner, and whoever else the metric names, once per warn. */
export const onWarn =
  (kit: Kit): TimerHandler =>
  async (trx, due, now) => {
    const found = await lockDue(kit, trx, due);
    const steps = found.map((one) => ({ ...one, step: atWarn(one.clock, now) })).filter(({ clock, step }) => step.clock !== clock);
    await saveSteps(
      trx,
      steps.map(({ step }) => step),
    );
    const told = steps.filter(({ step }) => step.events.length > 0);
    await record(
      kit,
      trx,
      told.map(({ step }) => step),
      'sla.warn',
      now,
    );
    const calendars = await loadCalendars(
      kit,
      told.map(({ clock }) => clock.calendarKey),
    );
    const managers = await managersOf(
      trx,
      told.flatMap(({ lead }) => lead.owner_id ?? []),
    );
    const notices = told.flatMap(({ clock, lead, ref }): NoticeInput[] => {
      const remainingSeconds = clock.targetSeconds - elapsedAt(clock, calendars(clock.calendarKey), now);
      return noticesFor({ clock, lead, type: 'sla.warn', remainingSeconds }, recipients(ref.metric.onWarn, lead.owner_id, managers));
    });
    await kit.notify(trx, notices, now);
  };

function recipients(
  actions: readonly { readonly kind: string }[],
  ownerId: number | null,
  managers: ReadonlyMap<number, number>,
): (number | null | undefined)[] {
  if (ownerId === null) return [];
  return actions.flatMap((action) =>
    action.kind === 'notify-owner' ? [ownerId] : action.kind === 'notify-manager' ? [managers.get(ownerId)] : [],
  );
}

/** what counts as the owner's answer where the metric is stopped by a condition and names no activities. */
const ANY_CONTACT: EvidenceRule = { kinds: ['call', 'mail', 'message', 'meeting', 'visit'], direction: 'outbound', authors: 'owner' };

async function answeredLeads(trx: Knex.Transaction, found: readonly DueClock[]): Promise<ReadonlySet<number>> {
  const since = found.reduce((first, { clock }) => (clock.startedAt < first ? clock.startedAt : first), found[0]!.clock.startedAt);
  const activities = await many<ActivityRow>(
    trx,
    'SELECT * FROM crm_activities WHERE lead_id = ANY(?::int[]) AND occurred_at >= ? AND NOT coalesce(automatic, false) AND NOT coalesce(bulk, false)',
    [found.map(({ lead }) => lead.id), since],
  );
  const byLead = new Map<number, ActivityRow[]>();
  for (const activity of activities) byLead.set(activity.lead_id, [...(byLead.get(activity.lead_id) ?? []), activity]);
  const answered = found.filter(({ clock, lead, ref }) => {
    const rule: EvidenceRule = { ...(ref.metric.stop.activities ?? ANY_CONTACT), authors: 'owner' };
    const parties = { holders: [lead.owner_id], leadTeamId: null, authorTeamId: null };
    return (byLead.get(lead.id) ?? []).some((activity) => activity.occurred_at >= clock.startedAt && isEvidence(activity, rule, parties));
  });
  return new Set(answered.map(({ clock }) => clock.id));
}

interface Breached extends DueClock {
  readonly step: Step;
  readonly move: BreachMove;
}

/** R-30 with the guards of; a lead that two clocks would move is moved by the first. */
async function breachAll(trx: Knex.Transaction, found: readonly DueClock[], now: Date): Promise<Breached[]> {
  const due = found.map((one) => ({ ...one, step: atDeadline(one.clock, now) })).filter(({ step }) => step.clock.breachCause === 'time');
  if (due.length === 0) return [];
  const answered = await answeredLeads(trx, due);
  const moved = new Set<number>();
  return due.map((one) => {
    const move = decideMove(one.step.clock, one.ref.metric, { ownerId: one.lead.owner_id, answered: answered.has(one.clock.id) });
    if (move.kind === 'stay') return { ...one, move };
    if (moved.has(one.lead.id)) return { ...one, move: { kind: 'stay', reason: 'OWNER_CHANGED' } };
    moved.add(one.lead.id);
    return { ...one, move, step: { ...one.step, clock: { ...one.step.clock, hops: one.step.clock.hops + 1 } } };
  });
}

async function changeOf(kit: Kit, { move, lead, clock }: Breached): Promise<LeadChange | null> {
  if (move.kind === 'reroute') return { op: 'touch', id: lead.id, ask: ['reroute:sla-breach'] };
  if (move.kind === 'stay') return null;
  const pool = await kit.policies.liveByKey('pool', move.pool);
  if (!pool) {
    kit.log.warn(`A breach of ${clock.metric} asks for pool "${move.pool}", which is not published; lead ${lead.id} stays with its owner.`);
    return null;
  }
  const to = { ownerId: null, poolId: pool.policyId };
  return {
    op: 'hold',
    id: lead.id,
    to,
    event: 'lead.recycled',
    expect: { ownerId: lead.owner_id },
    data: { reason: 'sla-breach', clock: clock.id, metric: clock.metric },
  };
}

/**
 * `sla.breach`: marks the breach, tells those concerned and passes the lead on, all in the transaction that fires the timer. The lead goes
 * through the one door only after the breach is written, because routing runs before the clocks of a change set.
 */
export const onBreach =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const breached = await breachAll(trx, await lockDue(kit, trx, due), now);
    if (breached.length === 0) return;
    await saveSteps(
      trx,
      breached.filter(({ clock, step }) => step.clock !== clock).map(({ step }) => step),
    );
    await record(
      kit,
      trx,
      breached.map(({ step }) => step),
      'sla.breach',
      now,
    );
    const managers = await managersOf(
      trx,
      breached.flatMap(({ step }) => step.clock.breachOwnerId ?? []),
    );
    const notices = breached.flatMap(({ step: { clock }, lead, ref, move }) => {
      const owner = clock.breachOwnerId;
      const told = noticesFor({ clock, lead, type: 'sla.breach', remainingSeconds: 0 }, recipients(ref.metric.onBreach, owner, managers));
      const exhausted = move.kind === 'stay' && move.reason === 'MAX_HOPS' && owner !== null;
      return exhausted
        ? [...told, ...noticesFor({ clock, lead, type: 'sla.exhausted', remainingSeconds: 0 }, [managers.get(owner)])]
        : told;
    });
    await kit.notify(trx, notices, now);
    await decide(kit, trx, breached, now);
    const changes = (await Promise.all(breached.map((one) => changeOf(kit, one)))).filter(
      (change): change is LeadChange => change !== null,
    );
    if (changes.length > 0)
      await leads.apply({ trx, changes, actor: kit.actors.system('SLA'), cause: { type: 'timer', id: 'sla.breach' }, now });
  };

/** Why the lead was passed on, or not. */
async function decide(kit: Kit, trx: Knex.Transaction, breached: readonly Breached[], now: Date): Promise<void> {
  const asked = breached.filter(({ move }) => move.kind !== 'stay' || move.reason !== 'NOT_ASKED');
  if (asked.length === 0) return;
  await kit.decisions.insert(
    trx,
    asked.map(({ step: { clock }, lead, move }) => ({
      kind: 'clock',
      subject: 'lead',
      subjectId: lead.id,
      policyVersionId: clock.versionId,
      inputs: { clock: clock.id, metric: clock.metric, owner: lead.owner_id, breachedAt: clock.breachedAt, hops: clock.hops },
      result: move,
      cause: 'sla.breach',
    })),
    now,
  );
}
