import type { Entry, Reactor, WorkingSet } from '@leadsea/leads';
import { mayRun, type Facts } from '../domain/advance';
import { isOpen, timerChanges, type Clock, type Step } from '../domain/clock';
import { happen, recorded, type Happening } from '../domain/happening';
import { decideOpening } from '../domain/open';
import { alertAdministrators } from './alerts';
import { actsOnTargetChange } from './change-clocks';
import { nextClockIds, saveClocks } from './clock-store';
import { clockEvent } from './clock-events';
import { disputeLate } from './disputes';
import { factsOf, gather, holderOf, type Material } from './facts-of';
import { lateAnswers } from './late-evidence';
import { noticesFor, peopleOf, recipients } from './notices';
import { pastPauses } from './past';
import { runSilently } from './silent';
import { webhookJobs } from './webhooks';
import { isAboutRow, pairKey, refKey, startInstant, type MetricRef } from './metrics';

interface Considered {
  readonly entry: Entry;
  readonly ref: MetricRef;
  /** As the metric sees the lead for a clock to come. */
  readonly facts: Facts;
  readonly before: Clock | null;
  readonly step: Step | null;
}

/** A step with what led to it written beside its events. */
function decide({ shelf, set }: Material, clock: Clock | null, happening: Happening): Step {
  const step = happen(clock, happening, [], shelf, set.now);
  return { ...step, events: recorded(clock, step, happening) };
}

const named = ({ key, revision }: { key: string | null; revision: string | null }): { key: string | null; revision: string | null } => ({
  key,
  revision,
});

/** R-20 ① to ③: what becomes of the clocks that exist. A closed one is looked at with the live version, which would open the next. */
function advanceAll(material: Material): Considered[] {
  const { set, refs, clocks } = material;
  return set.entries.flatMap((entry) => {
    const byPair = new Map((clocks.get(entry.id) ?? []).map((clock) => [pairKey(clock.contractId, clock.metric), clock]));
    return [...refs.values()].flatMap((ref): Considered[] => {
      const before = byPair.get(pairKey(ref.contractId, ref.metric.key)) ?? null;
      const own = before !== null && isOpen(before) && before.versionId === ref.versionId;
      if (!own && (!ref.live || (before !== null && isOpen(before)))) return [];
      const facts = factsOf(material, entry, ref, own ? before : null);
      if (before === null) return [{ entry, ref, facts, before, step: null }];
      const seen = own || entry.activities.length === 0 ? facts : { ...facts, evidence: factsOf(material, entry, ref, before).evidence };
      const happening: Happening = { kind: 'facts', facts: seen, holder: named(holderOf(material, ref, facts, entry)) };
      return [{ entry, ref, facts, before, step: decide(material, before, happening) }];
    });
  });
}

const barred = (row: Readonly<Entry['row']> | null): boolean =>
  row !== null && (row.quarantine !== null || row.is_test || row.merged_into !== null);

/**
 * a clock begins when its start *becomes* true, so that a published contract or an edit does not put old leads on the clock.
 * The lead as it was is asked the same conditions; what a condition asks outside the lead is taken as new.
 */
async function beginnings({ set }: Material, considered: readonly Considered[]): Promise<ReadonlySet<Considered>> {
  const begun = new Set<Considered>();
  const unsure: Considered[] = [];
  for (const one of considered) {
    const { entry, ref } = one;
    if (!mayRun(one.facts) || barred(entry.row)) continue;
    const was = entry.before?.kept_for_id ?? entry.before?.owner_id ?? null;
    const ownerIsNew = ref.metric.clockOwner === 'owner' && one.facts.ownerId !== was;
    if (entry.isNew || ownerIsNew || entry.asks.has('clocks:start') || barred(entry.before)) begun.add(one);
    else if (!isAboutRow(ref.metric.start)) begun.add(one);
    else if (entry.changed.size > 0) unsure.push(one);
  }
  if (unsure.length === 0) return begun;
  const asked = new Map(unsure.map(({ ref }) => [`${refKey(ref, ref.metric.key)}:start`, ref.metric.start]));
  const past = new Map(unsure.map(({ entry }) => [entry.id, { ...entry, row: entry.before ?? entry.row }]));
  const was = await set.matches(
    [...asked].map(([key, condition]) => ({ key, condition })),
    [...past.values()],
  );
  for (const one of unsure) if (!was.get(one.entry.id)?.has(`${refKey(one.ref, one.ref.metric.key)}:start`)) begun.add(one);
  return begun;
}

interface Opened {
  readonly from: Considered;
  readonly cycle: number;
  readonly hops: number;
}

/** a clock of an older version has ended; what opens next is of the live one. */
function underLive(material: Material, one: Considered): Considered | null {
  if (one.ref.live) return one;
  const pair = pairKey(one.ref.contractId, one.ref.metric.key);
  const ref = [...material.refs.values()].find((other) => other.live && pairKey(other.contractId, other.metric.key) === pair);
  return ref ? { ...one, ref, facts: factsOf(material, one.entry, ref, null) } : null;
}

/** R-20 ④. Reopened clocks are steps; new ones wait for their ids. */
function openings(
  material: Material,
  considered: readonly Considered[],
  begun: ReadonlySet<Considered>,
): { readonly reopened: readonly Considered[]; readonly opened: readonly Opened[] } {
  const { set } = material;
  const reopened: Considered[] = [];
  const opened: Opened[] = [];
  for (const seen of considered) {
    const previous = seen.step?.clock ?? null;
    if (barred(seen.entry.row) || set.clocks === 'none' || (previous !== null && isOpen(previous))) continue;
    const one = underLive(material, seen);
    if (!one) continue;
    // What answered the clock of one owner is no answer for the next.
    const facts =
      one.before && previous?.ownerId !== one.facts.ownerId
        ? { ...one.facts, evidence: factsOf(material, one.entry, one.ref, null).evidence }
        : one.facts;
    const opening = decideOpening({ metric: one.ref.metric, facts, previous, begins: begun.has(one) });
    if (opening.kind === 'open') opened.push({ from: { ...one, facts }, cycle: opening.cycle, hops: opening.hops });
    if (opening.kind === 'reopen') {
      const holder = named(holderOf(material, one.ref, facts, one.entry));
      reopened.push({ ...one, step: decide(material, opening.clock, { kind: 'reopen', facts, holder }) });
    }
  }
  return { reopened, opened };
}

/** only the first cycle can begin in the past, and an import of clocks "from now" never does. */
function startOf(set: WorkingSet, { from, cycle }: Opened): Date {
  const { metric } = from.ref;
  const fromNow = (set.clocks === 'now' && set.actor.kind === 'import') || (metric.startAt === 'captured' && cycle > 1);
  const fallback = set.clocks === 'captured' && cycle === 1 ? from.entry.row.captured_at : set.now;
  const start = fromNow ? set.now : startInstant(metric, from.entry.row, fallback);
  return start.getTime() > set.now.getTime() ? set.now : start;
}

async function openAll(material: Material, opened: readonly Opened[]): Promise<Step[]> {
  const { set } = material;
  const ids = await nextClockIds(set.trx, opened.length);
  const starts = opened.map((one) => startOf(set, one));
  const pauses = await pastPauses(
    set,
    opened.map(({ from }, index) => ({ entry: from.entry, metric: from.ref.metric, startedAt: starts[index]! })),
  );
  return opened.map((one, index) => {
    const { entry, ref, facts } = one.from;
    const holder = named(holderOf(material, ref, facts, entry));
    const clock = {
      id: ids[index]!,
      leadId: entry.id,
      contractId: ref.contractId,
      versionId: ref.versionId,
      metric: ref.metric.key,
      cycle: one.cycle,
      hops: one.hops,
      startedAt: starts[index]!,
      silent: set.clocks === 'captured',
      ...(pauses.has(index) ? { pauses: pauses.get(index)! } : {}),
    };
    const step = decide(material, null, { kind: 'open', clock, facts, holder });
    if (!facts.pause || step.clock.state !== 'running') return step;
    const paused = decide(material, step.clock, { kind: 'facts', facts, holder });
    return { clock: paused.clock, events: [...step.events, ...paused.events], segments: [...step.segments, ...paused.segments] };
  });
}

/** R-20 ⑤ and ⑥: events, timers and one write of each kind. */
function stage(
  { set, shelf }: Material,
  changed: readonly { readonly before: Clock; readonly step: Step }[],
  added: readonly Step[],
): void {
  for (const { before, step } of [...changed, ...added.map((step) => ({ before: null, step }))]) {
    for (const event of step.events) set.emit(clockEvent(step.clock, event));
    const timers = timerChanges(before, step.clock, actsOnTargetChange(step.clock, shelf));
    for (const key of timers.disarm) set.disarm(key);
    for (const timer of timers.arm) {
      set.arm({
        kind: timer.kind,
        key: timer.key,
        subject: 'sla-clock',
        subjectId: step.clock.id,
        dueAt: timer.dueAt,
        payload: { lead: step.clock.leadId },
      });
    }
  }
  if (changed.length + added.length === 0) return;
  const segments = [...changed.map(({ step }) => step), ...added].flatMap((step) => step.segments);
  set.defer((trx) =>
    saveClocks(
      trx,
      changed.map(({ before, step }) => ({ before, after: step.clock })),
      added.map((step) => step.clock),
      segments,
    ),
  );
}

/** Tells those whom a metric names that a promise was kept. */
function tellMet({ set, shelf }: Material, steps: readonly Step[]): void {
  const met = steps.flatMap(({ clock, events }) => {
    const actions = events.some((event) => event.type === 'met') ? (shelf.metric(clock.versionId, clock.metric).onMet ?? []) : [];
    return actions.length > 0 ? [{ clock, actions, lead: set.entry(clock.leadId).row }] : [];
  });
  if (met.length === 0) return;
  set.defer(async (trx) => {
    const people = await peopleOf(
      trx,
      met.map(({ clock, actions }) => ({ owner: clock.ownerId, actions })),
    );
    const notices = met.flatMap(({ clock, actions, lead }) =>
      noticesFor({ clock, lead, type: 'sla.met', remainingSeconds: 0 }, recipients(actions, clock.ownerId, people)),
    );
    await set.kit.notify(trx, notices, set.now);
    const jobs = webhookJobs(
      met.map(({ clock, actions, lead }) => ({ clock, lead: lead.id, actions })),
      'sla.met',
    );
    if (jobs.length > 0) await set.kit.jobs.enqueue(trx, jobs);
  });
}

/** What becomes of the clocks of a change set: those that change, as they were and as they are, and those that open. */
export async function decideClocks(
  material: Material,
): Promise<{ readonly steps: ReadonlyMap<number, { readonly before: Clock; readonly step: Step }>; readonly added: readonly Step[] }> {
  const considered = advanceAll(material);
  const { reopened, opened } = openings(material, considered, await beginnings(material, considered));
  const steps = new Map<number, { before: Clock; step: Step }>();
  for (const { before, step } of considered) if (before && step && step.clock !== before) steps.set(before.id, { before, step });
  for (const { before, step } of reopened) {
    if (!before || !step) continue;
    const ended = steps.get(before.id)?.step;
    steps.set(before.id, {
      before,
      step: { ...step, events: [...(ended?.events ?? []), ...step.events], segments: [...(ended?.segments ?? []), ...step.segments] },
    });
  }
  const added = await openAll(material, opened);
  for (const { from } of opened) {
    if (!from.before) continue;
    const step = steps.get(from.before.id)?.step ?? { clock: from.before, events: [], segments: [] };
    steps.set(from.before.id, { before: from.before, step: { ...step, clock: { ...step.clock, latest: false } } });
  }
  return { steps, added };
}

/** Runs the contracts over a change set: ends, pauses, opens clocks and arms their timers. */
export const clocksReactor: Reactor = {
  stage: 'clocks',
  name: 'sla',
  run: async (set) => {
    await runSilently(set, decideClocks);
    const material = await gather(set);
    if (!material) return;
    const { steps, added } = await decideClocks(material);
    const late = await lateAnswers(set);
    stage(material, [...steps.values(), ...late], added);
    tellMet(
      material,
      [...steps.values()].map(({ step }) => step),
    );
    disputeLate(set, [
      ...[...steps.values()].flatMap(({ before, step: { clock } }) =>
        clock.disputed && !before.disputed ? [{ clock, activityId: clock.stopActivityId }] : [],
      ),
      ...late.map(({ step: { clock }, activityId }) => ({ clock, activityId })),
    ]);
    if (added.some((step) => step.clock.state === 'blocked')) await alertAdministrators(set, 'sla.blocked');
    if (added.some((step) => step.clock.provisional)) await alertAdministrators(set, 'sla.provisional');
  },
};
