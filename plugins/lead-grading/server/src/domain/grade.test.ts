import fc from 'fast-check';
import { gradingModelSchema } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { shownEngagement } from './decay';
import { bandWithHysteresis, currentGrade, decideGrade, nextReview, totalScore } from './grade';

const NOW = new Date('2026-03-02T12:00:00Z');
const DAY = 86_400_000;
const make = (over: Record<string, unknown> = {}): GradingModel =>
  gradingModelSchema.parse({
    fit: {},
    engagement: { decay: { type: 'half-life', days: 30 } },
    thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 5 },
    labelling: { by: 'score', hot: 60, warm: 30 },
    refreshPoints: 1000,
    ...over,
  });
const model = make();

test.each([
  [70, 50, 'A1', 'hot'],
  [69, 49, 'B2', 'warm'],
  [45, 10, 'B3', 'cold'],
  [24, 9, 'D4', 'cold'],
  [-20, 0, 'D4', 'cold'],
])('fit %d and engagement %d are %s, %s', (fit, engagement, grade, heat) => {
  expect(decideGrade(model, fit, engagement, null)).toMatchObject({ grade, heat });
});

test('the total is the weighted sum, halves rise, between floor and cap', () => {
  expect(totalScore(model, 50, 25)).toBe(38);
  expect(totalScore(model, -50, 10)).toBe(0);
  expect(totalScore(make({ weights: { fit: 100, engagement: 100 } }), 90, 90)).toBe(100);
  expect(totalScore(make({ total: { floor: -30 } }), -90, 0)).toBe(-30);
});

describe('hysteresis', () => {
  const limits = [50, 25, 10];
  test.each([
    ['rises at the threshold', 50, 1, 0],
    ['holds its band on the margin', 45, 0, 0],
    ['leaves it below the margin', 44, 0, 1],
    ['falls several bands at once', 4, 0, 3],
    ['falls only as far as the margin allows', 21, 0, 1],
    ['has no margin without a band', 45, null, 1],
  ])('%s', (_, value, current, band) => {
    expect(bandWithHysteresis(value, limits, current, 5)).toBe(band);
  });

  test('grades and heat fall with it', () => {
    expect(decideGrade(model, 66, 46, currentGrade('A1', 'hot'))).toMatchObject({ grade: 'A1', heat: 'hot', score: 56 });
    expect(decideGrade(model, 66, 44, currentGrade('A1', 'hot'))).toMatchObject({ grade: 'A2', heat: 'hot', score: 55 });
    expect(decideGrade(model, 66, 46, null)).toMatchObject({ grade: 'B2', heat: 'warm' });
  });
});

describe('the next review', () => {
  test('is the second after engagement leaves its band', () => {
    const held = decideGrade(model, 80, 60, null);
    const at = nextReview(model, 80, 60, 60, held, NOW);
    // A1 is left below 45 shown, which is 44.5; hot with fit 80 is left below 55 = (80 + 30) / 2, later.
    expect(at?.getTime()).toBeCloseTo(NOW.getTime() + Math.log2(60 / 44.5) * 30 * DAY + 1000, -3);
  });

  test('is never in the past, and there is none when nothing can fall', () => {
    const held = decideGrade(model, 0, 3, null);
    expect(nextReview(model, 0, 3, 3, held, NOW)).toBeNull();
    expect(nextReview(make({ engagement: { decay: { type: 'none' } } }), 0, 60, 60, decideGrade(model, 0, 60, null), NOW)).toBeNull();
  });

  test('comes earlier when the stored engagement would be too far from its value', () => {
    const close = make({ refreshPoints: 5 });
    const at = nextReview(close, 80, 60, 60, decideGrade(close, 80, 60, null), NOW);
    expect(at?.getTime()).toBeCloseTo(NOW.getTime() + Math.log2(60 / 55.5) * 30 * DAY + 1000, -3);
  });

  test('law: nothing changes before it, and at it something has', () => {
    const arbitrary = fc.record({
      fit: fc.integer({ min: -20, max: 100 }),
      value: fc.double({ min: 0.6, max: 400, noNaN: true }),
      refresh: fc.constantFrom(3, 10, 1000),
    });
    fc.assert(
      fc.property(arbitrary, ({ fit, value, refresh }) => {
        const any = make({ refreshPoints: refresh });
        const engagement = shownEngagement(value, any.engagement.cap);
        const held = decideGrade(any, fit, engagement, null);
        const at = nextReview(any, fit, value, engagement, held, NOW);
        const later = (ms: number) => {
          const left = shownEngagement(value * 2 ** (-(ms - NOW.getTime()) / DAY / 30), any.engagement.cap);
          return { left, ...decideGrade(any, fit, left, { grade: held.grade, heat: held.heat }) };
        };
        const same = (then: ReturnType<typeof later>): boolean =>
          then.grade === held.grade && then.heat === held.heat && engagement - then.left < refresh;
        if (at === null) return same({ ...later(NOW.getTime() + 4000 * DAY) });
        return same(later(at.getTime() - 2000)) && !same(later(at.getTime()));
      }),
      { numRuns: 300 },
    );
  });
});
