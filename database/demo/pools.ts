import { getKit, many, type Host } from '@leadsea/crm-core';
import { getLeads, type LeadChange } from '@leadsea/leads';

/** One pool of every kind: to claim from, to be given from, a queue that hands out the next best lead, and one whose leads are drawn by lot. */
export const DEMO_POOLS = [
  {
    key: 'china',
    name: '中国公海',
    body: {
      kind: 'claimable',
      description: '国内线索，先到先得，每天最多领取 20 条。',
      members: [
        { type: 'team', ref: 'china', rights: ['claim'] },
        { type: 'role', ref: 'sales-manager', rights: ['assign', 'transfer', 'export'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      limits: [
        { kind: 'claims', per: 'day', max: 20 },
        { kind: 'claims', per: 'day', max: 40, for: { type: 'role', ref: 'sdr' } },
        { kind: 'held', max: 300 },
      ],
      cooling: { after: 'P7D', reasons: { no_answer: 'P3D' } },
      protection: { max: 'P60D' },
      exhausted: { owners: 4, attempts: 10 },
      calendar: 'shanghai',
      recycle: {
        rules: [
          {
            key: 'no-follow-up',
            label: { zh: '7 个工作日未跟进', en: 'No follow-up for 7 business days' },
            since: 'follow-up',
            after: 'P7BD',
          },
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
      members: [
        { type: 'team', ref: 'europe', rights: ['claim'] },
        { type: 'role', ref: 'sales-manager', rights: ['assign', 'transfer', 'export'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      limits: [
        { kind: 'claims', per: 'day', max: 10 },
        { kind: 'held', max: 300 },
      ],
      cooling: { after: 'P7D' },
      calendar: 'berlin',
      recycle: {
        rules: [
          {
            key: 'no-follow-up',
            label: { zh: '5 个工作日未跟进', en: 'No follow-up for 5 business days' },
            since: 'follow-up',
            after: 'P5BD',
          },
        ],
        warns: ['P1BD'],
      },
    },
  },
  {
    key: 'strategic',
    name: '战略客户池',
    body: {
      kind: 'assigned',
      description: '由公海管理员分配。',
      members: [{ type: 'role', ref: 'pool-admin', rights: ['manage'] }],
      calendar: 'shanghai',
    },
  },
  {
    key: 'fast-lane',
    name: '极速队列 Fast lane',
    body: {
      kind: 'pull',
      description: '不挑单：系统逐条发放下一条最优线索，领取后 15 分钟内须行动，每天最多跳过 3 条。',
      members: [
        { type: 'team', ref: 'china', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      limits: [{ kind: 'claims', per: 'day', max: 30 }],
      calendar: 'shanghai',
      pull: { order: ['urgency', 'grade', 'age'], actWithinSeconds: 900, skipsPerDay: 3 },
      recycle: {
        rules: [
          {
            key: 'no-follow-up',
            label: { zh: '3 个工作日未跟进', en: 'No follow-up for 3 business days' },
            since: 'follow-up',
            after: 'P3BD',
          },
        ],
        warns: ['P1BD', 'PT4H'],
      },
    },
  },
  {
    key: 'daily-draw',
    name: '每日抽签 Daily draw',
    body: {
      kind: 'drop',
      description: '展会线索每个工作日 10:00 开放登记一小时，随后抽签；近期分得少的人机会更大。',
      members: [
        { type: 'team', ref: 'china', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      calendar: 'shanghai',
      drop: {
        mode: 'lottery',
        days: [1, 2, 3, 4, 5],
        at: '10:00',
        windowSeconds: 3600,
        leads: 10,
        perPerson: 2,
        weight: 'balance',
        into: 'china',
      },
    },
  },
];

/** Leads of the Chinese pool that are put into the queue and the draw, so that both can be tried at once. */
const STOCK = [
  { key: 'fast-lane', leads: 12 },
  { key: 'daily-draw', leads: 16 },
] as const;

/** Fills the pools nobody routes to. */
export async function stockPools(strapi: Host): Promise<void> {
  const kit = getKit(strapi);
  const ids = new Map(
    (await many<{ id: number; key: string }>(kit.db, `SELECT id, key FROM crm_policies WHERE kind = 'pool'`)).map((row) => [
      row.key,
      row.id,
    ]),
  );
  const from = ids.get('china');
  const total = STOCK.reduce((sum, one) => sum + one.leads, 0);
  const found = await many<{ id: number }>(
    kit.db,
    `SELECT id FROM crm_leads WHERE pool_id = ? AND owner_id IS NULL AND merged_into IS NULL ORDER BY pool_entered_at DESC, id LIMIT ?`,
    [from, total],
  );
  const targets = STOCK.flatMap((one) => Array.from({ length: one.leads }, () => one.key));
  const changes = found.flatMap(({ id }, index): LeadChange[] => {
    const key = targets[index];
    const to = ids.get(key ?? '');
    if (!from || !to) return [];
    return [
      {
        op: 'hold',
        id,
        to: { ownerId: null, poolId: to },
        event: 'lead.moved',
        expect: { ownerId: null, poolId: from },
        data: { from: 'china', pool: key },
      },
    ];
  });
  await getLeads(strapi).apply({ changes, actor: kit.actors.system('Demo'), cause: { type: 'demo' }, now: kit.clock.now() });
}
