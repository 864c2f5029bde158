import { likenessOf, undoableUntil, type Who } from './copies';

const who = (more: Partial<Who>): Who => ({ name: null, sound: null, company: null, account: null, domain: null, ...more });
const pooled = who({ name: '王小明', sound: 'wangxiaoming', company: '东方机电', account: 7, domain: 'dongfang.example' });

describe('whether a lead typed in is one that lies in a pool', () => {
  test.each<[string, Partial<Who>, { share: number; grounds: readonly string[] } | null]>([
    ['the same name in the same company', { name: '王小明', company: '东方机电' }, { share: 1, grounds: ['company', 'name'] }],
    [
      'the same name at the same domain under another company',
      { name: '王小明', company: '东方', domain: 'dongfang.example' },
      { share: 1, grounds: ['domain', 'name'] },
    ],
    ['the same name in the same account under another company', { name: '王小明', account: 7 }, { share: 1, grounds: ['company', 'name'] }],
    [
      'a name that only sounds the same',
      { name: '王晓明', sound: 'wangxiaoming', company: '东方机电' },
      { share: 0.9, grounds: ['company', 'sound'] },
    ],
    [
      'the same name in Latin letters',
      { name: 'wang xiaoming', sound: 'wangxiaoming', company: '东方机电' },
      { share: 0.9, grounds: ['company', 'sound'] },
    ],
    ['a colleague', { name: '李雷', sound: 'lilei', company: '东方机电' }, { share: 0, grounds: ['company', 'name'] }],
    [
      'one character of three changed',
      { name: '王大明', sound: 'wangdaming', company: '东方机电' },
      { share: 0.67, grounds: ['company', 'name'] },
    ],
    ['the same name somewhere else', { name: '王小明', company: '西方机电' }, null],
    ['a company without a name', { company: '东方机电' }, null],
    ['nothing at all', {}, null],
  ])('%s', (_case, typed, expected) => {
    expect(likenessOf(who(typed), pooled, { linked: false })).toEqual(expected);
    expect(likenessOf(pooled, who(typed), { linked: false })).toEqual(expected);
  });

  test('a shared contact is enough, and more with the name', () => {
    expect(likenessOf(who({ name: '李雷' }), pooled, { linked: true })).toEqual({ share: 0.85, grounds: ['contact'] });
    expect(likenessOf(who({ name: '王小明' }), pooled, { linked: true })).toEqual({ share: 1, grounds: ['contact', 'name'] });
  });

  test.each<[string, string, number]>([
    ['ann lee', 'lee ann', 0.95],
    ['jon smith', 'john smith', 0.9],
    ['a', 'b', 0],
  ])('Latin names: %s and %s', (a, b, share) => {
    expect(likenessOf(who({ name: a, company: 'x' }), who({ name: b, company: 'x' }), { linked: false })?.share).toBe(share);
  });

  test('a decision can be taken back for seven days', () => {
    expect(undoableUntil(new Date('2026-03-01T10:00:00Z'))).toEqual(new Date('2026-03-08T10:00:00Z'));
  });
});
