import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { domainKey } from './domain';
import { emailKey } from './email';

const FILE = path.resolve(__dirname, '../../../../../../../shared/data/email/isemail_tests.json');
interface Vector {
  readonly id: string;
  readonly address: string;
  readonly category: string;
}

(existsSync(FILE) ? describe : describe.skip)('addresses with a verdict', () => {
  const tests: readonly Vector[] = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { tests: Vector[] }).tests : [];
  const accepted = (category: string): string[] =>
    tests.filter((test) => test.category === category && emailKey(test.address).ok).map((test) => test.id);
  const all = (category: string): string[] => tests.filter((test) => test.category === category).map((test) => test.id);

  it('refuses every error', () => expect(accepted('ISEMAIL_ERR')).toEqual([]));
  it('accepts every valid one and every one that only lacks DNS', () => {
    expect(accepted('ISEMAIL_VALID_CATEGORY')).toEqual(all('ISEMAIL_VALID_CATEGORY'));
    expect(accepted('ISEMAIL_DNSWARN')).toEqual(all('ISEMAIL_DNSWARN'));
  });
  it('refuses quoted, literal, obsolete, over-long and commented forms, and forgives blanks around', () => {
    for (const category of ['ISEMAIL_RFC5321', 'ISEMAIL_RFC5322', 'ISEMAIL_DEPREC']) expect(accepted(category)).toEqual([]);
    expect(accepted('ISEMAIL_CFWS')).toEqual(['157', '158']);
  });
});

describe('email key', () => {
  it.each([
    ['Jane.Doe+news@Gmail.com', 'janedoe@gmail.com'],
    ['jane.doe@googlemail.com', 'janedoe@gmail.com'],
    ['Jane.Doe+x@acme.com', 'jane.doe@acme.com'],
    ['+x@acme.com', '+x@acme.com'],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'jane@example.com'],
    ['Jane Doe <jane@example.com>', 'jane@example.com'],
    ['mailto:jane@example.com?subject=hi', 'jane@example.com'],
    ['info@münchen.de', 'info@xn--mnchen-3ya.de'],
    ['张三@例子.中国', '张三@xn--fsqu00a.xn--fiqs8s'],
    ['\u200bjane@example.com\ufeff', 'jane@example.com'],
  ])('of %s is %s', (raw, key) => expect(emailKey(raw)).toMatchObject({ ok: true, key }));

  it('keeps the local part as typed for writing to', () =>
    expect(emailKey('Jane.Doe+x@Acme.COM')).toMatchObject({ email: 'Jane.Doe+x@acme.com' }));

  it.each([
    ['a@mailinator.com', { disposable: true, free: false }],
    ['a@sub.mailinator.com', { disposable: true, free: false }],
    ['a@gmail.com', { disposable: false, free: true }],
    ['a@qq.com', { disposable: false, free: true }],
    ['a@vip.163.com', { disposable: false, free: true }],
    ['a@21cn.com', { disposable: false, free: true }],
    ['a@siemens.com', { disposable: false, free: false }],
  ])('knows the kind of %s', (raw, kind) => expect(emailKey(raw)).toMatchObject(kind));

  it('knows desks from people', () => {
    expect(emailKey('Info@acme.com')).toMatchObject({ role: true });
    expect(emailKey('sales+eu@acme.com')).toMatchObject({ role: true });
    expect(emailKey('jane@acme.com')).toMatchObject({ role: false });
  });
  it.each([
    ['', 'EMAIL_EMPTY'],
    ['jane', 'EMAIL_SYNTAX'],
    ['a@b@c.com', 'EMAIL_SYNTAX'],
    ['jane@qq', 'EMAIL_DOMAIN'],
    ['ja ne@qq.com', 'EMAIL_LOCAL'],
  ])('refuses %j as %s', (raw, code) => expect(emailKey(raw)).toMatchObject({ ok: false, code }));
});

describe('domain key', () => {
  it.each([
    ['https://www.acme.co.uk/about?x=1', 'acme.co.uk'],
    ['WWW.Acme.com', 'acme.com'],
    ['jane@mail.acme.com.cn', 'acme.com.cn'],
    ['http://user:pw@shop.acme.de:8080/', 'acme.de'],
    ['www.例子.中国', 'xn--fsqu00a.xn--fiqs8s'],
    ['acme.github.io', 'acme.github.io'],
    ['jane@gmail.com', null],
    ['mailinator.com', null],
    ['http://192.168.1.1/x', null],
    ['http://[::1]/', null],
    ['https://linkedin.com/in/jane', null],
    ['localhost', null],
    ['n/a', null],
    ['not a domain', null],
    ['', null],
  ])('of %s is %s', (raw, key) => expect(domainKey(raw)).toBe(key));
});
