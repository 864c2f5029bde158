import { setTimeout } from 'node:timers/promises';
import { calendarTime, many, type CalendarRevisionListener, type Kit, type RevisionMode, type RunningJob } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Clock } from '../domain/clock';
import type { Happening, HolderRef, Shelf } from '../domain/happening';
import { effectOf, revise, type RevisionEffect } from '../domain/revise';
import { clockCalendar } from './calendars';
import { carryOut } from './change-clocks';
import { findClocks, lockClocks, segmentsOfAll } from './clock-store';
import { lockConcerned } from './notices';
import { loadShelf } from './shelf';

export const REPLAN_JOB = 'sla.replan';
const BATCH = 1000;
const SAMPLE = 20;

const OPEN = `c.state IN ('running', 'paused', 'blocked', 'breached_open')`;

export interface EffectCount {
  readonly moved: number;
  readonly breached: number;
  readonly unbreached: number;
}

export interface RevisionPreview {
  /** Open clocks that are counted by the calendar. */
  readonly clocks: number;
  readonly replan: EffectCount;
  readonly recompute: EffectCount;
  readonly sample: readonly {
    readonly lead: number;
    readonly label: Clock['label'];
    readonly before: Date | null;
    readonly after: Date | null;
  }[];
}

const NOTHING: EffectCount = { moved: 0, breached: 0, unbreached: 0 };
const plus = (count: EffectCount, effect: RevisionEffect): EffectCount => ({
  moved: count.moved + Number(effect.moved),
  breached: count.breached + Number(effect.breached),
  unbreached: count.unbreached + Number(effect.unbreached),
});

/** Open clocks of some calendars in batches, in id order. */
async function* openClocks(db: Knex | Knex.Transaction, keys: readonly string[]): AsyncGenerator<Clock[]> {
  for (let after = 0; ;) {
    const clocks = await findClocks(db, `WHERE c.calendar_key = ANY(?::text[]) AND ${OPEN} AND c.id > ? ORDER BY c.id LIMIT ${BATCH}`, [
      [...keys],
      after,
    ]);
    const last = clocks[clocks.length - 1];
    if (!last) return;
    yield clocks;
    after = last.id;
  }
}

/** The same, by id and lead only: what is changed is read again under lock. */
async function* openIds(db: Knex, keys: readonly string[]): AsyncGenerator<{ readonly id: number; readonly lead_id: number }[]> {
  for (let after = 0; ;) {
    const rows = await many<{ id: number; lead_id: number }>(
      db,
      `SELECT c.id, c.lead_id FROM crm_sla_clocks c WHERE c.calendar_key = ANY(?::text[]) AND ${OPEN} AND c.id > ? ORDER BY c.id LIMIT ${BATCH}`,
      [[...keys], after],
    );
    const last = rows[rows.length - 1];
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

/** The calendar a clock would get: leave of its holder stays laid over the new revision. */
function withLeave(calendar: calendarTime.Calendar, revision: string | null): calendarTime.Calendar {
  const { leave } = revision === null ? { leave: null } : calendarTime.parseRevision(revision);
  if (!leave) return calendar;
  return calendarTime.compileCalendar(calendar.spec, {
    overlays: { person: [leave] },
    revision: `${calendar.revision ?? ''}+${leave.from}..${leave.to ?? leave.from}`,
  });
}

/** what a draft would move, newly miss and take back, for each option; nothing is written. */
export async function previewRevision(
  kit: Kit,
  keys: readonly string[],
  draftOf: (key: string) => Promise<calendarTime.Calendar>,
  now: Date,
): Promise<RevisionPreview> {
  let [clocks, replan, recompute] = [0, NOTHING, NOTHING];
  const sample: { lead: number; label: Clock['label']; before: Date | null; after: Date | null }[] = [];
  const drafts = new Map(await Promise.all(keys.map(async (key) => [key, await draftOf(key)] as const)));
  for await (const batch of openClocks(kit.db, keys)) {
    const shelf = await loadShelf(kit, batch);
    const segments = await segmentsOfAll(
      kit.db,
      batch.map((clock) => clock.id),
    );
    for (const clock of batch) {
      const draft = drafts.get(clock.calendarKey ?? '');
      if (!draft) continue;
      clocks += 1;
      const revision = { before: shelf.calendar(clockCalendar(clock)), after: withLeave(draft, clock.calendarRevision) };
      const metric = shelf.metric(clock.versionId, clock.metric);
      const closed = segments.get(clock.id) ?? [];
      const planned = effectOf(clock, revise(clock, metric, closed, { mode: 'replan', ...revision }, now));
      replan = plus(replan, planned);
      recompute = plus(recompute, effectOf(clock, revise(clock, metric, closed, { mode: 'recompute', ...revision }, now)));
      if (planned.moved && sample.length < SAMPLE)
        sample.push({ lead: clock.leadId, label: clock.label, before: clock.dueAt, after: planned.dueAt });
    }
  }
  return { clocks, replan, recompute, sample };
}

interface Live {
  readonly calendars: ReadonlyMap<string, calendarTime.Calendar>;
}

async function loadLive(kit: Kit, keys: readonly string[]): Promise<Live> {
  const found = await Promise.all(keys.map(async (key) => [key, await kit.calendar(key)] as const));
  return { calendars: new Map(found.flatMap(([key, calendar]) => (calendar ? [[key, calendar] as const] : []))) };
}

/** The shelf of some clocks with the new revisions of their calendars beside the old ones. */
async function shelfOf(
  kit: Kit,
  clocks: readonly Clock[],
  { calendars }: Live,
): Promise<{ shelf: Shelf; next: (clock: Clock) => HolderRef | null }> {
  const after = new Map<string, calendarTime.Calendar>();
  const next = (clock: Clock): HolderRef | null => {
    const live = calendars.get(clock.calendarKey ?? '');
    if (!live) return null;
    const calendar = withLeave(live, clock.calendarRevision);
    if (calendar.revision === clock.calendarRevision) return null;
    after.set(calendar.revision ?? '', calendar);
    return { key: clock.calendarKey, revision: calendar.revision };
  };
  const shelf = await loadShelf(kit, clocks);
  return { shelf: { ...shelf, calendar: (ref) => after.get(ref.revision ?? '') ?? shelf.calendar(ref) }, next };
}

export interface Replanned extends EffectCount {
  readonly clocks: number;
}

/** plans open clocks again by the live revision of their calendars, a thousand in one transaction. Can be stopped and run again. */
export async function replanClocks(
  kit: Kit,
  { keys, mode }: { readonly keys: readonly string[]; readonly mode: Exclude<RevisionMode, 'keep'> },
  now: Date,
  job?: Pick<RunningJob, 'progress' | 'shouldStop'>,
): Promise<Replanned> {
  const live = await loadLive(kit, keys);
  let [clocks, effects] = [0, NOTHING];
  for await (const seen of openIds(kit.db, keys)) {
    if (job?.shouldStop()) break;
    const done = await kit.db.transaction(async (trx) => {
      await lockConcerned(
        trx,
        seen.map((row) => row.lead_id),
        now,
      );
      const locked = await lockClocks(
        trx,
        seen.map((row) => row.id),
      );
      const { shelf, next } = await shelfOf(kit, locked, live);
      const segments =
        mode === 'recompute'
          ? await segmentsOfAll(
              trx,
              locked.map((clock) => clock.id),
            )
          : new Map<number, never[]>();
      const asked = locked.flatMap((clock) => {
        const ref = next(clock);
        const happening: Happening | null = ref && { kind: 'revision', mode, revision: ref.revision };
        return happening ? [{ clock, happening, segments: segments.get(clock.id) ?? [] }] : [];
      });
      const steps = await carryOut(kit, trx, asked, shelf, { actor: kit.actors.system('SLA'), cause: { type: 'calendar' } }, now);
      return steps.map((step, index) => effectOf(asked[index]!.clock, step));
    });
    clocks += done.length;
    effects = done.reduce(plus, effects);
    await job?.progress(clocks, null);
  }
  return { clocks, ...effects };
}

const PATIENCE_MS = 10_000;
const STEP_MS = 100;

/** The job can be picked up before this node has heard that a revision is live. @throws Error to be tried again later. */
export async function untilLive(kit: Kit, key: string, versionId: number): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
    const live = await kit.policies.liveByKey('calendar', key);
    if (!live || live.versionId >= versionId) return;
    await setTimeout(STEP_MS);
  }
  throw new Error(`Version ${versionId} of calendar "${key}" is not live here yet.`);
}

/** Tells calendars what their drafts would move here, and moves it when they are published. */
export const revisionListener = (kit: Kit): CalendarRevisionListener => ({
  name: 'clocks',
  preview: async ({ keys, draftOf }) => ({ ...(await previewRevision(kit, keys, draftOf, kit.clock.now())) }),
  published: async (trx, { keys, mode, versionId }) => {
    if (mode === 'keep') return;
    const [open] = await many<{ one: number }>(
      trx,
      `SELECT 1 AS one FROM crm_sla_clocks c WHERE c.calendar_key = ANY(?::text[]) AND ${OPEN} LIMIT 1`,
      [[...keys]],
    );
    if (open) await kit.jobs.enqueue(trx, [{ kind: REPLAN_JOB, payload: { keys, mode, versionId } }]);
  },
});

/** clocks that were provisional and whose years are announced now, after an update of the holiday data. */
export async function replanProvisional(kit: Kit): Promise<void> {
  const rows = await many<{ key: string }>(
    kit.db,
    `SELECT DISTINCT calendar_key AS key FROM crm_sla_clocks c WHERE provisional AND calendar_key IS NOT NULL AND ${OPEN}`,
    [],
  );
  const now = kit.clock.now();
  for (const { key } of rows) {
    const calendar = await kit.calendar(key);
    if (!calendar || calendarTime.isProvisional(calendar, now, new Date(now.getTime() + 86_400_000))) continue;
    for await (const seen of openClocks(kit.db, [key])) {
      await kit.db.transaction(async (trx) => {
        await lockConcerned(
          trx,
          seen.map((clock) => clock.leadId),
          now,
        );
        const locked = (
          await lockClocks(
            trx,
            seen.map((clock) => clock.id),
          )
        ).filter((clock) => clock.provisional);
        const shelf = await loadShelf(kit, locked);
        const asked = locked.map((clock) => ({
          clock,
          happening: { kind: 'revision', mode: 'replan', revision: clock.calendarRevision } satisfies Happening,
        }));
        await carryOut(
          kit,
          trx,
          asked,
          shelf,
          { actor: kit.actors.system('SLA'), cause: { type: 'calendar', note: 'holidays announced' } },
          now,
        );
      });
    }
  }
}
