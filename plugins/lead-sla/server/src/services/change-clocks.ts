import { notFound, type Actor, type Cause, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { timerChanges, type Clock, type Segment, type Step } from '../domain/clock';
import { happen, recorded, type Happening, type Shelf } from '../domain/happening';
import { clockEvent } from './clock-events';
import { findClocks, lockClocks, saveClocks } from './clock-store';
import { lockConcerned, type Concerned } from './notices';
import { loadShelf } from './shelf';

export interface Asked {
  readonly clock: Clock;
  readonly happening: Happening;
  /** Closed stretches, where the happening counts them again. */
  readonly segments?: readonly Segment[];
}

export interface By {
  readonly actor: Actor;
  readonly cause: Cause;
}

/** Carries out what happens to locked clocks: rows, history, timers; a constant number of statements for any number of clocks. */
export async function carryOut(kit: Kit, trx: Knex.Transaction, asked: readonly Asked[], shelf: Shelf, by: By, now: Date): Promise<Step[]> {
  const steps = asked.map(({ clock, happening, segments = [] }): Step => {
    const step = happen(clock, happening, segments, shelf, now);
    return { ...step, events: recorded(clock, step, happening) };
  });
  const changed = steps.flatMap((step, index) =>
    step.clock === asked[index]!.clock ? [] : [{ before: asked[index]!.clock, after: step.clock }],
  );
  await saveClocks(
    trx,
    changed,
    [],
    steps.flatMap((step) => step.segments),
  );
  const events = steps.flatMap((step) => step.events.map((event) => clockEvent(step.clock, event)));
  if (events.length > 0) await kit.events.append(trx, events, by.actor, by.cause, now);
  await moveTimers(
    kit,
    trx,
    steps.map((step, index) => [asked[index]?.clock ?? null, step.clock]),
    shelf,
    now,
  );
  return steps;
}

/** the actions of a breach are wanted although a shorter target made it. */
export const actsOnTargetChange = ({ breachCause, versionId, metric }: Clock, shelf: Shelf): boolean =>
  breachCause === 'target_change' && shelf.metric(versionId, metric).actOnTargetChange === true;

async function moveTimers(
  kit: Kit,
  trx: Knex.Transaction,
  changes: readonly (readonly [Clock | null, Clock])[],
  shelf: Shelf,
  now: Date,
): Promise<void> {
  const moves = changes.map(([before, after]) => ({ after, ...timerChanges(before, after, actsOnTargetChange(after, shelf)) }));
  const disarm = moves.flatMap((move) => move.disarm);
  if (disarm.length > 0) await kit.timers.cancel(trx, disarm, now);
  const armed = moves.flatMap(({ after, arm }) =>
    arm.map((timer) => ({
      kind: timer.kind,
      key: timer.key,
      subject: 'sla-clock',
      subjectId: after.id,
      dueAt: timer.dueAt,
      payload: { lead: after.leadId },
    })),
  );
  if (armed.length > 0) await kit.timers.arm(trx, armed, now);
}

export interface Locked {
  readonly clock: Clock;
  readonly lead: Concerned;
  readonly shelf: Shelf;
}

/** One clock by hand: locks its lead, then the clock, asks what happens, carries it out. @throws AppError NOT_FOUND */
export async function changeClock(
  kit: Kit,
  clockId: number,
  by: By,
  now: Date,
  decide: (locked: Locked, trx: Knex.Transaction) => Promise<Happening | null>,
  within?: Knex.Transaction,
): Promise<Clock> {
  const work = async (trx: Knex.Transaction): Promise<Clock> => {
    const [seen] = await findClocks(trx, 'WHERE c.id = ?', [clockId]);
    const [lead] = seen ? await lockConcerned(trx, [seen.leadId], now) : [];
    const [clock] = lead ? await lockClocks(trx, [clockId]) : [];
    if (!clock || !lead) throw notFound('Clock');
    const shelf = await loadShelf(kit, [clock]);
    const happening = await decide({ clock, lead, shelf }, trx);
    if (!happening) return clock;
    const [step] = await carryOut(kit, trx, [{ clock, happening }], shelf, by, now);
    return step?.clock ?? clock;
  };
  return within ? work(within) : kit.db.transaction(work);
}
