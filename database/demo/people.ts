import { fakerDE, fakerEN, fakerZH_CN, type Faker } from '@faker-js/faker';

/** Made-up companies and people, Chinese and European, the same ones at every first start. */
export interface DemoLead {
  readonly values: Record<string, unknown>;
  readonly region: 'cn' | 'eu';
  /** 0 … 1: how interested this person really is; decides what he does and how it ends. */
  readonly interest: number;
}

const CITIES = [
  ['上海', '上海'],
  ['杭州', '浙江'],
  ['南京', '江苏'],
  ['苏州', '江苏'],
  ['深圳', '广东'],
  ['广州', '广东'],
  ['厦门', '福建'],
  ['北京', '北京'],
  ['成都', '四川'],
  ['武汉', '湖北'],
] as const;
const WORDS = [
  '华信',
  '云帆',
  '恒远',
  '博泰',
  '启明',
  '天成',
  '瑞丰',
  '中科',
  '鼎盛',
  '星河',
  '海纳',
  '金石',
  '同创',
  '新源',
  '智联',
  '佳禾',
  '远景',
  '宏图',
  '立方',
  '万象',
];
const TRADES: readonly (readonly [string, string])[] = [
  ['科技', '软件'],
  ['机械', '制造'],
  ['医疗', '医疗'],
  ['物流', '物流'],
  ['教育', '教育'],
  ['能源', '能源'],
  ['食品', '零售'],
  ['电子', '制造'],
  ['信息技术', '软件'],
  ['商贸', '零售'],
];
const TITLES_ZH = ['总经理', '采购经理', '信息总监', '市场经理', '运营主管', '技术负责人', '行政专员', '业务员', 'CEO', '副总裁'];
const TITLES_EN = [
  'CEO',
  'Head of IT',
  'Purchasing manager',
  'Operations lead',
  'Marketing manager',
  'Sales assistant',
  'CTO',
  'Managing director',
];
const TRADES_EN = ['Software', 'Manufacturing', 'Healthcare', 'Logistics', 'Retail', 'Energy'];
const COUNTRIES = ['DE', 'DE', 'DE', 'FR', 'NL', 'AT', 'IT', 'GB'];
const SOURCES = ['官网表单', '百度推广', '展会', '老客户推荐', '微信公众号', 'Website', 'Google Ads', 'LinkedIn', 'Webinar'];
const PRODUCTS = ['CRM 标准版', 'CRM 企业版', '营销云', '客服云'];
const PREFIXES = ['138', '139', '150', '151', '158', '186', '188', '177'];

const pinyin = (index: number): string => `${'abcdefghijklmnopqrstuvwxyz'[index % 26]}${'aeiou'[index % 5]}${'nrlx'[index % 4]}`;

function chinese(faker: Faker, index: number): DemoLead {
  const [city, province] = faker.helpers.arrayElement(CITIES);
  const [trade, industry] = faker.helpers.arrayElement(TRADES);
  const company = faker.helpers.arrayElement(WORDS);
  const domain = `${pinyin(WORDS.indexOf(company))}${pinyin(TRADES.findIndex(([name]) => name === trade) + 7)}-${CITIES.findIndex(([name]) => name === city)}.cn`;
  const interest = faker.number.float({ min: 0, max: 1 });
  return {
    region: 'cn',
    interest,
    values: {
      name: faker.person.fullName(),
      title: faker.datatype.boolean(0.25 + interest * 0.4) ? faker.helpers.arrayElement(TITLES_ZH) : undefined,
      email: faker.datatype.boolean(0.6) ? `user${index}@${faker.datatype.boolean(0.5) ? domain : 'qq.com'}` : undefined,
      phone: index % 11 === 0 ? undefined : `${faker.helpers.arrayElement(PREFIXES)}${faker.string.numeric(8)}`,
      company: index % 7 === 0 ? undefined : `${city}${company}${trade}有限公司`,
      website: faker.datatype.boolean(0.2) ? `https://www.${domain}` : undefined,
      industry: faker.datatype.boolean(0.6) ? industry : undefined,
      employees: faker.datatype.boolean(0.5) ? Math.round(Math.exp(faker.number.float({ min: 1, max: 6.5 }))) : undefined,
      country: 'CN',
      province,
      city,
      language: 'zh',
      source: faker.helpers.arrayElement(SOURCES.slice(0, 5)),
      product: faker.helpers.arrayElement(PRODUCTS),
      custom: {
        budget: faker.helpers.arrayElement(['under_50k', '50k_200k', 'over_200k', 'unknown']),
        team_size: faker.number.int({ min: 1, max: 300 }),
      },
    },
  };
}

function european(faker: Faker, german: Faker, index: number): DemoLead {
  const local = faker.datatype.boolean(0.5) ? german : faker;
  const company = `${local.person.lastName()} ${faker.helpers.arrayElement(['GmbH', 'AG', 'Ltd', 'SAS', 'B.V.'])}`;
  const domain = `${company
    .split(' ')[0]!
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()}-${index % 97}.example.com`;
  const name = local.person.fullName();
  const interest = faker.number.float({ min: 0, max: 1 });
  return {
    region: 'eu',
    interest,
    values: {
      name,
      title: faker.datatype.boolean(0.25 + interest * 0.4) ? faker.helpers.arrayElement(TITLES_EN) : undefined,
      email: `${name
        .normalize('NFD')
        .replace(/[^a-zA-Z ]/g, '')
        .trim()
        .toLowerCase()
        .replace(/\s+/g, '.')}.${index}@${faker.datatype.boolean(0.75) ? domain : 'gmail.com'}`,
      phone: faker.datatype.boolean(0.6) ? `+49 30 ${faker.string.numeric({ length: 8, allowLeadingZeros: false })}` : undefined,
      company,
      website: `https://${domain}`,
      industry: faker.datatype.boolean(0.6) ? faker.helpers.arrayElement(TRADES_EN) : undefined,
      employees: faker.datatype.boolean(0.5) ? Math.round(Math.exp(faker.number.float({ min: 1, max: 6.5 }))) : undefined,
      country: faker.helpers.arrayElement(COUNTRIES),
      city: local.location.city(),
      language: 'en',
      source: faker.helpers.arrayElement(SOURCES.slice(5)),
      product: faker.helpers.arrayElement(PRODUCTS),
      custom: {
        budget: faker.helpers.arrayElement(['under_50k', '50k_200k', 'over_200k', 'unknown']),
        team_size: faker.number.int({ min: 1, max: 300 }),
      },
    },
  };
}

/** What is left of somebody who only left a number or a private address. */
const THIN = ['title', 'company', 'industry', 'employees', 'website', 'city', 'province'];
const thinned = (lead: DemoLead): DemoLead => ({
  ...lead,
  interest: lead.interest * 0.4,
  values: {
    ...Object.fromEntries(Object.entries(lead.values).filter(([field]) => !THIN.includes(field))),
    email: typeof lead.values['phone'] === 'string' ? undefined : lead.values['email'],
  },
});

/** `count` leads; about seven in ten Chinese. A fixed seed: the same people every time. */
export function demoLeads(count: number): DemoLead[] {
  fakerZH_CN.seed(20260101);
  fakerEN.seed(20260102);
  fakerDE.seed(20260103);
  return Array.from({ length: count }, (_, index) => {
    const lead = fakerEN.number.int({ min: 1, max: 10 }) <= 7 ? chinese(fakerZH_CN, index) : european(fakerEN, fakerDE, index);
    return index % 3 === 0 ? thinned(lead) : lead;
  });
}
