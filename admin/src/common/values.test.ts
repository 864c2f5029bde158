import { showCode } from './values';

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
