import { many, type CustomField, type EventInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityRow } from '../../../../../contracts';
import { parseCustomValues } from '../../../domain/values';
import { leadEvent } from '../../apply/changes';
import { checkFieldRules } from '../../apply/field-rules';
import { isBlank } from '../cells';
import { refusal, type Batch, type RowRefusal } from '../entity';
import { outcomeOf } from './activity-targets';
import type { RecordDraft } from './record-plan';
import { reachable, updateRows, type Row } from './working';

type Values = Readonly<Record<string, unknown>>;

/** A follow-up that is here, as it was and with other words. */
export interface Correction {
  readonly before: ActivityRow;
  readonly after: ActivityRow;
  /** Keys of own fields the row names. */
  readonly given: ReadonlySet<string>;
}

const WORDS = ['subject', 'note'] as const;
const UNKNOWN = refusal('ACTIVITY_UNKNOWN', 'There is no follow-up with this id that you may correct.');
const FIXED = refusal(
  'ACTIVITY_FIXED',
  'When, how and by whom somebody was in touch is evidence and stays; only subject, text and own fields are corrected.',
);
const ACTIVITIES = { resource: 'activities', entity: 'activity', table: 'crm_activities', columns: {}, derived: [] } as const;

/** The follow-ups that rows name by their ids, and which of them the role lets the person correct. */
export async function namedActivities(
  batch: Batch,
  db: Knex | Knex.Transaction,
  drafts: readonly RecordDraft[],
  lock: boolean,
): Promise<ReadonlyMap<number, ActivityRow>> {
  const ids = [...new Set(drafts.flatMap(({ values }) => (typeof values['id'] === 'number' ? [values['id']] : [])))];
  if (ids.length === 0) return new Map();
  const within = await reachable(batch, db, ACTIVITIES, ids);
  const rows = await many<ActivityRow>(
    db,
    `SELECT * FROM crm_activities WHERE id = ANY(?::int[]) ORDER BY id${lock ? ' FOR UPDATE' : ''}`,
    [[...within]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the row says anything else of what is evidence than what is kept. */
function contradicts(values: Values, row: ActivityRow, member: number | null | undefined): boolean {
  const at = values['occurredAt'];
  const seconds = values['durationSeconds'] ?? values['durationMinutes'];
  const differs = (given: unknown, kept: unknown): boolean => !isBlank(given) && given !== kept;
  return (
    differs(values['kind'], row.kind) ||
    differs(values['direction'], row.direction) ||
    differs(typeof values['outcome'] === 'string' ? outcomeOf(row.kind, values['outcome']) : null, row.outcome) ||
    differs(seconds, row.duration_seconds) ||
    differs(member, row.member_id) ||
    (typeof at === 'string' && new Date(at).getTime() !== row.occurred_at.getTime())
  );
}

/** What a row makes of the follow-up it names; null when it says nothing new. */
export function correctionOf(
  { values, custom }: RecordDraft,
  row: ActivityRow | undefined,
  { lead, member, fields }: { readonly lead: number; readonly member: number | null; readonly fields: readonly CustomField[] },
): Correction | null | RowRefusal {
  if (!row || row.lead_id !== lead) return UNKNOWN;
  if (contradicts(values, row, member)) return FIXED;
  const parsed = parseCustomValues(custom, fields, false);
  const [problem] = parsed.problems;
  if (problem) return { ...refusal(problem.code, problem.message), column: problem.field };
  const words = Object.fromEntries(WORDS.flatMap((key) => (typeof values[key] === 'string' ? [[key, values[key]]] : [])));
  const after: ActivityRow = { ...row, ...words, custom: { ...row.custom, ...parsed.custom } };
  const same = WORDS.every((key) => after[key] === row[key]) && JSON.stringify(after.custom) === JSON.stringify({ ...row.custom });
  return same ? null : { before: row, after, given: new Set(Object.keys(custom)) };
}

/** What the rules of own fields say of corrections, by index. */
export async function correctionProblems(
  { kit, actor, fields }: Batch,
  db: Knex | Knex.Transaction,
  corrections: readonly Correction[],
): Promise<readonly (RowRefusal | null)[]> {
  const found = await checkFieldRules(
    { kit, trx: db, actor, now: kit.clock.now(), subject: 'activity' },
    fields,
    corrections.map(({ before, after, given }) => ({
      before: { ...before, custom: { ...before.custom } },
      after: { ...after, custom: { ...after.custom } },
      given,
    })),
  );
  return corrections.map((_, index) => {
    const [problem] = found[index] ?? [];
    return problem ? { ...refusal(problem.code, problem.message), column: problem.field } : null;
  });
}

const told = (row: ActivityRow, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, key === 'custom' ? { ...row.custom } : (row[key as 'note'] ?? null)]));

/** Writes corrections in one statement and tells the leads of them, with what the words were. */
export async function writeCorrections(batch: Batch, trx: Knex.Transaction, corrections: readonly Correction[]): Promise<void> {
  if (corrections.length === 0) return;
  const { kit, actor, record } = batch;
  const now = kit.clock.now();
  await updateRows(
    trx,
    'crm_activities',
    ['subject', 'note', 'custom'],
    corrections.map(({ after }): Row => ({ ...after })),
    now,
  );
  const story = corrections.map(({ before, after }): EventInput => {
    const keys = ['subject', 'note', 'custom'].filter((key) => JSON.stringify(told(before, [key])) !== JSON.stringify(told(after, [key])));
    return leadEvent(before.lead_id, 'lead.activity_edited', {
      data: { activity: before.id, before: told(before, keys), after: told(after, keys) },
    });
  });
  await kit.events.append(trx, story, actor, { type: 'import', id: String(record.id) }, now);
}
