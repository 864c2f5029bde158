import { getKit, insertRow, type Host } from '@leadsea/crm-core';
import { poolSchema } from '@leadsea/lead-pools';

const DEMO_POOLS = [
  {
    key: 'china',
    name: '中国公海',
    body: {
      kind: 'claimable',
      description: '国内线索，先到先得，每天最多领取 20 条。',
      members: [
        { type: 'team', ref: 'china', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      limits: [
        { kind: 'claims', per: 'day', max: 20 },
        { kind: 'held', max: 150 },
      ],
      coolingDays: 7,
      calendar: 'shanghai',
      recycle: {
        rules: [
          { key: 'no-follow-up', label: { zh: '7 个工作日未跟进', en: 'No follow-up for 7 business days' }, since: 'follow-up', after: 'P7BD' },
          { key: 'no-progress', label: { zh: '60 天无进展', en: 'No progress in 60 days' }, since: 'stage', after: 'P60D' },
        ],
        warns: ['P2BD', 'PT4H'],
      },
      isDefault: true,
    },
  },
  {
    key: 'europe',
    name: 'Europe pool',
    body: {
      kind: 'claimable',
      description: 'Leads from Europe. Ten claims a day.',
      members: [{ type: 'team', ref: 'europe', rights: ['claim'] }],
      limits: [
        { kind: 'claims', per: 'day', max: 10 },
        { kind: 'held', max: 100 },
      ],
      coolingDays: 7,
      calendar: 'berlin',
      recycle: { rules: [{ key: 'no-follow-up', label: { zh: '5 个工作日未跟进', en: 'No follow-up for 5 business days' }, since: 'follow-up', after: 'P5BD' }], warns: ['P1BD'] },
    },
  },
  {
    key: 'strategic',
    name: '战略客户池',
    body: { kind: 'assigned', description: '由公海管理员分配。', members: [{ type: 'role', ref: 'pool-admin', rights: ['manage'] }], calendar: 'shanghai' },
  },
];

/** Pools, sources and the other policies of the demo company. */
export async function seedPolicies(strapi: Host): Promise<void> {
  const kit = getKit(strapi);
  const system = kit.actors.system('Demo');
  const now = kit.clock.now();
  for (const [position, pool] of DEMO_POOLS.entries()) {
    await kit.policies.upsert({ kind: 'pool', key: pool.key, name: pool.name, body: poolSchema.parse(pool.body), position, publish: true }, system, now);
  }
  await insertRow(kit.db, 'crm_sources', { key: 'demo-website', name: 'Website', adapter: 'auto', defaults: {}, allowed_origins: [], active: true }, now);
  await insertRow(kit.db, 'crm_sources', { key: 'demo-ads', name: 'Google Ads', adapter: 'google-ads', defaults: { medium: 'cpc' }, allowed_origins: [], active: true }, now);
}
