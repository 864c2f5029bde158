import { many } from '@leadsea/crm-core';
import type { Entry, Reactor } from '@leadsea/leads';
import type { Knex } from 'knex';
import { CONTACT_OUTCOMES, isExhausted } from '../domain/memory';
import type { LivePool, PoolDirectory } from './pools';

export interface Tried {
  readonly owners: readonly number[];
  readonly attempts: number;
}

/**
 * Owners a lead has had, and attempts in a row, since it last gave a sign of life: a contact, an engagement of a human, or its return. One
 * statement for any number of leads.
 */
export async function triedSince(db: Knex | Knex.Transaction, ids: readonly number[]): Promise<ReadonlyMap<number, Tried>> {
  if (ids.length === 0) return new Map();
  const rows = await many<{ id: number; owners: number[]; attempts: number }>(
    db,
    `SELECT l.id, coalesce((
              SELECT array_agg(DISTINCT (e.before->>'owner')::int) FROM crm_events e
              WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.at > s.since AND e.before->>'owner' IS NOT NULL AND jsonb_exists(e.after, 'owner')
                AND e.after->>'owner' IS DISTINCT FROM e.before->>'owner'), '{}') AS owners,
            (SELECT count(*)::int FROM crm_activities a WHERE a.lead_id = l.id AND a.occurred_at > s.since AND a.direction = 'outbound'
              AND a.kind <> 'note' AND NOT coalesce(a.automatic, false) AND NOT coalesce(a.bulk, false)) AS attempts
     FROM unnest(?::int[]) AS l(id) CROSS JOIN LATERAL (SELECT greatest(
       (SELECT max(e.at) FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.revived'),
       (SELECT max(a.occurred_at) FROM crm_activities a WHERE a.lead_id = l.id AND (a.direction = 'inbound' OR a.outcome = ANY(?::text[]))),
       (SELECT max(g.occurred_at) FROM crm_engagements g WHERE g.lead_id = l.id AND g.human), '-infinity'::timestamptz) AS since) s`,
    [[...ids], [...CONTACT_OUTCOMES]],
  );
  return new Map(rows.map((row) => [row.id, { owners: row.owners, attempts: row.attempts }]));
}

/** The lead shows itself: it did something, wrote, or arrived once more. */
const hasSignal = ({ engagements, activities, emitted }: Entry): boolean =>
  engagements.some((one) => one.human) ||
  activities.some((one) => one.direction === 'inbound') ||
  emitted.some((event) => event.type === 'lead.duplicate_merged');

/** Why somebody brought it back by hand, as he said it with the move. */
const reasonOf = ({ emitted }: Entry): unknown => emitted.find((event) => event.type === 'lead.moved')?.data?.['reason'] ?? null;

/** Leads that have had enough leave the pool as they enter it, and come back on a new signal only (§3.15 of the ideas). */
export const exhaustedReactor = (pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-exhausted',
  run: async (set) => {
    const live = await pools.all();
    const poolOf = (id: number | null): LivePool | undefined => live.find((pool) => pool.policyId === id);
    for (const entry of set.entries) {
      const { id, row } = entry;
      if (row.status !== 'exhausted' || !(hasSignal(entry) || row.owner_id !== null || row.pool_id !== null)) continue;
      const unplaced = row.owner_id === null && row.pool_id === null;
      const home = unplaced ? (poolOf(row.home_pool_id) ?? (await pools.homeOf(null, null))) : null;
      set.set(id, { status: 'open', ...(home ? { pool_id: home.policyId, home_pool_id: home.policyId, pool_entered_at: set.now } : {}) });
      set.emit({
        subject: 'lead',
        subjectId: id,
        type: 'lead.revived',
        before: { owner: entry.before?.owner_id ?? null, pool: entry.before?.pool_id ?? null },
        after: { owner: entry.row.owner_id, pool: entry.row.pool_id },
        data: {
          by: hasSignal(entry) ? 'signal' : 'hand',
          pool: home?.key ?? poolOf(entry.row.pool_id)?.key ?? null,
          ...(hasSignal(entry) ? {} : { reason: reasonOf(entry) }),
        },
      });
    }
    const ruled = live.filter((pool) => pool.body.exhausted?.owners || pool.body.exhausted?.attempts);
    if (ruled.length === 0 || set.cause.type === 'undo') return;
    const entering = set.entries.filter(
      ({ isNew, before, row, changed }) =>
        !isNew &&
        before?.status !== 'exhausted' &&
        changed.has('pool_id') &&
        row.owner_id === null &&
        ruled.some((pool) => pool.policyId === row.pool_id),
    );
    const tried = await triedSince(
      set.trx,
      entering.map(({ id }) => id),
    );
    for (const { id, row, before } of entering) {
      const pool = poolOf(row.pool_id);
      const found = tried.get(id);
      if (!pool?.body.exhausted || !found) continue;
      const owners = new Set([...found.owners, ...(before?.owner_id ? [before.owner_id] : [])]).size;
      const counts = { owners, attempts: found.attempts };
      if (!isExhausted(counts, pool.body.exhausted)) continue;
      set.set(id, { status: 'exhausted', pool_id: null, pool_entered_at: null });
      set.emit({
        subject: 'lead',
        subjectId: id,
        type: 'lead.exhausted',
        before: { owner: null, pool: pool.policyId },
        after: { owner: null, pool: null },
        policyVersionId: pool.versionId,
        data: { ...counts, pool: pool.key, rule: pool.body.exhausted },
      });
    }
  },
});
