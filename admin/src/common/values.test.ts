import type { CustomField } from '../api/types';
import { showCode, showCustom, showTotal } from './values';

test.each([
  ['CN', 'region', 'zh', '中国'],
  ['de', 'region', 'en', 'Germany'],
  ['zh', 'language', 'en', 'Chinese'],
  ['en', 'language', 'zh', '英语'],
  ['中国', 'region', 'en', '中国'],
  ['***', 'region', 'en', '***'],
  ['ZZ9', 'region', 'en', 'ZZ9'],
  [null, 'language', 'zh', ''],
] as const)('the code %s of a %s is called by its name in %s', (code, type, locale, name) => {
  expect(showCode(code, type, locale)).toBe(name);
});

describe('a value of an own field', () => {
  const FIELD: Omit<CustomField, 'type' | 'options'> = {
    ...{
      id: 1,
      entity: 'lead',
      key: 'x',
      label: { zh: 'x', en: 'x' },
      required: false,
      defaultValue: null,
      validation: {},
      section: 'more',
    },
    ...{ position: 0, visibleWhen: null, pii: false, indexed: false, retired: false },
  };
  const option = { value: 'g', label: { zh: '金', en: 'Gold' } };
  const shown = (type: CustomField['type'], value: unknown, locale: 'zh' | 'en'): string =>
    showCustom({ ...FIELD, type, options: [option] }, value, {
      locale,
      time: {} as never,
      text: (words) => (typeof words === 'object' && words ? words[locale] : (words ?? '')),
      member: (id) => `Member ${id}`,
    });
  test.each([
    ['date', '2026-03-06', 'en', '6 Mar 2026'],
    ['date', '2026-03-06', 'zh', '2026/03/06'],
    ['date', '2026-03-06T23:30:00+08:00', 'en', '6 Mar 2026'],
    ['date', 'soon', 'en', 'soon'],
    ['boolean', true, 'zh', '是'],
    ['boolean', false, 'en', 'No'],
    ['boolean', null, 'en', ''],
    ['select', 'g', 'zh', '金'],
    ['select', 'gone', 'en', 'gone'],
    ['multiselect', ['g', 'gone'], 'en', 'Gold, gone'],
    ['number', 12345.5, 'en', '12,345.5'],
    ['reference', 7, 'en', 'Member 7'],
    ['reference', '•••', 'en', '•••'],
  ] as const)('of type %s: %s is shown in %s as %s', (type, value, locale, text) => expect(shown(type, value, locale)).toBe(text));
});

test('a total up to which lists are counted is exact, one beyond it says that it is an estimate', () => {
  expect(showTotal(0, 'zh')).toBe('0');
  expect(showTotal(10_000, 'en')).toBe('10,000');
  expect(showTotal(13_000, 'zh')).toBe('≈ 13,000');
});
