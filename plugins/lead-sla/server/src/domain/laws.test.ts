import fc from 'fast-check';
import { calendarTime } from '@leadsea/crm-core';
import { advance, atDeadline, type Facts } from './advance';
import type { Clock } from './clock';
import { elapsedAt } from './plan';
import { C, context, facts, metric, opened } from './__fixtures__/clocks';

const of = metric({ targets: [{ duration: 'PT4H' }] });
const START = new Date('2026-03-04T01:00:00Z');
const at = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);

const moments = fc
  .array(fc.record({ after: fc.integer({ min: 1, max: 2000 }), pause: fc.boolean(), ownerId: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 12,
  })
  .map((list) => {
    let minutes = 0;
    return list.map(({ after, ...given }) => ({ now: at((minutes += after)), given }));
  });

const run = (list: readonly { now: Date; given: Partial<Facts> }[]) =>
  list.reduce<{ clock: Clock; segments: readonly { kind: string; seconds: number }[] }>(
    (done, { now, given }) => {
      const step = advance(done.clock, facts(given), context(of), now);
      return { clock: step.clock, segments: [...done.segments, ...step.segments] };
    },
    { clock: opened(of, START).clock, segments: [] },
  );

test('a pause never shortens what is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 235 }), fc.integer({ min: 1, max: 20_000 }), (before, length) => {
      const { clock } = opened(of, START);
      const paused = advance(clock, facts({ pause: true }), context(of), at(before)).clock;
      if (paused.breachedAt) return;
      const left = clock.targetSeconds - elapsedAt(clock, C, at(before));
      const resumed = advance(paused, facts(), context(of), at(before + length)).clock;
      expect(resumed.targetSeconds - elapsedAt(resumed, C, at(before + length))).toBe(left);
    }),
  );
});

test('what is booked in segments is what has elapsed', () => {
  fc.assert(
    fc.property(moments, (list) => {
      const { clock, segments } = run(list);
      expect(segments.filter((one) => one.kind === 'run').reduce((sum, one) => sum + one.seconds, 0)).toBe(clock.elapsedSeconds);
      expect(segments).toHaveLength(clock.segments);
    }),
  );
});

test('a running clock is due when the rest of its target has passed', () => {
  fc.assert(
    fc.property(moments, (list) => {
      const { clock } = run(list);
      if (clock.state !== 'running' || !clock.dueAt || !clock.segmentSince) return;
      expect(calendarTime.elapsed(C, clock.segmentSince, clock.dueAt)).toBe(clock.targetSeconds - clock.elapsedSeconds);
    }),
  );
});

test('it makes no difference how often a clock is looked at, nor whether its timer came in time', () => {
  fc.assert(
    fc.property(moments, fc.array(fc.integer({ min: 0, max: 11 })), (list, twice) => {
      const plain = run(list).clock;
      const often = list.reduce((clock, { now, given }, index) => {
        const due = clock.dueAt && clock.dueAt < now ? atDeadline(clock, clock.dueAt).clock : clock;
        const once = advance(due, facts(given), context(of), now).clock;
        return twice.includes(index) ? advance(once, facts(given), context(of), now).clock : once;
      }, opened(of, START).clock);
      expect(often).toEqual(plain);
    }),
  );
});
