import { snake } from '@leadsea/crm-core';
import type { FactDefinition, FactOption, FactType, Kit, LocalisedText } from '@leadsea/crm-core';
import { ACTIVITY_KINDS } from '../resources/meta';
import { STANDARD_LIFECYCLE } from '../../../contracts';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });

const OPERATORS: Readonly<Record<FactType, readonly string[]>> = {
  text: ['=', '!=', 'contains', 'notContains', 'beginsWith', 'endsWith', 'in', 'notIn', 'null', 'notNull'],
  number: ['=', '!=', '<', '<=', '>', '>=', 'between', 'notBetween', 'in', 'null', 'notNull'],
  count: ['=', '!=', '<', '<=', '>', '>=', 'between', 'notBetween'],
  duration: ['<', '<=', '>', '>=', 'null', 'notNull'],
  date: ['=', '<', '<=', '>', '>=', 'between', 'olderThan', 'newerThan', 'withinNext', 'inLast', 'today', 'null', 'notNull'],
  boolean: ['isTrue', 'isFalse', 'null'],
  select: ['=', '!=', 'in', 'notIn', 'null', 'notNull'],
  multiselect: ['hasAny', 'hasAll', 'hasNone', 'null'],
  reference: ['=', '!=', 'in', 'notIn', 'null', 'notNull'],
};

interface ColumnFact {
  readonly name: string;
  readonly type: FactType;
  readonly label: LocalisedText;
  readonly column?: string;
  readonly reference?: string;
  readonly options?: readonly FactOption[];
  readonly guarded?: boolean;
}

const column = (name: string, type: FactType, zh: string, en: string, more: Partial<ColumnFact> = {}): ColumnFact => ({ name, type, label: l(zh, en), ...more });

const STAGES: readonly FactOption[] = STANDARD_LIFECYCLE.stages.map((stage) => ({ value: stage.key, label: stage.label }));
const LABELS: readonly FactOption[] = [
  { value: 'hot', label: l('热', 'Hot') },
  { value: 'warm', label: l('温', 'Warm') },
  { value: 'cold', label: l('冷', 'Cold') },
];

const LEAD_FACTS: readonly ColumnFact[] = [
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
  column('stage', 'select', '阶段', 'Stage', { options: STAGES }),
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
  column('recycleCount', 'number', '回收次数', 'Times recycled'),
  column('emailDomain', 'text', '企业域名', 'Company domain', { column: 'domain_key' }),
];

const ACCOUNT_FACTS: readonly ColumnFact[] = [
  column('name', 'text', '客户名称', 'Account name'),
  column('industry', 'text', '客户行业', 'Account industry'),
  column('employees', 'number', '客户员工数', 'Account employees'),
  column('annualRevenue', 'number', '客户年营收', 'Account revenue'),
  column('country', 'text', '客户国家', 'Account country'),
  column('owner', 'reference', '客户负责人', 'Account owner', { column: 'owner_id', reference: 'members' }),
];

const describe = (subject: string, prefix: string, fact: ColumnFact, sql: FactDefinition['sql']): FactDefinition => ({
  subject,
  key: `${prefix}.${fact.name}`,
  label: fact.label,
  type: fact.type,
  operators: OPERATORS[fact.type],
  ...(fact.options ? { options: fact.options } : {}),
  ...(fact.reference ? { reference: fact.reference } : {}),
  ...(prefix === subject ? { accessField: fact.name } : {}),
  sql,
});

const WINDOW = { key: 'within', type: 'duration' } as const;
const KINDS: readonly FactOption[] = [
  ['visit', '访问页面', 'Page visit'],
  ['form', '提交表单', 'Form'],
  ['download', '下载资料', 'Download'],
  ['webinar', '参加活动', 'Webinar'],
  ['mail-open', '打开邮件', 'Mail open'],
  ['mail-click', '点击邮件', 'Mail click'],
].map(([value, zh, en]) => ({ value: value!, label: l(zh!, en!) }));

/** Counts and dates of what a lead did or what was done with it, in a window that ends now. */
function behaviour(table: 'crm_engagements' | 'crm_activities', what: 'count' | 'last'): FactDefinition['sql'] {
  return (alias, args, { now }) => {
    const parts = [`e.lead_id = ${alias}.id`];
    const bindings: unknown[] = [];
    if (table === 'crm_engagements') parts.push('e.human');
    for (const key of ['kind', 'outcome', 'product'] as const) {
      if (typeof args[key] === 'string' && args[key] !== '') {
        parts.push(`e.${key} = ?`);
        bindings.push(args[key]);
      }
    }
    if (typeof args['match'] === 'string' && args['match'] !== '') {
      parts.push(`e.asset ILIKE ? ESCAPE '\\'`);
      bindings.push(`%${args['match'].replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`);
    }
    if (typeof args['within'] === 'string' && args['within'] !== '') {
      parts.push('e.occurred_at > ?::timestamptz - ?::interval');
      bindings.push(now, args['within']);
    }
    return { sql: `(SELECT ${what === 'count' ? 'count(*)::int' : 'max(e.occurred_at)'} FROM ${table} e WHERE ${parts.join(' AND ')})`, bindings };
  };
}

const since = (columnName: string): FactDefinition['sql'] => (alias, _args, { now }) => ({ sql: `extract(epoch FROM (?::timestamptz - ${alias}.${columnName}))`, bindings: [now] });

function derivedFacts(): FactDefinition[] {
  const count = (key: string, zh: string, en: string, table: 'crm_engagements' | 'crm_activities', args: FactDefinition['args']): FactDefinition[] => [
    { subject: 'lead', key: `${key}.count`, label: l(`${zh}次数`, `${en}: how often`), type: 'count', operators: OPERATORS.count, args, sql: behaviour(table, 'count') },
    { subject: 'lead', key: `${key}.lastAt`, label: l(`最近${zh}`, `${en}: last time`), type: 'date', operators: OPERATORS.date, args, sql: behaviour(table, 'last') },
  ];
  const duration = (name: string, columnName: string, zh: string, en: string): FactDefinition => ({ subject: 'lead', key: `since.${name}`, label: l(zh, en), type: 'duration', operators: OPERATORS.duration, sql: since(columnName) });
  return [
    ...count('behaviour', '客户行为', 'Behaviour', 'crm_engagements', [{ key: 'kind', type: 'select', options: KINDS }, { key: 'match', type: 'text' }, { key: 'product', type: 'text' }, WINDOW]),
    ...count('activity', '跟进', 'Follow-up', 'crm_activities', [
      { key: 'kind', type: 'select', options: ACTIVITY_KINDS.map((kind) => ({ value: kind.key, label: kind.label })) },
      { key: 'outcome', type: 'text' },
      WINDOW,
    ]),
    duration('captured', 'captured_at', '距获取', 'Time since captured'),
    duration('held', 'held_since', '已持有时长', 'Time since held'),
    duration('followUp', 'last_follow_up_at', '距上次跟进', 'Time since follow-up'),
    duration('stage', 'stage_entered_at', '在阶段时长', 'Time in stage'),
  ];
}

const CUSTOM_TYPES: Readonly<Record<string, FactType>> = {
  text: 'text', textarea: 'text', email: 'text', phone: 'text', url: 'text', number: 'number', integer: 'number', money: 'number', boolean: 'boolean', date: 'date', datetime: 'date', select: 'select', multiselect: 'multiselect', reference: 'reference',
};

/** A value out of `custom`, cast by its type; a stored value of another kind counts as none. */
function customSql(key: string, type: FactType): FactDefinition['sql'] {
  return (alias) => {
    const value = `${alias}.custom->'${key}'`;
    const plain = `${alias}.custom->>'${key}'`;
    const sql =
      type === 'number' || type === 'reference'
        ? `(CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${plain})::numeric END)`
        : type === 'boolean'
          ? `(CASE WHEN jsonb_typeof(${value}) = 'boolean' THEN (${plain})::boolean END)`
          : type === 'date'
            ? `(CASE WHEN ${plain} ~ '^\\d{4}-\\d{2}-\\d{2}' THEN (${plain})::timestamptz END)`
            : type === 'multiselect'
              ? `(CASE WHEN jsonb_typeof(${value}) = 'array' THEN ${value} END)`
              : `(${plain})`;
    return { sql: sql.replace(/\\\\d/g, '\\d'), bindings: [] };
  };
}

/** The fact catalogue of leads and their accounts: columns, custom fields, behaviour in a window, time since. */
export function registerFacts(kit: Kit): void {
  const own = LEAD_FACTS.map((fact) => describe('lead', 'lead', fact, (alias) => ({ sql: `${alias}.${fact.column ?? snake(fact.name)}`, bindings: [] })));
  const account = ACCOUNT_FACTS.map((fact) =>
    describe('lead', 'account', fact, (alias) => ({ sql: `(SELECT a.${fact.column ?? snake(fact.name)} FROM crm_accounts a WHERE a.id = ${alias}.account_id)`, bindings: [] })),
  );
  const accountOwn = ACCOUNT_FACTS.map((fact) => describe('account', 'account', fact, (alias) => ({ sql: `${alias}.${fact.column ?? snake(fact.name)}`, bindings: [] })));
  kit.conditions.addFacts([...own, ...account, ...accountOwn, ...derivedFacts()]);
  kit.conditions.addFactSource('lead', () =>
    kit.custom.fields('lead').flatMap((field): FactDefinition[] => {
      const type = CUSTOM_TYPES[field.type];
      if (!type || field.retired || !/^[a-zA-Z][a-zA-Z0-9_]*$/.test(field.key)) return [];
      return [{ subject: 'lead', key: `lead.custom.${field.key}`, label: field.label, type, operators: OPERATORS[type], options: field.options, accessField: `custom.${field.key}`, sql: customSql(field.key, type) }];
    }),
  );
}

export { LABELS as LABEL_OPTIONS };
