import { AppError, conflict, inTransaction, many, notFound } from '@leadsea/crm-core';
import type { Kit, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadChange, LeadRow, Leads } from '../../../contracts';
import { ERASED_QUARANTINE } from '../domain/erasure/personal';
import { restorationOf, type Restoration, type Told } from '../domain/restoration';
import { LEAD_VALUE_COLUMNS } from '../domain/values';
import { leadEvent, visible } from './apply/changes';
import { lockLeads } from './apply/rows';
import { undoOpportunities } from './opportunities';

/** Days for which a person may take back what he did. */
export const UNDO_DAYS = 7;
/** Leads that left one's hands by the change itself (released, handed over) can be taken back only at once. */
const GRACE_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Leads of one undo go through the door in change sets of this many. */
const STEP = 2000;

/** What can be taken back. A claim is not among them: it has limits of its own, and giving the lead back is its opposite. */
const UNDOABLE = [
  'lead.updated',
  'lead.assigned',
  'lead.transferred',
  'lead.released',
  'lead.recycled',
  'lead.stage_changed',
  'lead.converted',
  'lead.opportunity_closed',
];

export interface UndoResult {
  readonly id: number;
  readonly ok: boolean;
  readonly code?: 'CHANGED_SINCE' | 'FORBIDDEN' | 'NOT_FOUND' | 'LEAD_MERGED' | 'LEAD_ERASED';
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

interface Story extends Told {
  readonly lead: number;
  readonly at: Date;
}

const columnOf = (field: string): string | null => {
  if (field === 'owner' || field === 'pool') return `${field}_id`;
  if (field === 'custom' || field === 'stage') return field;
  return LEAD_VALUE_COLUMNS[field]?.column ?? null;
};

const currentOf =
  (row: LeadRow) =>
  (field: string): unknown => {
    const column = columnOf(field);
    return column === null ? null : visible(row, [column])[field];
  };

/** The events one person caused with one request, by lead, oldest first. */
async function storiesOf(trx: Knex.Transaction, memberId: number, request: string, now: Date): Promise<ReadonlyMap<number, Story[]>> {
  const rows = await many<Story & { cause: string }>(
    trx,
    `SELECT subject_id AS lead, before, after, at, cause_type AS cause FROM crm_events
     WHERE cause_id = ? AND actor_kind = 'member' AND actor_id = ? AND subject = 'lead' AND type = ANY(?::text[]) AND at > ? ORDER BY id`,
    [request, memberId, [...UNDOABLE, 'lead.undone'], new Date(now.getTime() - UNDO_DAYS * DAY_MS)],
  );
  if (rows.some(({ cause }) => cause === 'undo')) throw conflict('ALREADY_UNDONE', 'This change was taken back already.');
  const stories = new Map<number, Story[]>();
  for (const row of rows) stories.set(row.lead, [...(stories.get(row.lead) ?? []), row]);
  return stories;
}

/** The leads the actor may still change, of those given. */
async function inReach(kit: Kit, trx: Knex.Transaction, { actor }: VerbContext, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const scope = kit.access.scope(actor, 'leads', 'update', 'l');
  const rows = await many<{ id: number }>(trx, `SELECT l.id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND (${scope.sql})`, [
    [...ids],
    ...scope.bindings,
  ]);
  return new Set(rows.map((row) => row.id));
}

/** The columns of a stage that is put back; `now` when it is not known since when the lead was there. */
export function stageBack({ key, enteredAt, disposition, cycle, scoreEpoch, scoreBase }: NonNullable<Restoration['stage']>, now: Date) {
  return {
    stage: key,
    stage_entered_at: enteredAt ? new Date(enteredAt) : now,
    ...(disposition === undefined ? {} : { disposition }),
    ...(cycle === undefined ? {} : { cycle }),
    ...(scoreEpoch === undefined ? {} : { score_epoch: scoreEpoch === null ? null : new Date(scoreEpoch) }),
    ...(scoreBase === undefined ? {} : { score_base: scoreBase }),
  };
}

function inverse(id: number, back: Restoration, cycle: number, now: Date): LeadChange[] {
  const changes: LeadChange[] = [];
  if (back.stage)
    changes.push({
      op: 'patch',
      id,
      columns: stageBack(back.stage, now),
      event: 'lead.stage_changed',
      data: { undone: true, cycle: back.stage.cycle ?? cycle },
    });
  if (back.holding) changes.push({ op: 'hold', id, to: back.holding, event: 'lead.undone' });
  if (Object.keys(back.values).length > 0) changes.push({ op: 'update', id, values: back.values });
  return changes;
}

const refusal = (id: number, code: NonNullable<UndoResult['code']>, message: string, details?: Record<string, unknown>): UndoResult => ({
  id,
  ok: false,
  code,
  message,
  ...(details ? { details } : {}),
});

/**
 * Takes back what the actor did with one request, where nothing has changed it since. Each lead has its own answer; one that is only
 * partly as it was left is restored in the rest and reported with the fields that were left alone.
 * @throws AppError NOT_FOUND when there is nothing to take back, ALREADY_UNDONE
 */
export function undoRequest(kit: Kit, leads: Leads, context: VerbContext, request: string): Promise<{ results: readonly UndoResult[] }> {
  const { actor, now } = context;
  if (actor.memberId === null) throw new AppError('FORBIDDEN', 403, 'Only a person can take back what he did.');
  const memberId = actor.memberId;
  return inTransaction(kit.db, async (trx) => {
    await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`undo:${request}`]);
    const stories = await storiesOf(trx, memberId, request, now);
    if (stories.size === 0) throw notFound('A change of yours that can be taken back');
    const ids = [...stories.keys()].sort((a, b) => a - b);
    const rows = await lockLeads(trx, ids);
    const reach = await inReach(kit, trx, context, ids);
    const results: UndoResult[] = [];
    const changes: LeadChange[] = [];
    for (const id of ids) {
      const told = stories.get(id) ?? [];
      const row = rows.get(id);
      const fresh = told.every(({ at }) => now.getTime() - at.getTime() <= GRACE_MS);
      if (!row) results.push(refusal(id, 'NOT_FOUND', 'Lead was not found.'));
      else if (row.quarantine === ERASED_QUARANTINE) results.push(refusal(id, 'LEAD_ERASED', 'The person of this lead was erased.'));
      else if (row.merged_into !== null) results.push(refusal(id, 'LEAD_MERGED', 'This lead was merged into another one.'));
      else if (!reach.has(id) && !fresh) results.push(refusal(id, 'FORBIDDEN', 'This lead is no longer yours to change.'));
      else {
        const back = restorationOf(told, currentOf(row));
        changes.push(...inverse(id, back, row.cycle ?? 1, now));
        results.push(
          back.conflicts.length === 0
            ? { id, ok: true }
            : refusal(id, 'CHANGED_SINCE', 'It was changed again meanwhile; that was left alone.', { fields: back.conflicts }),
        );
      }
    }
    const cause = { type: 'undo', id: request };
    for (let start = 0; start < changes.length; start += STEP)
      await leads.apply({ trx, changes: changes.slice(start, start + STEP), actor, cause, now });
    const whole = results.filter(({ ok }) => ok).map(({ id }) => id);
    if (whole.length > 0) await undoOpportunities(trx, request, whole, now);
    // One marker per undo, also when every lead was in conflict: the same request is not taken back twice.
    const marker = leadEvent(ids[0]!, 'lead.undone', { data: { request, leads: ids.length } });
    await kit.events.append(trx, [marker], actor, cause, now);
    return { results };
  });
}

export interface RecentChange {
  readonly request: string;
  readonly kind: string;
  readonly at: Date;
  readonly leads: number;
  readonly undone: boolean;
}

/** What the actor did last that can be taken back, newest first. */
export function recentChanges(kit: Kit, { actor, now }: VerbContext): Promise<RecentChange[]> {
  return many<RecentChange>(
    kit.db,
    `SELECT cause_id AS request, min(cause_type) FILTER (WHERE cause_type <> 'undo') AS kind, min(at) AS at,
            count(DISTINCT subject_id)::int AS leads, bool_or(cause_type = 'undo') AS undone
     FROM crm_events WHERE actor_id = ? AND actor_kind = 'member' AND at > ? AND subject = 'lead' AND cause_id IS NOT NULL AND type = ANY(?::text[])
     GROUP BY cause_id HAVING count(*) FILTER (WHERE cause_type <> 'undo') > 0 ORDER BY min(at) DESC LIMIT 30`,
    [actor.memberId, new Date(now.getTime() - UNDO_DAYS * DAY_MS), [...UNDOABLE, 'lead.undone']],
  );
}
