import { badRequest } from '@leadsea/crm-core';
import type { Kit, ResourceVerb } from '@leadsea/crm-core';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { guardVerbs } from './guard-verbs';
import { getPool, id, instant, verb, type PartDeps } from './part-deps';
import { poolMigrations } from './migrations/pools';
import { FAIR_PLAY_PATTERNS } from '../../contracts';
import { createExhausted } from './services/exhausted-list';
import type { Drops } from './services/drops';
import { copyRoutes } from './routes-copies';
import { dropRoutes } from './routes-drops';
import { handoverRoutes } from './routes-handovers';
import { createLookup } from './services/lookup';
import { leadMemory } from './services/memory';
import { fairPlay } from './services/fair-play';
import { createReports } from './services/reports';
import { REPORT_KEYS, REPORT_METRICS } from './services/report-sql';
import { createMoves, type Moves } from './services/moves';
import { createPullQueue, type PullQueue } from './services/pull';

function pullVerbs({ pools }: PartDeps, queue: PullQueue): readonly ResourceVerb[] {
  return [
    verb({
      name: 'pull',
      method: 'GET',
      input: z.object({}),
      summary: 'The pull queue as this person stands in it: his open offer, skips left, leads waiting.',
      run: async ({ actor, now }, ids) => queue.state(actor, await getPool(pools, ids[0]), now),
    }),
    verb({
      name: 'next',
      input: z.object({}),
      summary: 'Hand out the next best lead of a pull queue.',
      run: async ({ actor, now }, ids) => queue.next(actor, await getPool(pools, ids[0]), now),
    }),
    verb({
      name: 'skip',
      input: z.object({ reason: z.string().min(1).max(60), note: z.string().max(2000).nullish() }),
      summary: 'Pass the lead that was handed out back to the queue, with a reason.',
      run: async ({ actor, now }, ids, input) => queue.skip(actor, await getPool(pools, ids[0]), input, now),
    }),
  ];
}

const lookupInput = z.object({
  phone: z.string().trim().max(60).nullish(),
  email: z.string().trim().max(320).nullish(),
  company: z.string().trim().max(300).nullish(),
});

function lookupVerb({ kit, pools, country }: PartDeps): ResourceVerb {
  const lookup = createLookup(kit, pools, country);
  const definition: ResourceVerb<z.infer<typeof lookupInput>> = {
    name: 'lookup',
    target: 'collection',
    input: lookupInput,
    summary: 'Whether a person or company is here already: free, in a pool, protected, owned, customer. Counted and limited.',
    access: 'read',
    run: ({ actor, now }, _ids, input) => lookup(actor, input, now),
  };
  return definition;
}

function moveRoutes(kit: Kit, moves: Moves): void {
  const filter = z.object({ pool: id.optional(), member: id.optional() });
  kit.addRoute('GET', '/pools/moves', async (ctx, { actor, now }) => {
    kit.access.assert(actor, 'leads', 'read');
    ctx.body = { moves: await moves.list(actor, filter.parse(ctx.query), now) };
  });
  kit.addRoute('GET', '/pools/moves/:key', async (ctx, { actor, now }) => {
    kit.access.assert(actor, 'leads', 'read');
    ctx.body = await moves.preview(actor, ctx.params['key'] ?? '', now);
  });
  kit.addRoute('POST', '/pools/moves/:key/undo', async (ctx, { actor, now }) => {
    kit.access.assert(actor, 'leads', 'read');
    const options = z.object({ includeWorked: z.boolean().default(false) }).parse(ctx.request.body ?? {});
    ctx.body = await moves.undo(actor, ctx.params['key'] ?? '', options, now);
  });
}

function memoryVerb({ kit }: PartDeps): ResourceVerb {
  return verb({
    name: 'memory',
    method: 'GET',
    input: z.object({}),
    summary: 'What was tried with this lead before, by whom, and when to call.',
    run: ({ actor }, ids) => leadMemory(kit, ids[0]!, actor),
  });
}

function exhaustedRoutes({ kit, leads, pools }: PartDeps): void {
  const exhausted = createExhausted(kit, leads, pools);
  const asked = z.object({
    pool: id.optional(),
    q: z.string().trim().max(200).optional(),
    offset: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  });
  const revival = z.object({
    ids: z.array(id).min(1).max(10_000),
    reason: z.string().trim().min(1).max(500),
    pool: id.nullish(),
  });
  kit.addRoute('GET', '/pools/exhausted', async (ctx, { actor }) => {
    ctx.body = await exhausted.list(actor, asked.parse(ctx.query));
  });
  kit.addRoute('GET', '/pools/exhausted/:id', async (ctx, { actor }) => {
    ctx.body = await exhausted.story(actor, id.parse(ctx.params['id']));
  });
  kit.addRoute('POST', '/pools/exhausted/revive', async (ctx, { actor, now, requestId }) => {
    const { ids, ...how } = revival.parse(ctx.request.body ?? {});
    ctx.body = { results: await exhausted.revive(actor, ids, how, { now, requestId }) };
  });
}

const DAY_MS = 86_400_000;

/** A window of events; the last thirty days when nothing is said, a year at most. */
function windowOf(
  query: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  now: Date,
): { readonly from: Date; readonly to: Date } {
  const to = query.to ?? new Date(now.getTime() + 1);
  const from = query.from ?? new Date(to.getTime() - 30 * DAY_MS);
  if (from.getTime() >= to.getTime() || to.getTime() - from.getTime() > 366 * DAY_MS)
    throw badRequest('WINDOW_INVALID', 'Choose a window of at most a year, its end after its beginning.', { field: 'from' });
  return { from, to };
}

function reportRoutes({ kit, pools }: PartDeps): void {
  const reports = createReports(kit, pools);
  const query = z.object({
    from: instant.optional(),
    to: instant.optional(),
    by: z.enum(REPORT_KEYS).default('pool'),
    pool: id.optional(),
    rep: id.optional(),
    source: z.string().max(200).optional(),
    zone: z
      .string()
      .max(60)
      .refine((zone) => IANAZone.isValidZone(zone), 'must be a time zone')
      .optional(),
  });
  kit.addRoute('GET', '/pools/report', async (ctx, { actor, now }) => {
    const asked = query.parse(ctx.query);
    ctx.body = await reports.report(actor, { ...asked, ...windowOf(asked, now) }, now);
  });
  kit.addRoute('GET', '/pools/report/leads', async (ctx, { actor, now }) => {
    const asked = query.extend({ metric: z.enum(REPORT_METRICS), key: z.string().max(200).optional() }).parse(ctx.query);
    ctx.body = await reports.leads(actor, { ...asked, ...windowOf(asked, now) });
  });
  kit.addRoute('GET', '/pools/fair-play', async (ctx, { actor, now }) => {
    const asked = z
      .object({
        from: instant.optional(),
        to: instant.optional(),
        pool: id.optional(),
        member: id.optional(),
        pattern: z.enum(FAIR_PLAY_PATTERNS).optional(),
      })
      .parse(ctx.query);
    ctx.body = await fairPlay(kit, pools, actor, { ...asked, ...windowOf(asked, now) });
  });
}

/** Registers the parts of the pools that stand beside claiming and recycling. */
export function registerParts(deps: PartDeps): { readonly drops: Drops } {
  const { kit, leads, pools } = deps;
  kit.migrations.add('lead-pools', poolMigrations);
  const queue = createPullQueue(deps);
  leads.reactors.add(queue.reactor);
  leads.onMerge((trx, { loserIds, undone }, now) => (undone ? Promise.resolve() : queue.onMerge(trx, loserIds, now)));
  leads.onErase((trx, { leadIds }, now) => queue.onMerge(trx, leadIds, now));
  leads.personal('crm_pool_offers', ['note']);
  leads.personal('crm_pool_requests', ['reason', 'note']);
  kit.timers.handle('pools.pull-expire', queue.onExpire);
  kit.resources.extend('leads', { verbs: [lookupVerb(deps), memoryVerb(deps)] });
  handoverRoutes(deps);
  exhaustedRoutes(deps);
  copyRoutes(deps);
  const drops = dropRoutes(deps);
  reportRoutes(deps);
  moveRoutes(kit, createMoves(kit, leads, pools));
  kit.onReady('lead-pools', async () => {
    kit.resources.extend('pools', { verbs: [...pullVerbs(deps, queue), ...guardVerbs(deps)] });
    await Promise.resolve();
  });
  return { drops };
}
