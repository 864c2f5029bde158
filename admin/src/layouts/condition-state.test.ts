import { conditionState, UNKNOWN } from './condition-state';

const facts: Record<string, unknown> = {
  'lead.custom.plan': 'pro',
  'lead.employees': 20,
  'lead.custom.tags': ['a', 'b'],
  'lead.city': null,
};
const valueOf = (fact: string): unknown => facts[fact];
const group = (...rules: { field: string; operator: string; value?: unknown }[]) => ({ combinator: 'and' as const, rules });

describe('what a form can tell of a condition', () => {
  test('without a condition it holds', () => {
    expect(conditionState(null, valueOf)).toBe(true);
    expect(conditionState(group(), valueOf)).toBe(true);
  });
  test.each([
    ['=', 'lead.custom.plan', 'pro', true],
    ['=', 'lead.custom.plan', 'free', false],
    ['!=', 'lead.custom.plan', 'free', true],
    ['in', 'lead.custom.plan', ['free', 'pro'], true],
    ['in', 'lead.custom.tags', 'b,c', true],
    ['notIn', 'lead.custom.tags', ['c'], true],
    ['>=', 'lead.employees', 20, true],
    ['<', 'lead.employees', 20, false],
    ['<', 'lead.city', 20, false],
    ['null', 'lead.city', undefined, true],
    ['notNull', 'lead.city', undefined, false],
  ])('%s on %s with %j is %s', (operator, field, value, expected) => {
    expect(conditionState(group({ field, operator, value }), valueOf)).toBe(expected);
  });
  test('or needs one, and not turns it round', () => {
    const rules = [
      { field: 'lead.custom.plan', operator: '=', value: 'free' },
      { field: 'lead.employees', operator: '>', value: 10 },
    ];
    expect(conditionState({ combinator: 'or', rules }, valueOf)).toBe(true);
    expect(conditionState({ combinator: 'and', rules }, valueOf)).toBe(false);
    expect(conditionState({ combinator: 'or', not: true, rules }, valueOf)).toBe(false);
  });
  test('an operator unknown here, another field and a value the form does not have leave it open, because the server decides', () => {
    expect(conditionState(group({ field: 'lead.city', operator: 'soundsLike', value: 'x' }), valueOf)).toBeNull();
    expect(conditionState(group({ field: 'lead.city', operator: '=', value: 'x' }), () => UNKNOWN)).toBeNull();
    const other = { field: 'lead.employees', operator: '=', value: 'lead.city', valueSource: 'field' as const };
    expect(conditionState({ combinator: 'and', rules: [other] }, valueOf)).toBeNull();
  });
  test('what is known may decide alone', () => {
    const open = { field: 'lead.city', operator: 'soundsLike', value: 'x' };
    const yes = { field: 'lead.custom.plan', operator: '=', value: 'pro' };
    const no = { field: 'lead.custom.plan', operator: '=', value: 'free' };
    expect(conditionState({ combinator: 'or', rules: [open, yes] }, valueOf)).toBe(true);
    expect(conditionState({ combinator: 'and', rules: [open, no] }, valueOf)).toBe(false);
    expect(conditionState({ combinator: 'and', rules: [open, yes] }, valueOf)).toBeNull();
    expect(conditionState({ combinator: 'and', not: true, rules: [open, no] }, valueOf)).toBe(true);
  });
});
