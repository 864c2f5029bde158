import { adviceOf, breachesOf, forecast } from './forecast';
import { outageBetween, outageShare } from './outage';
import { C, cn } from './__fixtures__/clocks';

const base = { now: cn('2026-03-04 08:00'), calendar: C, handlingSeconds: 1800, targetSeconds: 3600, waiting: [], staffAt: () => 1 };

describe('expected misses of the next 24 hours', () => {
  test('enough people: none', () => expect(breachesOf(forecast({ ...base, arrivalsAt: () => 1 }))).toBe(0));
  test('nobody at work: everything that arrives in open time is missed', () => {
    const hours = forecast({
      ...base,
      staffAt: () => 0,
      arrivalsAt: (hour) => (hour.getTime() === cn('2026-03-04 09:00').getTime() ? 4 : 0),
    });
    expect(breachesOf(hours)).toBe(4);
    expect(hours.find((hour) => hour.breaches > 0)?.hour).toEqual(cn('2026-03-04 09:00'));
  });
  test('what waits grows no older while the office is closed', () => {
    const hours = forecast({ ...base, now: cn('2026-03-04 18:00'), waiting: [1800], staffAt: () => 0, arrivalsAt: () => 0 });
    expect(hours.find((hour) => hour.breaches > 0)?.hour).toEqual(cn('2026-03-05 09:00'));
  });
  test('says when one more person would save the most', () => {
    const rush = (hour: Date): number => (hour.getTime() === cn('2026-03-04 10:00').getTime() ? 6 : 0);
    const advice = adviceOf({ ...base, arrivalsAt: rush });
    expect(advice?.saves).toBeGreaterThan(0);
    expect(advice?.from.getTime()).toBeGreaterThanOrEqual(cn('2026-03-04 09:00').getTime());
    expect(adviceOf({ ...base, arrivalsAt: () => 0 })).toBeNull();
  });
});

describe('R-63 an outage', () => {
  const at = (time: string, process: string) => ({ at: cn(time), process });
  test('is a long silence between two processes, not a clock that somebody moves', () => {
    expect(outageBetween(null, at('2026-03-04 10:00', 'a'))).toBeNull();
    expect(outageBetween(at('2026-03-04 09:00', 'a'), at('2026-03-04 10:00', 'a'))).toBeNull();
    expect(outageBetween(at('2026-03-04 09:50', 'a'), at('2026-03-04 10:00', 'b'))).toBeNull();
    expect(outageBetween(at('2026-03-04 09:00', 'a'), at('2026-03-04 10:00', 'b'))).toEqual({
      from: cn('2026-03-04 09:00'),
      to: cn('2026-03-04 10:00'),
    });
  });
  test('counts by the business time of the target it took', () => {
    const outages = [{ from: cn('2026-03-04 11:30'), to: cn('2026-03-04 14:00') }];
    expect(outageShare(C, cn('2026-03-04 09:00'), cn('2026-03-04 14:30'), 14_400, outages)).toBe(0.25);
  });
});
