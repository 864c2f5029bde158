import { AppError, conflict, forbidden, inTransaction, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { LeadChange, LeadRow, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { COPY_UNDO_DAYS, undoableUntil, type CopyEnd, type CopyState } from '../domain/copies';
import { lockPerson } from './claim';
import { COPY_NOTICE } from './copy-finder';
import { claimGroup } from './limits';
import type { LivePool, PoolDirectory } from './pools';

export interface CopyRow {
  readonly id: number;
  readonly lead_id: number;
  readonly original_id: number;
  readonly pool_id: number;
  /** Who typed it in. */
  readonly member_id: number;
  readonly state: CopyState;
  readonly at: Date;
  readonly how: CopyEnd | null;
  readonly decided_at: Date | null;
  readonly before: Held | null;
  readonly ledger_id: string | number | null;
}
/** How the copy was held before it was taken away. */
interface Held {
  readonly owner: number | null;
  readonly heldSince: string | null;
  readonly protectedUntil: string | null;
}

export interface Decision {
  readonly id: number;
  readonly state: CopyState;
}
interface At {
  readonly now: Date;
  readonly requestId: string;
}

export interface Copies {
  /**
   * It is the lead of the pool: it is merged into that one or goes to the pool, and counts as a claim of whoever typed it in, made when he did.
   * @throws AppError NOT_FOUND, COPY_DECIDED, COPY_GONE
   */
  confirm(actor: Actor, id: number, how: CopyEnd, reason: string, at: At): Promise<Decision>;
  /** Somebody else: nothing changes, and the pair is not raised again. @throws AppError NOT_FOUND, COPY_DECIDED */
  dismiss(actor: Actor, id: number, reason: string, at: At): Promise<Decision>;
  /** Takes a decision back within seven days. @throws AppError NOT_FOUND, COPY_NOT_DECIDED, COPY_UNDO_EXPIRED, COPY_MOVED_SINCE, OWNER_INACTIVE */
  undo(actor: Actor, id: number, at: At): Promise<Decision & { readonly conflicts: readonly string[] }>;
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** What becomes of leads that look like leads of a pool. Every decision is an event, is told to the person, and can be taken back. */
export function createCopies(kit: Kit, leads: Leads, pools: PoolDirectory): Copies {
  /** The person's lock, the leads in id order, then the pair: as claims do. */
  const lockCopy = async (trx: Knex.Transaction, actor: Actor, id: number): Promise<{ copy: CopyRow; pool: LivePool }> => {
    const found = await one<CopyRow>(trx, 'SELECT * FROM crm_pool_copies WHERE id = ?', [id]);
    const pool = found ? await pools.byId(found.pool_id) : null;
    if (!found || !pool || !(await managesPool(kit, pools, actor, pool))) throw notFound('Suspected copy');
    await lockPerson(trx, found.member_id);
    await trx.raw('SELECT id FROM crm_leads WHERE id IN (?, ?) ORDER BY id FOR NO KEY UPDATE', [found.lead_id, found.original_id]);
    const copy = await one<CopyRow>(trx, 'SELECT * FROM crm_pool_copies WHERE id = ? FOR UPDATE', [id]);
    if (!copy) throw notFound('Suspected copy');
    return { copy, pool };
  };
  const assertOpen = ({ state }: CopyRow): void => {
    if (state !== 'suspected') throw conflict('COPY_DECIDED', 'This has been decided already.', { state });
  };
  const rowOf = (trx: Knex.Transaction, id: number): Promise<LeadRow | null> =>
    one<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ?', [id]);

  const tell = async (trx: Knex.Transaction, people: readonly (number | null)[], lead: number, key: keyof typeof TOLD, now: Date) =>
    kit.notify(
      trx,
      [...new Set(people)].flatMap((memberId) =>
        memberId === null
          ? []
          : [{ memberId, type: COPY_NOTICE, subject: 'lead', subjectId: lead, title: TOLD[key], link: `/leads/${lead}` }],
      ),
      now,
    );

  const close = (
    trx: Knex.Transaction,
    id: number,
    end: { state: CopyState; how?: CopyEnd; reason: string; by: number | null; before?: Held; ledger?: number | null },
    now: Date,
  ): Promise<unknown> =>
    trx.raw(
      'UPDATE crm_pool_copies SET state = ?, how = ?, reason = ?, decided_at = ?, decided_by = ?, before = ?::jsonb, ledger_id = ? WHERE id = ?',
      [end.state, end.how ?? null, end.reason, now, end.by, end.before ? JSON.stringify(end.before) : null, end.ledger ?? null, id],
    );

  /** The claim that was saved, unless he claimed one of the two since; at the time he typed it in, so that no window is changed by when it is found out. */
  const countClaim = async (trx: Knex.Transaction, copy: CopyRow): Promise<number | null> => {
    const counted = await one<{ id: string | number }>(
      trx,
      `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at)
       SELECT ?, ?, ?, 1, 'claim', ?::timestamptz WHERE NOT EXISTS (
         SELECT 1 FROM crm_ledger l WHERE l.lead_id IN (?, ?) AND l.member_id = ? AND l.cause = 'claim' AND l.given_back_at IS NULL AND l.at >= ?)
       RETURNING id`,
      [claimGroup(copy.pool_id), copy.member_id, copy.lead_id, copy.at, copy.lead_id, copy.original_id, copy.member_id, copy.at],
    );
    return counted ? Number(counted.id) : null;
  };

  /** Whether whoever typed it in has it, or ever had. */
  const hadIt = async (trx: Knex.Transaction, copy: CopyRow, owner: number | null): Promise<boolean> =>
    owner === copy.member_id ||
    (await one(
      trx,
      `SELECT 1 AS had FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND (after->>'owner' = ? OR before->>'owner' = ?) LIMIT 1`,
      [copy.lead_id, String(copy.member_id), String(copy.member_id)],
    )) !== null;

  const note = (copy: CopyRow, type: string, data: Readonly<Record<string, unknown>>): LeadChange => ({
    op: 'patch',
    id: copy.lead_id,
    columns: {},
    event: type,
    data: { of: copy.original_id, copy: copy.id, ...data },
  });

  const takeAway = async (
    trx: Knex.Transaction,
    { copy, pool, lead }: { copy: CopyRow; pool: LivePool; lead: LeadRow },
    { actor, how, now, requestId }: At & { readonly actor: Actor; readonly how: CopyEnd },
  ): Promise<void> => {
    if (how === 'merge') {
      await leads.merging.merge({ survivor: copy.original_id, losers: [copy.lead_id] }, {}, { actor, now, requestId, trx });
      return;
    }
    if (lead.owner_id === null && lead.pool_id === pool.policyId) return;
    const { outcomes } = await leads.apply({
      trx,
      actor,
      cause: { type: 'copy', id: String(copy.id) },
      now,
      changes: [
        {
          op: 'hold',
          id: copy.lead_id,
          to: { ownerId: null, poolId: pool.policyId },
          event: 'lead.recycled',
          expect: { ownerId: lead.owner_id },
          data: { pool: pool.key, copyOf: copy.original_id, manual: true },
        },
      ],
    });
    const [outcome] = outcomes;
    if (outcome && !outcome.ok) throw new AppError(outcome.code, 409, outcome.message, outcome.details);
  };

  /** The lead is his again, as he held it. */
  const giveBack = async (
    trx: Knex.Transaction,
    copy: CopyRow,
    { actor, now, requestId }: At & { actor: Actor },
  ): Promise<readonly string[]> => {
    const { owner, heldSince, protectedUntil } = copy.before ?? { owner: null, heldSince: null, protectedUntil: null };
    const cause = { type: 'undo', id: `copy:${copy.id}` };
    const active = owner === null ? null : await one<{ active: boolean }>(trx, 'SELECT active FROM crm_members WHERE id = ?', [owner]);
    if (owner !== null && !active?.active)
      throw conflict('OWNER_INACTIVE', 'Whoever held this lead is not active any more. Assign it instead.', { owner });
    let conflicts: readonly string[] = [];
    if (copy.how === 'merge') ({ conflicts } = await leads.merging.unmerge(copy.lead_id, { actor, now, requestId, trx }));
    else if (owner !== null) {
      const to = { ownerId: owner, poolId: null };
      const expect = { ownerId: null };
      const { outcomes } = await leads.apply({
        trx,
        actor,
        cause,
        now,
        changes: [{ op: 'hold', id: copy.lead_id, to, event: 'lead.move_undone', expect, data: { copy: copy.id } }],
      });
      if (outcomes.some((outcome) => !outcome.ok))
        throw conflict('COPY_MOVED_SINCE', 'Somebody has taken this lead since. Assign it instead.', { lead: copy.lead_id });
    }
    const columns = { held_since: dateOf(heldSince), protected_until: dateOf(protectedUntil) };
    if (owner !== null) await leads.apply({ trx, actor, cause, now, changes: [{ op: 'patch', id: copy.lead_id, columns }] });
    if (copy.ledger_id !== null) await trx.raw('UPDATE crm_ledger SET given_back_at = ? WHERE id = ?', [now, copy.ledger_id]);
    return conflicts;
  };

  return {
    confirm: (actor, id, how, reason, at) =>
      inTransaction(kit.db, async (trx) => {
        const { copy, pool } = await lockCopy(trx, actor, id);
        assertOpen(copy);
        const [lead, original] = [await rowOf(trx, copy.lead_id), await rowOf(trx, copy.original_id)];
        if (!lead || !original || lead.merged_into !== null || original.merged_into !== null)
          throw conflict('COPY_GONE', 'One of the two leads is gone or was merged already.', { lead: copy.lead_id, of: copy.original_id });
        const held: Held = {
          owner: lead.owner_id,
          heldSince: lead.held_since?.toISOString() ?? null,
          protectedUntil: lead.protected_until?.toISOString() ?? null,
        };
        const gained = await hadIt(trx, copy, lead.owner_id);
        const ledger = gained ? await countClaim(trx, copy) : null;
        const told = note(copy, 'lead.copy_confirmed', { how, reason, pool: pool.key, counted: ledger !== null, member: copy.member_id });
        await leads.apply({ trx, actor, cause: { type: 'copy', id: String(copy.id) }, now: at.now, changes: [told] });
        await takeAway(trx, { copy, pool, lead }, { actor, how, ...at });
        await close(trx, id, { state: 'confirmed', how, reason, by: actor.memberId, before: held, ledger }, at.now);
        const shown = how === 'merge' ? copy.original_id : copy.lead_id;
        const done = how === 'merge' ? 'merged' : 'taken';
        await tell(trx, [copy.member_id, lead.owner_id], shown, ledger === null ? done : `${done}Counted`, at.now);
        return { id, state: 'confirmed' };
      }),
    dismiss: (actor, id, reason, { now }) =>
      inTransaction(kit.db, async (trx) => {
        const { copy, pool } = await lockCopy(trx, actor, id);
        assertOpen(copy);
        const told = note(copy, 'lead.copy_dismissed', { reason, pool: pool.key });
        await leads.apply({ trx, actor, cause: { type: 'copy', id: String(id) }, now, changes: [told] });
        await close(trx, id, { state: 'dismissed', reason, by: actor.memberId }, now);
        await tell(trx, [copy.member_id], copy.lead_id, 'dismissed', now);
        return { id, state: 'dismissed' };
      }),
    undo: (actor, id, at) =>
      inTransaction(kit.db, async (trx) => {
        const { copy, pool } = await lockCopy(trx, actor, id);
        const until = copy.decided_at === null ? null : undoableUntil(copy.decided_at);
        if (until === null || !['confirmed', 'dismissed'].includes(copy.state))
          throw conflict('COPY_NOT_DECIDED', 'Nothing has been decided that could be taken back.', { state: copy.state });
        if (until.getTime() < at.now.getTime())
          throw conflict('COPY_UNDO_EXPIRED', `A decision can be taken back for ${COPY_UNDO_DAYS} days.`, { days: COPY_UNDO_DAYS, until });
        const conflicts = copy.state === 'confirmed' ? await giveBack(trx, copy, { actor, ...at }) : [];
        const told = note(copy, 'lead.copy_undone', { was: copy.state, pool: pool.key });
        await leads.apply({ trx, actor, cause: { type: 'undo', id: `copy:${id}` }, now: at.now, changes: [told] });
        await trx.raw(
          `UPDATE crm_pool_copies SET state = 'suspected', how = NULL, reason = NULL, decided_at = NULL, decided_by = NULL, before = NULL, ledger_id = NULL WHERE id = ?`,
          [id],
        );
        await tell(trx, [copy.member_id, copy.before?.owner ?? null], copy.lead_id, 'undone', at.now);
        return { id, state: 'suspected', conflicts };
      }),
  };
}

/** Whoever keeps the pools, or this one. */
export const managesPool = async (kit: Kit, pools: PoolDirectory, actor: Actor, pool: LivePool): Promise<boolean> =>
  kit.access.can(actor, 'pools', 'update') || (await pools.rightsOf(pool, actor)).has('manage');

/** The pools a person answers for. @throws AppError FORBIDDEN when there is none */
export async function managedPools(kit: Kit, pools: PoolDirectory, actor: Actor, only?: number | null): Promise<readonly LivePool[]> {
  const managed: LivePool[] = [];
  for (const pool of await pools.all())
    if ((!only || pool.policyId === only) && (await managesPool(kit, pools, actor, pool))) managed.push(pool);
  if (managed.length === 0) throw forbidden('You manage no such pool.');
  return managed;
}

const TOLD = {
  merged: { zh: '你录入的线索被确认为公海中的线索，已合并', en: 'A lead you entered was the one in the pool: it was merged into it' },
  mergedCounted: {
    zh: '你录入的线索被确认为公海中的线索，已合并，并计一次领取',
    en: 'A lead you entered was the one in the pool: it was merged into it, and counts as a claim',
  },
  taken: { zh: '你录入的线索被确认与公海线索重复，已转入公海', en: 'A lead you entered was one of the pool: it was taken back' },
  takenCounted: {
    zh: '你录入的线索被确认与公海线索重复，已转入公海，并计一次领取',
    en: 'A lead you entered was one of the pool: it was taken back, and counts as a claim',
  },
  dismissed: { zh: '你录入的线索不是公海中的线索，保持不变', en: 'A lead you entered is not the one in the pool: nothing changes' },
  undone: { zh: '关于重复录入的决定已撤销', en: 'A decision about a lead you entered was taken back' },
} as const;
