import { many } from '@leadsea/crm-core';
import type { Actor } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { PoolLimit } from '../../../contracts';
import { limitRank, type LimitUse } from '../domain/claim';
import { windowOf } from '../domain/windows';
import type { LivePool } from './pools';

/** The ledger line of claims from a pool: written with the claim, given back only for the reasons of §5.2. */
export const claimGroup = (poolId: number): string => `claim:${poolId}`;

interface GivenBack {
  readonly lead: number;
  readonly member: number | null;
  readonly since: Date | null;
}

/** §5.2: the claim by which this person holds the lead counts no more; claims of others, and his own of an earlier time, stay. */
export async function giveClaimsBack(trx: Knex.Transaction, given: readonly GivenBack[], now: Date): Promise<void> {
  if (given.length === 0) return;
  await trx.raw(
    `UPDATE crm_ledger c SET given_back_at = ? FROM jsonb_to_recordset(?::jsonb) AS g(lead int, member int, since timestamptz)
     WHERE c.lead_id = g.lead AND c.member_id = g.member AND c.at >= g.since AND c.group_key LIKE 'claim:%' AND c.given_back_at IS NULL`,
    [now, JSON.stringify(given)],
  );
}

interface Counts {
  readonly claims: readonly number[];
  readonly held: number;
  readonly untouched: number;
  readonly last_at: Date | null;
}

/** How far a member has used each limit of a pool: claims from the ledger (never from what is held now), holdings counted live, without those in `closed` stages. One statement. */
export async function limitUses(
  db: Knex | Knex.Transaction,
  { pool, actor, closed }: { readonly pool: LivePool; readonly actor: Actor; readonly closed: readonly string[] },
  now: Date,
): Promise<{ uses: readonly LimitUse[]; lastClaimAt: Date | null }> {
  const limits = [...pool.body.limits].sort((a, b) => limitRank(a) - limitRank(b));
  const windows = limits.map((limit) => (limit.kind === 'claims' ? windowOf(limit.per, actor.timeZone, now) : null));
  const group = claimGroup(pool.policyId);
  const starts = windows.flatMap((window) => (window ? [window.start] : []));
  const asksHeld = limits.some((limit) => limit.kind === 'held' || limit.kind === 'untouched');
  const claimSql = starts
    .map(() => `(SELECT count(*)::int FROM crm_ledger WHERE group_key = ? AND member_id = ? AND at >= ? AND given_back_at IS NULL)`)
    .join(', ');
  const [row] = await many<Counts>(
    db,
    `SELECT ARRAY[${claimSql}]::int[] AS claims, ${asksHeld ? 'h.held, h.untouched' : '0 AS held, 0 AS untouched'},
            (SELECT max(at) FROM crm_ledger WHERE group_key = ? AND member_id = ?) AS last_at
     ${
       asksHeld
         ? `FROM (SELECT count(*)::int AS held, count(*) FILTER (WHERE last_follow_up_at IS NULL OR last_follow_up_at < held_since)::int AS untouched
              FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL AND stage <> ALL(?::text[])) h`
         : ''
     }`,
    [
      ...starts.flatMap((start) => [group, actor.memberId, start]),
      group,
      actor.memberId,
      ...(asksHeld ? [actor.memberId, [...closed]] : []),
    ],
  );
  let next = 0;
  const uses = limits.map((limit, index): LimitUse => {
    const window = windows[index];
    if (window) {
      next += 1;
      return { limit, used: row?.claims[next - 1] ?? 0, resetsAt: window.end };
    }
    return {
      limit,
      used: limit.kind === 'held' ? (row?.held ?? 0) : limit.kind === 'untouched' ? (row?.untouched ?? 0) : 0,
      resetsAt: null,
    };
  });
  return { uses, lastClaimAt: row?.last_at ?? null };
}

const LABELS: Readonly<Record<string, { zh: string; en: string }>> = {
  hour: { zh: '每小时领取', en: 'Claims per hour' },
  day: { zh: '今日领取', en: 'Claims today' },
  week: { zh: '本周领取', en: 'Claims this week' },
  month: { zh: '本月领取', en: 'Claims this month' },
  held: { zh: '持有上限', en: 'Leads held' },
  untouched: { zh: '未跟进上限', en: 'Held, not yet followed up' },
};

export const limitLabel = (limit: PoolLimit): { key: string; label: { zh: string; en: string } } | null => {
  if (limit.kind === 'gap') return null;
  const key = limit.kind === 'claims' ? limit.per : limit.kind;
  return { key, label: LABELS[key] ?? { zh: key, en: key } };
};
