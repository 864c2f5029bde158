import { withOption, type OptionChange } from './rename-option';

const change: OptionChange = { fact: 'lead.custom.tier', from: 'b', to: 'a' };
const rule = (operator: string, value: unknown, more = {}) => ({ field: 'lead.custom.tier', operator, value, ...more });

test.each<[string, unknown, unknown]>([
  ['a rule that asks for it', rule('=', 'b'), rule('=', 'a')],
  ['a list that has both keeps one', rule('in', ['b', 'c', 'a']), rule('in', ['a', 'c'])],
  [
    'deep inside groups, and in no rule of another field',
    {
      rules: [
        { combinator: 'or', rules: [rule('!=', 'b')] },
        { field: 'lead.custom.other', operator: '=', value: 'b' },
      ],
    },
    {
      rules: [
        { combinator: 'or', rules: [rule('!=', 'a')] },
        { field: 'lead.custom.other', operator: '=', value: 'b' },
      ],
    },
  ],
  ['a field on the right side is no option', rule('=', 'b', { valueSource: 'field' }), rule('=', 'b', { valueSource: 'field' })],
  [
    'points of an option nobody else has points for',
    { type: 'values', field: 'lead.custom.tier', values: { b: 5, c: 1 } },
    { type: 'values', field: 'lead.custom.tier', values: { a: 5, c: 1 } },
  ],
  [
    'points of both: those of the option that stays',
    { type: 'values', field: 'lead.custom.tier', values: { a: 9, b: 5 } },
    { type: 'values', field: 'lead.custom.tier', values: { a: 9 } },
  ],
  [
    'cells of a decision table, in the column of the field only, whatever their case',
    { columns: ['lead.city', 'lead.custom.tier'], rows: [{ cells: ['b', 'B | c'] }, { cells: ['x', 'a|b'] }, { cells: ['x', '*'] }] },
    { columns: ['lead.city', 'lead.custom.tier'], rows: [{ cells: ['b', 'a|c'] }, { cells: ['x', 'a'] }, { cells: ['x', '*'] }] },
  ],
  ['words that are no place of it', { label: 'b', key: 'b', value: 'b' }, { label: 'b', key: 'b', value: 'b' }],
])('%s', (_name, before, after) => expect(withOption(before, change)).toEqual(after));

test('filters of a list are named without the kind of record, with or without an operator', () => {
  const view = { filters: { 'custom.tier_in': ['b', 'c'], 'custom.tier': 'b', 'custom.tiers': 'b', grade_in: ['b'] } };
  expect(withOption(view, { ...change, filter: 'custom.tier' })).toEqual({
    filters: { 'custom.tier_in': ['a', 'c'], 'custom.tier': 'a', 'custom.tiers': 'b', grade_in: ['b'] },
  });
  expect(withOption(view, change)).toEqual(view);
});
