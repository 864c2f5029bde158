import { calendarTime, many } from '@leadsea/crm-core';
import type { DueTimer, Kit, TimerInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { Entry, LeadChange, LeadRow, Leads, Reactor, WorkingSet } from '@leadsea/leads';
import { graceEnds, planRecycle, type RecycleFacts, type RecyclePlan } from '../domain/recycle';
import type { LivePool, PoolDirectory } from './pools';

type Calendar = Parameters<typeof calendarTime.add>[0];
const ALWAYS: Calendar = calendarTime.compileCalendar({ key: 'always', tz: 'UTC', alwaysOpen: true, week: {} });
const CAUSES = ['owner_id', 'last_follow_up_at', 'stage', 'next_action_at', 'protected_until', 'held_since'];

export const recycleKey = (leadId: number): string => `recycle:${leadId}`;
export const warnKey = (leadId: number, index: number): string => `recycle-warn:${leadId}:${index}`;
export const MAX_WARNS = 5;
/** For versions published before pools had a grace of their own. */
const DEFAULT_GRACE = 'P3BD';

const factsOf = (row: Readonly<LeadRow>, now: Date): RecycleFacts => ({
  heldSince: row.held_since ?? now,
  lastFollowUpAt: row.last_follow_up_at,
  stageEnteredAt: row.stage_entered_at,
  nextActionAt: row.next_action_at,
  protectedUntil: row.protected_until,
});

const isHeld = (row: Readonly<LeadRow>, closed: readonly string[]): boolean =>
  row.owner_id !== null && !closed.includes(row.stage) && row.merged_into === null;

export interface Recycler {
  readonly reactor: Reactor;
  onDue(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  onWarn(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  explain(leadId: number): Promise<unknown>;
}

export function createRecycler(kit: Kit, leads: Leads, pools: PoolDirectory): Recycler {
  const calendarOf = async (pool: LivePool): Promise<Calendar> => (await kit.calendar(pool.body.calendar ?? null)) ?? ALWAYS;

  /** The date already told to the owner counts only while he is the same one. */
  const toldTo = ({ row, before }: Entry): Date | null => (before !== null && before.owner_id === row.owner_id ? before.recycle_at : null);

  const plan = async (pool: LivePool, entry: Entry, holds: (key: string) => boolean, now: Date): Promise<RecyclePlan | null> => {
    const rules = pool.body.recycle.rules.filter((rule) => !rule.when || holds(rule.key));
    const calendar = await calendarOf(pool);
    const facts = factsOf(entry.row, now);
    const notBefore = graceEnds(calendar, pool.publishedAt, pool.body.graceAfterPublish ?? DEFAULT_GRACE, {
      since: facts.heldSince,
      told: toldTo(entry),
    });
    return planRecycle({ ...facts, notBefore }, rules, pool.body.recycle.warns.slice(0, MAX_WARNS), calendar);
  };

  const stage = (set: WorkingSet, entry: Entry, recycle: RecyclePlan | null): void => {
    for (let index = 0; index < MAX_WARNS; index += 1) if (entry.before?.recycle_at) set.disarm(warnKey(entry.id, index));
    if (recycle === null) {
      if (entry.before?.recycle_at) set.disarm(recycleKey(entry.id));
      set.set(entry.id, { recycle_at: null });
      return;
    }
    set.set(entry.id, { recycle_at: recycle.at });
    const timer = { subject: 'lead', subjectId: entry.id, payload: { owner: entry.row.owner_id, rule: recycle.rule } };
    set.arm({ ...timer, kind: 'pools.recycle', key: recycleKey(entry.id), dueAt: recycle.at });
    recycle.warns.forEach((dueAt, index) => {
      if (dueAt.getTime() > set.now.getTime()) set.arm({ ...timer, kind: 'pools.recycle-warn', key: warnKey(entry.id, index), dueAt });
    });
  };

  const reactor: Reactor = {
    stage: 'hold',
    name: 'recycle',
    run: async (set) => {
      const touched = set.entries.filter((entry) => entry.asks.has('recycle') || CAUSES.some((column) => entry.changed.has(column)));
      if (touched.length === 0) return;
      const closed = await closedStages(kit);
      const byPool = new Map<LivePool, Entry[]>();
      for (const entry of touched) {
        const pool = isHeld(entry.row, closed) ? await pools.homeOf(entry.row.home_pool_id, entry.row.owner_id) : null;
        if (!pool || pool.body.recycle.rules.length === 0) stage(set, entry, null);
        else byPool.set(pool, [...(byPool.get(pool) ?? []), entry]);
      }
      for (const [pool, entries] of byPool) {
        const conditions = pool.body.recycle.rules.flatMap((rule) => (rule.when ? [{ key: rule.key, condition: rule.when }] : []));
        const hits = await set.matches(conditions, entries);
        for (const entry of entries) stage(set, entry, await plan(pool, entry, (key) => hits.get(entry.id)?.has(key) ?? false, set.now));
      }
    },
  };

  const heldNow = (trx: Knex.Transaction, due: readonly DueTimer[]): Promise<LeadRow[]> =>
    many<LeadRow>(
      trx,
      'SELECT * FROM crm_leads WHERE id = ANY(?::int[]) AND owner_id IS NOT NULL AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE',
      [due.map((timer) => timer.subjectId)],
    );

  return {
    reactor,
    onDue: async (trx, due, now) => {
      const changes: LeadChange[] = [];
      const later: TimerInput[] = [];
      const closed = await closedStages(kit);
      for (const row of await heldNow(trx, due)) {
        if (row.recycle_at === null || row.recycle_at.getTime() > now.getTime() || closed.includes(row.stage)) continue;
        const home = await pools.homeOf(row.home_pool_id, row.owner_id);
        const target = home?.body.recycle.returnTo ? ((await pools.byKey(home.body.recycle.returnTo)) ?? home) : home;
        if (!target) continue;
        const timer = due.find((one) => one.subjectId === row.id);
        const calendar = await calendarOf(home ?? target);
        const opens = calendarTime.isOpen(calendar, now) ? null : calendarTime.nextOpen(calendar, now);
        if (opens !== null) {
          // A timer that fires late, or a calendar that has changed since: nothing is taken back outside working time.
          changes.push({ op: 'patch', id: row.id, columns: { recycle_at: opens } });
          later.push({
            kind: 'pools.recycle',
            key: recycleKey(row.id),
            subject: 'lead',
            subjectId: row.id,
            dueAt: opens,
            payload: timer?.payload ?? {},
          });
          continue;
        }
        const data = { rule: timer?.payload['rule'] ?? null, pool: target.key };
        changes.push({
          op: 'hold',
          id: row.id,
          to: { ownerId: null, poolId: target.policyId },
          event: 'lead.recycled',
          expect: { ownerId: row.owner_id },
          data,
        });
      }
      if (later.length > 0) await kit.timers.arm(trx, later, now);
      if (changes.length > 0)
        await leads.apply({
          trx,
          changes,
          actor: { ...kit.actors.system('Recycle'), kind: 'timer' },
          cause: { type: 'timer', id: 'recycle' },
          now,
        });
    },
    onWarn: async (trx, due, now) => {
      const rows = (await heldNow(trx, due)).filter((row) => row.recycle_at !== null && row.recycle_at.getTime() > now.getTime());
      const changes = rows.map((row): LeadChange => ({
        op: 'patch',
        id: row.id,
        columns: {},
        event: 'lead.recycle_warned',
        data: { recycleAt: row.recycle_at },
      }));
      if (changes.length === 0) return;
      await leads.apply({
        trx,
        changes,
        actor: { ...kit.actors.system('Recycle'), kind: 'timer' },
        cause: { type: 'timer', id: 'recycle-warn' },
        now,
      });
      await kit.notify(
        trx,
        rows.map((row) => ({
          memberId: row.owner_id!,
          type: 'pool.recycle-soon',
          subject: 'lead',
          subjectId: row.id,
          title: {
            zh: `即将回收：${row.name ?? row.company ?? `#${row.id}`}`,
            en: `Goes back to the pool soon: ${row.name ?? row.company ?? `#${row.id}`}`,
          },
          link: `/leads/${row.id}`,
        })),
        now,
      );
    },
    explain: async (leadId) => {
      const row = await kit.db<LeadRow>('crm_leads').where({ id: leadId }).first();
      if (!row || !isHeld(row, await closedStages(kit))) return { recycleAt: null, reason: row?.owner_id ? 'closed' : 'not-held' };
      const pool = await pools.homeOf(row.home_pool_id, row.owner_id);
      if (!pool || row.recycle_at === null) return { recycleAt: null, reason: 'no-rule' };
      const now = kit.clock.now();
      const calendar = await calendarOf(pool);
      const { rows } = await leads.simulate({
        changes: [{ op: 'touch', id: leadId, ask: ['recycle'] }],
        actor: kit.actors.system(),
        cause: { type: 'explain' },
        now,
      });
      const timer = await kit
        .db<{ key: string; state: string; payload: { rule?: string } }>('crm_timers')
        .where({ key: recycleKey(leadId), state: 'armed' })
        .first();
      const ruleKey = timer?.payload.rule;
      const rule = pool.body.recycle.rules.find((candidate) => candidate.key === ruleKey);
      const since = rule ? planRecycle(factsOf(row, now), [rule], [], calendar)?.since : undefined;
      return {
        recycleAt: rows[0]?.recycle_at ?? row.recycle_at,
        pool: { id: pool.policyId, key: pool.key, name: pool.name, version: pool.number },
        rule: rule ? { key: rule.key, label: rule.label, after: rule.after, since: rule.since } : null,
        since,
        days: since ? calendarTime.explain(calendar, since, row.recycle_at) : [],
      };
    },
  };
}
