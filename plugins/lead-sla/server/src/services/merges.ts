import { many, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { isOpen, type Clock } from '../domain/clock';
import { earlierStarts } from '../domain/merge';
import { carryOut, type Asked, type By } from './change-clocks';
import { clockCalendar } from './calendars';
import { lockClocks, lockLatest } from './clock-store';
import { loadShelf } from './shelf';

export interface Merge {
  readonly survivorId: number;
  readonly loserIds: readonly number[];
}

const causedBy = (kit: Kit, survivorId: number): By => ({
  actor: kit.actors.system('SLA'),
  cause: { type: 'merge', id: String(survivorId) },
});

/** R-33: the losers' clocks end, the survivor counts from the earlier start; what was there is kept for the un-merge. */
export async function mergeLeads(
  kit: Kit,
  trx: Knex.Transaction,
  { survivorId, loserIds }: Merge,
  now: Date,
  policy: 'earliest' | 'survivor' = 'earliest',
): Promise<void> {
  const clocks = await lockLatest(trx, [survivorId, ...loserIds]);
  const shelf = await loadShelf(kit, clocks);
  const survivors = clocks.filter((clock) => clock.leadId === survivorId);
  const losers = clocks.filter((clock) => clock.leadId !== survivorId);
  const ended = losers.filter(isOpen).map((clock): Asked => ({ clock, happening: { kind: 'merged' } }));
  const earlier = policy === 'survivor' ? [] : earlierStarts(survivors, losers, (clock) => shelf.calendar(clockCalendar(clock)));
  const moved = earlier.map(({ clock, startedAt, seconds }): Asked => ({ clock, happening: { kind: 'earlier', startedAt, seconds } }));
  await carryOut(kit, trx, [...ended, ...moved], shelf, causedBy(kit, survivorId), now);
  const kept = [
    ...ended.map(({ clock }) => ({ clock, kind: 'ended', loser: clock.leadId, extra: {} })),
    ...earlier.map(({ clock, seconds }) => ({
      clock,
      kind: 'earlier',
      loser: loserIds[0] ?? survivorId,
      extra: { extraSeconds: seconds },
    })),
  ];
  if (kept.length === 0) return;
  await trx('crm_sla_merges').insert(
    kept.map(({ clock, kind, loser, extra }) => ({
      survivor_id: survivorId,
      loser_id: loser,
      clock_id: clock.id,
      kind,
      kept: JSON.stringify({ ...clock, ...extra }),
      at: now,
    })),
  );
}

interface KeptRow {
  readonly clock_id: number;
  readonly kind: 'ended' | 'earlier';
  readonly kept: Record<string, unknown>;
}

const INSTANTS = ['startedAt', 'segmentSince', 'lastSince', 'dueAt', 'breachedAt', 'stoppedAt', 'pauseLimitAt', 'waivedAt'] as const;

/** A clock as JSON kept it, with its instants as dates. */
function revive(kept: Record<string, unknown>): Clock {
  const { extraSeconds, ...stored } = kept;
  const instants = INSTANTS.map((name) => [name, typeof stored[name] === 'string' ? new Date(stored[name]) : null]);
  const warns = (stored['warns'] as { at: string | null }[]).map((warn) => ({ ...warn, at: warn.at === null ? null : new Date(warn.at) }));
  void extraSeconds;
  return { ...stored, ...Object.fromEntries(instants), warns } as Clock;
}

/** un-merged, the loser's clocks go on and the survivor's starts are its own again. */
export async function unmergeLeads(kit: Kit, trx: Knex.Transaction, { survivorId, loserIds }: Merge, now: Date): Promise<void> {
  const rows = await many<KeptRow>(
    trx,
    `UPDATE crm_sla_merges SET undone_at = ? WHERE survivor_id = ? AND loser_id = ANY(?::int[]) AND undone_at IS NULL
     RETURNING clock_id, kind, kept`,
    [now, survivorId, [...loserIds]],
  );
  if (rows.length === 0) return;
  const clocks = new Map(
    (
      await lockClocks(
        trx,
        rows.map((row) => row.clock_id),
      )
    ).map((clock) => [clock.id, clock]),
  );
  const shelf = await loadShelf(kit, [...clocks.values()]);
  const asked = rows.flatMap(({ clock_id: id, kind, kept }): Asked[] => {
    const clock = clocks.get(id);
    if (!clock) return [];
    const before = revive(kept);
    if (kind === 'ended') return clock.endReason === 'merged' ? [{ clock, happening: { kind: 'restored', clock: before } }] : [];
    return isOpen(clock)
      ? [{ clock, happening: { kind: 'earlier', startedAt: before.startedAt, seconds: -Number(kept['extraSeconds'] ?? 0) } }]
      : [];
  });
  await carryOut(kit, trx, asked, shelf, causedBy(kit, survivorId), now);
}
