import { calendarTime, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadRow } from '@leadsea/leads';
import { DateTime } from 'luxon';
import { poolSchema, type Pool } from '../../../contracts';
import { byDay, byPerson, isIn, movesOf, type Forecast, type Horizons, type PreflightGroup } from '../domain/preflight';
import { after, type Calendar } from '../domain/time';
import { poolCalendar } from './calendar';
import { surroundingsOf } from './lead-facts';
import { tableMatcher } from './matcher';
import { planLeads } from './planner';
import type { LivePool, PoolDirectory } from './pools';

/** Held leads that are looked at; of larger pools the newest are a sample, and the answer says so. */
const MOST = 20_000;
const BATCH = 2000;
const DAY_MS = 86_400_000;
const AHEAD_DAYS = 28;
const SHOWN_IDS = 10_000;

interface Foreseen {
  readonly leads: readonly Forecast[];
  readonly ends: Horizons;
  readonly calendar: Calendar;
  readonly held: number;
}

/** The directory as it would be if this body were live: its pool in its place, published at `publishedAt`. */
function withDraft(pools: PoolDirectory, draft: LivePool): PoolDirectory {
  const all = async (): Promise<readonly LivePool[]> => {
    const live = await pools.all();
    return live.some((pool) => pool.policyId === draft.policyId)
      ? live.map((pool) => (pool.policyId === draft.policyId ? draft : pool))
      : [...live, draft];
  };
  return {
    ...pools,
    all,
    byId: async (id) => (await all()).find((pool) => pool.policyId === id) ?? null,
    byKey: async (key) => (await all()).find((pool) => pool.key === key) ?? null,
    homeOf: async (homePoolId, ownerId) => {
      const home = homePoolId === draft.policyId ? draft : await pools.homeOf(homePoolId, ownerId);
      return home?.policyId === draft.policyId ? draft : home;
    },
    homesOf: async (leads) => {
      const homes = await pools.homesOf(leads);
      return homes.map((home, index) => (leads[index]?.home === draft.policyId || home?.policyId === draft.policyId ? draft : home));
    },
  };
}

/**
 * What publishing a draft would do to the leads people hold: read only, by the same planner that later moves them. Of more than `most` held
 * leads the newest are looked at, and the answer says of how many (`sampleOf`).
 */
export function createPreflight(kit: Kit, pools: PoolDirectory, most = MOST) {
  const horizons = (calendar: Calendar, draft: LivePool, now: Date): Horizons => {
    const next = calendarTime.nextOpen(calendar, now) ?? now;
    const ends = after(calendar, now, draft.body.graceAfterPublish) ?? now;
    return {
      tonight: new Date(Math.max(now.getTime() + DAY_MS, next.getTime())),
      graceEnds: ends,
      afterGrace: new Date(ends.getTime() + DAY_MS),
      week: new Date(now.getTime() + 7 * DAY_MS),
    };
  };

  const forecasts = async (draft: LivePool, rows: readonly LeadRow[], now: Date): Promise<Forecast[]> => {
    const context = { db: kit.db, matcher: tableMatcher(kit, kit.db, now), now };
    const full = rows.map((row) => ({ ...row, custom: row.custom ?? {} }));
    const untold = full.map((row) => ({ row, told: null }));
    const bare = await planLeads(kit, withDraft(pools, { ...draft, publishedAt: new Date(0) }), untold, context);
    const graced = await planLeads(
      kit,
      withDraft(pools, draft),
      full.map((row) => ({ row, told: row.recycle_at })),
      context,
    );
    const around = await surroundingsOf(kit.db, full, now);
    return full.flatMap((row, index): Forecast[] => {
      const [plain, planned] = [bare[index], graced[index]];
      if (plain?.pool?.policyId !== draft.policyId || row.owner_id === null) return [];
      const { openOpportunity, meetingAt } = around(row.id);
      const heldBack = plain.plan?.holds.some((hold) => hold.by === 'protection' || hold.by === 'meeting') ?? false;
      return [
        {
          id: row.id,
          owner: row.owner_id,
          bare: plain.plan?.at ?? null,
          planned: planned?.plan?.at ?? null,
          now: row.recycle_at,
          opportunity: openOpportunity,
          meeting: meetingAt !== null || (row.next_action_at !== null && row.next_action_at.getTime() > now.getTime()),
          kept: heldBack || (plain.facts?.openOpportunity ?? false),
        },
      ];
    });
  };

  const planHeld = async (draft: LivePool, now: Date): Promise<Pick<Foreseen, 'leads' | 'held'>> => {
    const closed = await closedStages(kit);
    const others = (await pools.all()).map((pool) => pool.policyId).filter((id) => id !== draft.policyId);
    const where = `owner_id IS NOT NULL AND merged_into IS NULL AND stage <> ALL(?::text[]) AND (home_pool_id IS NULL OR home_pool_id <> ALL(?::int[]))`;
    const total = await one<{ n: number }>(kit.db, `SELECT count(*)::int AS n FROM crm_leads WHERE ${where}`, [closed, others]);
    const leads: Forecast[] = [];
    for (let last = 2_147_483_647, read = 0; read < most; read += BATCH) {
      const rows = await many<LeadRow>(
        kit.db,
        `SELECT * FROM crm_leads WHERE ${where} AND id < ? ORDER BY id DESC LIMIT ${Math.min(BATCH, most)}`,
        [closed, others, last],
      );
      leads.push(...(await forecasts(draft, rows, now)));
      if (rows.length < BATCH) break;
      last = rows[rows.length - 1]!.id;
    }
    return { leads, held: total?.n ?? 0 };
  };

  const foresee = async (body: Pool, policy: { readonly id: number; readonly key: string }, now: Date): Promise<Foreseen> => {
    const draft: LivePool = {
      policyId: policy.id,
      versionId: 0,
      number: 0,
      kind: 'pool',
      key: policy.key,
      name: policy.key,
      body,
      publishedAt: now,
    };
    const calendar = await poolCalendar(kit, draft);
    return { ...(await planHeld(draft, now)), ends: horizons(calendar, draft, now), calendar };
  };

  const namesOf = async (ids: readonly number[]): Promise<ReadonlyMap<number, string>> =>
    new Map(
      (await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [[...ids]])).map(
        (row) => [row.id, row.name],
      ),
    );

  return {
    /** When each lead that would be this pool's goes back under it, and when it really does; of very large pools the newest leads. */
    plan: async (draft: LivePool, now: Date): Promise<readonly Forecast[]> => (await planHeld(draft, now)).leads,
    /** Numbers for the one who is about to publish: how many leads of how many people, when, and which of them hurt. */
    summary: async (body: Pool, policy: { readonly id: number; readonly key: string }, now: Date): Promise<Record<string, unknown>> => {
      const { leads, ends, calendar, held } = await foresee(body, policy, now);
      const people = byPerson(leads, ends);
      const names = await namesOf(people.map((one) => one.member));
      const zone = calendar.tz;
      const until = new Date(now.getTime() + AHEAD_DAYS * DAY_MS);
      const live = leads.map((lead) => ({ ...lead, bare: lead.now, planned: lead.now }));
      return {
        held: leads.length,
        /** Null = all were looked at. */
        sampleOf: held > most ? held : null,
        people: people.filter((one) => one.moves.tonight > 0).length,
        moves: movesOf(leads, ends),
        byPerson: people.map(({ member, moves }) => ({ member, name: names.get(member) ?? null, ...moves })),
        staged: byDay(leads, (at) => DateTime.fromJSDate(at, { zone }).toISODate() ?? '', until),
        graceEnds: ends.graceEnds,
        against: { now: movesOf(live, ends) },
      };
    },
    /** The leads behind one of the numbers, as far as the person may see them. */
    leads: async (
      actor: Actor,
      policyId: number,
      asked: { readonly group: PreflightGroup; readonly member?: number | null },
      now: Date,
    ): Promise<{ ids: readonly number[]; total: number }> => {
      const policy = await one<{ id: number; key: string; draft: unknown }>(
        kit.db,
        `SELECT id, key, draft FROM crm_policies WHERE id = ? AND kind = 'pool'`,
        [policyId],
      );
      if (!policy) throw notFound('Pool');
      const { leads, ends } = await foresee(poolSchema.parse(policy.draft), policy, now);
      const ids = leads
        .filter((lead) => isIn(asked.group, lead, ends) && (!asked.member || lead.owner === asked.member))
        .map((lead) => lead.id);
      const scope = kit.access.scope(actor, 'leads', 'read', 'l');
      const seen = await many<{ id: number }>(
        kit.db,
        `SELECT l.id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND ${scope.sql} ORDER BY l.id LIMIT ${SHOWN_IDS}`,
        [ids, ...scope.bindings],
      );
      return { ids: seen.map((row) => row.id), total: ids.length };
    },
  };
}

export type Preflight = ReturnType<typeof createPreflight>;
