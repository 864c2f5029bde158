import type { ConditionGroup, ConditionRule, FactDescription } from '@leadsea/crm-core/contracts/condition';
import type { Locale } from '../api/types';
import { operandShape, operatorPhrase } from './operators';
import { scalarText } from './scalar';
import { parseSpan, spanWords } from './span';

/** Names of referenced records, e.g. `('members', 7)` → `Li Na`; undefined shows the id. */
export type NameOf = (resource: string, id: unknown) => string | undefined;

interface Tools {
  readonly facts: ReadonlyMap<string, FactDescription>;
  readonly locale: Locale;
  readonly nameOf: NameOf;
}

const isGroup = (rule: ConditionGroup | ConditionRule): rule is ConditionGroup => 'rules' in rule;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const say = (locale: Locale, en: string, zh: string): string => (locale === 'zh' ? zh : en);

const actorWords = (operand: string, locale: Locale): string =>
  ({
    memberId: say(locale, 'me', '我'),
    teamId: say(locale, 'my team', '我的团队'),
    teamIds: say(locale, 'my teams', '我的各团队'),
    poolIds: say(locale, 'my pools', '我的公海'),
  })[operand] ?? operand;

const nowWords = (offset: string, locale: Locale): string => {
  const words = spanWords(offset.replace(/^[+-]/, ''), locale);
  if (!parseSpan(offset.replace(/^[+-]/, ''))?.amount) return say(locale, 'now', '现在');
  return offset.startsWith('-') ? say(locale, `${words} ago`, `${words}前`) : say(locale, `in ${words}`, `${words}后`);
};

const one = (fact: FactDescription | undefined, value: unknown, tools: Tools, quoted = true): string => {
  const { locale } = tools;
  if (isObject(value)) {
    if (typeof value.field === 'string') return tools.facts.get(value.field)?.label[locale] ?? value.field;
    if (typeof value.actor === 'string') return actorWords(value.actor, locale);
    if (typeof value.now === 'string') return nowWords(value.now, locale);
  }
  if (value === null || value === undefined || value === '') return '…';
  if (typeof value === 'boolean') return value ? say(locale, 'yes', '是') : say(locale, 'no', '否');
  const option = fact?.options?.find((candidate) => candidate.value === scalarText(value));
  if (option) return option.label[locale] || option.value;
  if (fact?.reference) return tools.nameOf(fact.reference, value) ?? `#${scalarText(value)}`;
  if (fact?.type === 'duration') return spanWords(value, locale);
  if (quoted && fact?.type === 'text') return `“${scalarText(value)}”`;
  return scalarText(value);
};

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? value.split(',').map((part) => part.trim()) : [value];

const valueWords = (fact: FactDescription, operator: string, value: unknown, tools: Tools): string => {
  const { locale } = tools;
  switch (operandShape(fact.type, operator)) {
    case 'none':
      return '';
    case 'span':
      return spanWords(value, locale) || '…';
    case 'two':
      return listOf(value)
        .map((part) => one(fact, part, tools))
        .join(say(locale, ' and ', ' 和 '));
    case 'many':
      return listOf(value)
        .map((part) => one(fact, part, tools, false))
        .join(say(locale, ', ', '、'));
    case 'one':
      return one(fact, value, tools);
  }
};

/** `Page visit, containing “/pricing”, in the last 30 days`. */
const argsWords = (fact: FactDescription, args: Readonly<Record<string, unknown>> | undefined, locale: Locale): string => {
  const parts = (fact.args ?? []).flatMap((arg) => {
    const value = args?.[arg.key];
    if (typeof value !== 'string' || value === '') return [];
    if (arg.type === 'duration') return [say(locale, `in the last ${spanWords(value, locale)}`, `最近 ${spanWords(value, locale)}`)];
    const option = arg.options?.find((candidate) => candidate.value === value);
    return [option ? option.label[locale] : arg.key === 'match' ? say(locale, `containing “${value}”`, `含“${value}”`) : `“${value}”`];
  });
  return parts.length === 0 ? '' : say(locale, ` (${parts.join(', ')})`, `（${parts.join('，')}）`);
};

const describeRule = (rule: ConditionRule, tools: Tools): string => {
  const fact = tools.facts.get(rule.field);
  if (!fact) return `${rule.field} ${rule.operator} ${one(undefined, rule.value, tools)}`;
  const name = `${fact.label[tools.locale]}${argsWords(fact, rule.args, tools.locale)}`;
  const phrase = operatorPhrase(fact.type, rule.operator, valueWords(fact, rule.operator, rule.value, tools), tools.locale);
  return tools.locale === 'zh'
    ? `${name}${/^[是不在等大小包开结属为介早晚超短]/.test(phrase) ? '' : ' '}${phrase}`.trim()
    : `${name} ${phrase}`.trim();
};

const describeGroup = (group: ConditionGroup, tools: Tools, nested: boolean): string => {
  const { locale } = tools;
  const parts = group.rules
    .map((rule) => (isGroup(rule) ? describeGroup(rule, tools, group.rules.length > 1) : describeRule(rule, tools)))
    .filter(Boolean);
  if (parts.length === 0) return group.not ? say(locale, 'never', '从不') : '';
  const joined = parts.join(group.combinator === 'or' ? say(locale, ' or ', '，或') : say(locale, ' and ', '，且'));
  if (group.not) return say(locale, `not (${joined})`, `不满足（${joined}）`);
  return nested && parts.length > 1 ? say(locale, `(${joined})`, `（${joined}）`) : joined;
};

/**
 * A condition as one readable sentence; empty when it asks nothing.
 * Facts that are not in the catalogue are shown by their key rather than left out.
 */
export const describeCondition = (
  condition: ConditionGroup | null | undefined,
  facts: readonly FactDescription[],
  locale: Locale,
  nameOf: NameOf = () => undefined,
): string => (condition ? describeGroup(condition, { facts: new Map(facts.map((fact) => [fact.key, fact])), locale, nameOf }, false) : '');
