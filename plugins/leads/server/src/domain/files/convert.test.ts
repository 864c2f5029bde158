import fc from 'fast-check';
import { convertCell, type ConvertOptions, type TargetType } from './convert';
import { countryCode } from './countries';
import { parseDate, toInstant } from './dates';
import { parseNumber } from './numbers';

const value = (text: string, type: TargetType, options: ConvertOptions = {}): unknown => {
  const got = convertCell(text, type, options);
  return got.ok ? got.value : got.code;
};

describe('cells', () => {
  const empty = { emptyValues: ['Select', 'N/A', '-'] };
  it.each(['', ' \u200b', 'select', ' N/A ', '-'])('%j is no value for any type', (text) => {
    for (const type of ['text', 'integer', 'date', 'email', 'select', 'boolean', 'phone'] as const)
      expect(convertCell(text, type, empty)).toEqual({ ok: true, value: null });
  });
  it.each<[string, TargetType, ConvertOptions, unknown]>([
    [' Ａ  b ', 'text', {}, 'A b'],
    ['a\r\nb', 'textarea', {}, 'a\nb'],
    ['abc', 'text', { maxLength: 2 }, 'TEXT_TOO_LONG'],
    ['1,234.50', 'number', {}, 1234.5],
    ['1.234,50', 'number', { decimalComma: true }, 1234.5],
    ['12.5', 'integer', {}, 'INTEGER_INVALID'],
    ['50000000', 'money', {}, 50_000_000],
    ['many', 'number', {}, 'NUMBER_INVALID'],
    ['99999999999999999999', 'integer', {}, 'NUMBER_TOO_LARGE'],
    ['是', 'boolean', {}, true],
    ['No', 'boolean', {}, false],
    ['opt-in', 'boolean', { booleanWords: { true: ['Opt-In'], false: [] } }, true],
    ['maybe', 'boolean', {}, 'BOOLEAN_INVALID'],
    ['１２', 'reference', {}, 12],
    ['Li', 'reference', {}, 'REFERENCE_INVALID'],
    ['0', 'reference', {}, 'REFERENCE_INVALID'],
    ['29/02/2024', 'date', { dateFormat: 'dd/MM/yyyy' }, '2024-02-29'],
    ['02/29/2024', 'date', { dateFormat: 'MM/dd/yyyy' }, '2024-02-29'],
    ['29/02/2023', 'date', { dateFormat: 'dd/MM/yyyy' }, 'DATE_INVALID'],
    ['45351', 'date', {}, '2024-02-29'],
    ['2018-02-26 19:58:54', 'datetime', { timeZone: 'America/Sao_Paulo' }, '2018-02-26T22:58:54.000Z'],
    ['2018-01-01 12:00', 'datetime', { timeZone: 'America/Sao_Paulo' }, '2018-01-01T14:00:00.000Z'],
    ['2024-02-29T10:00:00+08:00', 'datetime', { timeZone: 'America/Sao_Paulo' }, '2024-02-29T02:00:00.000Z'],
    ['1718000000', 'datetime', {}, '2024-06-10T06:13:20.000Z'],
    ['Google', 'select', { choices: [{ value: 'google', label: { zh: '谷歌', en: 'google' } }] }, 'google'],
    ['谷歌', 'select', { choices: [{ value: 'google', label: { zh: '谷歌', en: 'Google' } }] }, 'google'],
    ['Bing', 'select', { choices: [{ value: 'google', label: { zh: '谷歌', en: 'Google' } }] }, 'OPTION_UNKNOWN'],
    ['welearnblog_Home', 'select', { choices: [], optionMap: { WELEARNBLOG_home: 'blog', other: null } }, 'blog'],
    ['other', 'select', { choices: [], optionMap: { other: null } }, null],
    ['a; b、a', 'multiselect', {}, ['a', 'b']],
    ['Jane <J@Acme.com>', 'email', {}, 'J@acme.com'],
    ['jane@', 'email', {}, 'EMAIL_DOMAIN'],
    ['138 0013 8000', 'phone', { defaultCountry: 'CN' }, '+8613800138000'],
    ['call me', 'phone', { defaultCountry: 'CN' }, 'PHONE_UNREADABLE'],
    ['www.acme.com', 'url', {}, 'https://www.acme.com'],
    ['javascript:alert(1)', 'url', {}, 'URL_INVALID'],
    ['India', 'country', {}, 'IN'],
    ['Narnia', 'country', {}, 'COUNTRY_UNKNOWN'],
  ])('%j as %s', (text, type, options, expected) => expect(value(text, type, options)).toEqual(expected));
});

describe('numbers', () => {
  it.each([
    ['1,234', undefined, 1234],
    ['1,5', undefined, null],
    ['1,5', true, 1.5],
    ['1.234.567,8', undefined, 1234567.8],
    ['1,234,567.8', undefined, 1234567.8],
    ['¥ 5万', undefined, 50_000],
    ['1.2亿', undefined, 120_000_000],
    ['(300)', undefined, -300],
    ['-0', undefined, 0],
    ['12 %', undefined, 12],
    ['１２３', undefined, null],
    ['$1,000.00', undefined, 1000],
    ['1e3', undefined, 1000],
    ['1.2.3', undefined, null],
    ['12,34', false, null],
    ['1 000', undefined, 1000],
    ['.5', undefined, 0.5],
    ['', undefined, null],
    ['-', undefined, null],
    ['1,23,456', undefined, 123456],
  ])('%j (comma %s) is %s', (text, comma, expected) => expect(parseNumber(text, comma)).toBe(expected));
  it('reads every number as JavaScript writes it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) =>
        Object.is(parseNumber(String(number), false), number === 0 ? 0 : number),
      ),
    );
  });
});

describe('dates', () => {
  it.each([
    ['2024年2月9日 下午3:05', 'ymd', '2024-2-9 15:5:0'],
    ['2024/2/9 上午12:30:01', 'ymd', '2024-2-9 0:30:1'],
    ['9-Feb-2024', 'ymd', '2024-2-9 0:0:0'],
    ['Feb 9, 2024 3:05 PM', 'ymd', '2024-2-9 15:5:0'],
    ['20240209', 'ymd', '2024-2-9 0:0:0'],
    ['9.2.24', 'dmy', '2024-2-9 0:0:0'],
    ['2/9/2024', 'mdy', '2024-2-9 0:0:0'],
    ['Fri, 9 Feb 2024 10:00:00', 'ymd', '2024-2-9 10:0:0'],
    ['2024-02-09 10:00:00.123', 'ymd', '2024-2-9 10:0:0'],
  ] as const)('%s', (text, order, expected) => {
    const got = parseDate(text, order);
    expect(got && `${got.year}-${got.month}-${got.day} ${got.hour}:${got.minute}:${got.second}`).toBe(expected);
  });
  it.each(['2024-02-30', '2024-13-01', '12:30', '2024', 'soon', '2024-02-09 25:00', '1.2.3', '2024-02-09 x'])('%s is none', (text) =>
    expect(parseDate(text, 'ymd')).toBeNull(),
  );

  const instant = (text: string, zone: string): string => {
    const parsed = parseDate(text, 'ymd');
    return parsed ? toInstant(parsed, zone).toISOString() : '';
  };
  it('moves a skipped time forward and takes the earlier of a doubled one', () => {
    expect(instant('2024-03-31 02:30', 'Europe/Berlin')).toBe('2024-03-31T01:30:00.000Z');
    expect(instant('2024-10-27 02:30', 'Europe/Berlin')).toBe('2024-10-27T00:30:00.000Z');
    expect(instant('2017-10-15', 'America/Sao_Paulo')).toBe('2017-10-15T03:00:00.000Z');
    expect(instant('2024-01-01 08:00', 'Asia/Shanghai')).toBe('2024-01-01T00:00:00.000Z');
  });
});

describe('countries', () => {
  it.each([
    ['cn', 'CN'],
    ['中国', 'CN'],
    ['中國', 'CN'],
    ['United States', 'US'],
    ['USA', 'US'],
    ['U.K.', 'GB'],
    ['UK', 'GB'],
    ['Deutschland', 'DE'],
    ['Hong Kong', 'HK'],
    ['xx', null],
    ['Russia', 'RU'],
    ['Côte d’Ivoire', 'CI'],
    ['unknown', null],
  ])('%s is %s', (name, code) => expect(countryCode(name)).toBe(code));
});
