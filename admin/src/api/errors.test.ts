import type { TimeFormats } from '../common/time';
import { plain } from '../common/plain';
import { en } from '../i18n/en';
import { asRefusal, describeRefusal } from './errors';
import { ApiError } from './http-client';

const texts: Record<string, string> = en.errors;
const translate = (key: string, options: Record<string, unknown> = {}): string => {
  const text = texts[key.replace('errors.', '')] ?? plain(options._ ?? key);
  return text.replace(/%\{(\w+)\}/g, (whole, name: string) => (options[name] === undefined ? whole : plain(options[name])));
};
const time: TimeFormats = {
  zone: 'UTC',
  dateTime: (iso) => `<${iso}>`,
  date: String,
  weekdayTime: String,
  toLocalInput: String,
  fromLocalInput: String,
};

describe('refusals in words', () => {
  test('a known code says what is used up and when it comes back', () => {
    const details = { limit: 20, used: 20, resetsAt: '2026-03-05T00:00:00Z' };
    expect(describeRefusal({ code: 'CLAIM_LIMIT_DAY', message: 'x', details }, translate, time)).toBe(
      '20 of 20 claims used today. Again from <2026-03-05T00:00:00Z>.',
    );
  });
  test('an unknown code keeps the words of the server', () => {
    expect(describeRefusal({ code: 'BRAND_NEW', message: 'The moon is full.' }, translate, time)).toBe('The moon is full.');
  });
  test('a text whose values are missing gives way to the words of the server', () => {
    expect(describeRefusal({ code: 'VALUE_REQUIRED', message: 'An account needs a name.' }, translate, time)).toBe(
      'An account needs a name.',
    );
  });
  test('an error without code and message still says something', () => {
    expect(describeRefusal({}, translate, time)).toBe('Something went wrong.');
  });
  test('errors of the API keep code and details, others their message', () => {
    expect(asRefusal(new ApiError(409, 'STALE', 'changed', { id: 1 }))).toEqual({ code: 'STALE', message: 'changed', details: { id: 1 } });
    expect(asRefusal(new Error('boom'))).toEqual({ message: 'boom' });
  });
});
