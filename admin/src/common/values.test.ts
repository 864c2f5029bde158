import { showCode, showTotal } from './values';

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

test('a total up to which lists are counted is exact, one beyond it says that it is an estimate', () => {
  expect(showTotal(0, 'zh')).toBe('0');
  expect(showTotal(10_000, 'en')).toBe('10,000');
  expect(showTotal(13_000, 'zh')).toBe('≈ 13,000');
});
