import { AppError, one, type Actor, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';

/** How much of the day's quota is used after a reveal; null where there is none. Kept with the event, for whoever reads the audit. */
export interface RevealUse {
  readonly limit: number | null;
  readonly used: number | null;
}

/** The most reveals a day that the actor's roles allow together; null = no limit. */
export function revealsPerDay(kit: Pick<Kit, 'access'>, actor: Actor): number | null {
  if (actor.kind === 'system') return null;
  const limits = kit.access
    .rolesOf(actor)
    .filter((role) => (role.resources['leads']?.['reveal'] ?? []).some((scope) => scope !== 'none'))
    .map((role) => role.revealPerDay ?? null);
  return limits.some((limit) => limit === null) ? null : Math.max(0, ...limits.map((limit) => limit ?? 0));
}

/**
 * Counts what the member has revealed on this day of his own zone, and refuses what goes beyond. Two requests at once are counted one after the
 * other: the lock is held until the reveals of this one are written. The whole day counts: who came later may have been served first, with a later `now`.
 * @throws AppError REVEAL_QUOTA with limit, used and when it starts anew
 */
export async function takeReveals(kit: Kit, trx: Knex.Transaction, actor: Actor, count: number, now: Date): Promise<RevealUse> {
  const limit = revealsPerDay(kit, actor);
  if (limit === null || actor.memberId === null) return { limit: null, used: null };
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_reveal'), ?)`, [actor.memberId]);
  const day = await one<{ used: number; resets: Date }>(
    trx,
    `SELECT count(e.id)::int AS used, (d.start + interval '1 day') AT TIME ZONE z.name AS resets
     FROM (SELECT ?::text AS name) z CROSS JOIN LATERAL (SELECT date_trunc('day', ?::timestamptz AT TIME ZONE z.name) AS start) d
     LEFT JOIN crm_events e ON e.actor_id = ? AND e.type = 'lead.revealed' AND e.at >= d.start AT TIME ZONE z.name AND e.at < (d.start + interval '1 day') AT TIME ZONE z.name
     GROUP BY d.start, z.name`,
    [actor.timeZone, now, actor.memberId],
  );
  const used = day?.used ?? 0;
  if (used + count > limit)
    throw new AppError('REVEAL_QUOTA', 429, `Your role shows ${limit} contacts a day; ${used} are used.`, {
      limit,
      used,
      resetsAt: day?.resets,
    });
  return { limit, used: used + count };
}
