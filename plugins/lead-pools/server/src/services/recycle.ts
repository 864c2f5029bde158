import { many } from '@leadsea/crm-core';
import type { DueTimer, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { ApplyInput, Entry, LeadChange, LeadRow, Leads, Reactor, WorkingSet } from '@leadsea/leads';
import { returnTargets } from './homes';
import { setMatcher, tableMatcher } from './matcher';
import { planLeads, type Planned } from './planner';
import type { LivePool, PoolDirectory } from './pools';
import type { Switches } from './switches';

const CAUSES = ['owner_id', 'last_follow_up_at', 'effective_follow_up_at', 'stage', 'next_action_at', 'protected_until', 'held_since'];

const isCause = (entry: Entry): boolean => entry.asks.has('recycle') || CAUSES.some((column) => entry.changed.has(column));

/** Whether any change of a held lead may move its date: rules for segments, and clocks of fields of the company's own. */
const asksOfTheLead = (pool: LivePool): boolean =>
  pool.body.recycle.rules.some((rule) => rule.when || [rule, ...rule.also].some((clock) => clock.since === 'contract-end'));

export const recycleKey = (leadId: number): string => `recycle:${leadId}`;
export const warnKey = (leadId: number, index: number): string => `recycle-warn:${leadId}:${index}`;
export const MAX_WARNS = 5;

export const isHeld = (row: Readonly<LeadRow>, closed: readonly string[]): boolean =>
  row.owner_id !== null && !closed.includes(row.stage) && row.merged_into === null;

/** The date already told to the owner counts only while he is the same one. */
const toldTo = ({ row, before }: Entry): Date | null => (before !== null && before.owner_id === row.owner_id ? before.recycle_at : null);

export interface Recycler {
  readonly reactor: Reactor;
  /** Leads that are due are planned anew in their own transaction, and those that are still due move. */
  onDue(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  onWarn(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  /** Something outside the leads changed that their dates depend on (an opportunity, a meeting, a leave). */
  onReplan(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
}

export function createRecycler(kit: Kit, leads: Leads, pools: PoolDirectory, switches: Switches): Recycler {
  const stage = (set: WorkingSet, entry: Entry, { plan, pool }: Planned): void => {
    for (let index = 0; index < MAX_WARNS; index += 1) if (entry.before?.recycle_at) set.disarm(warnKey(entry.id, index));
    if (plan === null) {
      if (entry.before?.recycle_at) set.disarm(recycleKey(entry.id));
      set.set(entry.id, { recycle_at: null });
      return;
    }
    set.set(entry.id, { recycle_at: plan.at });
    const payload = { owner: entry.row.owner_id, rule: plan.rule, version: pool?.versionId ?? null };
    const timer = { subject: 'lead', subjectId: entry.id, payload };
    set.arm({ ...timer, kind: 'pools.recycle', key: recycleKey(entry.id), dueAt: plan.at });
    plan.warns.slice(0, MAX_WARNS).forEach((dueAt, index) => {
      if (dueAt.getTime() > set.now.getTime()) set.arm({ ...timer, kind: 'pools.recycle-warn', key: warnKey(entry.id, index), dueAt });
    });
  };

  const reactor: Reactor = {
    stage: 'hold',
    name: 'recycle',
    run: async (set) => {
      const segmented = (await pools.all()).some(asksOfTheLead);
      const touched = set.entries.filter((entry) => isCause(entry) || (segmented && entry.changed.size > 0 && entry.row.owner_id !== null));
      if (touched.length === 0) return;
      const closed = await closedStages(kit);
      const held = touched.filter((entry) => isHeld(entry.row, closed));
      const planned = await planLeads(
        kit,
        pools,
        held.map((entry) => ({ row: entry.row, told: toldTo(entry) })),
        { db: set.trx, matcher: setMatcher(set), now: set.now, switches: await switches.known() },
      );
      const byId = new Map(planned.map((one) => [one.id, one]));
      for (const entry of touched) {
        const plan = byId.get(entry.id) ?? { id: entry.id, pool: null, plan: null, facts: null, calendar: null };
        // An edit that leaves the date where it was leaves the timers alone too.
        const same = (entry.row.recycle_at?.getTime() ?? null) === (plan.plan?.at.getTime() ?? null);
        if (isCause(entry) || !same) stage(set, entry, plan);
      }
    },
  };

  const lockHeld = (trx: Knex.Transaction, due: readonly DueTimer[]): Promise<LeadRow[]> =>
    many<LeadRow>(
      trx,
      'SELECT * FROM crm_leads WHERE id = ANY(?::int[]) AND owner_id IS NOT NULL AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE',
      [due.map((timer) => timer.subjectId)],
    );
  const apply = async (trx: Knex.Transaction, changes: readonly LeadChange[], id: string, now: Date): Promise<void> => {
    const actor: ApplyInput['actor'] = { ...kit.actors.system('Recycle'), kind: 'timer' };
    if (changes.length > 0) await leads.apply({ trx, changes, actor, cause: { type: 'timer', id }, now });
  };
  const replan = (trx: Knex.Transaction, ids: readonly number[], now: Date): Promise<void> =>
    apply(
      trx,
      ids.map((id) => ({ op: 'touch', id, ask: ['recycle'] })),
      'recycle-replan',
      now,
    );

  return {
    reactor,
    onReplan: async (trx, due, now) => {
      const rows = await lockHeld(trx, due);
      await replan(
        trx,
        rows.map(({ id }) => id),
        now,
      );
    },
    onDue: async (trx, due, now) => {
      const closed = await closedStages(kit);
      const isDue = (row: LeadRow): boolean => row.recycle_at !== null && row.recycle_at.getTime() <= now.getTime() && isHeld(row, closed);
      const early = (await lockHeld(trx, due)).filter(isDue).map(({ id }) => id);
      await replan(trx, early, now);
      const rows = (await lockHeld(trx, due)).filter(isDue);
      if (rows.length === 0) return;
      const targets = await returnTargets(pools, rows, { way: 'recycled', reason: null }, tableMatcher(kit, trx, now));
      const armed = await many<{ subject_id: number; payload: { rule?: string } }>(
        trx,
        `SELECT subject_id, payload FROM crm_timers WHERE key = ANY(?::text[]) AND state = 'armed'`,
        [rows.map(({ id }) => recycleKey(id))],
      );
      const ruleOf = new Map(armed.map((timer) => [timer.subject_id, timer.payload.rule ?? null]));
      const [live, paused] = [await pools.all(), await switches.pausedIn(trx)];
      const changes = rows.flatMap((row): LeadChange[] => {
        const target = targets.get(row.id);
        if (!target || paused.has(target.home.policyId)) return [];
        const rule = target.home.body.recycle.rules.find(({ key }) => key === ruleOf.get(row.id));
        const to: LivePool = live.find(({ key }) => key === rule?.returnTo) ?? target.to;
        const data = { rule: ruleOf.get(row.id) ?? null, since: rule?.since ?? null, pool: to.key, version: target.home.versionId };
        const holding = { ownerId: null, poolId: to.policyId };
        return [{ op: 'hold', id: row.id, to: holding, event: 'lead.recycled', expect: { ownerId: row.owner_id }, data }];
      });
      await apply(trx, changes, 'recycle', now);
    },
    onWarn: async (trx, due, now) => {
      const rows = (await lockHeld(trx, due)).filter((row) => row.recycle_at !== null && row.recycle_at.getTime() > now.getTime());
      const changes = rows.map((row): LeadChange => ({
        op: 'patch',
        id: row.id,
        columns: {},
        event: 'lead.recycle_warned',
        data: { recycleAt: row.recycle_at },
      }));
      if (changes.length === 0) return;
      await apply(trx, changes, 'recycle-warn', now);
      await kit.notify(trx, rows.map(warning), now);
    },
  };
}

const warning = (row: LeadRow): Parameters<Kit['notify']>[1][number] => ({
  memberId: row.owner_id!,
  type: 'pool.recycle-soon',
  subject: 'lead',
  subjectId: row.id,
  title: {
    zh: `即将回收：${row.name ?? row.company ?? `#${row.id}`}`,
    en: `Goes back to the pool soon: ${row.name ?? row.company ?? `#${row.id}`}`,
  },
  link: `/leads/${row.id}`,
});
