import { AppError, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, LeadRow, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { checkRequest } from '../domain/protection';
import { poolCalendar } from './calendar';
import type { ClaimResult } from './claim';
import { homesOf } from './homes';
import { managersOf } from './managers';
import { tableMatcher } from './matcher';
import type { LivePool, PoolDirectory } from './pools';
import { isHeld } from './recycle';

export const REQUEST_STATES = ['pending', 'approved', 'refused', 'withdrawn', 'lapsed'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export interface ProtectionAsk {
  /** Protection from now on, or an extension of the recycle date. */
  readonly kind: 'protect' | 'extend';
  readonly for: string;
  readonly reason: string;
}

export interface ProtectionAnswer extends ClaimResult {
  readonly state?: 'granted' | 'pending';
  readonly until?: Date;
  readonly request?: number;
}

export interface RequestRow {
  readonly id: number;
  readonly kind: 'protect' | 'extend';
  readonly state: RequestState;
  readonly lead_id: number;
  readonly member_id: number;
  readonly pool_id: number;
  readonly until: Date;
  readonly reason: string;
  readonly held_since: Date;
  readonly created_at: Date;
}

const WHY: Readonly<Record<string, string>> = {
  NOT_HELD: 'Nobody holds this lead, or it is closed.',
  POOL_UNKNOWN: 'This lead belongs to no pool.',
  PROTECTION_NOT_OFFERED: 'Leads of this pool cannot be protected by request.',
  PROTECTION_REQUESTS_USED: 'No more requests can be made for this lead.',
  PROTECTION_TOO_LONG: 'Ask for a shorter time.',
  PROTECTION_MAX: 'This lead is protected as long as its pool allows already.',
  REQUEST_PENDING: 'A request for this lead is waiting to be decided.',
};

/** An open request keeps the lead (§5.6): its date is planned anew when it is made and when it ends. */
const again = (id: number): LeadChange => ({ op: 'touch', id, ask: ['recycle'] });

/** Requests that count for the holding: one may be withdrawn for nothing, or asking and withdrawing would keep a lead for ever. */
const madeOf = (earlier: readonly { readonly state: RequestState }[]): number => {
  const withdrawn = earlier.filter(({ state }) => state === 'withdrawn').length;
  return earlier.length - Math.min(withdrawn, 1);
};

export interface Requests {
  ask(actor: Actor, leadIds: readonly number[], ask: ProtectionAsk, now: Date): Promise<readonly ProtectionAnswer[]>;
  /** @throws AppError NOT_FOUND, REQUEST_DECIDED, FORBIDDEN */
  decide(actor: Actor, id: number, verdict: { readonly approve: boolean; readonly note: string | null }, now: Date): Promise<RequestRow>;
  withdraw(actor: Actor, id: number, now: Date): Promise<void>;
}

/** Protection by request (A4.6): asked for by the holder, decided by whoever manages the pool; everything is an event. */
export function createRequests(kit: Kit, leads: Leads, pools: PoolDirectory): Requests {
  const manages = async (actor: Actor, pool: LivePool): Promise<boolean> =>
    actor.kind !== 'member' || kit.access.can(actor, 'pools', 'create') || (await pools.rightsOf(pool, actor)).has('manage');

  const protect = async (
    trx: Knex.Transaction,
    actor: Actor,
    grant: { readonly leadId: number; readonly until: Date; readonly data: Readonly<Record<string, unknown>> },
    now: Date,
  ): Promise<void> => {
    const row = await one<{ protected_until: Date | null }>(trx, 'SELECT protected_until FROM crm_leads WHERE id = ?', [grant.leadId]);
    const known = row?.protected_until ?? null;
    const until = known !== null && known.getTime() > grant.until.getTime() ? known : grant.until;
    await leads.apply({
      trx,
      changes: [
        { op: 'patch', id: grant.leadId, columns: { protected_until: until }, event: 'lead.protected', data: { ...grant.data, until } },
      ],
      actor,
      cause: { type: 'protection' },
      now,
    });
  };

  const tell = async (
    trx: Knex.Transaction,
    memberIds: readonly number[],
    leadId: number,
    title: { zh: string; en: string },
    now: Date,
  ): Promise<void> =>
    kit.notify(
      trx,
      memberIds.map((memberId) => ({
        memberId,
        type: 'pool.protection',
        subject: 'lead',
        subjectId: leadId,
        title,
        link: `/leads/${leadId}`,
      })),
      now,
    );

  const askOne = async (
    trx: Knex.Transaction,
    actor: Actor,
    row: LeadRow,
    pool: LivePool | null,
    ask: ProtectionAsk,
    now: Date,
  ): Promise<ProtectionAnswer> => {
    const refuse = (code: string, details?: Readonly<Record<string, unknown>>): ProtectionAnswer => ({
      id: row.id,
      ok: false,
      code,
      message: WHY[code] ?? code,
      ...(details ? { details } : {}),
    });
    if (!isHeld(row, await closedStages(kit))) return refuse('NOT_HELD');
    if (!pool) return refuse('POOL_UNKNOWN');
    const heldSince = row.held_since ?? now;
    const earlier = await many<{ state: RequestState }>(trx, `SELECT state FROM crm_pool_requests WHERE lead_id = ? AND held_since = ?`, [
      row.id,
      heldSince,
    ]);
    if (earlier.some(({ state }) => state === 'pending')) return refuse('REQUEST_PENDING');
    const calendar = await poolCalendar(kit, pool);
    const from = ask.kind === 'extend' && row.recycle_at !== null && row.recycle_at.getTime() > now.getTime() ? row.recycle_at : now;
    const lead = { heldSince, protectedUntil: row.protected_until };
    const check = checkRequest(pool.body.protection, { from, for: ask.for, made: madeOf(earlier) }, lead, calendar);
    const boss = await manages(actor, pool);
    if (!check.ok) return refuse(check.code, check.details);
    const granted = boss || check.automatic;
    const made = await one<{ id: number }>(
      trx,
      `INSERT INTO crm_pool_requests (kind, state, lead_id, member_id, pool_id, until, reason, held_since, created_at, decided_at, decided_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      [
        ask.kind,
        granted ? 'approved' : 'pending',
        row.id,
        actor.memberId ?? row.owner_id,
        pool.policyId,
        check.until,
        ask.reason,
        heldSince,
        now,
        granted ? now : null,
        boss ? actor.memberId : null,
      ],
    );
    const name = row.name ?? row.company ?? `#${row.id}`;
    if (granted) {
      const data = { by: boss ? 'manager' : 'request', kind: ask.kind, reason: ask.reason, request: made?.id };
      await protect(trx, actor, { leadId: row.id, until: check.until, data }, now);
    } else {
      const data = { kind: ask.kind, reason: ask.reason, until: check.until, request: made?.id };
      await leads.apply({
        trx,
        changes: [{ op: 'patch', id: row.id, columns: {}, event: 'lead.protection_asked', data }, again(row.id)],
        actor,
        cause: { type: 'protection' },
        now,
      });
      await tell(
        trx,
        await managersOf(trx, pool),
        row.id,
        { zh: `${actor.name} 申请保护：${name}`, en: `${actor.name} asks to keep ${name}` },
        now,
      );
    }
    return { id: row.id, ok: true, state: granted ? 'granted' : 'pending', until: check.until, ...(made ? { request: made.id } : {}) };
  };

  const lockRequest = async (trx: Knex.Transaction, id: number): Promise<RequestRow> => {
    // The lead first, as everywhere: leads before what hangs on them.
    await trx.raw('SELECT id FROM crm_leads WHERE id = (SELECT lead_id FROM crm_pool_requests WHERE id = ?) FOR NO KEY UPDATE', [id]);
    const row = await one<RequestRow>(trx, 'SELECT * FROM crm_pool_requests WHERE id = ? FOR UPDATE', [id]);
    if (!row) throw notFound('Request');
    return row;
  };
  const assertPending = (row: RequestRow): void => {
    if (row.state !== 'pending') throw new AppError('REQUEST_DECIDED', 409, 'This request has been decided already.', { state: row.state });
  };
  const close = (
    trx: Knex.Transaction,
    id: number,
    state: RequestState,
    by: number | null,
    note: string | null,
    now: Date,
  ): Promise<unknown> =>
    trx.raw('UPDATE crm_pool_requests SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?', [state, by, now, note, id]);

  return {
    ask: (actor, leadIds, ask, now) =>
      inTransaction(kit.db, async (trx) => {
        const rows = await many<LeadRow>(
          trx,
          'SELECT * FROM crm_leads WHERE id = ANY(?::int[]) AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE',
          [[...leadIds]],
        );
        const homes = await homesOf(pools, rows, tableMatcher(kit, trx, now));
        const byId = new Map(rows.map((row) => [row.id, row]));
        const answers: ProtectionAnswer[] = [];
        for (const id of leadIds) {
          const row = byId.get(id);
          if (row) answers.push(await askOne(trx, actor, row, homes.get(id) ?? null, ask, now));
          else answers.push({ id, ok: false, code: 'NOT_FOUND', message: 'Lead was not found.' });
        }
        return answers;
      }),
    decide: (actor, id, { approve, note }, now) =>
      inTransaction(kit.db, async (trx) => {
        const request = await lockRequest(trx, id);
        const pool = await pools.byId(request.pool_id);
        if (!pool || !(await manages(actor, pool))) throw notFound('Request');
        assertPending(request);
        const lead = await one<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ?', [request.lead_id]);
        const holds = lead?.held_since?.getTime() === request.held_since.getTime() && lead.owner_id !== null;
        const state: RequestState = !holds ? 'lapsed' : approve ? 'approved' : 'refused';
        await close(trx, id, state, actor.memberId, note, now);
        const data = { by: 'request', kind: request.kind, request: id, note };
        if (state === 'approved') await protect(trx, actor, { leadId: request.lead_id, until: request.until, data }, now);
        else
          await leads.apply({
            trx,
            changes: [
              { op: 'patch', id: request.lead_id, columns: {}, event: 'lead.protection_refused', data: { ...data, state } },
              again(request.lead_id),
            ],
            actor,
            cause: { type: 'protection' },
            now,
          });
        const title =
          state === 'approved'
            ? { zh: '保护申请已通过', en: 'Your request to keep a lead was approved' }
            : { zh: '保护申请未通过', en: 'Your request to keep a lead was not approved' };
        await tell(trx, [request.member_id], request.lead_id, title, now);
        return { ...request, state };
      }),
    withdraw: (actor, id, now) =>
      inTransaction(kit.db, async (trx) => {
        const request = await lockRequest(trx, id);
        if (request.member_id !== actor.memberId) throw notFound('Request');
        assertPending(request);
        await close(trx, id, 'withdrawn', actor.memberId, null, now);
        await leads.apply({ trx, changes: [again(request.lead_id)], actor, cause: { type: 'protection' }, now });
      }),
  };
}
