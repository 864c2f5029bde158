import { windowOf } from './windows';

const at = (text: string): Date => new Date(text);
const shown = (window: { start: Date; end: Date }): string[] => [window.start.toISOString(), window.end.toISOString()];

test('a day, a week from Monday and a month are those of the zone', () => {
  const now = at('2026-03-04T17:30:00Z');
  expect(shown(windowOf('day', 'Asia/Shanghai', now))).toEqual(['2026-03-04T16:00:00.000Z', '2026-03-05T16:00:00.000Z']);
  expect(shown(windowOf('week', 'Asia/Shanghai', now))).toEqual(['2026-03-01T16:00:00.000Z', '2026-03-08T16:00:00.000Z']);
  expect(shown(windowOf('month', 'Europe/Berlin', now))).toEqual(['2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z']);
});

test('a day has 23 hours when the clocks go forward', () => {
  expect(shown(windowOf('day', 'Europe/Berlin', at('2026-03-29T10:00:00Z')))).toEqual([
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ]);
});

test('the answer is the same whatever was asked before: forward, backward, on the border, in another zone', () => {
  const moments = ['2026-03-04T15:59:59.999Z', '2026-03-04T16:00:00Z', '2026-03-05T15:59:59.999Z', '2026-03-05T16:00:00Z'].map(at);
  const days = ['2026-03-03T16:00:00.000Z', '2026-03-04T16:00:00.000Z', '2026-03-04T16:00:00.000Z', '2026-03-05T16:00:00.000Z'];
  const asked = [0, 1, 2, 3, 2, 1, 0, 3, 0];
  for (const index of asked) {
    expect(windowOf('day', 'Asia/Shanghai', moments[index]!).start.toISOString()).toBe(days[index]);
    expect(windowOf('day', 'UTC', moments[index]!).start.toISOString().slice(11)).toBe('00:00:00.000Z');
  }
});

test.each<[string, 'hour' | 'day' | 'week' | 'month', string, string, [string, string]]>([
  [
    'an hour that comes twice is two hours: the first',
    'hour',
    'Europe/Berlin',
    '2026-10-25T00:30:00Z',
    ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z'],
  ],
  ['and the second', 'hour', 'Europe/Berlin', '2026-10-25T01:30:00Z', ['2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z']],
  [
    'hours of a zone half an hour off',
    'hour',
    'Asia/Kolkata',
    '2026-03-04T10:10:00Z',
    ['2026-03-04T09:30:00.000Z', '2026-03-04T10:30:00.000Z'],
  ],
  [
    'a day has 25 hours when the clocks go back',
    'day',
    'Europe/Berlin',
    '2026-10-25T12:00:00Z',
    ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ],
  [
    'a day without a midnight begins at one',
    'day',
    'Africa/Cairo',
    '2026-04-24T10:00:00Z',
    ['2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ],
  [
    'a week over a change of clocks',
    'week',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    ['2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ],
  [
    'a Sunday belongs to the week before',
    'week',
    'Asia/Shanghai',
    '2026-03-08T15:59:59Z',
    ['2026-03-01T16:00:00.000Z', '2026-03-08T16:00:00.000Z'],
  ],
  ['a leap February', 'month', 'Asia/Shanghai', '2028-02-29T15:59:59Z', ['2028-01-31T16:00:00.000Z', '2028-02-29T16:00:00.000Z']],
  [
    'the last night of the year',
    'month',
    'Asia/Shanghai',
    '2026-12-31T16:00:00Z',
    ['2026-12-31T16:00:00.000Z', '2027-01-31T16:00:00.000Z'],
  ],
])('%s', (_case, per, zone, now, expected) => {
  expect(shown(windowOf(per, zone, at(now)))).toEqual(expected);
});
