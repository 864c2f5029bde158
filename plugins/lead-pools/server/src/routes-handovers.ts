import { z } from 'zod';
import { handoverSchema } from '../../contracts';
import { id, type PartDeps } from './part-deps';
import { createHandovers } from './services/handovers';

/** Hand-over for leave and leavers. */
export function handoverRoutes(deps: PartDeps): void {
  const { kit } = deps;
  const handovers = createHandovers(deps);
  const idOf = (value: string | undefined): number => id.parse(value);
  kit.addRoute('POST', '/handovers/preview', async (ctx, { actor, now }) => {
    ctx.body = await handovers.preview(actor, handoverSchema.parse(ctx.request.body ?? {}), now);
  });
  kit.addRoute('POST', '/handovers', async (ctx, { actor, now }) => {
    ctx.body = await handovers.create(actor, handoverSchema.parse(ctx.request.body ?? {}), now);
  });
  kit.addRoute('GET', '/handovers', async (ctx, { actor }) => {
    ctx.body = { handovers: await handovers.list(actor) };
  });
  kit.addRoute('GET', '/handovers/:id', async (ctx, { actor }) => {
    ctx.body = await handovers.get(actor, idOf(ctx.params['id']));
  });
  kit.addRoute('POST', '/handovers/:id/return', async (ctx, { actor, now }) => {
    const { leads } = z.object({ leads: z.array(id).min(1).max(10_000).nullish() }).parse(ctx.request.body ?? {});
    ctx.body = await handovers.giveBack(actor, idOf(ctx.params['id']), leads ?? null, now);
  });
  kit.addRoute('POST', '/handovers/:id/keep', async (ctx, { actor, now }) => {
    const { leads } = z.object({ leads: z.array(id).min(1).max(10_000).nullish() }).parse(ctx.request.body ?? {});
    ctx.body = await handovers.keep(actor, idOf(ctx.params['id']), leads ?? null, now);
  });
  kit.addRoute('POST', '/handovers/:id/cancel', async (ctx, { actor, now }) => {
    ctx.body = await handovers.cancel(actor, idOf(ctx.params['id']), now);
  });
  kit.people.onLeave({
    key: 'handover',
    run: ({ actor, now }, member, plan) =>
      handovers.create(actor, handoverSchema.parse({ ...plan, member, kind: 'leaver', from: null }), now),
  });
  kit.timers.handle('pools.handover-start', handovers.onStart);
  kit.timers.handle('pools.handover-return', handovers.onReturn);
}
