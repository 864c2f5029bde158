import type { Condition, ConditionRule, FactDescription, LocalisedText } from '@leadsea/crm-core';

export type Language = keyof LocalisedText;

/** Operators as a sentence says them. */
const OPERATORS: Readonly<Record<string, LocalisedText>> = {
  '=': { zh: '为', en: 'is' },
  '!=': { zh: '不为', en: 'is not' },
  '<': { zh: '小于', en: 'is less than' },
  '<=': { zh: '不超过', en: 'is at most' },
  '>': { zh: '大于', en: 'is more than' },
  '>=': { zh: '不少于', en: 'is at least' },
  in: { zh: '为以下之一：', en: 'is one of' },
  notIn: { zh: '不为以下任何一个：', en: 'is none of' },
  null: { zh: '未填写', en: 'is not known' },
  notNull: { zh: '已填写', en: 'is known' },
  contains: { zh: '包含', en: 'contains' },
  notContains: { zh: '不包含', en: 'does not contain' },
  notBeginsWith: { zh: '开头不为', en: 'does not begin with' },
  notEndsWith: { zh: '结尾不为', en: 'does not end with' },
  matchesAny: { zh: '包含以下任何一个：', en: 'contains one of' },
  hasAny: { zh: '含有以下之一：', en: 'has one of' },
  hasAll: { zh: '含有全部：', en: 'has all of' },
  hasNone: { zh: '不含有：', en: 'has none of' },
  today: { zh: '为今天', en: 'is today' },
  olderThan: { zh: '早于', en: 'is older than' },
  newerThan: { zh: '晚于', en: 'is newer than' },
  inLast: { zh: '在最近', en: 'is in the last' },
  withinNext: { zh: '在接下来', en: 'is within the next' },
  isTrue: { zh: '为是', en: 'is true' },
  isFalse: { zh: '为否', en: 'is false' },
  beginsWith: { zh: '开头为', en: 'begins with' },
  endsWith: { zh: '结尾为', en: 'ends with' },
  between: { zh: '介于', en: 'is between' },
  notBetween: { zh: '不介于', en: 'is not between' },
};

const BOOLEANS: Readonly<Record<string, LocalisedText>> = { true: { zh: '是', en: 'yes' }, false: { zh: '否', en: 'no' } };

/** Labels of the facts a condition may speak of. */
export type FactWords = (key: string) => FactDescription | undefined;

function valueInWords(value: unknown, fact: FactDescription | undefined, language: Language): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map((item) => valueInWords(item, fact, language)).join(language === 'zh' ? '、' : ', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return fact?.options?.find((option) => option.value === text)?.label[language] ?? BOOLEANS[text]?.[language] ?? text;
}

function ruleInWords(rule: ConditionRule, facts: FactWords, language: Language): string {
  const fact = facts(rule.field);
  const args = Object.values(rule.args ?? {})
    .map((value) => valueInWords(value, undefined, language))
    .filter(Boolean);
  const name = `${fact?.label[language] ?? rule.field}${args.length > 0 ? ` (${args.join(', ')})` : ''}`;
  const operator = OPERATORS[rule.operator]?.[language] ?? rule.operator;
  const asksNothing = ['null', 'notNull', 'today', 'isTrue', 'isFalse'].includes(rule.operator);
  return [name, operator, asksNothing ? '' : valueInWords(rule.value, fact, language)].filter(Boolean).join(' ');
}

/** A condition as one sentence that both sides of a contract can read. */
export function conditionInWords(condition: Condition | null | undefined, facts: FactWords, language: Language): string {
  const zh = language === 'zh';
  if (!condition || condition.rules.length === 0) return zh ? '任何情况' : 'always';
  const parts = condition.rules.map((rule) => {
    if ('field' in rule) return ruleInWords(rule, facts, language);
    const inner = conditionInWords(rule, facts, language);
    return rule.rules.length > 1 ? `(${inner})` : inner;
  });
  const joined = parts.join(condition.combinator === 'and' ? (zh ? '，且' : ' and ') : zh ? '，或' : ' or ');
  return condition.not ? (zh ? `并非：${joined}` : `not: ${joined}`) : joined;
}
