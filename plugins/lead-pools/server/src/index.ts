import { getKit, many, one } from '@leadsea/crm-core';
import type { Host, Kit, RunningJob } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import type { Leads } from '@leadsea/leads';
import { poolSchema, RELEASE_REASONS, type Pool } from '../../contracts';
import { registerPoolFacts } from './facts';
import { poolsMigrations } from './migrations';
import { registerParts } from './parts';
import { clockCounter } from './services/clock-count';
import { poolBoard } from './services/board';
import { lintPool, previewPool } from './services/lint';
import { createClaims } from './services/claim';
import { createPoolDirectory, type PoolDirectory } from './services/pools';
import { exhaustedReactor } from './services/exhausted';
import { sameHoldingReactor } from './services/fair-play';
import { explainRecycle } from './services/explain';
import { createPreflight } from './services/preflight';
import { createRecycler } from './services/recycle';
import { poolShadow } from './services/silent';
import { createSwitches } from './services/switches';
import { createRetiring } from './services/retire';
import { createRequests } from './services/requests';
import { recycleWork } from './services/work';
import { entryReactor } from './reactors/entry';
import { followUpReactor } from './reactors/follow-up';
import { protectionReactor } from './reactors/protection';
import { tasksFateReactor } from './reactors/tasks';
import { addRequestRoutes } from './routes';
import { leadVerbs, poolVerbs } from './verbs';

/**
 * Plans the leads a pool governs anew: its own, and those without a live home, which a pool may govern for want of another. Goes on after
 * the last lead of an interrupted run; planning a lead twice gives the same plan.
 */
async function replan(kit: Kit, leads: Leads, pools: PoolDirectory, job: RunningJob): Promise<void> {
  const poolId = Number(job.payload['pool']);
  const others = (await pools.all()).map((pool) => pool.policyId).filter((id) => id !== poolId);
  const kept = await one<{ progress_done: string | number | null }>(kit.db, 'SELECT progress_done FROM crm_jobs WHERE id = ?', [job.id]);
  for (let after = Number(kept?.progress_done ?? 0); !job.shouldStop();) {
    const rows = await many<{ id: number }>(
      kit.db,
      `SELECT id FROM crm_leads WHERE owner_id IS NOT NULL AND merged_into IS NULL AND (home_pool_id IS NULL OR home_pool_id <> ALL(?::int[])) AND id > ? ORDER BY id LIMIT 1000`,
      [others, after],
    );
    if (rows.length === 0) return;
    after = rows[rows.length - 1]!.id;
    await leads.apply({
      changes: rows.map(({ id }) => ({ op: 'touch', id, ask: ['recycle', 'follow-up'] })),
      actor: kit.actors.system('Pools'),
      cause: { type: 'publish', id: String(poolId) },
      now: kit.clock.now(),
    });
    await job.progress(after, null);
  }
}

function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  const pools = createPoolDirectory(kit);
  const claims = createClaims(kit, leads, pools);
  const switches = createSwitches(kit);
  const preflight = createPreflight(kit, pools);
  const recycler = createRecycler(kit, leads, pools, switches);

  const retiring = createRetiring(kit, leads, pools);

  const { drops } = registerParts({
    kit,
    leads,
    pools,
    claims,
    switches,
    preflight,
    country: strapi.config.get<string | null>('plugin::leads.country', null),
    countClocks: clockCounter(strapi),
  });

  kit.policies.define<Pool>({
    kind: 'pool',
    resource: 'pools',
    label: { zh: '公海', en: 'Pool' },
    schema: poolSchema,
    lint: (body, { key }) => lintPool(kit, pools, body, key),
    preview: async (body, policy, actor) => ({
      ...(await previewPool(kit, body, policy.id)),
      ...(kit.access.can(actor, 'pools', 'update') ? { preflight: await preflight.summary(body, policy, kit.clock.now()) } : {}),
    }),
    shadow: poolShadow(kit, preflight),
    onRetire: (trx, policy) => retiring.onRetire(trx, policy),
    onPublish: async (trx, version, _actor, now) => {
      await drops.schedule(trx, version, now);
      await kit.jobs.enqueue(trx, [
        { kind: 'pools.replan', payload: { pool: version.policyId }, key: `pool:${version.policyId}:${version.versionId}` },
      ]);
    },
  });
  for (const reactor of [
    entryReactor(pools),
    exhaustedReactor(pools),
    sameHoldingReactor(pools),
    followUpReactor(kit, pools),
    protectionReactor(kit, pools),
    tasksFateReactor(pools),
    recycler.reactor,
  ])
    leads.reactors.add(reactor);
  kit.actors.addPoolSource((member) => pools.accessOf(member));
  kit.migrations.add('lead-pools', poolsMigrations);
  kit.notices.addTypes([{ type: 'pool.recycle-soon', label: { zh: '线索即将回收', en: 'A lead goes back to the pool soon' } }]);
  kit.timers.handle('pools.recycle', recycler.onDue);
  kit.timers.handle('pools.recycle-warn', recycler.onWarn);
  kit.jobs.handle('pools.empty', (job) => retiring.run(job));
  registerPoolFacts(kit);
  kit.jobs.handle('pools.replan', (job) => replan(kit, leads, pools, job));
  kit.timers.handle('pools.replan-lead', recycler.onReplan);
  leads.explain('recycle', (leadId, { now }) => explainRecycle(kit, pools, leadId, now, switches));
  leads.addWork((actor, now) => recycleWork(kit, actor, now));
  const requests = createRequests(kit, leads, pools);
  const deps = { kit, leads, pools, claims, requests };
  addRequestRoutes(kit, pools, requests);
  kit.resources.extend('leads', { verbs: leadVerbs(deps) });
  kit.addRoute('GET', '/pools/board', async (ctx, { actor, now }) => {
    const [cards, known] = await Promise.all([poolBoard(kit, pools, actor, now), switches.known()]);
    ctx.body = cards.map((card) => ({ ...card, recyclingPaused: known.get(card.id)?.paused ?? null }));
  });
  kit.addMeta(async (actor) => {
    const live = await pools.all();
    const all = kit.access.can(actor, 'pools', 'create');
    return {
      pools: live
        .filter((pool) => all || actor.poolIds.includes(pool.policyId))
        .map((pool) => ({ id: pool.policyId, key: pool.key, name: pool.name, kind: pool.body.kind })),
      releaseReasons: RELEASE_REASONS,
    };
  });
  kit.onReady('lead-pools', async () => {
    kit.resources.extend('pools', { verbs: poolVerbs(deps) });
    await Promise.resolve();
  });
}

export default {
  register,
  bootstrap: (): void => undefined,
  destroy: (): void => undefined,
  config: { default: {}, validator: (): void => undefined },
  contentTypes: {},
  services: {},
  routes: {},
  controllers: {},
  policies: {},
  middlewares: {},
};
