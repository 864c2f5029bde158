import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { companyKey, companyWords } from './company';

const FILE = path.resolve(__dirname, '../../../../../../../shared/data/dedupe/cleanco_basename_vectors.json');
interface Vector {
  readonly group: string;
  readonly input: string;
  readonly expected_base: string;
}

/** Where this key is meant to differ from that library's base name, and why. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  'Example Example Pty Limited': 'Pty Limited is one form',
  '€uro Company Ltd': 'Company is a form',
  株式会社サンプル: 'Japanese forms are dropped',
  '삼성전자 주식회사': 'Korean forms are dropped',
};

(existsSync(FILE) ? describe : describe.skip)('company key against the cleanco vectors', () => {
  const tests: readonly Vector[] = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { tests: Vector[] }).tests : [];
  const plain = (text: string): string =>
    companyWords(text)
      .filter((word) => word !== 'and')
      .join(' ');

  it('agrees on at least 95 % and deviates only where listed', () => {
    const different = tests.filter((test) => (companyKey(test.input) ?? '') !== plain(test.expected_base));
    expect(different.map((test) => test.input).sort()).toEqual(Object.keys(DEVIATIONS).sort());
    expect((tests.length - different.length) / tests.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('company key', () => {
  it.each([
    ['腾讯科技（深圳）有限公司', '腾讯科技'],
    ['腾讯科技(深圳)有限责任公司', '腾讯科技'],
    ['騰訊科技（深圳）有限公司', '腾讯科技'],
    ['  阿里巴巴（中国）有限公司 ', '阿里巴巴'],
    ['华为技术有限公司北京分公司', '华为技术'],
    ['华为技术有限公司', '华为技术'],
    ['中国石油天然气集团有限公司', '中国石油天然气'],
    ['海尔集团公司', '海尔'],
    ['海尔集团', '海尔'],
    ['海尔（集团）股份有限公司', '海尔'],
    ['比亚迪股份有限公司', '比亚迪'],
    ['臺灣積體電路製造股份有限公司', '台湾积体电路制造'],
    ['上海银行', '上海银行'],
    ['上海银行股份有限公司', '上海银行'],
    ['北京公司', '北京公司'],
    ['ＡＢＣ科技 有限公司', 'abc科技'],
    ['上海外高桥（浦东新区）贸易有限公司', '上海外高桥贸易'],
    ['中 信 银 行', '中信银行'],
    ['トヨタ自動車株式会社', 'トヨタ自动车'],
  ])('reduces %s to %s', (name, key) => expect(companyKey(name)).toBe(key));

  it.each([
    ['Müller & Söhne GmbH & Co. KG', 'muller sohne'],
    ['Toyota Motor (China) Co., Ltd.', 'toyota motor'],
    ['Foo S.p.A.', 'foo'],
    ['Grupo Bimbo, S.A. de C.V.', 'grupo bimbo'],
    ['Siemens GmbH Berlin', 'siemens berlin'],
    ['Smith and Jones', 'smith jones'],
    ['PT Astra International Tbk', 'astra international'],
    ['McDonald’s Corporation', 'mcdonalds'],
    ['AT&T Inc.', 'at t'],
    ['SAS', 'sas'],
  ])('reduces %s to %s', (name, key) => expect(companyKey(name)).toBe(key));

  it.each(['', '   ', 'Ltd.', '有限公司', '（中国）', '—', 'Inc & Co'])('has no key for %j', (name) => expect(companyKey(name)).toBeNull());

  it('is stable: the key of a key is the key', () => {
    for (const name of ['Hello World Oy', '海尔（集团）股份有限公司', 'A.B.C. Corp', 'U.S. Steel Corp.']) {
      const key = companyKey(name) ?? '';
      expect(companyKey(key)).toBe(key);
    }
  });

  it('is the same for a plain name read the short way and the long way', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'acme',
        'Global',
        'oy',
        'Ltd',
        'co',
        'GmbH',
        'and',
        'pty',
        'sp',
        'z',
        'o',
        'S',
        'de',
        'CV',
        'inc',
        'Berlin',
        'AG',
        'proprietary',
        'limited',
      ),
      fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/),
    );
    fc.assert(
      // White space in front is no part of the name, but takes the short way out.
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        expect(companyKey(words.join(' '))).toBe(companyKey(` ${words.join(' ')}`));
      }),
      { numRuns: 2000 },
    );
  });
});
