import fc from 'fast-check';
import { leadKeys, wechatKey } from './keys';
import { mergeValues } from './merge';
import { nameKey } from './name';
import { isBlank, normaliseNote, normaliseText } from './text';

const CN = { defaultCountry: 'CN' };

describe('text', () => {
  it('becomes one plain line', () => expect(normaliseText(' \u200bＡＢ\u0000C\t\n  d\u00a0e ')).toBe('ABC d e'));
  it('keeps the lines of a note', () => expect(normaliseNote(' a \r\n\r\n b\u200b  c ')).toBe('a\n\nb c'));
  it('is normalised once and for all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => normaliseText(normaliseText(text)) === normaliseText(text)));
  });
  it('knows blank values', () => {
    for (const value of [null, undefined, '', ' \u200b ', [], {}]) expect(isBlank(value)).toBe(true);
    for (const value of [0, false, 'a', ['a'], { a: 1 }]) expect(isBlank(value)).toBe(false);
  });
});

describe('name key', () => {
  it.each([
    ['Dr. José  Álvarez', 'jose alvarez'],
    ["O'Brien, Anna", 'obrien anna'],
    ['張 偉', '张伟'],
    ['李女士', '李女士'],
    ['王小明先生', '王小明'],
    ['Mr', 'mr'],
    ['—', null],
  ])('of %s is %s', (raw, key) => expect(nameKey(raw)).toBe(key));
});

describe('lead keys', () => {
  it('gathers keys, columns and flags', () => {
    const got = leadKeys(
      {
        name: '张伟',
        email: ' Wei.Zhang+x@Gmail.com\n',
        phone: '138 0013 8000',
        wechat: 'WeiZhang88',
        company: '华为技术有限公司',
        website: 'www.huawei.com',
      },
      { ...CN, externalId: '42', externalSource: 'meta' },
    );
    expect(got.keys).toEqual([
      { kind: 'email', value: 'weizhang@gmail.com' },
      { kind: 'phone', value: '+8613800138000' },
      { kind: 'wechat', value: 'weizhang88' },
      { kind: 'external', value: 'meta:42' },
    ]);
    expect(got).toMatchObject({
      domainKey: 'huawei.com',
      companyKey: '华为技术',
      flags: ['emailFree'],
      clean: { phone: '+8613800138000' },
      phoneCountry: 'CN',
    });
  });
  it('reads a phone in the country of the lead before the default one', () => {
    expect(leadKeys({ phone: '(650) 253-0000', country: 'us' }, CN).phoneKey).toBe('+16502530000');
    expect(leadKeys({ phone: '13800138000', country: 'DE' }, CN).phoneKey).toBe('+8613800138000');
  });
  it('does not match on a fragment of a number', () =>
    expect(leadKeys({ phone: '88888888' }, CN)).toMatchObject({ phoneKey: null, keys: [], clean: {} }));
  it('says what is wrong and never throws', () => {
    expect(leadKeys({}, CN).flags).toEqual(['noContact']);
    expect(leadKeys({ name: 'asdf', email: 'x@', phone: 'no', wechat: '?' }, CN).flags).toEqual([
      'emailInvalid',
      'phoneInvalid',
      'wechatInvalid',
      'noContact',
      'nameSuspicious',
    ]);
    const anything = fc.record({
      name: fc.string(),
      email: fc.string(),
      phone: fc.string(),
      wechat: fc.string(),
      company: fc.string(),
      website: fc.string(),
      country: fc.string(),
    });
    fc.assert(fc.property(anything, (values) => leadKeys(values, CN).keys.every((key) => key.value !== '')));
  });
  it('takes a phone number given as a WeChat id for what it is', () => {
    expect(wechatKey('微信号：13800138000', 'CN')).toBe('+8613800138000');
    expect(wechatKey('a b', 'CN')).toBeNull();
  });
});

describe('merging', () => {
  it('fills blanks and leaves the rest', () => {
    const survivor = { name: 'Jane', title: ' ', phone: null, company: 'Acme', employees: 0, custom: { a: 1, b: '' }, source: 'web' };
    const incoming = {
      name: 'Jane Doe',
      title: 'CTO',
      phone: '+1',
      company: '',
      employees: 5,
      custom: { a: 2, b: 3, c: 4 },
      source: 'expo',
      campaign: 'x',
    };
    expect(mergeValues(survivor, incoming)).toEqual({ title: 'CTO', phone: '+1', custom: { a: 1, b: 3, c: 4 } });
  });
  it('follows the policy field by field', () => {
    const policy = { fields: { name: 'longest', title: 'incoming', city: 'never', 'custom.a': 'incoming' } } as const;
    expect(
      mergeValues(
        { name: 'J', title: 'CTO', city: '', custom: { a: 1 } },
        { name: 'Jane', title: 'CEO', city: 'Rome', custom: { a: 2 } },
        { policy },
      ),
    ).toEqual({ name: 'Jane', title: 'CEO', custom: { a: 2 } });
  });
  it('takes the origin only when the survivor has none', () => {
    expect(mergeValues({ source: '', utm: {} }, { source: 'meta', campaign: 'x', utm: { source: 'fb' } })).toEqual({
      source: 'meta',
      campaign: 'x',
      utm: { source: 'fb' },
    });
  });
  it('is not confused by keys that every object has', () => {
    expect(mergeValues({ custom: {} }, { custom: { constructor: 'x' } })).toEqual({ custom: { constructor: 'x' } });
  });
  it('loses nothing of the survivor and is done after once', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
    const record = fc.dictionary(fc.constantFrom('name', 'title', 'source', 'city', 'campaign'), value);
    fc.assert(
      fc.property(record, record, (survivor, incoming) => {
        const patch = mergeValues(survivor, incoming);
        const merged = { ...survivor, ...patch };
        const kept = Object.keys(survivor).every((key) => isBlank(survivor[key]) || merged[key] === survivor[key]);
        return kept && Object.keys(mergeValues(merged, incoming)).length === 0;
      }),
    );
  });
});
