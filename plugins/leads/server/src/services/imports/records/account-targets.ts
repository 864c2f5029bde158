import { refusal } from '../entity';
import { idTarget, target, type RecordTarget, type RecordTargets } from './record-plan';

/** A field that holds a short text or a number. */
const named = (...[type, zh, en, words, more]: Parameters<typeof target>): RecordTarget =>
  target(type, zh, en, words, { maxLength: 255, ...more });
const natural = (value: unknown): ReturnType<NonNullable<RecordTarget['parse']>> =>
  typeof value === 'number' && value >= 0 && value <= 2_147_483_647
    ? { ok: true, value }
    : refusal('NUMBER_INVALID', `"${String(value)}" is no number of people.`);
const money = (value: unknown): ReturnType<NonNullable<RecordTarget['parse']>> =>
  typeof value === 'number' && Math.abs(value) < 1e15
    ? { ok: true, value: value.toFixed(2) }
    : refusal('NUMBER_TOO_LARGE', 'The amount is too large.');

/** Where a column of a file of accounts may go, besides the company's own fields. */
export const ACCOUNT_TARGETS: RecordTargets = {
  id: idTarget(['account id', '客户id']),
  name: named('text', '客户名称', 'Name', [
    ...['account', 'account name', 'company', 'company name', 'organization', 'organisation', 'business name', 'customer'],
    ...['客户', '公司', '公司名称', '企业', '企业名称', '单位名称', '客户全称', '公司全称'],
  ]),
  website: named(
    'text',
    '网站',
    'Website',
    ['web site', 'url', 'homepage', 'domain', 'company domain name', 'company domain', '网址', '官网', '域名', '公司网址'],
    {
      parse: (value) =>
        /^\S+\.\S+$/.test(String(value)) ? { ok: true, value } : refusal('URL_INVALID', `"${String(value)}" is not a web address.`),
    },
  ),
  industry: named('text', '行业', 'Industry', ['sector', 'vertical', '所属行业', '客户行业']),
  employees: named(
    'integer',
    '员工数',
    'Employees',
    ['number of employees', 'employee count', 'headcount', 'company size', '员工人数', '公司规模', '人员规模', '人数'],
    {
      parse: natural,
    },
  ),
  annualRevenue: named('money', '年营收', 'Annual revenue', ['revenue', 'turnover', '年营业额', '营业额', '年收入', '营收'], {
    parse: money,
  }),
  country: named('country', '国家', 'Country', ['country region', 'country/region', 'country code', '国家地区', '国别'], {
    read: 'text',
    maxLength: 100,
  }),
  province: named('text', '省份', 'Province', ['state', 'state/region', 'state province', 'region', '省', '所在省']),
  city: named('text', '城市', 'City', ['town', '所在城市', '市']),
  phone: named('phone', '电话', 'Phone', ['phone number', 'telephone', 'tel', 'company phone', '公司电话', '联系电话', '总机', '座机']),
  owner: named('text', '负责人', 'Owner', [
    'account owner',
    'owner email',
    'company owner',
    'sales rep',
    '客户负责人',
    '所有人',
    '归属人',
    '销售',
  ]),
};
