import { facts, getKit, type FactDefinition, type Host, type Kit, type LintFinding } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import { contractSchema, SLA_KIND, SLA_RESOURCE, type Clocks, type Contract } from '../../contracts';
import { lintContract } from './domain/lint';
import { slaMigrations } from './migrations';
import { clocksResource } from './resources/sla-clocks';
import { createClocks, previewContract } from './services/clocks';
import { clocksReactor } from './services/reactor';
import { onBreach, onWarn } from './services/timers';
import { clockWork } from './services/work';

const instances = new WeakMap<object, Clocks>();

function clocksOf(strapi: Host): Clocks {
  const known = instances.get(strapi);
  if (known) return known;
  const clocks = createClocks(getKit(strapi));
  instances.set(strapi, clocks);
  return clocks;
}

/** The checks that need the other policies and the fact catalogue. */
async function lint(kit: Kit, contract: Contract): Promise<LintFinding[]> {
  const findings = lintContract(contract);
  if (contract.calendar !== null && !(await kit.policies.liveByKey('calendar', contract.calendar))) {
    findings.push({
      level: 'error',
      code: 'CALENDAR_MISSING',
      path: 'calendar',
      message: `There is no published calendar "${contract.calendar}".`,
    });
  }
  for (const [index, metric] of contract.metrics.entries()) {
    const path = `metrics.${index}`;
    const conditions = [
      ['start', metric.start],
      ['stop.when', metric.stop.when],
      ['pause', metric.pause],
      ['cancel', metric.cancel],
      ...metric.targets.map((target, row) => [`targets.${row}.when`, target.when] as const),
    ] as const;
    for (const [name, condition] of conditions) {
      if (condition)
        findings.push(
          ...kit.conditions
            .check(condition, 'lead')
            .map((finding) => ({ ...finding, path: `${path}.${name}${finding.path ? `.${finding.path}` : ''}` })),
        );
    }
    for (const action of metric.onBreach) {
      if (action.kind === 'pool' && !(await kit.policies.liveByKey('pool', action.pool))) {
        findings.push({
          level: 'error',
          code: 'POOL_MISSING',
          path: `${path}.onBreach`,
          message: `There is no published pool "${action.pool}".`,
        });
      }
    }
  }
  return findings;
}

/** For filters, routing and grading: whether a deadline of this lead has passed and is still open. */
const SLA_FACTS: readonly FactDefinition[] = [
  {
    subject: 'lead',
    key: 'sla.breached',
    label: { zh: '有超时未完成的时钟', en: 'Has a missed deadline' },
    type: 'boolean',
    operators: facts.operatorsOf('boolean'),
    sql: (alias) => ({
      sql: `EXISTS (SELECT 1 FROM crm_sla_clocks sla WHERE sla.lead_id = ${alias}.id AND sla.latest AND sla.state = 'breached_open')`,
      bindings: [],
    }),
  },
];

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
    lint: (body) => lint(kit, body),
    preview: (body, policy) => previewContract(kit, body, policy.id, kit.clock.now()),
  });
  kit.conditions.addFacts(SLA_FACTS);
  kit.notices.addTypes([
    { type: 'sla.warn', label: { zh: '时限将至', en: 'A deadline is near' }, channels: ['inbox', 'chat'] },
    { type: 'sla.breach', label: { zh: '已超时', en: 'A deadline was missed' }, channels: ['inbox', 'mail', 'chat'], urgent: true },
    { type: 'sla.exhausted', label: { zh: '多次转派仍超时', en: 'Passed on as often as allowed' }, channels: ['inbox', 'mail'] },
    { type: 'sla.blocked', label: { zh: '时钟无法计时', en: 'A clock cannot be measured' }, channels: ['inbox', 'mail'] },
    { type: 'sla.provisional', label: { zh: '截止时间为暂定', en: 'Deadlines are provisional' } },
  ]);
  leads.reactors.add(clocksReactor);
  kit.timers.handle('sla.warn', onWarn(kit));
  kit.timers.handle('sla.breach', onBreach(kit, leads));
  kit.resources.define(clocksResource(kit, clocks));
  kit.resources.extend('leads', {
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
    if (!undone) await clocks.merge(trx, { survivorId, loserIds }, now);
  });
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
