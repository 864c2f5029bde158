import { z } from 'zod';
import { getPool, id, instant, type PartDeps } from './part-deps';
import { createDrops, type Drops } from './services/drops';

/** Rounds of drops: list, open, register, draw, verify. */
export function dropRoutes(deps: PartDeps): Drops {
  const { kit, pools } = deps;
  const drops = createDrops(deps);
  const idOf = (value: string | undefined): number => id.parse(value);
  kit.addRoute('GET', '/pools/:id/drops', async (ctx, { actor, now }) => {
    ctx.body = await drops.list(actor, await getPool(pools, idOf(ctx.params['id'])), now);
  });
  kit.addRoute('POST', '/pools/:id/drops', async (ctx, { actor, now }) => {
    const { closesAt } = z.object({ closesAt: instant.nullish() }).parse(ctx.request.body ?? {});
    ctx.body = await drops.open(actor, await getPool(pools, idOf(ctx.params['id'])), closesAt ?? null, now);
  });
  kit.addRoute('GET', '/pool-drops/:id', async (ctx, { actor }) => {
    ctx.body = await drops.get(actor, idOf(ctx.params['id']));
  });
  kit.addRoute('GET', '/pool-drops/:id/verify', async (ctx, { actor }) => {
    ctx.body = await drops.verify(actor, idOf(ctx.params['id']));
  });
  kit.addRoute('POST', '/pool-drops/:id/register', async (ctx, { actor, now }) => {
    const { leads } = z.object({ leads: z.array(id).max(500).default([]) }).parse(ctx.request.body ?? {});
    ctx.body = await drops.register(actor, idOf(ctx.params['id']), leads, now);
  });
  kit.addRoute('POST', '/pool-drops/:id/withdraw', async (ctx, { actor, now }) => {
    ctx.body = await drops.withdraw(actor, idOf(ctx.params['id']), now);
  });
  for (const how of ['draw', 'cancel'] as const) {
    kit.addRoute('POST', `/pool-drops/:id/${how}`, async (ctx, { actor, now }) => {
      ctx.body = await drops.close(actor, idOf(ctx.params['id']), how, now);
    });
  }
  kit.timers.handle('pools.drop-open', drops.onOpen);
  kit.timers.handle('pools.drop-close', drops.onClose);
  return drops;
}
