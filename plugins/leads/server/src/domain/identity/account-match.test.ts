import { bestMatches, companyVariants, matchAccount, phoneTail, withoutPlace, type MatchAccount, type MatchLead } from './account-match';
import { accountMatchingSchema } from '../../../../contracts';
import { companyKey } from './company';
import { soundKey } from './sound';

const lead = (over: Partial<MatchLead> = {}): MatchLead => ({
  domain: null,
  company: null,
  sound: null,
  phone: null,
  city: null,
  province: null,
  ...over,
});
const account = (id: number, over: Partial<MatchAccount> = {}): MatchAccount => ({
  id,
  domain: null,
  company: null,
  sound: null,
  phone: null,
  city: null,
  ...over,
});

describe('matching a lead to an account', () => {
  it.each([
    ['腾讯科技（深圳）有限公司', '騰訊科技(深圳)股份有限公司'],
    ['华为技术有限公司', '華為技術有限責任公司'],
    ['Acme Co., Ltd.', 'ＡＣＭＥ　Limited'],
    ['阿里巴巴集团控股有限公司', '阿里巴巴集团'],
    ['Müller GmbH & Co. KG', 'Muller GmbH'],
  ])('takes %s and %s for the same company', (own, other) => {
    const found = matchAccount(lead({ company: companyKey(own) }), account(1, { company: companyKey(other) }));
    expect(found).toEqual({ account: 1, score: 50, fields: { company: 50 } });
  });

  it('knows a company with and without the place before its name, and suggests it', () => {
    expect(withoutPlace('深圳市腾讯计算机系统')).toBe('腾讯计算机系统');
    expect(withoutPlace('上海')).toBeNull();
    expect(withoutPlace('shanghai volkswagen')).toBe('volkswagen');
    expect(companyVariants({ company: '腾讯计算机系统', city: '深圳', province: null })).toContain('深圳市腾讯计算机系统');
    const found = bestMatches(lead({ company: '腾讯计算机系统' }), [account(1, { company: '深圳市腾讯计算机系统' })]);
    expect(found).toEqual({ verdict: 'suggest', best: [{ account: 1, score: 35, fields: { place: 35 } }] });
  });

  it('suggests the same company written in the other script, and joins it where something else agrees', () => {
    const huawei = account(1, { company: 'huawei technologies', sound: soundKey('huawei technologies'), phone: '0755-28780808' });
    const chinese = lead({ company: companyKey('华为技术有限公司'), sound: soundKey(companyKey('华为技术有限公司')) });
    expect(bestMatches(chinese, [huawei])).toEqual({ verdict: 'suggest', best: [{ account: 1, score: 35, fields: { sound: 35 } }] });
    expect(bestMatches({ ...chinese, phone: '+8675528780808' }, [huawei])).toMatchObject({
      verdict: 'auto',
      best: [{ score: 80, fields: { phone: 45, sound: 35 } }],
    });
  });

  it('follows the points and thresholds of a policy; a field without points does not count', () => {
    const both = [
      lead({ domain: 'acme.com', company: 'acme', city: 'Wien' }),
      account(1, { domain: 'acme.com', company: 'acme', city: 'Wien' }),
    ] as const;
    const matching = accountMatchingSchema.parse({ points: { domain: 0, company: 40, city: 5 }, auto: 60, suggest: 40 });
    expect(bestMatches(both[0], [both[1]], matching)).toEqual({
      verdict: 'suggest',
      best: [{ account: 1, score: 45, fields: { company: 40, city: 5 } }],
    });
    expect(bestMatches(both[0], [both[1]], { ...matching, auto: 45 })?.verdict).toBe('auto');
    expect(bestMatches(both[0], [both[1]], { ...matching, suggest: 46 })).toBeNull();
  });

  it('adds up what each field contributes; a phone alone is suggested, with the city it is certain', () => {
    const phone = '+86 21 5555 1234';
    expect(phoneTail('021-55551234')).toBe(phoneTail(phone));
    const bare = account(1, { phone: '(021) 5555-1234' });
    expect(bestMatches(lead({ phone }), [bare])).toMatchObject({ verdict: 'suggest', best: [{ score: 45 }] });
    expect(bestMatches(lead({ phone, city: '上海市' }), [{ ...bare, city: '上海' }])).toMatchObject({
      verdict: 'auto',
      best: [{ score: 55 }],
    });
    expect(
      bestMatches(lead({ domain: 'acme.com', company: 'acme' }), [account(1, { domain: 'acme.com', company: 'acme' })])?.best[0],
    ).toEqual({
      account: 1,
      score: 110,
      fields: { domain: 60, company: 50 },
    });
  });

  it('never matches by the city, by free mail, or by nothing', () => {
    expect(bestMatches(lead({ city: '上海' }), [account(1, { city: '上海' })])).toBeNull();
    const eager = accountMatchingSchema.parse({ suggest: 1, auto: 1 });
    expect(bestMatches(lead({ city: '上海' }), [account(1, { city: '上海' })], eager)).toBeNull();
    expect(bestMatches(lead(), [account(1), account(2)])).toBeNull();
    expect(bestMatches(lead({ domain: null, phone: '123' }), [account(1, { domain: 'gmail.com', phone: '123' })])).toBeNull();
  });

  it('only suggests when two accounts bear the name and nothing tells them apart', () => {
    const twins = [account(2, { company: 'acme' }), account(1, { company: 'acme' })];
    expect(bestMatches(lead({ company: 'acme' }), twins)).toMatchObject({ verdict: 'suggest', best: [{ account: 1 }, { account: 2 }] });
    expect(bestMatches(lead({ company: 'acme', city: 'Wien' }), [{ ...twins[0]!, city: 'Wien' }, twins[1]!])).toMatchObject({
      verdict: 'auto',
      best: [{ account: 2, score: 60 }],
    });
  });
});
