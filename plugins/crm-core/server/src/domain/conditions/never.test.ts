import type { FactDefinition, FactType } from '../../../../contracts';
import { findNever } from './never';

const TYPES: Readonly<Record<string, FactType>> = {
  country: 'text',
  stage: 'select',
  score: 'number',
  visits: 'count',
  born: 'date',
  tags: 'multiselect',
  vip: 'boolean',
};
const fact = (key: string): FactDefinition | undefined =>
  TYPES[key] && {
    key,
    subject: 'lead',
    type: TYPES[key],
    label: { zh: key, en: key },
    operators: [],
    sql: () => ({ sql: key, bindings: [] }),
  };
const rule = (field: string, operator: string, value?: unknown, more = {}) => ({ field, operator, value, ...more });
const and = (...rules: unknown[]) => ({ combinator: 'and', rules });
const or = (...rules: unknown[]) => ({ combinator: 'or', rules });
const paths = (condition: unknown): string[] => findNever(condition, fact).map(({ path }) => path);

test.each<[string, unknown, string[]]>([
  ['two values of one field', and(rule('country', '=', 'CN'), rule('country', '=', 'JP')), ['rules[1]']],
  ['lists without a common value', and(rule('stage', 'in', ['new', 'mql']), rule('stage', 'in', ['won'])), ['rules[1]']],
  ['a value and its exclusion', and(rule('stage', '!=', 'new'), rule('stage', '=', 'new')), ['rules[1]']],
  ['a value and "is empty"', and(rule('country', '=', 'CN'), rule('country', 'null')), ['rules[1]']],
  ['above one number and below a smaller one', and(rule('score', '>', 50), rule('score', '<', 30)), ['rules[1]']],
  ['an open end at the same number', and(rule('score', '>', 50), rule('score', '<=', 50)), ['rules[1]']],
  ['a number outside of a range', and(rule('score', 'between', [10, 20]), rule('score', '=', 30)), ['rules[1]']],
  ['a range the wrong way round', and(rule('score', 'between', [20, 10])), ['rules[0]']],
  ['yes and no', and(rule('vip', '=', true), rule('vip', '=', false)), ['rules[1]']],
  [
    'across groups that are joined by "and"',
    and(rule('country', '=', 'CN'), and(rule('score', '>', 1), rule('country', '=', 'JP'))),
    ['rules[1].rules[1]'],
  ],
  ['inside one part of an "or"', or(rule('vip', '=', true), and(rule('score', '>', 5), rule('score', '<', 5))), ['rules[1].rules[1]']],
  [
    'below a group joined by "and", inside its "or"',
    and(rule('vip', '=', true), or(and(rule('score', '>', 5), rule('score', '<', 5)), rule('vip', '=', true))),
    ['rules[1].rules[0].rules[1]'],
  ],
])('%s can never hold', (_name, condition, expected) => expect(paths(condition)).toEqual(expected));

test.each<[string, unknown]>([
  ['one of two values', or(rule('country', '=', 'CN'), rule('country', '=', 'JP'))],
  ['lists that share a value', and(rule('stage', 'in', ['new', 'mql']), rule('stage', 'in', ['mql', 'won']))],
  ['the same text in another case', and(rule('country', '=', 'cn'), rule('country', '=', 'CN'))],
  ['a range and a number in it', and(rule('score', '>=', 10), rule('score', '<=', 10), rule('score', '=', 10))],
  ['several values of a field that holds several', and(rule('tags', 'hasAny', ['a']), rule('tags', 'hasAny', ['b']))],
  ['days, which depend on a zone', and(rule('born', '=', '2020-01-01'), rule('born', '=', '2020-01-02'))],
  [
    'what is asked of behaviour in different windows',
    and(rule('visits', '>', 5, { args: { within: 'P1D' } }), rule('visits', '<', 3, { args: { within: 'P7D' } })),
  ],
  ['a comparison with another field', and(rule('country', '=', 'CN'), rule('country', '=', 'stage', { valueSource: 'field' }))],
  ['a value that is worked out', and(rule('score', '=', { field: 'visits' }), rule('score', '=', 3))],
  ['a negated group', { combinator: 'and', not: true, rules: [rule('vip', '=', true), rule('vip', '=', false)] }],
  ['a fact nobody knows', and(rule('nope', '=', 1), rule('nope', '=', 2))],
  ['nothing at all', and()],
])('%s is no contradiction', (_name, condition) => expect(paths(condition)).toEqual([]));

test('a field is told once, however many rules exclude it', () => {
  const condition = and(rule('country', '=', 'CN'), rule('country', '=', 'JP'), rule('country', '=', 'DE'), rule('stage', '=', 'new'));
  expect(findNever(condition, fact)).toEqual([{ path: 'rules[1]', field: 'country' }]);
});
