import type { Actor, Condition, ConditionRule, CustomFieldType, FactDefinition } from '../../plugins/crm-core/contracts';
import {
  behaviourFacts,
  customFieldFact,
  factsFromColumns,
  factsFromRelated,
  sinceFact,
} from '../../plugins/crm-core/server/src/domain/conditions';

/** A small table with a column of each kind, what hangs on it, and an evaluator of conditions over it that shares nothing with the compiler. */
export const NOW = new Date('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** UTC+8 all the year. */
export const actor: Actor = {
  kind: 'member',
  memberId: 2,
  name: 'Li',
  teamId: null,
  teamIds: [1, 3],
  roles: [],
  poolIds: [],
  timeZone: 'Asia/Shanghai',
  locale: 'zh',
};

export const SCHEMA = `
  CREATE TABLE accounts (id int PRIMARY KEY, industry text);
  CREATE TABLE things (id int PRIMARY KEY, name text, alias varchar(255), stage varchar(255), n int, price numeric, at timestamptz, flag boolean,
                       tags jsonb, owner_id int, team_id int, account_id int, custom jsonb);
  CREATE INDEX things_stage ON things (stage);
  CREATE INDEX things_n ON things (n);
  CREATE INDEX things_at ON things (at);
  CREATE TABLE crm_engagements (id bigserial PRIMARY KEY, lead_id int NOT NULL, kind text NOT NULL, asset text, product text,
                                occurred_at timestamptz NOT NULL, human boolean NOT NULL DEFAULT true);
  INSERT INTO accounts VALUES (1, 'Steel'), (2, NULL), (3, ''), (4, 'a%b');
  INSERT INTO crm_engagements (lead_id, kind, asset, occurred_at, human) VALUES
    (1, 'visit', '/Pricing?a=1', '2026-03-01T12:00:00Z', true), (1, 'visit', '/about', '2026-01-01T00:00:00Z', true),
    (2, 'visit', '/pricing', '2026-02-23T12:00:00Z', true), (2, 'visit', '/pricing', '2026-02-24T12:00:00Z', false), (2, 'form', NULL, '2026-03-02T12:00:00Z', true),
    (3, 'visit', '/pricing', '2026-03-03T00:00:00Z', true);
`;
const INDUSTRY: Readonly<Record<number, string | null>> = { 1: 'Steel', 2: null, 3: '', 4: 'a%b' };

export interface Thing {
  readonly id: number;
  readonly name: string | null;
  readonly alias: string | null;
  readonly stage: string | null;
  readonly n: number | null;
  readonly price: number | null;
  readonly at: string | null;
  readonly flag: boolean | null;
  readonly tags: unknown;
  readonly owner_id: number | null;
  readonly team_id: number | null;
  readonly account_id: number | null;
  readonly custom: Readonly<Record<string, unknown>> | null;
}

const label = { zh: '事实', en: 'Fact' };
const custom = (key: string, type: CustomFieldType): FactDefinition =>
  customFieldFact('thing', { key, type, label, options: [], retired: false })!;

export const facts: readonly FactDefinition[] = [
  ...factsFromColumns('thing', [
    { name: 'name', type: 'text', label },
    { name: 'alias', type: 'text', label },
    { name: 'stage', type: 'select', label },
    { name: 'n', type: 'number', label },
    { name: 'price', type: 'number', label },
    { name: 'at', type: 'date', label },
    { name: 'flag', type: 'boolean', label },
    { name: 'tags', type: 'multiselect', label },
    { name: 'owner', type: 'reference', reference: 'members', column: 'owner_id', label },
    { name: 'team', type: 'reference', reference: 'teams', column: 'team_id', label },
  ]),
  ...factsFromRelated({
    subject: 'thing',
    prefix: 'account',
    table: 'accounts',
    foreignKey: 'account_id',
    accessResource: 'accounts',
    facts: [{ name: 'industry', type: 'text', label }],
  }),
  ...behaviourFacts({
    subject: 'thing',
    prefix: 'behaviour',
    table: 'crm_engagements',
    foreignKey: 'lead_id',
    label: { count: label, lastAt: label },
  }),
  sinceFact({ subject: 'thing', key: 'since.at', label, column: 'at' }),
  custom('word', 'text'),
  custom('size', 'number'),
  custom('on', 'date'),
  custom('yes', 'boolean'),
  custom('many', 'multiselect'),
  custom('ref', 'reference'),
];

/** Stored texts of a custom date and what they mean at UTC+8. */
export const CUSTOM_DATES: Readonly<Record<string, string | null>> = {
  '2026-03-01': '2026-02-28T16:00:00Z',
  '2024-02-29': '2024-02-28T16:00:00Z',
  '2026-02-29': null,
  '2026-13-01': null,
  '2026-03-02T10:00:00Z': '2026-03-02T10:00:00Z',
  '2026-03-02T10:00:00.5+08:00': '2026-03-02T02:00:00.5Z',
  '2026-03-02T10:00': '2026-03-02T02:00:00Z',
  '2026-03-02T25:00': null,
  soon: null,
  "'); DROP TABLE things; --": null,
};

const ENGAGED: Readonly<Record<number, { count: number; last: string | null }>> = {
  1: { count: 1, last: '2026-03-01T12:00:00Z' },
  2: { count: 0, last: '2026-02-23T12:00:00Z' },
};

const time = (value: string | null): number | null => (value === null ? null : Date.parse(value));
const asText = (value: unknown): string | null => {
  // As PostgreSQL writes a number out of jsonb: all digits, never an exponent.
  if (typeof value === 'number') return value.toLocaleString('en', { useGrouping: false, maximumSignificantDigits: 17 });
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : null;
};

/** What a fact is worth for a thing: text '' is null, dates are milliseconds, lists are arrays with something in them or null. */
export function valueOf(key: string, row: Thing): unknown {
  const own = row.custom ?? {};
  const filled = (value: unknown): unknown => (Array.isArray(value) && value.length > 0 ? value : null);
  switch (key) {
    case 'thing.name':
      return row.name || null;
    case 'thing.alias':
      return row.alias || null;
    case 'thing.stage':
      return row.stage || null;
    case 'thing.n':
      return row.n;
    case 'thing.price':
      return row.price;
    case 'thing.at':
      return time(row.at);
    case 'thing.flag':
      return row.flag;
    case 'thing.tags':
      return filled(row.tags);
    case 'thing.owner':
      return row.owner_id;
    case 'thing.team':
      return row.team_id;
    case 'account.industry':
      return INDUSTRY[row.account_id ?? 0] || null;
    case 'behaviour.count': // of visits to /pricing in the last seven days
      return ENGAGED[row.id]?.count ?? 0;
    case 'behaviour.lastAt': // of visits to /pricing
      return time(ENGAGED[row.id]?.last ?? null);
    case 'since.at':
      return row.at === null ? null : (NOW.getTime() - Date.parse(row.at)) / 1000;
    case 'thing.custom.word':
      return asText(own['word']) || null;
    case 'thing.custom.size': {
      const size = own['size'];
      if (typeof size === 'number') return size;
      return typeof size === 'string' && /^-?\d+(\.\d+)?$/.test(size) ? Number(size) : null;
    }
    case 'thing.custom.on':
      return typeof own['on'] === 'string' ? time(CUSTOM_DATES[own['on']] ?? null) : null;
    case 'thing.custom.yes':
      return own['yes'] === true || own['yes'] === 'true' ? true : own['yes'] === false || own['yes'] === 'false' ? false : null;
    case 'thing.custom.many':
      return filled(own['many']);
    case 'thing.custom.ref': {
      const digits = asText(own['ref']);
      return typeof own['ref'] !== 'boolean' && digits !== null && /^\d{1,15}$/.test(digits) ? Number(digits) : null;
    }
    default:
      throw new Error(key);
  }
}

const localDay = (ms: number): number => Math.floor((ms + 8 * HOUR) / DAY);
const spanMs: Readonly<Record<string, number>> = { P1D: DAY, P3D: 3 * DAY, PT6H: 6 * HOUR, PT0S: 0, '-P3D': -3 * DAY, '-PT6H': -6 * HOUR };

/** The right side as a plain value; `[start, end)` for a named day. */
function operandOf(raw: unknown, type: string, row: Thing): unknown {
  if (raw !== null && typeof raw === 'object') {
    if ('field' in raw) return valueOf(String(raw.field), row);
    if ('now' in raw) return NOW.getTime() + spanMs[String(raw.now)]!;
    if ('actor' in raw) return raw.actor === 'memberId' ? actor.memberId : null;
  }
  if (type === 'date' && typeof raw === 'string') {
    if (raw.length > 10) return Date.parse(raw);
    const start = Date.parse(`${raw}T00:00:00+08:00`);
    return { start, end: start + DAY };
  }
  if (type === 'duration' && typeof raw === 'string') return spanMs[raw]! / 1000;
  return raw;
}

type Named = { readonly start: number; readonly end: number };
const isNamed = (value: unknown): value is Named => typeof value === 'object' && value !== null;

function ordered(left: number, sign: string, right: number | Named): boolean {
  if (isNamed(right)) {
    if (sign === '<') return left < right.start;
    if (sign === '<=') return left < right.end;
    return sign === '>' ? left >= right.end : left >= right.start;
  }
  return sign === '<' ? left < right : sign === '<=' ? left <= right : sign === '>' ? left > right : left >= right;
}

const NEGATIVE: Readonly<Record<string, string>> = {
  '!=': '=',
  notContains: 'contains',
  notBeginsWith: 'beginsWith',
  notEndsWith: 'endsWith',
  notBetween: 'between',
  notIn: 'in',
  hasNone: 'hasAny',
};

export function holds(rule: ConditionRule, type: string, row: Thing): boolean {
  const positive = NEGATIVE[rule.operator];
  if (positive !== undefined) return !holds({ ...rule, operator: positive }, type, row);
  const left = valueOf(rule.field, row);
  if (rule.operator === 'null') return left === null;
  if (left === null) return false;
  const number = Number(left);
  const text = (asText(left) ?? '').toLowerCase();
  const one = (raw: unknown): unknown => operandOf(raw, type, row);
  const compare = (sign: string, raw: unknown): boolean => {
    const right = one(raw);
    return right !== null && ordered(number, sign, right as number | Named);
  };
  const found = (test: (part: string) => boolean, raw: unknown): boolean => {
    const right = one(raw);
    return right !== null && test((asText(right) ?? '').toLowerCase());
  };
  const list = (): readonly unknown[] => (Array.isArray(rule.value) ? rule.value.map(one) : actor.teamIds);
  switch (rule.operator) {
    case 'notNull':
      return true;
    case '=': {
      const right = one(rule.value);
      if (right === null) return false;
      if (type === 'date')
        return isNamed(right) ? number >= right.start && number < right.end : localDay(number) === localDay(right as number);
      return left === right;
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(rule.operator, rule.value);
    case 'between': {
      const [from, to] = rule.value as [unknown, unknown];
      return compare('>=', from) && compare('<=', to);
    }
    case 'in':
      return list().includes(left);
    case 'contains':
      return found((part) => text.includes(part), rule.value);
    case 'beginsWith':
      return found((part) => text.startsWith(part), rule.value);
    case 'endsWith':
      return found((part) => text.endsWith(part), rule.value);
    case 'matchesAny':
      return (rule.value as string[]).some((part) => text.includes(part.toLowerCase()));
    case 'isTrue':
      return left === true;
    case 'isFalse':
      return left === false;
    case 'today':
      return localDay(number) === localDay(NOW.getTime());
    case 'olderThan':
      return number <= NOW.getTime() - spanMs[String(rule.value)]!;
    case 'newerThan':
      return number > NOW.getTime() - spanMs[String(rule.value)]!;
    case 'inLast':
      return number > NOW.getTime() - spanMs[String(rule.value)]! && number <= NOW.getTime();
    case 'withinNext':
      return number >= NOW.getTime() && number <= NOW.getTime() + spanMs[String(rule.value)]!;
    case 'hasAny':
      return (rule.value as string[]).some((option) => (left as unknown[]).includes(option));
    case 'hasAll':
      return (rule.value as string[]).every((option) => (left as unknown[]).includes(option));
    default:
      throw new Error(rule.operator);
  }
}

/** Whether the condition holds for the thing: what the database must say. */
export function expected(condition: Condition, row: Thing): boolean {
  const results = condition.rules.map((rule) =>
    'rules' in rule ? expected(rule, row) : holds(rule, facts.find((fact) => fact.key === rule.field)!.type, row),
  );
  const joined = condition.combinator === 'and' ? results.every(Boolean) : results.length === 0 || results.some(Boolean);
  return condition.not === true ? !joined : joined;
}
