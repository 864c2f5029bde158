import { facts, FIELD_ENTITIES } from '@leadsea/crm-core';
import type { FactDefinition, FactOption, FactType, Kit, LocalisedText } from '@leadsea/crm-core';
import { CONSENT_CHANNELS, type ConsentChannel } from '../../../contracts';
import { ACTIVITY_KINDS } from '../resources/meta';
import { knownStages } from './stages';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });

const column = (name: string, type: FactType, zh: string, en: string, more: Partial<facts.ColumnFact> = {}): facts.ColumnFact => ({
  name,
  type,
  label: l(zh, en),
  ...more,
});

const LEAD_FACTS: readonly facts.ColumnFact[] = [
  column('name', 'text', '姓名', 'Name'),
  column('title', 'text', '职位', 'Job title'),
  column('email', 'text', '邮箱', 'E-mail'),
  column('phone', 'text', '手机', 'Phone'),
  column('company', 'text', '公司', 'Company'),
  column('website', 'text', '网站', 'Website'),
  column('industry', 'text', '行业', 'Industry'),
  column('employees', 'number', '员工数', 'Employees'),
  column('annualRevenue', 'number', '年营收', 'Annual revenue'),
  column('country', 'text', '国家', 'Country'),
  column('province', 'text', '省份', 'Province'),
  column('city', 'text', '城市', 'City'),
  column('language', 'text', '语言', 'Language'),
  column('source', 'text', '来源', 'Source'),
  column('medium', 'text', '媒介', 'Medium'),
  column('campaign', 'text', '活动', 'Campaign'),
  column('landingPage', 'text', '落地页', 'Landing page'),
  column('product', 'text', '意向产品', 'Product'),
  column('capturedAt', 'date', '获取时间', 'Captured'),
  column('stageEnteredAt', 'date', '进入阶段时间', 'In stage since'),
  column('disposition', 'text', '原因', 'Reason'),
  column('doNotContactUntil', 'date', '免打扰至', 'Do not contact until'),
  column('quarantine', 'text', '隔离原因', 'Quarantine'),
  column('isTest', 'boolean', '测试线索', 'Test lead'),
  column('owner', 'reference', '负责人', 'Owner', { column: 'owner_id', reference: 'members' }),
  column('pool', 'reference', '公海', 'Pool', { column: 'pool_id', reference: 'pools' }),
  column('team', 'reference', '团队', 'Team', { column: 'team_id', reference: 'teams' }),
  column('account', 'reference', '客户', 'Account', { column: 'account_id', reference: 'accounts' }),
  column('heldSince', 'date', '持有起始', 'Held since'),
  column('lastFollowUpAt', 'date', '最近跟进', 'Last follow-up'),
  column('nextActionAt', 'date', '下一步时间', 'Next action'),
  column('cycle', 'number', '第几轮', 'Cycle'),
  column('recycleCount', 'number', '回收次数', 'Times recycled'),
  column('emailDomain', 'text', '企业域名', 'Company domain', { column: 'domain_key', accessField: 'email' }),
];

const ACCOUNT_FACTS: readonly facts.ColumnFact[] = [
  column('name', 'text', '客户名称', 'Account name'),
  column('industry', 'text', '客户行业', 'Account industry'),
  column('employees', 'number', '客户员工数', 'Account employees'),
  column('annualRevenue', 'number', '客户年营收', 'Account revenue'),
  column('country', 'text', '客户国家', 'Account country'),
  column('owner', 'reference', '客户负责人', 'Account owner', { column: 'owner_id', reference: 'members' }),
];

const KINDS: readonly FactOption[] = [
  ['visit', '访问页面', 'Page visit'],
  ['form', '提交表单', 'Form'],
  ['download', '下载资料', 'Download'],
  ['webinar', '参加活动', 'Webinar'],
  ['mail-open', '打开邮件', 'Mail open'],
  ['mail-click', '点击邮件', 'Mail click'],
  ['unsubscribe', '退订', 'Unsubscribed'],
  ['chat', '在线咨询', 'Chat'],
  ['follow', '关注公众号', 'Followed the account'],
].map(([value, zh, en]) => ({ value: value!, label: l(zh!, en!) }));

const since = (name: string, column: string, zh: string, en: string): FactDefinition =>
  facts.sinceFact({ subject: 'lead', key: `since.${name}`, label: l(zh, en), column });

const CHANNEL_NAMES: Readonly<Record<ConsentChannel, LocalisedText>> = {
  call: l('同意电话联系', 'May be called'),
  mail: l('同意邮件联系', 'May be mailed'),
  message: l('同意消息联系', 'May be messaged'),
};
const CONSENT_STATES: readonly FactOption[] = [
  { value: 'granted', label: l('已同意', 'Allowed') },
  { value: 'withdrawn', label: l('已拒绝', 'Forbidden') },
  { value: 'unknown', label: l('未表示', 'Never said') },
];

/** The newest word of a lead about one channel (R-52, `CONSENT_CHANNEL`). */
const consentFact = (channel: ConsentChannel): FactDefinition => ({
  subject: 'lead',
  key: `consent.${channel}`,
  label: CHANNEL_NAMES[channel],
  type: 'select',
  operators: ['=', '!=', 'in', 'notIn'],
  options: CONSENT_STATES,
  sql: (alias) => ({
    sql: `coalesce((SELECT c.state FROM crm_consents c WHERE c.lead_id = ${alias}.id AND c.channel = ? ORDER BY c.at DESC, c.id DESC LIMIT 1), 'unknown')`,
    bindings: [channel],
  }),
});

const STATES: readonly FactOption[] = [
  ['open', '进行中', 'Open'],
  ['won', '赢单', 'Won'],
  ['lost', '输单', 'Lost'],
  ['cancelled', '已撤销', 'Taken back'],
].map(([value, zh, en]) => ({ value: value!, label: l(zh!, en!) }));

const OPPORTUNITY_FACTS: readonly facts.ColumnFact[] = [
  column('name', 'text', '名称', 'Name'),
  column('amount', 'number', '金额', 'Amount'),
  column('currency', 'text', '币种', 'Currency'),
  column('probability', 'number', '赢单概率 %', 'Probability %'),
  column('state', 'select', '状态', 'State', { column: 'stage', options: STATES }),
  column('expectedAt', 'date', '预计成交', 'Expected'),
  column('owner', 'reference', '负责人', 'Owner', { column: 'owner_id', reference: 'members' }),
];

const ACTIVITY_FACTS: readonly facts.ColumnFact[] = [
  column('kind', 'select', '方式', 'Kind', { options: ACTIVITY_KINDS.map((kind) => ({ value: kind.key, label: kind.label })) }),
  column('direction', 'text', '方向', 'Direction'),
  column('outcome', 'text', '结果', 'Outcome'),
  column('subject', 'text', '主题', 'Subject'),
  column('durationSeconds', 'number', '时长（秒）', 'Seconds'),
];

/** The fact catalogue of leads and their accounts: columns, custom fields, behaviour in a window, time since. */
export function registerFacts(kit: Kit): void {
  kit.conditions.addFacts([
    ...facts.factsFromColumns('lead', LEAD_FACTS),
    ...facts.factsFromRelated({
      subject: 'lead',
      prefix: 'account',
      table: 'crm_accounts',
      foreignKey: 'account_id',
      accessResource: 'accounts',
      facts: ACCOUNT_FACTS,
    }),
    ...facts.factsFromColumns('account', ACCOUNT_FACTS),
    ...facts.factsFromColumns('opportunity', OPPORTUNITY_FACTS),
    ...facts.factsFromColumns('activity', ACTIVITY_FACTS),
    ...facts.behaviourFacts({
      subject: 'lead',
      prefix: 'behaviour',
      table: 'crm_engagements',
      foreignKey: 'lead_id',
      label: { count: l('客户行为次数', 'Behaviour: how often'), lastAt: l('最近客户行为', 'Behaviour: last time') },
      kinds: KINDS,
    }),
    ...facts.behaviourFacts({
      subject: 'lead',
      prefix: 'activity',
      table: 'crm_activities',
      foreignKey: 'lead_id',
      label: { count: l('跟进次数', 'Follow-ups: how many'), lastAt: l('最近跟进', 'Follow-up: last time') },
      kinds: ACTIVITY_KINDS.map((kind) => ({ value: kind.key, label: kind.label })),
      exact: ['kind', 'outcome'],
      matchColumn: 'note',
      onlyWhere: null,
    }),
    ...CONSENT_CHANNELS.map(consentFact),
    since('captured', 'captured_at', '距获取', 'Time since captured'),
    since('held', 'held_since', '已持有时长', 'Time since held'),
    since('followUp', 'last_follow_up_at', '距上次跟进', 'Time since follow-up'),
    since('stage', 'stage_entered_at', '在阶段时长', 'Time in stage'),
  ]);
  kit.conditions.addFactSource('lead', () =>
    facts.factsFromColumns('lead', [
      column('stage', 'select', '阶段', 'Stage', { options: knownStages(kit).map((stage) => ({ value: stage.key, label: stage.label })) }),
    ]),
  );
  for (const entity of FIELD_ENTITIES) {
    kit.conditions.addFactSource(entity, () =>
      kit.custom.fields(entity).flatMap((field) => {
        // A reference of one's own is one to a member.
        const options = field.type === 'reference' ? { reference: 'members' } : {};
        return facts.customFieldFact(entity, field, options) ?? [];
      }),
    );
  }
}
