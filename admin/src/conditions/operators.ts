import type { FactType, OperandShape } from '@leadsea/crm-core/contracts/condition';
import { CONDITION_OPERATORS, OPERATOR_ALIASES } from '../../../plugins/crm-core/contracts/condition';
import type { Locale } from '../api/types';

interface Words {
  readonly en: string;
  readonly zh: string;
}

/** How an operator reads after the name of the fact; `{v}` stands for the right side. */
const GENERAL: Readonly<Record<string, Words>> = {
  '=': { en: 'is {v}', zh: '是 {v}' },
  '!=': { en: 'is not {v}', zh: '不是 {v}' },
  contains: { en: 'contains {v}', zh: '包含 {v}' },
  notContains: { en: 'does not contain {v}', zh: '不包含 {v}' },
  beginsWith: { en: 'begins with {v}', zh: '开头是 {v}' },
  notBeginsWith: { en: 'does not begin with {v}', zh: '开头不是 {v}' },
  endsWith: { en: 'ends with {v}', zh: '结尾是 {v}' },
  notEndsWith: { en: 'does not end with {v}', zh: '结尾不是 {v}' },
  matchesAny: { en: 'contains one of {v}', zh: '包含其一：{v}' },
  in: { en: 'is one of {v}', zh: '属于 {v}' },
  notIn: { en: 'is none of {v}', zh: '不属于 {v}' },
  null: { en: 'is empty', zh: '为空' },
  notNull: { en: 'is filled in', zh: '不为空' },
  isTrue: { en: 'is yes', zh: '为是' },
  isFalse: { en: 'is no', zh: '为否' },
  hasAny: { en: 'has any of {v}', zh: '包含任一 {v}' },
  hasAll: { en: 'has all of {v}', zh: '包含全部 {v}' },
  hasNone: { en: 'has none of {v}', zh: '不包含任何 {v}' },
};

const NUMBERS: Readonly<Record<string, Words>> = {
  '=': { en: 'is {v}', zh: '等于 {v}' },
  '!=': { en: 'is not {v}', zh: '不等于 {v}' },
  '<': { en: 'is less than {v}', zh: '小于 {v}' },
  '<=': { en: 'is at most {v}', zh: '不超过 {v}' },
  '>': { en: 'is more than {v}', zh: '大于 {v}' },
  '>=': { en: 'is at least {v}', zh: '不少于 {v}' },
  between: { en: 'is between {v}', zh: '介于 {v}' },
  notBetween: { en: 'is not between {v}', zh: '不介于 {v}' },
};

const BY_TYPE: Readonly<Partial<Record<FactType, Readonly<Record<string, Words>>>>> = {
  number: NUMBERS,
  count: NUMBERS,
  duration: { ...NUMBERS, '<': { en: 'is shorter than {v}', zh: '短于 {v}' }, '>': { en: 'is longer than {v}', zh: '超过 {v}' } },
  date: {
    '=': { en: 'is on {v}', zh: '在 {v}' },
    '!=': { en: 'is not on {v}', zh: '不在 {v}' },
    '<': { en: 'is before {v}', zh: '早于 {v}' },
    '<=': { en: 'is on or before {v}', zh: '不晚于 {v}' },
    '>': { en: 'is after {v}', zh: '晚于 {v}' },
    '>=': { en: 'is on or after {v}', zh: '不早于 {v}' },
    between: { en: 'is between {v}', zh: '介于 {v}' },
    notBetween: { en: 'is not between {v}', zh: '不介于 {v}' },
    today: { en: 'is today', zh: '是今天' },
    olderThan: { en: 'is older than {v}', zh: '早于 {v}前' },
    newerThan: { en: 'is newer than {v}', zh: '晚于 {v}前' },
    inLast: { en: 'is in the last {v}', zh: '在最近 {v}内' },
    withinNext: { en: 'is within the next {v}', zh: '在未来 {v}内' },
  },
};

const canonical = (operator: string): string => OPERATOR_ALIASES[operator] ?? operator;

export const operandShape = (type: FactType, operator: string): OperandShape =>
  CONDITION_OPERATORS[type].find((one) => one.key === canonical(operator))?.operand ?? 'one';

const wordsOf = (type: FactType, operator: string): Words | undefined => {
  const key = canonical(operator);
  return BY_TYPE[type]?.[key] ?? GENERAL[key];
};

/** The operator as it stands in a list of choices: `is older than …`, `早于 … 前`. */
export const operatorLabel = (type: FactType, operator: string, locale: Locale): string => {
  const words = wordsOf(type, operator)?.[locale];
  return words === undefined
    ? operator
    : words
        .replace(/\s*\{v\}$/, '')
        .replace('{v}', '… ')
        .replace(/…\s+$/, '…')
        .trim();
};

/** The operator with its right side: `is older than 3 days`. */
export const operatorPhrase = (type: FactType, operator: string, value: string, locale: Locale): string => {
  const words = wordsOf(type, operator)?.[locale];
  return words === undefined ? `${operator} ${value}` : words.replace('{v}', () => value);
};
