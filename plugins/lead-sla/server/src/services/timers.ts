import { many, type DueTimer, type Kit, type NoticeInput, type TimerHandler } from '@leadsea/crm-core';
import type { ActivityRow, LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { EvidenceRule, Metric } from '../../../contracts';
import { decideMove, type BreachMove } from '../domain/breach-move';
import type { Clock, Step } from '../domain/clock';
import { isEvidence } from '../domain/evidence';
import type { Happening, Shelf } from '../domain/happening';
import { outageShare, type Outage } from '../domain/outage';
import { elapsedAt } from '../domain/plan';
import { clockCalendar } from './calendars';
import { carryOut } from './change-clocks';
import { lockClocks } from './clock-store';
import { ANY_CONTACT } from './late-evidence';
import { digestsOf, lockConcerned, noticesFor, peopleOf, recipients, type Concerned, type People, type Told } from './notices';
import { loadShelf } from './shelf';
import { webhookJobs } from './webhooks';

interface DueClock {
  readonly clock: Clock;
  readonly lead: Concerned;
  readonly metric: Metric;
  /** should have been told so long ago that it is told in a digest. */
  readonly stale: boolean;
}

interface Due {
  readonly found: readonly DueClock[];
  readonly shelf: Shelf;
}

/** R-38, where a metric says nothing. */
const MAX_ACTION_DELAY_SECONDS = 3600;

/** Leads first, clocks second: the order in which every change set locks. In the order of what was due. */
async function lockDue(kit: Kit, trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<Due> {
  const leads = await lockConcerned(
    trx,
    due.map((timer) => Number(timer.payload['lead'])),
    now,
  );
  const clocks = await lockClocks(trx, [...new Set(due.map((timer) => timer.subjectId))]);
  const leadOf = new Map(leads.map((lead) => [lead.id, lead]));
  const clockOf = new Map(clocks.map((clock) => [clock.id, clock]));
  const shelf = await loadShelf(kit, clocks);
  const first = new Map<number, Date>();
  for (const timer of due) if (!first.has(timer.subjectId)) first.set(timer.subjectId, timer.dueAt);
  const found = [...first].flatMap(([id, dueAt]): DueClock[] => {
    const clock = clockOf.get(id);
    const lead = clock && leadOf.get(clock.leadId);
    if (!clock || !lead) return [];
    const metric = shelf.metric(clock.versionId, clock.metric);
    const delay = metric.maxActionDelaySeconds ?? MAX_ACTION_DELAY_SECONDS;
    return [{ clock, lead, metric, stale: now.getTime() - dueAt.getTime() > delay * 1000 }];
  });
  return { found, shelf };
}

const ended = (kit: Kit, cause: string) => ({ actor: kit.actors.system('SLA'), cause: { type: 'timer', id: cause } });

/** Single notices, and for what is long past one digest per person. */
async function tell(kit: Kit, trx: Knex.Transaction, told: readonly Told[], now: Date): Promise<void> {
  const single = told.filter(({ stale }) => !stale).flatMap(({ telling, to }) => noticesFor(telling, to));
  const notices: NoticeInput[] = [...single, ...digestsOf(told.filter(({ stale }) => stale))];
  if (notices.length > 0) await kit.notify(trx, notices, now);
}

/** `sla.warn`: tells the owner, and whoever else the metric names, once per warn. */
export const onWarn =
  (kit: Kit): TimerHandler =>
  async (trx, due, now) => {
    const { found, shelf } = await lockDue(kit, trx, due, now);
    const asked = found.map(({ clock }) => ({ clock, happening: { kind: 'warn' } satisfies Happening }));
    const steps = await carryOut(kit, trx, asked, shelf, ended(kit, 'sla.warn'), now);
    const warned = found.flatMap((one, index) => {
      const step = steps[index];
      return step?.events.some((event) => event.type === 'warned') ? [{ ...one, step }] : [];
    });
    const people = await peopleOf(
      trx,
      warned.map(({ lead, metric }) => ({ owner: lead.owner_id, actions: metric.onWarn })),
    );
    const told = warned.map(({ step, lead, metric, stale }): Told => {
      const { clock } = step;
      const remainingSeconds = clock.targetSeconds - elapsedAt(clock, shelf.calendar(clockCalendar(clock)), now);
      return { telling: { clock, lead, type: 'sla.warn', remainingSeconds }, to: recipients(metric.onWarn, lead.owner_id, people), stale };
    });
    await tell(kit, trx, told, now);
    const called = warned.map(({ step: { clock }, lead, metric }) => ({ clock, lead: lead.id, actions: metric.onWarn }));
    const jobs = webhookJobs(called, 'sla.warn');
    if (jobs.length > 0) await kit.jobs.enqueue(trx, jobs);
  };

/** `sla.pause`: the allowance of a pause is used up, or its time is over; above the limit the manager is told. */
export const onPauseLimit =
  (kit: Kit): TimerHandler =>
  async (trx, due, now) => {
    const { found, shelf } = await lockDue(kit, trx, due, now);
    const asked = found.map(({ clock }) => ({ clock, happening: { kind: 'pause-limit' } satisfies Happening }));
    const steps = await carryOut(kit, trx, asked, shelf, ended(kit, 'sla.pause'), now);
    const spent = found.flatMap((one, index) => {
      const step = steps[index];
      return step?.events.some((event) => event.type === 'pause_limit') ? [{ ...one, step }] : [];
    });
    await tellPauseLimits(
      kit,
      trx,
      spent.map(({ step, lead }) => ({ clock: step.clock, lead })),
      now,
    );
  };

const TO_BOTH = [{ kind: 'notify-owner' }, { kind: 'notify-manager' }] as const;

async function tellPauseLimits(
  kit: Kit,
  trx: Knex.Transaction,
  spent: readonly { readonly clock: Clock; readonly lead: Concerned }[],
  now: Date,
): Promise<void> {
  if (spent.length === 0) return;
  const people = await peopleOf(
    trx,
    spent.map(({ lead }) => ({ owner: lead.owner_id, actions: TO_BOTH })),
  );
  const told = spent.map(({ clock, lead }): Told => {
    const telling = { clock, lead, type: 'sla.pause-limit', remainingSeconds: 0 } as const;
    return { telling, to: recipients(TO_BOTH, lead.owner_id, people), stale: false };
  });
  await tell(kit, trx, told, now);
}

async function answeredLeads(trx: Knex.Transaction, found: readonly DueClock[]): Promise<ReadonlySet<number>> {
  const since = found.reduce((first, { clock }) => (clock.startedAt < first ? clock.startedAt : first), found[0]!.clock.startedAt);
  const activities = await many<ActivityRow>(
    trx,
    'SELECT * FROM crm_activities WHERE lead_id = ANY(?::int[]) AND occurred_at >= ? AND NOT coalesce(automatic, false) AND NOT coalesce(bulk, false)',
    [found.map(({ lead }) => lead.id), since],
  );
  const byLead = new Map<number, ActivityRow[]>();
  for (const activity of activities) byLead.set(activity.lead_id, [...(byLead.get(activity.lead_id) ?? []), activity]);
  const answered = found.filter(({ clock, lead, metric }) => {
    const rule: EvidenceRule = { ...(metric.stop.activities ?? ANY_CONTACT), authors: 'owner' };
    const parties = { holders: [lead.owner_id], leadTeamId: null, authorTeamId: null };
    return (byLead.get(lead.id) ?? []).some((activity) => activity.occurred_at >= clock.startedAt && isEvidence(activity, rule, parties));
  });
  return new Set(answered.map(({ clock }) => clock.id));
}

interface Breached extends DueClock {
  readonly step: Step;
  readonly move: BreachMove;
}

/** outages that overlap the clocks; one statement. */
const outagesSince = (trx: Knex.Transaction, since: Date): Promise<Outage[]> =>
  many<Outage>(trx, 'SELECT began_at AS "from", ended_at AS "to" FROM crm_sla_outages WHERE ended_at > ?', [since]);

/** Whether the breach of a clock that is due asks for its actions: it was missed by time, or by a target whose breach acts too. */
const acts = ({ clock, metric }: DueClock, now: Date): boolean =>
  clock.breachCause === 'time' ||
  (clock.breachCause === 'target_change' && metric.actOnTargetChange === true) ||
  (clock.state === 'running' && clock.dueAt !== null && clock.dueAt.getTime() <= now.getTime());

/** R-30 with the guards of; a lead that two clocks would move is moved by the first. */
async function movesOf(trx: Knex.Transaction, due: readonly DueClock[], shelf: Shelf): Promise<readonly BreachMove[]> {
  const answered = await answeredLeads(trx, due);
  const since = due.reduce((first, { clock }) => (clock.startedAt < first ? clock.startedAt : first), due[0]!.clock.startedAt);
  const outages = await outagesSince(trx, since);
  const moved = new Set<number>();
  return due.map(({ clock, lead, metric }): BreachMove => {
    const calendar = shelf.calendar(clockCalendar(clock));
    const move = decideMove(clock, metric, {
      ownerId: lead.owner_id,
      answered: answered.has(clock.id),
      kept: lead.kept_for_id !== null,
      outageShare: calendar && clock.dueAt ? outageShare(calendar, clock.startedAt, clock.dueAt, clock.targetSeconds, outages) : 0,
      meeting: lead.meeting,
      disputed: lead.disputed,
    });
    if (move.kind === 'stay') return move;
    if (moved.has(lead.id)) return { kind: 'stay', reason: 'OWNER_CHANGED' };
    moved.add(lead.id);
    return move;
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

function tellingOf({ step: { clock }, lead, metric, move, stale }: Breached, people: People): Told[] {
  const owner = clock.breachOwnerId;
  const told: Told = {
    telling: { clock, lead, type: 'sla.breach', remainingSeconds: 0 },
    to: recipients(metric.onBreach, owner, people),
    stale,
  };
  // What nobody passes on while its owner is away is for the managers of both to decide.
  if (move.kind === 'stay' && move.reason === 'KEPT' && lead.kept_for_id !== null) {
    const to = [owner, lead.kept_for_id].map((id) => (id === null ? undefined : people.managerOf.get(id)));
    return [told, { telling: { clock, lead, type: 'sla.kept', remainingSeconds: 0 }, to, stale }];
  }
  const exhausted = move.kind === 'stay' && move.reason === 'MAX_HOPS' && owner !== null;
  if (!exhausted) return [told];
  const last: Told = { telling: { clock, lead, type: 'sla.exhausted', remainingSeconds: 0 }, to: [people.managerOf.get(owner)], stale };
  return [told, last];
}

/**
 * `sla.breach`: marks the breach, tells those concerned and passes the lead on, all in the transaction that fires the timer. The lead goes
 * through the one door only after the breach is written, because routing runs before the clocks of a change set.
 */
export const onBreach =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, timers, now) => {
    const { found, shelf } = await lockDue(kit, trx, timers, now);
    const due = found.filter((one) => acts(one, now));
    if (due.length === 0) return;
    const moves = await movesOf(trx, due, shelf);
    const asked = due.map(({ clock, lead }, index) => ({
      clock,
      happening: {
        kind: 'deadline',
        hop: moves[index]?.kind !== 'stay',
        ...(lead.kept_for_id === null ? {} : { keeperId: lead.owner_id }),
      } satisfies Happening,
    }));
    const steps = await carryOut(kit, trx, asked, shelf, ended(kit, 'sla.breach'), now);
    const breached = due.map((one, index): Breached => ({ ...one, step: steps[index]!, move: moves[index]! }));
    const people = await peopleOf(
      trx,
      breached.flatMap(({ step, lead, metric }) =>
        [step.clock.breachOwnerId, lead.kept_for_id].map((owner) => ({ owner, actions: [...metric.onBreach, ...TO_BOTH] })),
      ),
    );
    await tell(
      kit,
      trx,
      breached.flatMap((one) => tellingOf(one, people)),
      now,
    );
    const jobs = webhookJobs(
      breached.map(({ step, lead, metric }) => ({ clock: step.clock, lead: lead.id, actions: metric.onBreach })),
      'sla.breach',
    );
    if (jobs.length > 0) await kit.jobs.enqueue(trx, jobs);
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
