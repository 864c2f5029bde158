import { getKit, type Host } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import { z } from 'zod';
import { contractSchema, SLA_KIND, SLA_RESOURCE, type Clocks, type Contract } from '../../contracts';
import { slaFacts } from './facts';
import { SLA_NOTICES } from './notice-types';
import { slaMigrations } from './migrations';
import { contractVerbs } from './resources/contract-verbs';
import { clocksResource } from './resources/sla-clocks';
import { handOffsResource } from './resources/sla-hand-offs';
import { obligationsResource } from './resources/sla-obligations';
import { disputesResource } from './resources/sla-disputes';
import { lineageVerb } from './resources/lineage-verb';
import { onContractPublished, reviewContract } from './services/agreements';
import { createClocks } from './services/clocks';
import { previewContract } from './services/contract-preview';
import { judgeDispute } from './services/disputes';
import { followErasures } from './services/erasure';
import { checkHolidays, watchHolidays } from './services/holiday-alert';
import { watchInForce } from './services/in-force';
import { bantGuard, handOffReactor, onHandOffDue } from './services/hand-offs';
import { moveMissed } from './services/obligation-breach';
import { obligationsReactor, onObligation } from './services/obligations';
import { onPeriods, watchPeriods } from './services/periods';
import { quotasInForce } from './services/quotas';
import { addSlaRoutes } from './routes';
import { noteStart, onHeartbeat } from './services/outages';
import { REPLAN_JOB, replanClocks, replanProvisional, revisionListener, untilLive } from './services/replan';
import { convertClocks, promisesOf } from './services/lineage';
import { lintAll } from './services/lint';
import { clocksReactor } from './services/reactor';
import { contractShadow } from './services/silent';
import { onBreach, onPauseLimit, onWarn } from './services/timers';
import { callWebhook, WEBHOOK_JOB } from './services/webhooks';
import { clockWork } from './services/work';

const replanPayload = z.object({ keys: z.array(z.string()), mode: z.enum(['replan', 'recompute']), versionId: z.number().int() });

const instances = new WeakMap<object, Clocks>();

function clocksOf(strapi: Host): Clocks {
  const known = instances.get(strapi);
  if (known) return known;
  const clocks = createClocks(getKit(strapi));
  instances.set(strapi, clocks);
  return clocks;
}

function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  const clocks = clocksOf(strapi);
  kit.migrations.add('lead-sla', slaMigrations);
  kit.policies.define<Contract>({
    kind: SLA_KIND,
    resource: SLA_RESOURCE,
    label: { zh: 'SLA 合约', en: 'SLA contract' },
    schema: contractSchema,
    lint: (body) => lintAll(kit, body),
    preview: (body, policy) => previewContract(kit, body, policy.id, kit.clock.now()),
    shadow: contractShadow(kit),
    onPublish: (trx, version, _actor, now) => onContractPublished(kit, trx, version, now),
  });
  kit.conditions.addFacts(slaFacts(kit));
  kit.notices.addTypes(SLA_NOTICES);
  // Before the clocks: they ask about hand-offs.
  leads.reactors.add(handOffReactor);
  leads.reactors.add(clocksReactor);
  leads.reactors.add(obligationsReactor);
  leads.guardStages(bantGuard(kit));
  kit.timers.handle('sla.warn', onWarn(kit));
  kit.timers.handle('sla.breach', onBreach(kit, leads));
  kit.timers.handle('sla.pause', onPauseLimit(kit));
  kit.timers.handle('sla.heartbeat', onHeartbeat(kit));
  kit.timers.handle('sla.review', async (trx, due, now) => {
    for (const { subjectId } of due) await reviewContract(kit, trx, subjectId, now);
  });
  kit.timers.handle('sla.dispute', async (trx, due) => {
    await kit.jobs.enqueue(
      trx,
      due.map(({ subjectId }) => ({ kind: 'sla.dispute', payload: { id: subjectId } })),
    );
  });
  kit.timers.handle('sla.hand-off', onHandOffDue(kit));
  kit.timers.handle('sla.obligation', onObligation(kit, leads));
  kit.timers.handle('sla.obligation-move', (trx, due, now) =>
    moveMissed(
      kit,
      leads,
      trx,
      due.map(({ subjectId }) => subjectId),
      now,
    ),
  );
  kit.timers.handle('sla.periods', onPeriods(kit));
  kit.timers.handle('sla.holidays', async (trx, _due, now) => checkHolidays(kit, trx, now));
  kit.onCalendarRevision(revisionListener(kit));
  kit.jobs.handle(REPLAN_JOB, async (job) => {
    const { keys, mode, versionId } = replanPayload.parse(job.payload);
    await untilLive(kit, keys[0] ?? '', versionId);
    await replanClocks(kit, { keys, mode }, kit.clock.now(), job);
  });
  kit.jobs.handle(WEBHOOK_JOB, callWebhook);
  kit.jobs.handle('sla.dispute', ({ payload }) => judgeDispute({ kit, leads }, Number(payload['id']), kit.clock.now()));
  kit.onReady('lead-sla', async () => {
    await watchInForce(kit);
    await noteStart(kit, kit.clock.now());
    await watchHolidays(kit, kit.clock.now());
    await watchPeriods(kit, kit.clock.now());
    await replanProvisional(kit);
  });
  kit.resources.define(clocksResource(kit, clocks));
  kit.resources.define(disputesResource(kit, leads));
  kit.resources.define(obligationsResource);
  kit.resources.define(handOffsResource(kit, leads));
  addSlaRoutes(kit);
  kit.resources.extend(SLA_RESOURCE, { verbs: contractVerbs(kit) });
  kit.resources.extend('opportunities', {
    decorate: async ({ actor }, rows) => {
      if (!kit.access.can(actor, 'sla-clocks', 'read')) return;
      const promises = await promisesOf(
        kit,
        rows.map((row) => Number(row['id'])),
      );
      for (const row of rows) row['promises'] = promises.get(Number(row['id'])) ?? null;
    },
    verbs: [lineageVerb(kit)],
  });
  kit.resources.extend('leads', {
    computed: ['clock'],
    decorate: async ({ actor, now }, rows) => {
      if (!kit.access.can(actor, 'sla-clocks', 'read')) return;
      const byLead = await clocks.clocksFor(
        rows.map((row) => Number(row['id'])),
        now,
      );
      for (const row of rows) row['clock'] = byLead.get(Number(row['id'])) ?? null;
    },
  });
  leads.onMerge(async (trx, { survivorId, loserIds, undone }, now) => {
    await (undone ? clocks.unmerge(trx, { survivorId, loserIds }, now) : clocks.merge(trx, { survivorId, loserIds }, now));
  });
  followErasures(kit, leads);
  leads.addQuotas((now) => quotasInForce(kit, now));
  leads.onConvert((trx, conversion, now) => convertClocks(kit, trx, conversion, now));
  leads.addWork((actor, now) => clockWork(kit, actor, now));
}

export default {
  register,
  bootstrap: (): void => undefined,
  destroy: (): void => undefined,
  config: { default: {}, validator: (): void => undefined },
  contentTypes: {},
  services: { clocks: ({ strapi }: { strapi: Host }): Clocks => clocksOf(strapi) },
  routes: {},
  controllers: {},
  policies: {},
  middlewares: {},
};
