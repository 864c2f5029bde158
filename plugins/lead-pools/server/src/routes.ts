import { badRequest, many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { z } from 'zod';
import { REQUEST_STATES, type Requests } from './services/requests';
import type { PoolDirectory } from './services/pools';

const verdict = z.object({ approve: z.boolean(), note: z.string().max(2000).nullish() });

const idOf = (text: string | undefined): number => {
  const id = Number(text);
  if (!Number.isSafeInteger(id)) throw badRequest('VALUE_INVALID', 'The id of the request is not a number.', { field: 'id' });
  return id;
};

/** Requests to protect: own ones, and those of the pools a person manages. */
export function addRequestRoutes(kit: Kit, pools: PoolDirectory, requests: Requests): void {
  kit.addRoute('GET', '/pools/requests', async (ctx, { actor }) => {
    const wanted = ctx.query['state'];
    const states = REQUEST_STATES.filter((state) => wanted === undefined || state === wanted);
    const all = kit.access.can(actor, 'pools', 'create');
    const managed: number[] = [];
    for (const pool of await pools.all()) if (all || (await pools.rightsOf(pool, actor)).has('manage')) managed.push(pool.policyId);
    ctx.body = await many(
      kit.db,
      `SELECT r.id, r.kind, r.state, r.lead_id AS lead, l.name AS "leadName", l.company AS "leadCompany", l.recycle_at AS "recycleAt",
              r.member_id AS member, m.name AS "memberName", r.pool_id AS pool, r.until, r.reason, r.created_at AS "createdAt",
              r.decided_at AS "decidedAt", r.decided_by AS "decidedBy", r.note, (r.pool_id = ANY(?::int[]) AND r.state = 'pending') AS "canDecide"
       FROM crm_pool_requests r JOIN crm_leads l ON l.id = r.lead_id LEFT JOIN crm_members m ON m.id = r.member_id
       WHERE r.state = ANY(?::text[]) AND (r.member_id = ? OR r.pool_id = ANY(?::int[])) ORDER BY r.state = 'pending' DESC, r.id DESC LIMIT 200`,
      [managed, states, actor.memberId, managed],
    );
  });
  kit.addRoute('POST', '/pools/requests/:id/decide', async (ctx, { actor, now }) => {
    const { approve, note } = verdict.parse(ctx.request.body ?? {});
    const { id, state } = await requests.decide(actor, idOf(ctx.params['id']), { approve, note: note ?? null }, now);
    ctx.body = { id, state };
  });
  kit.addRoute('POST', '/pools/requests/:id/withdraw', async (ctx, { actor, now }) => {
    const id = idOf(ctx.params['id']);
    await requests.withdraw(actor, id, now);
    ctx.body = { id, state: 'withdrawn' };
  });
}
