import { calendarTime } from '@leadsea/crm-core';
import { atDeadline } from './advance';
import type { Segment } from './clock';
import { effectOf, migrate, revise } from './revise';
import { canWaive, unwaive, waive } from './waive';
import { C, cn, facts, metric, opened, play, types, wall } from './__fixtures__/clocks';

const spec = C.spec;
/** The same calendar with Thursday off, as a new revision. */
const THURSDAY_OFF = calendarTime.compileCalendar({ ...spec, exceptions: [{ from: '2026-03-05', kind: 'off' }] }, { revision: '2' });
/** The same calendar that opens on Wednesday only in the afternoon. */
const SHORT = calendarTime.compileCalendar(
  { ...spec, exceptions: [{ from: '2026-03-04', kind: 'special', intervals: [{ start: '13:30', end: '18:00' }] }] },
  { revision: '3' },
);
const of = metric({ targets: [{ duration: 'PT8H' }] });
const clock = opened(of, cn('2026-03-04 09:00')).clock;
const now = cn('2026-03-04 11:00');

describe('R-9 a new revision of the calendar', () => {
  test('re-plan: only what is to come moves, what was counted stays', () => {
    const step = revise(clock, of, [], { mode: 'replan', before: C, after: SHORT }, now);
    expect(step.clock).toMatchObject({ elapsedSeconds: 7200, calendarRevision: '3', state: 'running' });
    // Six hours left from 13:30: four and a half today, one and a half tomorrow.
    expect(wall(step.clock.dueAt)).toBe('2026-03-05 10:30');
    expect(types(step)).toEqual(['replanned']);
    expect(step.segments).toMatchObject([{ seconds: 7200, cause: 'calendar' }]);
  });
  test('recompute: as if it had held from the start', () => {
    const step = revise(clock, of, [], { mode: 'recompute', before: C, after: SHORT }, now);
    expect(wall(step.clock.dueAt)).toBe('2026-03-05 14:00');
    expect(step.clock.elapsedSeconds).toBe(0);
  });
  test('recompute takes a miss back, and history keeps both (R-31)', () => {
    const late = atDeadline(clock, cn('2026-03-05 11:00')).clock;
    expect(late.state).toBe('breached_open');
    const step = revise(late, of, [], { mode: 'recompute', before: C, after: THURSDAY_OFF }, cn('2026-03-05 11:00'));
    expect([step.clock.state, wall(step.clock.dueAt), step.clock.breachedAt]).toEqual(['running', '2026-03-06 09:30', null]);
    expect(types(step)).toEqual(['unbreached']);
    expect(effectOf(late, step)).toMatchObject({ unbreached: true, breached: false, moved: true });
  });
  test('recompute can miss a deadline; its cause is the calendar', () => {
    const early = calendarTime.compileCalendar(
      { ...spec, week: { ...spec.week, wed: [{ start: '00:00', end: '18:00' }] } },
      { revision: '4' },
    );
    const step = revise(opened(of, cn('2026-03-04 01:00')).clock, of, [], { mode: 'recompute', before: C, after: early }, now);
    expect(step.clock).toMatchObject({ state: 'breached_open', breachCause: 'calendar' });
    expect(wall(step.clock.breachedAt)).toBe('2026-03-04 09:00');
  });
  test('closed stretches are counted again by recompute and left by re-plan; a pause stays a pause', () => {
    const played = play(clock, of, [
      ['2026-03-04 10:00', { pause: true }],
      ['2026-03-04 10:30', {}],
    ]);
    const segments = played.segments as Segment[];
    const step = revise(played.clock, of, segments, { mode: 'recompute', before: C, after: SHORT }, now);
    expect(step.segments).toMatchObject([{ number: 1, kind: 'run', seconds: 0, calendarRevision: '3' }]);
    expect(step.clock.elapsedSeconds).toBe(0);
    expect(revise(played.clock, of, segments, { mode: 'replan', before: C, after: SHORT }, now).clock.elapsedSeconds).toBe(5400);
  });
  test.each(['met', 'breached_closed', 'cancelled', 'waived'] as const)('a clock that is %s is never rewritten', (state) => {
    const ended = { ...clock, state };
    expect(revise(ended, of, [], { mode: 'recompute', before: C, after: SHORT }, now).clock).toBe(ended);
  });
  test('a paused clock keeps what is left of it', () => {
    const paused = play(clock, of, [['2026-03-04 10:00', { pause: true }]]).clock;
    const step = revise(paused, of, [], { mode: 'replan', before: C, after: SHORT }, now);
    expect(step.clock).toMatchObject({ state: 'paused', dueAt: null, elapsedSeconds: 3600, calendarRevision: '3' });
  });
});

describe('R-35 a clock moved to another version of its metric', () => {
  test('takes the new target by the rules of a changed target, and says so', () => {
    const shorter = metric({ targets: [{ duration: 'PT4H' }], targetChange: 'retroactive' });
    const step = migrate(clock, shorter, 2000, C, 7200, now);
    expect(step.clock).toMatchObject({ versionId: 2000, targetSeconds: 14_400, targetVersion: 2 });
    expect(types(step)).toEqual(['migrated']);
  });
  test('keeps its target under a metric that keeps', () => {
    const step = migrate(clock, metric({ targets: [{ duration: 'PT4H' }], targetChange: 'keep' }), 2000, C, 7200, now);
    expect(step.clock).toMatchObject({ versionId: 2000, targetSeconds: 28_800, targetVersion: 1, dueAt: clock.dueAt });
  });
});

describe('R-31 a waiver', () => {
  const late = atDeadline(clock, cn('2026-03-05 11:00')).clock;
  test('is for a miss only, keeps it in history, and ends a clock that still runs', () => {
    expect(canWaive(clock)).toBe(false);
    const step = waive(late, 9, 'system was down', C, cn('2026-03-05 12:00'));
    expect(step.clock).toMatchObject({
      state: 'waived',
      breachedAt: late.breachedAt,
      waivedBy: 9,
      waiveReason: 'system was down',
      segmentSince: null,
    });
    expect(canWaive(step.clock)).toBe(false);
    expect(types(step)).toEqual(['waived']);
  });
  test('can be taken back: the miss counts again', () => {
    const { clock: waived } = waive(late, 9, 'x', C, cn('2026-03-05 12:00'));
    expect(unwaive(waived, 9).clock).toMatchObject({ state: 'breached_closed', waivedAt: null, breachedAt: late.breachedAt });
  });
});

test('R-26 a shorter target leaves the part that the metric grants', () => {
  const graced = metric({ targets: [{ when: { combinator: 'and', rules: [] }, duration: 'PT2H' }, { duration: 'PT8H' }], graceShare: 0.5 });
  const first = opened(graced, cn('2026-03-04 09:00'), cn('2026-03-04 09:00'), { facts: facts({ targetRow: 1 }) }).clock;
  const step = play(first, graced, [['2026-03-04 14:00', { targetRow: 0 }]]).clock;
  expect(wall(step.dueAt)).toBe('2026-03-04 15:00');
});
