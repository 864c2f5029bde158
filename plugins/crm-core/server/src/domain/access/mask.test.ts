import { maskValue } from './mask';

test.each([
  ['phone', 'text', '13812341234', '138****1234'],
  ['phone', 'text', '+86 138 1234 1234', '+86138****1234'],
  ['phone', 'text', '+1 415 555 2671', '+141****2671'],
  ['phone', 'text', '62281234', '****1234'],
  ['phone', 'text', '110', '****'],
  ['email', 'text', 'anna@example.com', 'a***@example.com'],
  ['email', 'text', '王@example.com', '王***@example.com'],
  ['email', 'text', '@example.com', '***'],
  ['email', 'text', 'nobody', '***'],
  ['text', 'text', 'secret', '***'],
  [undefined, 'text', 'secret', '***'],
  [undefined, 'money', 12, null],
  [undefined, 'json', { a: 1 }, null],
  [undefined, 'datetime', '2026-01-01T00:00:00.000Z', null],
  ['email', 'text', null, null],
  ['email', 'text', '', ''],
] as const)('mask %s of a %s hides %p as %p', (mask, type, value, expected) => {
  expect(maskValue({ mask, type }, value)).toBe(expected);
});
