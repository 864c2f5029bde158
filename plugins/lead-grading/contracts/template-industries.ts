import type { GradingModelInput } from './model';
import {
  PERSON,
  REACHABLE,
  DOWNLOAD,
  EVENT,
  FORM,
  PRICING,
  STUDENT,
  UNSUBSCRIBED,
  VISIT,
  aDay,
  anyOf,
  bands,
  byGrid,
  decides,
  did,
  filled,
  t,
  thresholds,
  when,
} from './template-parts';
import type { GradingTemplate } from './template-parts';

const saas: GradingModelInput = {
  fit: {
    rules: [
      ...PERSON,
      when(
        'product-people',
        t('产品、技术或增长团队', 'Product, engineering or growth'),
        15,
        anyOf('lead.title', 'product', 'engineer', 'growth', '产品', '技术', '研发', '增长'),
      ),
      bands('size', t('员工人数', 'Employees'), 'lead.employees', [
        [null, 5],
        [11, 20],
        [201, 25],
        [1001, 15],
      ]),
      when('own-domain', t('有公司网站', 'Has a company site'), 10, filled('lead.website')),
      ...REACHABLE,
    ],
  },
  engagement: {
    decay: { type: 'half-life', days: 14 },
    rules: [
      did('trial', 'form', t('申请试用', 'Asked for a trial'), 45, { match: 'trial', repeat: 'once' }),
      did('demo', 'form', t('预约演示', 'Asked for a demo'), 50, { match: 'demo', repeat: 'once' }),
      PRICING,
      did('docs', 'visit', t('阅读文档', 'Read the documentation'), 6, { match: 'doc', repeat: aDay(3), cap: 24 }),
      FORM,
      VISIT,
      UNSUBSCRIBED,
    ],
  },
  weights: { fit: 40, engagement: 60 },
  thresholds,
  labelling: byGrid,
  moments: [{ key: 'third-price', label: t('第 3 次看价格页', 'Third visit to the price page'), kind: 'visit', match: 'pric', nth: 3 }],
  disqualify: STUDENT,
};

const manufacturing: GradingModelInput = {
  fit: {
    rules: [
      ...PERSON,
      when(
        'technical',
        t('采购、工艺或设备', 'Purchasing, process or plant'),
        20,
        anyOf('lead.title', 'purchas', 'procure', 'plant', 'production', 'Einkauf', '采购', '工艺', '设备', '生产', '厂长'),
      ),
      bands('size', t('员工人数', 'Employees'), 'lead.employees', [
        [null, 0],
        [50, 15],
        [300, 25],
        [2000, 30],
      ]),
      bands('revenue', t('年营业额', 'Annual revenue'), 'lead.annualRevenue', [
        [10_000_000, 10],
        [100_000_000, 20],
      ]),
      when(
        'industry',
        t('制造业', 'Manufacturing'),
        15,
        anyOf('lead.industry', 'manufactur', 'machin', 'automotive', 'steel', 'chemic', '制造', '机械', '汽车', '钢', '化工'),
      ),
      ...REACHABLE,
    ],
  },
  engagement: {
    // Plants are bought in quarters, not in days.
    decay: { type: 'half-life', days: 90 },
    rules: [
      did('quote', 'form', t('询价', 'Asked for a quotation'), 50, { match: 'quot', repeat: 'each', cap: 80 }),
      did('drawing', 'download', t('下载图纸或规格书', 'Downloaded a drawing or data sheet'), 15, { cap: 45 }),
      did('fair', 'webinar', t('展会或工厂参观', 'Came to a fair or the works'), 30, { cap: 60 }),
      FORM,
      VISIT,
      UNSUBSCRIBED,
    ],
  },
  weights: { fit: 60, engagement: 40 },
  thresholds,
  labelling: byGrid,
  disqualify: STUDENT,
  account: {
    strategy: 'roles',
    qualifiedFrom: 50,
    breadthPoints: 5,
    roles: [
      { key: 'decides', label: t('决策人', 'Decides'), when: decides, weight: 100, needed: true },
      {
        key: 'buys',
        label: t('采购', 'Buys'),
        when: anyOf('lead.title', 'purchas', 'procure', 'Einkauf', '采购'),
        weight: 70,
        needed: false,
      },
      {
        key: 'uses',
        label: t('使用部门', 'Uses'),
        when: anyOf('lead.title', 'plant', 'production', '工艺', '设备', '生产'),
        weight: 50,
        needed: false,
      },
    ],
  },
};

const finance: GradingModelInput = {
  fit: {
    rules: [
      ...PERSON,
      when(
        'finance-people',
        t('财务、风控或合规', 'Finance, risk or compliance'),
        20,
        anyOf('lead.title', 'finance', 'risk', 'complian', 'treasur', '财务', '风控', '合规', '资金'),
      ),
      bands('revenue', t('年营业额', 'Annual revenue'), 'lead.annualRevenue', [
        [5_000_000, 10],
        [50_000_000, 25],
        [500_000_000, 35],
      ]),
      bands('size', t('员工人数', 'Employees'), 'lead.employees', [
        [50, 10],
        [500, 15],
      ]),
      ...REACHABLE,
    ],
  },
  engagement: {
    decay: { type: 'half-life', days: 45 },
    rules: [
      did('apply', 'form', t('提交申请', 'Applied'), 50, { repeat: 'each', cap: 80 }),
      did('calculator', 'visit', t('使用测算工具', 'Used the calculator'), 15, { match: 'calc', repeat: aDay(1), cap: 45 }),
      EVENT,
      DOWNLOAD,
      VISIT,
      UNSUBSCRIBED,
    ],
  },
  weights: { fit: 60, engagement: 40 },
  thresholds: { ...thresholds, dwellMinutes: 10 },
  labelling: byGrid,
  disqualify: [
    ...STUDENT,
    {
      key: 'no-name',
      label: t('没有公司也没有姓名', 'Neither company nor name'),
      when: {
        combinator: 'and',
        rules: [
          { field: 'lead.company', operator: 'null' },
          { field: 'lead.name', operator: 'null' },
        ],
      },
    },
  ],
};

/** Models for kinds of business that sell to companies. */
export const INDUSTRY_TEMPLATES: readonly GradingTemplate[] = [
  {
    key: 'b2b-saas',
    name: t('B2B SaaS', 'B2B SaaS'),
    description: t(
      '试用、演示、价格页和文档；互动 14 天减半；第三次看价格页会提醒。',
      'Trials, demos, price page and documentation; engagement halves in 14 days; the third look at the price page is told.',
    ),
    body: saas,
  },
  {
    key: 'manufacturing',
    name: t('制造业', 'Manufacturing'),
    description: t(
      '采购周期长：互动 90 天减半；询价与图纸；按采购委员会角色给客户评分。',
      'Long purchases: engagement halves in 90 days; quotations and drawings; companies are scored by the roles of the buying committee.',
    ),
    body: manufacturing,
  },
  {
    key: 'finance',
    name: t('金融服务', 'Financial services'),
    description: t(
      '企业规模优先；互动 45 天减半；等级须保持 10 分钟。',
      'Size of the company first; engagement halves in 45 days; a better grade has to hold for ten minutes.',
    ),
    body: finance,
  },
];
