import type { EventInput } from '@leadsea/crm-core';
import { camel } from '@leadsea/crm-core';
import type {
  ActivityInput,
  ApplyInput,
  Expectation,
  Holding,
  LeadChange,
  LeadRow,
  Lifecycle,
  Outcome,
  Entry,
  WorkingSet,
} from '../../../../contracts';
import { stageColumns, type StageColumns } from '../../domain/lifecycle/cycle';
import { parseValues, type ValueProblem } from '../../domain/values';
import type { LeadKey } from '../../domain/identity';
import { keyRow } from './identify';
import { toActivity } from './rows';
import type { MutableEntry, PipelineSet } from './working-set';

type Refusal = Extract<Outcome, { ok: false }>;
export const refuse = (id: number | null, code: string, message: string, details?: Record<string, unknown>, ref?: string): Refusal => ({
  ok: false,
  id,
  code,
  message,
  ...(details ? { details } : {}),
  ...(ref === undefined ? {} : { ref }),
});

export const invalid = (id: number | null, problems: readonly ValueProblem[], ref?: string): Refusal =>
  refuse(id, problems[0]?.code ?? 'VALUE_INVALID', problems.map((problem) => problem.message).join(' '), { problems }, ref);

/** The value columns that say what a lead is, for before/after in events; never the match keys, which repeat contact data. */
export function visible(row: Readonly<Record<string, unknown>>, columns: Iterable<string>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const column of columns) {
    if (column.endsWith('_key')) continue;
    const name = column.endsWith('_id') && column !== 'external_id' ? column.slice(0, -3) : column;
    result[camel(name)] = row[column] ?? null;
  }
  return result;
}

export const leadEvent = (id: number, type: string, rest: Omit<EventInput, 'subject' | 'subjectId' | 'type'> = {}): EventInput => ({
  subject: 'lead',
  subjectId: id,
  type,
  ...rest,
});

/** Who held it and since when, so that a move can be taken back with its clocks. */
const holdingOf = (row: LeadRow): Record<string, unknown> => ({
  ...visible(row, ['owner_id', 'pool_id', 'team_id']),
  ...visible(
    row,
    ['held_since', 'pool_entered_at', 'kept_for_id', 'recycle_at', 'protected_until'].filter((column) => row[column] !== null),
  ),
});

/**
 * Moves a lead to a stage and tells of it, with the cycle the move belongs to. A move that recycles ends the cycle: the next one is told.
 * @param move `at`: when the lead entered the stage, by history; told then are only the stages, since how long it stayed in the one before is
 *   not known. `more`: columns that change with it.
 */
export function enterStage(
  set: WorkingSet,
  entry: Entry,
  graph: Lifecycle,
  move: { readonly to: string; readonly at?: Date; readonly more?: Readonly<Record<string, unknown>> },
  story: Pick<EventInput, 'policyVersionId' | 'data'>,
): void {
  const { cycle } = entry.row;
  const entering = { stage: move.to, stage_entered_at: move.at ?? set.now };
  const columns: StageColumns = {
    ...(entry.isNew ? entering : stageColumns(graph, entry.row, move.to, entering.stage_entered_at)),
    ...move.more,
  };
  const told = Object.keys(columns).filter((column) => column !== 'stage_entered_at' || !move.at);
  const before = visible(entry.row, told);
  set.set(entry.id, columns);
  set.emit(
    leadEvent(entry.id, 'lead.stage_changed', { ...story, before, after: visible({ ...columns }, told), data: { ...story.data, cycle } }),
  );
  if (columns.cycle !== undefined) set.emit(leadEvent(entry.id, 'lead.cycle_started', { data: { cycle: columns.cycle } }));
}

function unexpected(row: LeadRow, expect: Expectation | undefined): string | null {
  if (!expect) return null;
  if (expect.version !== undefined && row.version !== expect.version) return 'version';
  if (expect.ownerId !== undefined && row.owner_id !== expect.ownerId) return 'owner';
  if (expect.poolId !== undefined && row.pool_id !== expect.poolId) return 'pool';
  if (expect.stage !== undefined && row.stage !== expect.stage) return 'stage';
  return null;
}

function update(set: PipelineSet, entry: MutableEntry, change: Extract<LeadChange, { op: 'update' }>, { country, rekeys }: Edits): Outcome {
  const parsed = parseValues(change.values, set.kit.custom.fields('lead'), false);
  if (parsed.problems.length > 0) return invalid(entry.id, parsed.problems);
  const before = { ...entry.row };
  const custom = Object.keys(parsed.custom).length > 0 ? { ...entry.row.custom, ...parsed.custom } : entry.row.custom;
  set.set(entry.id, { ...parsed.columns, custom });
  const touched = ['email', 'phone', 'wechat', 'website', 'company'].some((column) => entry.row[column] !== before[column]);
  if (touched) {
    const copy = { ...entry.row };
    const keys = keyRow(copy, country).filter((key) => key.kind !== 'external');
    set.set(entry.id, {
      email: copy.email,
      phone: copy.phone,
      email_key: copy.email_key,
      phone_key: copy.phone_key,
      domain_key: copy.domain_key,
      company_key: copy.company_key,
    });
    rekeys.set(entry.id, keys);
  }
  const changed = [...entry.changed].filter(
    (column) => JSON.stringify(before[column] ?? null) !== JSON.stringify(entry.row[column] ?? null) && !column.endsWith('_key'),
  );
  if (changed.length === 0) return { ok: true, status: 'unchanged', id: entry.id };
  set.emit(leadEvent(entry.id, 'lead.updated', { before: visible(before, changed), after: visible(entry.row, changed) }));
  return { ok: true, status: 'updated', id: entry.id };
}

/** Contact made by a person with the lead: what counts as a follow-up at its plainest (the pools refine it). */
export const isFollowUp = (activity: { direction?: string; automatic?: boolean; bulk?: boolean; kind: string }): boolean =>
  (activity.direction ?? 'outbound') === 'outbound' && !activity.automatic && !activity.bulk && activity.kind !== 'note';

/** Tells of an activity that is stored already, and dates the last follow-up by it. */
export function logActivity(set: PipelineSet, entry: MutableEntry, id: number, input: ActivityInput): Outcome {
  const row = toActivity(id, entry.id, input, set);
  entry.activities.push(row);
  const last = entry.row.last_follow_up_at;
  if (isFollowUp(input) && (last === null || last.getTime() < row.occurred_at.getTime()))
    set.set(entry.id, { last_follow_up_at: row.occurred_at });
  if (input.nextActionAt !== undefined) set.set(entry.id, { next_action_at: input.nextActionAt });
  set.emit(
    leadEvent(entry.id, 'lead.activity', {
      data: {
        activity: id,
        kind: row.kind,
        direction: row.direction,
        outcome: row.outcome,
        subject: row.subject,
        note: row.note,
        durationSeconds: row.duration_seconds,
        occurredAt: row.occurred_at,
        automatic: row.automatic,
        bulk: row.bulk,
      },
    }),
  );
  return { ok: true, status: 'updated', id: entry.id };
}

/** Moves a lead between owner and pool; what it means for team, dates and clocks is derived in the `hold` stage. */
export function hold(set: PipelineSet, entry: MutableEntry, to: Holding, event: string, data?: Readonly<Record<string, unknown>>): Outcome {
  const before = holdingOf(entry.row);
  const takenBack = event === 'lead.recycled' && entry.row.owner_id !== null;
  set.set(entry.id, {
    owner_id: to.ownerId,
    pool_id: to.poolId,
    kept_for_id: to.keptForId ?? null,
    ...(takenBack ? { recycle_count: (entry.row.recycle_count ?? 0) + 1 } : {}),
  });
  set.ask(entry.id, 'held');
  if (to.keptForId) set.ask(entry.id, 'kept');
  set.emit(leadEvent(entry.id, event, { before, after: { owner: to.ownerId, pool: to.poolId }, data: data ?? null }));
  return { ok: true, status: 'updated', id: entry.id };
}

/** What the edits of a change set share: the country of bare phone numbers, and the keys the edited leads want, taken together afterwards. */
export interface Edits {
  readonly country: string | null;
  readonly rekeys: Map<number, readonly LeadKey[]>;
  /** The live stage graph: which moves recycle. */
  readonly graph: Lifecycle;
}

/** Carries out one change on a lead that is locked and in the set. `activityId` was taken for it beforehand. */
export function carryOut(
  set: PipelineSet,
  entry: MutableEntry,
  change: Exclude<LeadChange, { op: 'create' }>,
  activityId: number | null,
  edits: Edits,
): Outcome {
  const mismatch = 'expect' in change ? unexpected(entry.row, change.expect) : null;
  if (mismatch !== null) {
    return refuse(entry.id, 'STALE', 'Somebody else changed this lead meanwhile. Reload and try again.', {
      what: mismatch,
      version: entry.row.version,
    });
  }
  switch (change.op) {
    case 'update':
      return update(set, entry, change, edits);
    case 'activity':
      return logActivity(set, entry, activityId!, change.activity);
    case 'engagement':
      return { ok: true, status: entry.engagements.length > 0 ? 'updated' : 'unchanged', id: entry.id };
    case 'consent':
      set.ask(entry.id, 'consent');
      return { ok: true, status: 'updated', id: entry.id };
    case 'hold':
      return hold(set, entry, change.to, change.event, change.data);
    case 'stage': {
      if (entry.row.stage === change.to) return { ok: true, status: 'unchanged', id: entry.id };
      const more = change.reason ? { disposition: change.reason } : {};
      const data = { reason: change.reason ?? null, note: change.note ?? null };
      enterStage(set, entry, edits.graph, { to: change.to, more }, { data });
      return { ok: true, status: 'updated', id: entry.id };
    }
    case 'patch': {
      const before = visible(entry.row, Object.keys(change.columns));
      set.set(entry.id, change.columns);
      if (change.event)
        set.emit(
          leadEvent(entry.id, change.event, { before, after: visible(entry.row, Object.keys(change.columns)), data: change.data ?? null }),
        );
      return { ok: true, status: 'updated', id: entry.id };
    }
    case 'touch':
      for (const mark of change.ask ?? []) set.ask(entry.id, mark);
      return { ok: true, status: 'unchanged', id: entry.id };
  }
}

export type { ApplyInput };
