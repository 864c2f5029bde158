import { fold } from '../cells';
import { refusal } from '../entity';
import { LEAD_REF_TARGETS } from './lead-refs';
import { idTarget, target, type RecordChoice, type RecordTarget, type RecordTargets } from './record-plan';

export const DEAL_STATES: readonly RecordChoice[] = [
  { value: 'open', label: { zh: '进行中', en: 'Open' }, words: ['in progress', 'pipeline', '跟进中', '未关闭', '推进中'] },
  { value: 'won', label: { zh: '赢单', en: 'Won' }, words: ['closed won', 'closedwon', '成交', '已成交', '已赢单', '签约'] },
  { value: 'lost', label: { zh: '输单', en: 'Lost' }, words: ['closed lost', 'closedlost', '丢单', '失败', '已输单', '流失'] },
];

const amount: RecordTarget['parse'] = (value) => {
  if (typeof value !== 'number' || value >= 1e15) return refusal('NUMBER_TOO_LARGE', 'The amount is too large.');
  return value < 0 ? refusal('AMOUNT_NEGATIVE', 'An amount is not below zero.') : { ok: true, value: value.toFixed(2) };
};

/** Signs and names people write for a currency. */
const CURRENCIES: Readonly<Record<string, string>> = {
  ...{ '¥': 'CNY', '￥': 'CNY', rmb: 'CNY', 人民币: 'CNY', 元: 'CNY', 美元: 'USD', $: 'USD', us$: 'USD', '€': 'EUR', 欧元: 'EUR' },
  ...{ '£': 'GBP', 英镑: 'GBP', 日元: 'JPY', 港币: 'HKD', 港元: 'HKD', hk$: 'HKD' },
};
const currency: RecordTarget['parse'] = (value) => {
  const text = String(value);
  const code = CURRENCIES[fold(text)] ?? text.toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? { ok: true, value: code } : refusal('CURRENCY_UNKNOWN', `"${text}" is no currency (CNY, EUR, USD …).`);
};

/** Where a column of a file of deals may go, besides the company's own fields. */
export const DEAL_TARGETS: RecordTargets = {
  ...LEAD_REF_TARGETS,
  id: idTarget(['opportunity id', 'deal id', '商机id', '商机编号']),
  name: target(
    'text',
    '商机名称',
    'Name',
    ['deal', 'deal name', 'opportunity', 'opportunity name', '名称', '商机', '项目名称', '销售机会', '机会名称'],
    {
      maxLength: 300,
    },
  ),
  account: target(
    'text',
    '客户',
    'Account',
    ['account', 'account name', 'company', 'company name', 'associated company', '客户名称', '公司', '公司名称', '企业名称'],
    { access: { resource: 'opportunities', field: 'account', levels: ['read', 'write'] } },
  ),
  state: target(
    'text',
    '商机状态',
    'State',
    ['stage', 'deal stage', 'status', 'opportunity stage', '状态', '商机阶段', '阶段', '销售阶段'],
    {
      choices: DEAL_STATES,
    },
  ),
  amount: target(
    'money',
    '金额',
    'Amount',
    ['deal amount', 'value', 'deal value', 'close value', 'total', 'price', '商机金额', '预计金额', '合同金额', '成交金额'],
    {
      parse: amount,
    },
  ),
  currency: target('text', '币种', 'Currency', ['currency code', 'deal currency', '货币'], { parse: currency }),
  expectedAt: target('datetime', '预计成交', 'Expected close', [
    'expected',
    'expected close date',
    'close date',
    'closedate',
    '预计成交日期',
    '预计成交时间',
    '预计关闭日期',
    '预计结单日期',
  ]),
  closedAt: target('datetime', '关闭时间', 'Closed on', [
    'closed',
    'closed date',
    'closed at',
    'won date',
    '关闭日期',
    '成交日期',
    '成交时间',
    '结单日期',
    '赢单时间',
  ]),
  createdAt: target('datetime', '创建时间', 'Created', ['created at', 'create date', 'created date', 'created on', '创建日期']),
  reason: target('text', '输单原因', 'Reason', ['lost reason', 'closed lost reason', 'loss reason', '原因', '丢单原因', '失败原因'], {
    maxLength: 255,
  }),
  owner: target('text', '负责人', 'Owner', [
    'deal owner',
    'opportunity owner',
    'owner email',
    'sales rep',
    'sales agent',
    'salesperson',
    '商机负责人',
    '所有人',
    '归属人',
    '销售',
  ]),
};
