import { isVisible } from './visible-when';

const facts: Record<string, unknown> = {
  'lead.custom.plan': 'pro',
  'lead.employees': 20,
  'lead.custom.tags': ['a', 'b'],
  'lead.city': null,
};
const valueOf = (fact: string): unknown => facts[fact];
const group = (...rules: { field: string; operator: string; value?: unknown }[]) => ({ combinator: 'and' as const, rules });

describe('showing a field in a form', () => {
  test('without a condition it is shown', () => {
    expect(isVisible(null, valueOf)).toBe(true);
    expect(isVisible(group(), valueOf)).toBe(true);
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
    expect(isVisible(group({ field, operator, value }), valueOf)).toBe(expected);
  });
  test('or needs one, and not turns it round', () => {
    const rules = [
      { field: 'lead.custom.plan', operator: '=', value: 'free' },
      { field: 'lead.employees', operator: '>', value: 10 },
    ];
    expect(isVisible({ combinator: 'or', rules }, valueOf)).toBe(true);
    expect(isVisible({ combinator: 'and', rules }, valueOf)).toBe(false);
    expect(isVisible({ combinator: 'or', not: true, rules }, valueOf)).toBe(false);
  });
  test('an operator unknown here shows the field, because the server decides', () => {
    expect(isVisible(group({ field: 'lead.city', operator: 'soundsLike', value: 'x' }), valueOf)).toBe(true);
  });
});
