import { databaseJson } from './json';

test('ordinary text, emoji and escaped backslashes are left as they are', () => {
  const value = { name: '张三 😀', path: 'C:\\u0000\\new', quote: '"', list: [1, null, 'a'] };
  expect(JSON.parse(databaseJson(value))).toEqual(value);
});

test('NUL is dropped and a lone surrogate is replaced, in values and in keys', () => {
  expect(JSON.parse(databaseJson({ 'a\u0000b': ['x\u0000y', '\ud83d!'], ok: '😀' }))).toEqual({ ab: ['xy', '\uFFFD!'], ok: '😀' });
});

test('dates stay ISO strings when cleaning is needed', () => {
  expect(databaseJson({ at: new Date('2024-02-29T00:00:00Z'), note: '\u0000' })).toBe('{"at":"2024-02-29T00:00:00.000Z","note":""}');
});
