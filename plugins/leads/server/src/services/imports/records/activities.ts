import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityRow, LeadRow } from '../../../../../contracts';
import { customValuesOf } from '../../record-values';
import { insertActivities, nextIds } from '../../apply/rows';
import { ERASED_PERSON, refusal, refused, type Batch, type Checked, type Importable, type Planned, type RowRefusal } from '../entity';
import type { ImportOptions } from '../schema';
import type { RowRecord } from '../store';
import { ACTIVITY_TARGETS, outcomeOf } from './activity-targets';
import { changesOf, findLive, liveChange, toldOf } from './activity-writes';
import { correctionOf, correctionProblems, namedActivities, writeCorrections, type Correction } from './activity-corrections';
import { findLeads, lacksLead, withLeads, type FoundLead } from './lead-refs';
import { loadPeople, type People } from './people';
import { compileRecords, type RecordDraft } from './record-plan';
import { revertActivities } from './revert-activities';

type Db = Knex | Knex.Transaction;
/** An activity by its lead, time, kind and words: the same one is kept once, whoever brings it. */
type Same = Pick<ActivityRow, 'lead_id' | 'kind' | 'direction' | 'occurred_at' | 'subject' | 'note'>;

const BACKDATE_MS = 7 * 86_400_000;
const LATE_MS = 60_000;
const EARLIEST = Date.UTC(1970, 0, 1);

type Slot =
  | { readonly ok: true; readonly activity: ActivityRow; readonly lead: LeadRow; readonly live: boolean }
  | { readonly ok: true; readonly activity: null; readonly correction: Correction }
  | { readonly ok: true; readonly activity: null; readonly lead: number | null; readonly code: string }
  | RowRefusal;

const labelOf = ({ lead_id: lead, kind, direction, occurred_at: at, subject, note }: Same): string =>
  JSON.stringify([lead, kind, direction, at.getTime(), subject ?? '', (note ?? '').trim()]);

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** When it took place: never now by default, and never in the future. */
function timeOf(value: unknown, now: Date): Date | RowRefusal {
  const at = typeof value === 'string' ? new Date(value) : null;
  if (at === null) return refusal('VALUE_REQUIRED', 'A follow-up needs the time it took place.');
  if (at.getTime() > now.getTime() + LATE_MS)
    return refusal('ACTIVITY_IN_FUTURE', 'A follow-up cannot be imported before it happened.', at.toISOString().slice(0, 16));
  return at.getTime() < EARLIEST ? refusal('DATE_INVALID', `"${at.toISOString()}" is no time a follow-up took place at.`) : at;
}

interface Desk {
  readonly batch: Batch;
  readonly people: People;
  readonly now: Date;
  readonly named: ReadonlyMap<number, ActivityRow>;
}

/** A follow-up that is here and is named by its id: other words for the same conversation. */
function correct({ batch, people, named }: Desk, draft: RecordDraft, lead: LeadRow): Slot {
  const known = { ok: true, activity: null, lead: lead.id, code: 'KNOWN' } as const;
  if (batch.record.options.mode === 'create') return known;
  const author = people.find(draft.values['member']);
  if (!author.ok) return author;
  const terms = { lead: lead.id, member: author.person?.id ?? null, fields: batch.fields };
  const found = correctionOf(draft, named.get(Number(draft.values['id'])), terms);
  if (found === null) return known;
  return 'ok' in found ? found : { ok: true, activity: null, correction: found };
}

function read(desk: Desk, row: number, draft: RecordDraft, lead: LeadRow): Slot {
  const { batch, people, now } = desk;
  const { values, custom } = draft;
  if (values['id'] !== undefined) return correct(desk, draft, lead);
  if (batch.record.options.mode === 'update') return { ok: true, activity: null, lead: lead.id, code: 'NOT_KNOWN' };
  const at = timeOf(values['occurredAt'], now);
  if ('ok' in at) return at;
  const author = people.find(values['member']);
  if (!author.ok) return author;
  const { record } = batch;
  const kind = text(values['kind']) ?? 'note';
  const outcome = text(values['outcome']);
  const live = record.options.followUps === 'live' && now.getTime() - at.getTime() <= BACKDATE_MS;
  return {
    ok: true,
    lead,
    live,
    activity: {
      id: 0,
      lead_id: lead.id,
      // Who did it in the past is not known where the file does not say; today it is whoever brings it in.
      member_id: author.person?.id ?? (live ? batch.actor.memberId : null),
      kind,
      direction: text(values['direction']) ?? 'outbound',
      outcome: outcome === null ? null : outcomeOf(kind, outcome),
      subject: text(values['subject']),
      note: text(values['note']),
      duration_seconds: Number(values['durationSeconds'] ?? values['durationMinutes'] ?? NaN) || null,
      occurred_at: at,
      automatic: false,
      bulk: false,
      evidence: { import: record.id, row, ...(live ? {} : { history: true }) },
      custom: { ...custom },
    },
  };
}

/** Those that are here already, by this file or otherwise. */
async function knownOf(db: Db, activities: readonly ActivityRow[]): Promise<ReadonlySet<string>> {
  if (activities.length === 0) return new Set();
  const rows = await many<Same>(
    db,
    `SELECT lead_id, kind, direction, occurred_at, subject, note FROM crm_activities
     WHERE lead_id = ANY(?::int[]) AND occurred_at >= ? AND occurred_at <= ?`,
    [
      [...new Set(activities.map((one) => one.lead_id))],
      new Date(Math.min(...activities.map((one) => one.occurred_at.getTime()))),
      new Date(Math.max(...activities.map((one) => one.occurred_at.getTime()))),
    ],
  );
  return new Set(rows.map(labelOf));
}

const correctionsOf = (slots: readonly Slot[]): Correction[] => slots.flatMap((slot) => ('correction' in slot ? [slot.correction] : []));

/** Own fields with their defaults and rules, for all rows at once. */
async function withOwnFields(batch: Batch, db: Db, slots: readonly Slot[]): Promise<readonly Slot[]> {
  const rows = slots.flatMap((slot) => (slot.ok && slot.activity ? [slot.activity] : []));
  const found = await customValuesOf(
    { kit: batch.kit, trx: db, actor: batch.actor, now: batch.kit.clock.now(), subject: 'activity' },
    batch.fields,
    rows.map((row, index) => ({ given: row.custom ?? {}, after: { ...row, id: -1 - index } })),
  );
  const next = found[Symbol.iterator]();
  return slots.map((slot): Slot => {
    if (!slot.ok || !slot.activity) return slot;
    const own = next.next().value!;
    if (!own.ok) return { ...refusal(own.problem.code, own.problem.message), column: own.problem.field };
    return { ...slot, activity: { ...slot.activity, custom: Object.keys(own.custom).length > 0 ? own.custom : null } };
  });
}

/** Corrections that the rules of own fields refuse. */
async function withRules(batch: Batch, db: Db, slots: readonly Slot[]): Promise<readonly Slot[]> {
  const corrections = correctionsOf(slots);
  if (corrections.length === 0) return slots;
  const problems = await correctionProblems(batch, db, corrections);
  const byCorrection = new Map(corrections.map((one, index) => [one, problems[index] ?? null]));
  return slots.map((slot) => ('correction' in slot ? (byCorrection.get(slot.correction) ?? slot) : slot));
}

async function plan(batch: Batch, db: Db, given: readonly Planned<RecordDraft>[], seen: Set<string> | null): Promise<readonly Slot[]> {
  const drafts = await withLeads(
    db,
    'crm_activities',
    given.map(({ change }) => change),
  );
  const found = await findLeads(batch, db, drafts, { verb: 'log', lock: seen === null });
  const named = await namedActivities(batch, db, drafts, seen === null);
  const desk: Desk = { batch, people: await loadPeople(batch, db), now: batch.kit.clock.now(), named };
  const place = (lead: FoundLead, row: number, draft: RecordDraft): Slot => {
    if (!lead.ok) return lead;
    return 'erased' in lead ? { ok: true, activity: null, lead: null, code: ERASED_PERSON } : read(desk, row, draft, lead.lead);
  };
  const slots = given.map(({ row }, index) => place(found[index]!, row.row, drafts[index]!));
  const taken = new Set([
    ...(await knownOf(
      db,
      slots.flatMap((slot) => (slot.ok && slot.activity ? [slot.activity] : [])),
    )),
    ...(seen ?? []),
  ]);
  const fresh = slots.map((slot): Slot => {
    if (!slot.ok || !slot.activity) return slot;
    const label = labelOf(slot.activity);
    if (taken.has(label)) return { ok: true, activity: null, lead: slot.activity.lead_id, code: 'KNOWN' };
    taken.add(label);
    seen?.add(label);
    return slot;
  });
  return withRules(batch, db, await withOwnFields(batch, db, fresh));
}

async function write(
  batch: Batch,
  trx: Knex.Transaction,
  given: readonly Planned<RecordDraft>[],
  enter: () => Promise<void>,
): Promise<RowRecord[]> {
  const { kit, leads, actor, record } = batch;
  const slots = await plan(batch, trx, given, null);
  await enter();
  const now = kit.clock.now();
  const cause = { type: 'import', id: String(record.id) };
  const kept = slots.flatMap((slot) => (slot.ok && slot.activity ? [slot] : []));
  const history = kept.filter(({ live }) => !live);
  const ids = await nextIds(trx, 'crm_activities', history.length);
  history.forEach(({ activity }, index) => (activity.id = ids[index]!));
  const rows = history.map(({ activity }) => activity);
  await insertActivities(trx, rows, now);
  if (rows.length > 0) await kit.events.append(trx, rows.map(toldOf), actor, cause, now);
  const quiet = changesOf(history);
  if (quiet.length > 0) await leads.apply({ trx, changes: quiet, actor, cause, clocks: 'none', now });
  const live = kept.filter((slot) => slot.live);
  if (live.length > 0) {
    await leads.apply({ trx, changes: live.map(({ activity }) => liveChange(activity)), actor, cause, now });
    await findLive(trx, record.id, live);
  }
  await writeCorrections(batch, trx, correctionsOf(slots));
  return given.map(({ row }, index): RowRecord => {
    const slot = slots[index]!;
    if (!slot.ok) return refused(row, slot);
    if ('correction' in slot) {
      const { id, lead_id: leadId } = slot.correction.before;
      return { row: row.row, status: 'updated', leadId, recordId: id };
    }
    return slot.activity
      ? { row: row.row, status: 'created', leadId: slot.activity.lead_id, recordId: slot.activity.id }
      : { row: row.row, status: 'skipped', leadId: slot.lead, code: slot.code };
  });
}

async function check(batch: Batch, given: readonly Planned<RecordDraft>[], seen: Set<string>): Promise<readonly Checked[]> {
  const slots = await plan(batch, batch.kit.db, given, seen);
  return slots.map((slot): Checked => {
    if (!slot.ok) return slot;
    return { ok: true, verdict: 'correction' in slot ? 'update' : slot.activity ? 'create' : 'skip' };
  });
}

const lacks = (mapping: Parameters<typeof lacksLead>[0], options: ImportOptions): { code: string; message: string }[] =>
  mapping.some(({ target }) => target === 'id') ? [] : lacksNew(mapping, options);

const lacksNew = (mapping: Parameters<typeof lacksLead>[0], options: ImportOptions): { code: string; message: string }[] => [
  ...lacksLead(mapping, options),
  ...(mapping.some(({ target }) => target === 'occurredAt')
    ? []
    : [{ code: 'TIME_COLUMN', message: 'A column has to tell when each follow-up took place.' }]),
];

/** Files of follow-ups: what was done with leads that are here, at its own time. */
export const activitiesImport: Importable<RecordDraft> = {
  kind: 'activities',
  resource: 'activities',
  entity: 'activity',
  targets: ACTIVITY_TARGETS,
  // Logging is a right of its own: fields are filled in by whoever may read them.
  levels: ['read', 'write'],
  lacks,
  compile: compileRecords(ACTIVITY_TARGETS),
  mayOverlap: () => false,
  write,
  check,
  revert: revertActivities,
};
