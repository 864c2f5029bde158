import { z } from 'zod';
import { COPY_ENDS, COPY_STATES } from './domain/copies';
import { id, verb, type PartDeps } from './part-deps';
import { COPY_NOTICE, copyReactor } from './services/copy-finder';
import { createCopies } from './services/copies';
import { copyOfLead, listCopies } from './services/copies-list';

const reason = z.string().trim().min(1).max(500);
const verdict = z.object({ how: z.enum(COPY_ENDS).default('merge'), reason });
const asked = z.object({
  state: z.enum(COPY_STATES).optional(),
  pool: id.optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Leads typed in that look like leads of a pool: finding them, showing them, deciding about them. */
export function copyRoutes({ kit, leads, pools }: PartDeps): void {
  const copies = createCopies(kit, leads, pools);
  leads.reactors.add(copyReactor(pools));
  leads.personal('crm_pool_copies', ['reason']);
  // Merged or erased by somebody else there is nothing left to decide; a lead of the pool that was merged is found under its survivor.
  leads.onMerge(async (trx, { survivorId, loserIds, undone }, now) => {
    if (undone) return;
    await trx.raw(
      `UPDATE crm_pool_copies SET state = 'lapsed', decided_at = ? WHERE state = 'suspected' AND (lead_id = ANY(?::int[]) OR (original_id = ANY(?::int[]) AND lead_id = ?))`,
      [now, [...loserIds], [...loserIds], survivorId],
    );
    await trx.raw(
      `UPDATE crm_pool_copies c SET original_id = ? WHERE state = 'suspected' AND original_id = ANY(?::int[])
         AND NOT EXISTS (SELECT 1 FROM crm_pool_copies o WHERE o.lead_id = c.lead_id AND o.original_id = ?)`,
      [survivorId, [...loserIds], survivorId],
    );
  });
  leads.onErase(async (trx, { leadIds }, now) => {
    await trx.raw(
      `UPDATE crm_pool_copies SET state = 'lapsed', decided_at = ? WHERE state = 'suspected' AND (lead_id = ANY(?::int[]) OR original_id = ANY(?::int[]))`,
      [now, [...leadIds], [...leadIds]],
    );
  });
  kit.notices.addTypes([{ type: COPY_NOTICE, label: { zh: '疑似重复录入公海线索', en: 'A lead that looks like one in a pool' } }]);
  kit.resources.extend('leads', {
    verbs: [
      verb({
        name: 'copies',
        method: 'GET',
        input: z.object({}),
        summary: 'Whether this lead is suspected to be one of a pool, and what was decided.',
        run: (_context, ids) => copyOfLead(kit, ids[0]!),
      }),
    ],
  });
  kit.addRoute('GET', '/pools/copies', async (ctx, { actor }) => {
    ctx.body = await listCopies(kit, pools, actor, asked.parse(ctx.query));
  });
  kit.addRoute('POST', '/pools/copies/:id/confirm', async (ctx, { actor, now, requestId }) => {
    const { how, reason: why } = verdict.parse(ctx.request.body ?? {});
    ctx.body = await copies.confirm(actor, id.parse(ctx.params['id']), how, why, { now, requestId });
  });
  kit.addRoute('POST', '/pools/copies/:id/dismiss', async (ctx, { actor, now, requestId }) => {
    const body = z.object({ reason }).parse(ctx.request.body ?? {});
    ctx.body = await copies.dismiss(actor, id.parse(ctx.params['id']), body.reason, { now, requestId });
  });
  kit.addRoute('POST', '/pools/copies/:id/undo', async (ctx, { actor, now, requestId }) => {
    ctx.body = await copies.undo(actor, id.parse(ctx.params['id']), { now, requestId });
  });
}
