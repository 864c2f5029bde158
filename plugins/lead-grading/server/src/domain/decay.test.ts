import fc from 'fast-check';
import type { Decay } from '../../../contracts';
import { addToLog, decayFactor, fallsTo, shownEngagement, toLog, valueOfLog } from './decay';

const DAY = 86_400_000;
const NOW = new Date('2026-03-02T00:00:00Z');
const halfLife: Decay = { type: 'half-life', days: 30 };
const linear: Decay = { type: 'linear', percent: 50, days: 30 };
const step: Decay = {
  type: 'step',
  steps: [
    { afterDays: 30, percent: 20 },
    { afterDays: 7, percent: 60 },
  ],
};

describe('what is left of 100 points (§6)', () => {
  test.each([
    [0, 100],
    [15, 70.71],
    [30, 50],
    [45, 35.36],
    [60, 25],
  ])('half-life 30 d after %d days: %d', (days, left) => {
    expect(100 * decayFactor(halfLife, days * DAY)).toBeCloseTo(left, 2);
  });

  test.each([
    [0, 100],
    [15, 75],
    [30, 50],
    [45, 25],
    [60, 0],
    [90, 0],
  ])('linear 50 %% in 30 d after %d days: %d', (days, left) => {
    expect(100 * decayFactor(linear, days * DAY)).toBeCloseTo(left, 9);
  });

  test.each([
    [0, 100],
    [6.99, 100],
    [7, 60],
    [29.99, 60],
    [30, 20],
    [400, 20],
  ])('steps after %d days: %d', (days, left) => {
    expect(100 * decayFactor(step, days * DAY)).toBeCloseTo(left, 9);
  });

  test.each([
    [13.99, 100],
    [14, 75],
    [20.99, 75],
    [21, 50],
    [35, 0],
    [400, 0],
  ])('idle for %d days: %d, however old the engagement itself is', (idle, left) => {
    const inactivity = { type: 'inactivity' as const, afterDays: 14, percent: 25, everyDays: 7 };
    expect(100 * decayFactor(inactivity, 1000 * DAY, idle * DAY)).toBeCloseTo(left, 9);
  });

  test('nothing is lost without decay, and an engagement dated ahead counts in full', () => {
    expect(decayFactor({ type: 'none' }, 5000 * DAY)).toBe(1);
    expect(decayFactor(halfLife, -DAY)).toBe(1);
    expect(decayFactor(linear, -DAY)).toBe(1);
  });
});

describe('the forward form', () => {
  test('gives the decayed value at every later moment', () => {
    const log = addToLog(halfLife, null, 100, NOW);
    for (const days of [0, 15, 30, 45, 60]) {
      expect(valueOfLog(halfLife, log, new Date(NOW.getTime() + days * DAY))).toBeCloseTo(100 * 2 ** (-days / 30), 9);
    }
  });

  test('adding engagements one by one, in any order, equals the sum of what is left of each', () => {
    // Up to a thousand half-lives: beyond 1,074 the plain sum of the reference is zero in a double, which the logarithm is not.
    const event = fc.record({ points: fc.integer({ min: 1, max: 100 }), age: fc.integer({ min: 0, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 365 }), (events, days) => {
        const decay: Decay = { type: 'half-life', days };
        const sum = events.reduce((total, { points, age }) => total + points * 2 ** (-age / days), 0);
        const add = (order: typeof events): number | null =>
          order.reduce<number | null>((log, { points, age }) => addToLog(decay, log, points, new Date(NOW.getTime() - age * DAY)), null);
        expect(add(events)).toBeCloseTo(toLog(decay, sum, NOW) ?? NaN, 6);
        expect(add([...events].reverse())).toBeCloseTo(add(events) ?? NaN, 6);
      }),
    );
  });

  test('keeps the order of two leads for ever', () => {
    const recent = addToLog(halfLife, null, 40, NOW);
    const old = addToLog(halfLife, null, 70, new Date(NOW.getTime() - 30 * DAY));
    expect(recent).toBeGreaterThan(old);
    const later = new Date(NOW.getTime() + 365 * DAY);
    expect(valueOfLog(halfLife, recent, later)).toBeGreaterThan(valueOfLog(halfLife, old, later));
  });

  test('nothing has no logarithm', () => {
    expect(toLog(halfLife, 0, NOW)).toBeNull();
    expect(valueOfLog(halfLife, null, NOW)).toBe(0);
  });
});

test('the instant of a crossing is exact', () => {
  expect(fallsTo(halfLife, 100, 50, NOW)).toEqual(new Date(NOW.getTime() + 30 * DAY));
  expect(fallsTo(halfLife, 40, 50, NOW)).toEqual(NOW);
  expect(fallsTo(linear, 100, 50, NOW)).toBeNull();
});

test('the nearest integer is shown, halves rise, the cap holds', () => {
  expect([12.49, 12.5, 12.499_999_999, 250].map((value) => shownEngagement(value, 100))).toEqual([12, 13, 13, 100]);
});
