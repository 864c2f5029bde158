import fc from 'fast-check';
import { stageDay } from './staged';

test('a tenth of the leads begins each day, within what chance allows, and nobody waits longer than ten days', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (versionId) => {
      const days = Array.from({ length: 2000 }, (_, index) => stageDay(index + 1, versionId, 10));
      for (let day = 0; day < 10; day += 1) {
        const share = days.filter((one) => one === day).length;
        expect(share).toBeGreaterThan(120);
        expect(share).toBeLessThan(290);
      }
      expect(Math.max(...days)).toBe(9);
    }),
    { numRuns: 20 },
  );
});

test('the day of a lead is the same each time it is asked, and all begin at once at 100 percent', () => {
  expect(stageDay(42, 7, 10)).toBe(stageDay(42, 7, 10));
  expect(stageDay(42, 7, 100)).toBe(0);
});
