import { entryCircle, recycleCircle } from './circles';

type Body = Parameters<typeof recycleCircle>[0]['body'];
const pool = (key: string, more: { returnTo?: string; rule?: string; returns?: string; entry?: string } = {}) => ({
  key,
  body: {
    entry: { rules: more.entry ? [{ to: more.entry }] : [] },
    recycle: {
      returnTo: more.returnTo ?? null,
      rules: more.rule ? [{ returnTo: more.rule }] : [],
      returns: more.returns ? [{ to: more.returns }] : [],
    },
  } as Body,
});

test.each<[string, ReturnType<typeof pool>, ReturnType<typeof pool>[], readonly string[] | null]>([
  ['recycles into itself: that is what pools do', pool('a', { returnTo: 'a' }), [pool('b', { returnTo: 'b' })], null],
  ['recycles into one that keeps its leads', pool('a', { returnTo: 'b' }), [pool('b', { returnTo: 'b' })], null],
  ['recycles into one that recycles back', pool('a', { returnTo: 'b' }), [pool('b', { rule: 'a' })], ['b']],
  [
    'by way of a third, the shortest way is told',
    pool('a', { rule: 'b' }),
    [pool('b', { returns: 'c', rule: 'd' }), pool('c', { returnTo: 'd' }), pool('d', { returnTo: 'a' })],
    ['b', 'd'],
  ],
  ['a circle of others is theirs', pool('a', { returnTo: 'b' }), [pool('b', { returnTo: 'c' }), pool('c', { returnTo: 'b' })], null],
  ['one that is not live leads nowhere', pool('a', { returnTo: 'gone' }), [], null],
  ['what enters is no recycling', pool('a', { returnTo: 'b' }), [pool('b', { entry: 'a' })], null],
])('a pool that %s', (_name, own, others, expected) => expect(recycleCircle(own, others)).toEqual(expected));

test('entry rules that send on to each other are a circle of their own', () => {
  expect(entryCircle(pool('a', { entry: 'b' }), [pool('b', { entry: 'a' })])).toEqual(['b']);
  expect(entryCircle(pool('a', { entry: 'b' }), [pool('b', { returnTo: 'a' })])).toBeNull();
});
