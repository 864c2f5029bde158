import polyglotI18nProvider from 'ra-i18n-polyglot';
import messages from 'ra-language-english';
import { fillWithCounts, showCount } from './counts';

const phrases = {
  ...messages,
  leads: '%{smart_count} lead |||| %{smart_count} leads',
  page: '%{offsetBegin}–%{offsetEnd} of %{total}',
  year: 'In %{year}',
  limit: 'At most %{limit}',
  share: '%{percent} %',
};
const { translate } = polyglotI18nProvider(() => phrases, 'en', [], { replace: fillWithCounts });

test('counts in a sentence have their thousands parted and still choose the plural', () => {
  expect(translate('leads', { smart_count: 1 })).toBe('1 lead');
  expect(translate('leads', { smart_count: 999 })).toBe('999 leads');
  expect(translate('leads', { smart_count: 7375 })).toBe('7,375 leads');
  expect(translate('page', { offsetBegin: 1, offsetEnd: 60, total: 1_250_000 })).toBe('1–60 of 1,250,000');
});

test('numbers that are no counts, and what was made text already, stay as they are', () => {
  expect(translate('year', { year: 2026 })).toBe('In 2026');
  expect(translate('page', { offsetBegin: 1, offsetEnd: 60, total: '≈ 13,000' })).toBe('1–60 of ≈ 13,000');
  expect(translate('leads', {})).toContain('%{smart_count}');
});

test('whatever a sentence calls its amount, it is parted; fractions below a thousand are not touched', () => {
  expect(translate('limit', { limit: 20_000 })).toBe('At most 20,000');
  expect(translate('share', { percent: 12.3456 })).toBe('12.3456 %');
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [-1250, '-1,250'],
  [1_250_000, '1,250,000'],
  [null, ''],
  [undefined, ''],
])('the amount %s is written %s', (value, text) => expect(showCount(value)).toBe(text));
