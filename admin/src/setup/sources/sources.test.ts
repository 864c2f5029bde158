import { randomPassword, randomText } from '../kit/random';
import { isComplete as isMember, toNewMember } from '../people/new-member';
import { curlOf, saysTest } from './example';
import { ADAPTERS, defaultFieldsOf, isComplete, isKey, originOf, toSource, type SourceBody } from './source';

const body: SourceBody = {
  key: 'website-1',
  name: ' Website ',
  adapter: 'auto',
  defaults: { source: ' web ', medium: '', tier: 3 },
  allowedOrigins: ['https://example.com'],
  country: '',
  active: true,
};

describe('capture sources', () => {
  test('an address becomes the origin a browser sends', () => {
    expect(originOf('Example.com/contact?x=1')).toBe('https://example.com');
    expect(originOf('http://localhost:3000/')).toBe('http://localhost:3000');
    expect(originOf('https://example.com:443')).toBe('https://example.com');
  });
  test('what is no web address has no origin', () => {
    for (const text of ['', 'not an address', 'ftp://example.com', 'mailto:a@b.c']) expect(originOf(text)).toBeNull();
  });
  test('empty defaults are not sent, those of other fields are kept as they are', () => {
    expect(toSource(body)).toMatchObject({ name: 'Website', country: null, defaults: { source: 'web', tier: 3 } });
    expect(defaultFieldsOf(body.defaults)).toEqual(['source', 'medium', 'campaign', 'product', 'tier']);
  });
  test('a source needs a name, a key of at least six characters, whole origins and a country of two letters', () => {
    expect(isComplete(body)).toBe(true);
    expect(isComplete({ ...body, name: ' ' })).toBe(false);
    expect(isComplete({ ...body, key: 'short' })).toBe(false);
    expect(isComplete({ ...body, allowedOrigins: ['example.com'] })).toBe(false);
    expect(isComplete({ ...body, country: 'CHN' })).toBe(false);
  });
  test('an example can be pasted into a shell: what is quoted holds no quote', () => {
    for (const adapter of ADAPTERS) {
      const curl = curlOf('https://crm.example/api/capture/abc123', adapter);
      expect(curl).toMatch(/^curl -X POST 'https:\/\/crm\.example\/api\/capture\/abc123' \\\n/);
      expect(curl.replace(/'[^']*'/g, '')).not.toContain("'");
    }
  });
  test('formats that can say so send a test', () => {
    expect(ADAPTERS.filter(saysTest)).toEqual(['auto', 'json', 'google-ads', 'salesforce-web-to-lead']);
  });
});

describe('what is made at random', () => {
  test('a key is one the server takes, and never the same twice', () => {
    const keys = Array.from({ length: 200 }, () => randomText(24));
    expect(keys.every(isKey)).toBe(true);
    expect(new Set(keys).size).toBe(200);
  });
  test('a password is long enough', () => {
    expect(randomPassword()).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  });
});

describe('a new member', () => {
  const member = {
    name: 'Wang',
    email: ' wang@example.com ',
    password: 'abcdefghij',
    byMail: false,
    team: null,
    roles: [],
    calendarKey: null,
    timeZone: 'UTC',
    locale: 'zh',
  };
  test('needs a name, an address and a password of ten characters', () => {
    expect(isMember(member)).toBe(true);
    expect(isMember({ ...member, password: 'abcdefghi' })).toBe(false);
    expect(isMember({ ...member, email: 'wang@example' })).toBe(false);
    expect(isMember({ ...member, name: ' ' })).toBe(false);
  });
  test('who is invited by mail needs no password: he chooses his own', () => {
    expect(isMember({ ...member, byMail: true, password: '' })).toBe(true);
    expect(toNewMember({ ...member, byMail: true, password: 'abcdefghij' })).not.toHaveProperty('password');
  });
  test('what was left open is left to the server', () => {
    expect(toNewMember(member)).toEqual({
      name: 'Wang',
      email: 'wang@example.com',
      password: 'abcdefghij',
      roles: [],
      timeZone: 'UTC',
      locale: 'zh',
    });
  });
});
