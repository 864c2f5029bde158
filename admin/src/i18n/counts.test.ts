import Polyglot from 'node-polyglot';
import { fillWithCounts } from './counts';

const words = new Polyglot({
  locale: 'en',
  phrases: { leads: '%{smart_count} lead |||| %{smart_count} leads', page: '%{offsetBegin}–%{offsetEnd} of %{total}', year: 'In %{year}' },
  replace: fillWithCounts,
} as Polyglot.PolyglotOptions);

test('counts in a sentence have their thousands parted and still choose the plural', () => {
  expect(words.t('leads', { smart_count: 1 })).toBe('1 lead');
  expect(words.t('leads', { smart_count: 999 })).toBe('999 leads');
  expect(words.t('leads', { smart_count: 7375 })).toBe('7,375 leads');
  expect(words.t('page', { offsetBegin: 1, offsetEnd: 60, total: 1_250_000 })).toBe('1–60 of 1,250,000');
});

test('numbers that are no counts, and what was made text already, stay as they are', () => {
  expect(words.t('year', { year: 2026 })).toBe('In 2026');
  expect(words.t('page', { offsetBegin: 1, offsetEnd: 60, total: '≈ 13,000' })).toBe('1–60 of ≈ 13,000');
  expect(words.t('leads', {})).toContain('%{smart_count}');
});
