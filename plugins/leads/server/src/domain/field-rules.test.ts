import type { CustomField } from '@leadsea/crm-core';
import { ruledFields, ruleProblems, type RuleAnswer } from './field-rules';

const CONDITION = { combinator: 'and', rules: [{ field: 'lead.source', operator: '=', value: 'web' }] } as const;
const field = (key: string, more: Partial<CustomField> = {}): CustomField => ({
  id: 1,
  entity: 'lead',
  key,
  type: 'text',
  label: { zh: key, en: key },
  options: [],
  required: false,
  defaultValue: null,
  validation: {},
  section: 'custom',
  position: 0,
  visibleWhen: null,
  pii: false,
  indexed: false,
  retired: false,
  ...more,
});
const codes = (
  one: CustomField,
  before: Record<string, unknown> | null,
  after: Record<string, unknown>,
  given: string[],
  answer: RuleAnswer = {},
): string[] => ruleProblems([one], { before, after, given: new Set(given), answer: () => answer }).map(({ code }) => code);

const city = field('city', {
  type: 'select',
  parentField: 'province',
  options: [
    { value: 'sz', label: { zh: '', en: '' }, when: ['gd'] },
    { value: 'hz', label: { zh: '', en: '' }, when: ['zj'] },
    { value: 'other', label: { zh: '', en: '' } },
  ],
});

test('only fields that ask for something of the record have rules', () => {
  expect(
    ruledFields([field('a'), field('b', { requiredWhen: CONDITION }), field('c', { visibleWhen: CONDITION, retired: true }), city]).map(
      ({ key }) => key,
    ),
  ).toEqual(['b', 'city']);
});

describe('a field that is not shown', () => {
  const hidden = field('x', { required: true, visibleWhen: CONDITION });
  test('is not required', () => expect(codes(hidden, null, {}, [], { visible: false })).toEqual([]));
  test('takes no value', () => expect(codes(hidden, null, { x: 'v' }, ['x'], { visible: false })).toEqual(['FIELD_NOT_APPLICABLE']));
  test('may be cleared', () => expect(codes(hidden, { x: 'v' }, { x: null }, ['x'], { visible: false })).toEqual([]));
  test('is required once it is shown', () => expect(codes(hidden, null, {}, [], { visible: true })).toEqual(['VALUE_REQUIRED']));
});

describe('a field required under a condition', () => {
  const one = field('x', { requiredWhen: CONDITION });
  test('must come with what makes it required', () =>
    expect(codes(one, {}, {}, [], { required: true, wasRequired: false })).toEqual(['VALUE_REQUIRED']));
  test('does not stop other edits of a record that lacked it before', () =>
    expect(codes(one, {}, {}, ['y'], { required: true, wasRequired: true })).toEqual([]));
  test('cannot be cleared', () =>
    expect(codes(one, { x: 'v' }, { x: null }, ['x'], { required: true, wasRequired: true })).toEqual(['VALUE_REQUIRED']));
});

describe('a read-only field', () => {
  const one = field('x', { readOnlyWhen: CONDITION });
  test('keeps its value', () => expect(codes(one, { x: 1 }, { x: 2 }, ['x'], { readOnly: true })).toEqual(['FIELD_READ_ONLY']));
  test('may be sent back unchanged', () => expect(codes(one, { x: [1] }, { x: [1] }, ['x'], { readOnly: true })).toEqual([]));
  test('is free in a new record', () => expect(codes(one, null, { x: 2 }, ['x'])).toEqual([]));
});

describe('options that depend on another field', () => {
  test.each([
    [{ province: 'gd', city: 'sz' }, ['city'], []],
    [{ province: 'zj', city: 'sz' }, ['city'], ['OPTION_NOT_AVAILABLE']],
    [{ city: 'sz' }, ['city'], ['OPTION_NOT_AVAILABLE']],
    [{ city: 'other' }, ['city'], []],
    [{ province: ['gd', 'zj'], city: 'sz' }, ['city'], []],
    [{ province: 'zj', city: 'sz' }, ['province'], ['OPTION_NOT_AVAILABLE']],
    [{ province: 'zj', city: 'sz' }, ['name'], []],
  ])('%j, changing %j: %j', (after, given, expected) => expect(codes(city, {}, after, given)).toEqual(expected));
});
