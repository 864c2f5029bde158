import { calendarTime } from '@leadsea/crm-core';
import { coolingSchema } from '../../../contracts';
import { coolingUntil, hasCooling, type Departure } from './cooling';

const office = calendarTime.compileCalendar({
  key: 'office',
  tz: 'Asia/Shanghai',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]])),
});
const cn = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const NOW = cn('2026-03-06 12:00');
const me = { id: 1, teamId: 10 };
const left = (memberId: number, text: string, more: Partial<Departure> = {}): Departure => ({
  memberId,
  teamId: memberId * 10,
  at: cn(text),
  way: 'released',
  reason: 'no_time',
  ...more,
});
const until = (cooling: Record<string, unknown>, ...departures: Departure[]): string | null =>
  coolingUntil(coolingSchema.parse(cooling), departures, me, office, NOW)?.toISOString() ?? null;
const iso = (text: string): string => cn(text).toISOString();

describe('how long a former owner waits (A4.4)', () => {
  test.each<[string, Record<string, unknown>, Departure[], string | null]>([
    ['days of the wall', { after: 'P7D' }, [left(1, '2026-03-05 10:00')], iso('2026-03-12 10:00')],
    ['business days', { after: 'P3BD' }, [left(1, '2026-03-05 10:00')], iso('2026-03-10 10:00')],
    ['working hours', { after: 'PT9H' }, [left(1, '2026-03-06 10:00')], iso('2026-03-09 10:00')],
    ['plain hours', { after: 'PT9H', time: 'calendar' }, [left(1, '2026-03-06 10:00')], iso('2026-03-06 19:00')],
    ['defect 8: N days are N days, not N and what is left of one', { after: 'P1D' }, [left(1, '2026-03-05 12:00')], null],
    [
      'the reason before the way',
      { ways: { released: 'P5D' }, reasons: { no_time: 'P9D' } },
      [left(1, '2026-03-05 10:00')],
      iso('2026-03-14 10:00'),
    ],
    [
      'a reason of another way says nothing',
      { after: 'P2D', reasons: { no_time: 'P9D' } },
      [left(1, '2026-03-05 10:00', { way: 'recycled' })],
      iso('2026-03-07 10:00'),
    ],
    [
      'a way set to none has none, though there is a general wait',
      { after: 'P9D', ways: { rerouted: null } },
      [left(1, '2026-03-05 10:00', { way: 'rerouted', reason: null })],
      null,
    ],
    ['somebody else waits, not I', { after: 'P9D' }, [left(2, '2026-03-05 10:00')], null],
    [
      'a colleague of his, where teams wait',
      { after: 'P9D', team: true },
      [left(2, '2026-03-05 10:00', { teamId: 10 })],
      iso('2026-03-14 10:00'),
    ],
    [
      'nobody without a team is in one team with another',
      { after: 'P9D', team: true },
      [left(2, '2026-03-05 10:00', { teamId: null })],
      null,
    ],
  ])('%s', (_name, cooling, departures, expected) => expect(until(cooling, ...departures)).toBe(expected));

  test('defect 6: A → B → A does not help: every former owner waits unless the pool names a number', () => {
    const chain = [left(1, '2026-03-04 10:00'), left(2, '2026-03-05 10:00'), left(3, '2026-03-05 12:00')];
    expect(until({ after: 'P9D' }, ...chain)).toBe(iso('2026-03-13 10:00'));
    expect(until({ after: 'P9D', owners: 3 }, ...chain)).toBe(iso('2026-03-13 10:00'));
    expect(until({ after: 'P9D', owners: 2 }, ...chain)).toBeNull();
  });

  test('of several departures of one person the latest counts', () => {
    expect(until({ after: 'P9D' }, left(1, '2026-03-01 10:00'), left(1, '2026-03-04 10:00'))).toBe(iso('2026-03-13 10:00'));
  });

  test('a pool that asks nobody to wait is known as such', () => {
    expect([{}, { ways: { released: null } }, { reasons: { other: 'P1D' } }].map((one) => hasCooling(coolingSchema.parse(one)))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
