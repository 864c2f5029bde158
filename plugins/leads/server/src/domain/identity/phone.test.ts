import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatPhone, phoneKey } from './phone';

const FOLDER = path.resolve(__dirname, '../../../../../../../shared/data/phone');
const present = existsSync(FOLDER);
interface Vectors {
  readonly parse: readonly { input: string; region: string; expected_e164: string; expected_ext: string; agrees: boolean }[];
  readonly reject: readonly { input: string; region: string; agrees: boolean }[];
  readonly valid: readonly { e164: string; expected: boolean; agrees: boolean }[];
  readonly format: readonly { e164: string; ext: string; format: string; expected: string; agrees: boolean }[];
}

/** That library parses these; they have no possible length, so a lead cannot be called on them and they are refused here. */
const IMPOSSIBLE = new Set(['+812345', '+12530000', '+491234', '+212345', '+180074935247']);
/** Renumbered since the file was written (Benin 2024), or the pattern was changed (Buenos Aires). */
const OUTDATED = new Set(['+22985751234', '+22981123456', '+541187654321']);

(present ? describe : describe.skip)('phone keys against the cases of libphonenumber', () => {
  const vectors = (
    present
      ? JSON.parse(readFileSync(path.join(FOLDER, 'libphonenumber_vectors.json'), 'utf8'))
      : { parse: [], reject: [], valid: [], format: [] }
  ) as Vectors;

  it('reads every number whose expectation holds with current metadata', () => {
    const rows = vectors.parse.filter((row) => row.agrees && !IMPOSSIBLE.has(row.expected_e164));
    const wrong = rows.flatMap((row) => {
      const got = phoneKey(row.input, row.region);
      const e164 = got.ok ? got.e164 : got.code;
      return e164 === row.expected_e164 && (got.ok ? (got.extension ?? '') : '') === row.expected_ext
        ? []
        : [`${row.region} ${row.input}: ${e164}, not ${row.expected_e164}`];
    });
    expect(rows.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it('refuses what that library refuses', () => {
    expect(vectors.reject.filter((row) => row.agrees && phoneKey(row.input, row.region).ok)).toEqual([]);
  });

  it('calls the same numbers valid', () => {
    const valid = (e164: string): boolean => {
      const got = phoneKey(e164, null);
      return got.ok && got.valid;
    };
    expect(vectors.valid.filter((row) => row.agrees && valid(row.e164) !== row.expected)).toEqual([]);
  });

  it('formats as that library does', () => {
    const rows = vectors.format.filter(
      (row) => row.agrees && row.format === 'INTERNATIONAL' && !IMPOSSIBLE.has(row.e164) && !OUTDATED.has(row.e164),
    );
    expect(
      rows.filter((row) => formatPhone(row.e164) !== row.expected).map((row) => [row.e164, formatPhone(row.e164), row.expected]),
    ).toEqual([]);
  });

  it('reads the example number of every region and type, in national and international form', () => {
    const rows = readFileSync(path.join(FOLDER, 'libphonenumber_example_numbers.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
      .filter((row) => !OUTDATED.has(row[5] ?? ''));
    const read = (text: string, region: string): string | null => {
      const got = phoneKey(text, region);
      return got.ok ? got.e164 : null;
    };
    const unread = rows.filter(([, , , , , e164]) => read(e164 ?? '', '') !== e164);
    const regional = rows.filter(([region]) => region !== '001');
    const local = regional.filter(
      ([region, , , national, prefix, e164]) =>
        read(`${national}`, region ?? '') !== e164 && read(`${prefix}${national}`, region ?? '') !== e164,
    );
    expect(unread.map((row) => row.join())).toEqual([]);
    expect(local.map((row) => row.join())).toEqual([]);
  });
});

describe('phone key', () => {
  it.each([
    ['１３８　００１３　８０００', 'CN', '+8613800138000', null],
    ['138-0013-8000', 'CN', '+8613800138000', null],
    ['8613800138000', 'CN', '+8613800138000', null],
    ['+86 138 0013 8000', null, '+8613800138000', null],
    ["'13800138000", 'CN', '+8613800138000', null],
    ['手机：13800138000', 'CN', '+8613800138000', null],
    ['13800138000.0', 'CN', '+8613800138000', null],
    ['010-88888888转8001', 'CN', '+861088888888', '8001'],
    ['010-88888888-801', 'CN', '+861088888888', '801'],
    ['(0571) 8888 8888 分机 12', 'CN', '+8657188888888', '12'],
    ['13800138000/13900139000', 'CN', '+8613800138000', null],
    ['无 ; 13900139000', 'CN', '+8613900139000', null],
    ['+1 (650) 253-0000 ext. 77', 'CN', '+16502530000', '77'],
    ['＋１　（６５０）　２５３－００００', 'CN', '+16502530000', null],
    ['1-800-FLOWERS', 'US', '+18003569377', null],
    ['tel:+1-650-253-0000;ext=5', null, '+16502530000', '5'],
  ])('reads %s in %s', (raw, region, e164, extension) =>
    expect(phoneKey(raw, region)).toMatchObject({ ok: true, e164, extension, valid: true }),
  );

  it.each([
    ['', 'PHONE_EMPTY'],
    [' \u200b', 'PHONE_EMPTY'],
    ['n/a', 'PHONE_UNREADABLE'],
    ['1.38001E+10', 'PHONE_SCIENTIFIC'],
    ['11111111111', 'PHONE_DUMMY'],
    ['138001380001234', 'PHONE_LENGTH'],
    ['jane@example.com', 'PHONE_UNREADABLE'],
  ])('refuses %j as %s', (raw, code) => expect(phoneKey(raw, 'CN')).toMatchObject({ ok: false, code }));

  it('needs a country or a plus', () => expect(phoneKey('13800138000', null)).toMatchObject({ ok: false, code: 'PHONE_UNREADABLE' }));
  it('keeps a number of an unknown range but says so', () =>
    expect(phoneKey('12345678', 'CN')).toMatchObject({ ok: true, valid: false, international: false }));
  it('tells type and country', () => expect(phoneKey('4008001234', 'CN')).toMatchObject({ type: 'sharedCost', country: 'CN' }));
  it('formats at home and abroad', () => {
    expect(formatPhone('+8613800138000', 'CN')).toBe('138 0013 8000');
    expect(formatPhone('+8613800138000', 'US', '12')).toBe('+86 138 0013 8000 ext. 12');
    expect(formatPhone('ask Bob')).toBe('ask Bob');
  });
});
