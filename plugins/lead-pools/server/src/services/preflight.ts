import { calendarTime, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import { DateTime } from 'luxon';
import { poolSchema, type Pool } from '../../../contracts';
import {
  byDay,
  byPerson,
  eachGroup,
  isIn,
  movesOf,
  type Forecast,
  type Horizons,
  type Moves,
  type PreflightGroup,
} from '../domain/preflight';
import { estimateOf } from '../domain/sample';
import { after, type Calendar } from '../domain/time';
import { poolCalendar } from './calendar';
import { PLANNED_COLUMNS, surroundingsOf, type PlannedLead } from './lead-facts';
import { tableMatcher } from './matcher';
import { planLeads } from './planner';
import type { LivePool, PoolDirectory } from './pools';

/** Up to so many held leads every one is looked at. Of more, about `sample` drawn at random stand for all, and the answer says how far off it may be. */
const LIMITS = { most: 100_000, sample: 20_000 };
const BATCH = 2000;
const DAY_MS = 86_400_000;
const AHEAD_DAYS = 28;
const SHOWN_IDS = 10_000;

interface Foreseen {
  readonly leads: readonly Forecast[];
  readonly ends: Horizons;
  readonly calendar: Calendar;
  /** All leads the rules concern. */
  readonly held: number;
}

export interface PreflightSummary {
  /** All leads the rules concern. */
  readonly held: number;
  /** How many were drawn, and how far each number may be off; null = all were looked at, every number is exact. */
  readonly sample: { readonly looked: number; readonly margins: Moves } | null;
  readonly people: number;
  readonly moves: Moves;
  readonly byPerson: readonly ({ readonly member: number; readonly name: string | null } & Moves)[];
  readonly staged: readonly { readonly day: string; readonly leads: number }[];
  readonly graceEnds: Date;
  readonly against: { readonly now: Moves };
}

interface Wanted {
  /** Only what this person holds: always looked at in full. */
  readonly member?: number | null;
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
 * What publishing a draft would do to the leads people hold: read only, by the same planner that later moves them. Every held lead is
 * counted; of more than `most` a sample drawn by the hash of their ids stands for all, the same at every look.
 */
export function createPreflight(kit: Kit, pools: PoolDirectory, { most, sample }: { most: number; sample: number } = LIMITS) {
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

  const forecasts = async (draft: LivePool, rows: readonly PlannedLead[], now: Date): Promise<Forecast[]> => {
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
      const heldBack = plain.plan?.holds.some(({ by }) => by === 'protection' || by === 'request' || by === 'meeting') ?? false;
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

  const planHeld = async (asked: LivePool, { member }: Wanted, now: Date): Promise<Pick<Foreseen, 'leads' | 'held'>> => {
    // Nobody is warned here, and when is dear to compute.
    const draft: LivePool = { ...asked, body: { ...asked.body, recycle: { ...asked.body.recycle, warns: [] } } };
    const closed = await closedStages(kit);
    const others = (await pools.all()).map((pool) => pool.policyId).filter((id) => id !== draft.policyId);
    const where = `${member ? 'owner_id = ?' : 'owner_id IS NOT NULL'} AND merged_into IS NULL AND stage <> ALL(?::text[]) AND (home_pool_id IS NULL OR home_pool_id <> ALL(?::int[]))`;
    const bindings = [...(member ? [member] : []), closed, others];
    const held = (await one<{ n: number }>(kit.db, `SELECT count(*)::int AS n FROM crm_leads WHERE ${where}`, bindings))?.n ?? 0;
    const drawn = held > most ? `AND mod(hashint4(id)::bigint + 2147483648, ${held}) < ${sample}` : '';
    const leads: Forecast[] = [];
    for (let last = 2_147_483_647; ;) {
      const rows = await many<PlannedLead>(
        kit.db,
        `SELECT ${PLANNED_COLUMNS.join(', ')} FROM crm_leads WHERE ${where} ${drawn} AND id < ? ORDER BY id DESC LIMIT ${BATCH}`,
        [...bindings, last],
      );
      leads.push(...(await forecasts(draft, rows, now)));
      if (rows.length < BATCH) break;
      last = rows[rows.length - 1]!.id;
    }
    return { leads, held: drawn ? held : leads.length };
  };

  const foresee = async (
    body: Pool,
    policy: { readonly id: number; readonly key: string },
    wanted: Wanted,
    now: Date,
  ): Promise<Foreseen> => {
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
    return { ...(await planHeld(draft, wanted, now)), ends: horizons(calendar, draft, now), calendar };
  };

  const namesOf = async (ids: readonly number[]): Promise<ReadonlyMap<number, string>> =>
    new Map(
      (await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [[...ids]])).map(
        (row) => [row.id, row.name],
      ),
    );

  return {
    /** When each lead that would be this pool's goes back under it, and when it really does; of very many leads a sample. */
    plan: async (draft: LivePool, now: Date): Promise<readonly Forecast[]> => (await planHeld(draft, {}, now)).leads,
    /** Numbers for the one who is about to publish: how many leads of how many people, when, and which of them hurt. */
    summary: async (body: Pool, policy: { readonly id: number; readonly key: string }, now: Date): Promise<PreflightSummary> => {
      const { leads, ends, calendar, held } = await foresee(body, policy, {}, now);
      const people = byPerson(leads, ends);
      const names = await namesOf(people.map((one) => one.member));
      const zone = calendar.tz;
      const until = new Date(now.getTime() + AHEAD_DAYS * DAY_MS);
      const live = leads.map((lead) => ({ ...lead, bare: lead.now, planned: lead.now }));
      const moves = movesOf(leads, ends);
      const all = (numbers: Moves): Moves => eachGroup((group) => estimateOf(numbers[group], leads.length, held).value);
      return {
        held,
        sample:
          leads.length < held
            ? { looked: leads.length, margins: eachGroup((group) => estimateOf(moves[group], leads.length, held).margin) }
            : null,
        people: people.filter((one) => one.moves.tonight > 0).length,
        moves: all(moves),
        byPerson: people.map((one) => ({ member: one.member, name: names.get(one.member) ?? null, ...all(one.moves) })),
        staged: byDay(leads, (at) => DateTime.fromJSDate(at, { zone }).toISODate() ?? '', until).map(({ day, leads: some }) => ({
          day,
          leads: estimateOf(some, leads.length, held).value,
        })),
        graceEnds: ends.graceEnds,
        against: { now: all(movesOf(live, ends)) },
      };
    },
    /** The leads behind one of the numbers, as far as the person may see them; of a sample those that were looked at. */
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
      const { leads, ends, held } = await foresee(poolSchema.parse(policy.draft), policy, { member: asked.member ?? null }, now);
      const ids = leads
        .filter((lead) => isIn(asked.group, lead, ends) && (!asked.member || lead.owner === asked.member))
        .map((lead) => lead.id);
      const scope = kit.access.scope(actor, 'leads', 'read', 'l');
      const seen = await many<{ id: number }>(
        kit.db,
        `SELECT l.id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND ${scope.sql} ORDER BY l.id LIMIT ${SHOWN_IDS}`,
        [ids, ...scope.bindings],
      );
      return { ids: seen.map((row) => row.id), total: estimateOf(ids.length, leads.length, held).value };
    },
  };
}

export type Preflight = ReturnType<typeof createPreflight>;
