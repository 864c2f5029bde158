import { getKit, insertRow, one, type Host } from '@leadsea/crm-core';
import { GRADING_TEMPLATES } from '@leadsea/lead-grading';
import { poolSchema } from '@leadsea/lead-pools';
import { routingPolicySchema, routingTemplate, type RoutingPolicyInput } from '@leadsea/lead-routing';
import { getClocks, SIDES, TWO_SIDES_CONTRACT, type Side } from '@leadsea/lead-sla';
import { DEMO_PEOPLE } from './company';
import { DEMO_POOLS } from './pools';

const option = (value: string, zh: string, en: string): { value: string; label: { zh: string; en: string } } => ({
  value,
  label: { zh, en },
});

const DEMO_FIELDS = [
  {
    entity: 'lead',
    key: 'budget',
    type: 'select',
    label: { zh: '预算', en: 'Budget' },
    options: [
      option('under_50k', '5 万以下', 'Under 50k'),
      option('50k_200k', '5–20 万', '50k–200k'),
      option('over_200k', '20 万以上', 'Over 200k'),
      option('unknown', '未知', 'Unknown'),
    ],
    section: 'qualification',
    position: 0,
  },
  {
    entity: 'lead',
    key: 'team_size',
    type: 'integer',
    label: { zh: '使用人数', en: 'Users' },
    options: [],
    validation: { min: 0, max: 100_000 },
    section: 'qualification',
    position: 1,
  },
];

const desk = (team: readonly string[]): { member: string; weight: number }[] =>
  DEMO_PEOPLE.filter((person) => team.includes(person.team) && person.roles.includes('sales')).map((person) => ({
    member: person.email,
    weight: person.weight,
  }));

/** Hot leads go to the reps of the desk with most room, not to everybody in the department. */
const routing = (team: readonly string[], pool: string): RoutingPolicyInput => {
  const template = routingTemplate({ desk: desk(team), team: team[0]!, pool });
  return {
    ...template,
    rules: template.rules!.map((rule) =>
      rule.key === 'hot-now' ? { ...rule, destination: { kind: 'group' as const, members: desk(team) } } : rule,
    ),
  };
};

/** Europe by country, then China: the first policy that fits decides. */
const DEMO_ROUTING = [
  {
    key: 'europe',
    name: 'Europe',
    body: {
      ...routing(['europe'], 'europe'),
      when: { combinator: 'and' as const, rules: [{ field: 'lead.country', operator: 'in', value: ['DE', 'FR', 'NL', 'AT', 'IT', 'GB'] }] },
    },
  },
  { key: 'china', name: '中国 / everything else', body: routing(['east', 'south'], 'china') },
];

/** Who signs the contract of the demo company. */
const DEMO_SIGNERS: Readonly<Record<Side, string>> = { marketing: 'mia@demo.leadsea.local', sales: 'manager@demo.leadsea.local' };

/** The agreement of marketing and sales, signed by both. BANT is left to the company: its demo people qualify without it. */
async function seedContract(strapi: Host): Promise<void> {
  const kit = getKit(strapi);
  const now = kit.clock.now();
  const { handOff } = TWO_SIDES_CONTRACT;
  const { policyId } = await kit.policies.upsert(
    {
      kind: 'sla-contract',
      key: 'first-response',
      name: '市场与销售协议 / Marketing and sales',
      body: { ...TWO_SIDES_CONTRACT, calendar: 'shanghai', ...(handOff ? { handOff: { ...handOff, bant: [] } } : {}) },
      publish: true,
    },
    kit.actors.system('Demo'),
    now,
  );
  for (const side of SIDES) {
    const member = await one<{ id: number }>(kit.db, 'SELECT id FROM crm_members WHERE email = ?', [DEMO_SIGNERS[side]]);
    if (member) await getClocks(strapi).sign(policyId, side, await kit.actors.member(member.id), now);
  }
}

/** Pools, sources and the other policies of the demo company. */
export async function seedPolicies(strapi: Host): Promise<void> {
  const kit = getKit(strapi);
  const system = kit.actors.system('Demo');
  const now = kit.clock.now();
  for (const field of DEMO_FIELDS)
    await insertRow(kit.db, 'crm_fields', { required: false, pii: false, indexed: false, retired: false, ...field }, now);
  await kit.custom.refresh();
  for (const [position, pool] of DEMO_POOLS.entries()) {
    await kit.policies.upsert(
      { kind: 'pool', key: pool.key, name: pool.name, body: poolSchema.parse(pool.body), position, publish: true },
      system,
      now,
    );
  }
  const [grading] = GRADING_TEMPLATES;
  await kit.policies.upsert(
    { kind: 'grading-model', key: 'standard', name: `${grading!.name.zh} / ${grading!.name.en}`, body: grading!.body, publish: true },
    system,
    now,
  );
  for (const [position, policy] of DEMO_ROUTING.entries()) {
    await kit.policies.upsert(
      { kind: 'routing-policy', key: policy.key, name: policy.name, body: routingPolicySchema.parse(policy.body), position, publish: true },
      system,
      now,
    );
  }
  await seedContract(strapi);
  await insertRow(
    kit.db,
    'crm_sources',
    { key: 'demo-website', name: 'Website', adapter: 'auto', defaults: {}, allowed_origins: [], active: true },
    now,
  );
  await insertRow(
    kit.db,
    'crm_sources',
    { key: 'demo-ads', name: 'Google Ads', adapter: 'google-ads', defaults: { medium: 'cpc' }, allowed_origins: [], active: true },
    now,
  );
}
