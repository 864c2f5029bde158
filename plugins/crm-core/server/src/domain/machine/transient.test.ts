import { errorText, isTransient } from './transient';

test('a deadlock is transient, a broken rule and a plain throw are not', () => {
  expect(isTransient(Object.assign(new Error('deadlock detected'), { code: '40P01' }))).toBe(true);
  expect(isTransient(Object.assign(new Error('duplicate key'), { code: '23505' }))).toBe(false);
  expect(isTransient(new Error('no'))).toBe(false);
  expect(isTransient('40P01')).toBe(false);
});

test('an error is told in words, cut to a length, without what a text column refuses', () => {
  expect(errorText(new TypeError('x is\u0000 not a function'))).toBe('x is not a function');
  expect(errorText(new RangeError())).toBe('RangeError');
  expect(errorText('plain')).toBe('plain');
  expect(errorText(new Error('x'.repeat(5000)))).toHaveLength(2000);
});
