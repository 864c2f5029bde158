import { advance, atDeadline, atWarn, type Facts } from './advance';
import { timerChanges, timersOf } from './clock';
import { next, reachable, TRANSITIONS } from './transitions';
import { C, cn, context, evidence, facts, metric, NEVER_OPEN, opened, play, types, wall } from './__fixtures__/clocks';
import { CLOCK_STATES } from '../../../contracts';

const START = '2026-03-04 09:00';
const clockOf = (duration = 'PT30M', over: Record<string, unknown> = {}) => {
  const of = metric({ targets: [{ duration }], ...over });
  return { of, clock: opened(of, cn(START)).clock };
};

describe('the table of states', () => {
  test('every stored state is reached from running and an unknown move is refused', () => {
    expect([...reachable()].sort()).toEqual([...CLOCK_STATES].sort());
    expect(() => next('met', 'pause', false)).toThrow('met');
    expect(() => next('cancelled', 'reopen', false)).toThrow('cancelled');
  });
  test('nothing that has been late becomes met (R-31)', () => {
    for (const moves of Object.values(TRANSITIONS)) for (const move of Object.values(moves)) expect(move.late).not.toBe('met');
  });
});

describe('R-4, golden vectors as deadlines of a clock', () => {
  test.each([
    ['V1', '2026-03-06 17:50', 'PT30M', '2026-03-09 09:20'],
    ['V2', '2026-03-04 11:50', 'PT30M', '2026-03-04 13:50'],
    ['V4', '2026-02-13 17:30', 'PT4H', '2026-02-14 14:00'],
    ['V8', '2026-09-30 17:30', 'PT3H', '2026-10-08 11:30'],
    ['V11', '2026-03-04 16:00', 'PT2H', '2026-03-04 18:00'],
    ['V12', '2026-03-04 18:00', 'PT1M', '2026-03-05 09:01'],
    ['V26', '2026-03-06 10:00', 'P1BD', '2026-03-09 10:00'],
  ])('%s', (_name, start, duration, due) => {
    expect(wall(opened(metric({ targets: [{ duration }] }), cn(start)).clock.dueAt)).toBe(due);
  });
  test('V24: the end of the next business day is a wall time, measured as the business time up to it', () => {
    const { clock } = opened(metric({ targets: [{ duration: 'P1BD', meaning: 'end-of-day' }] }), cn('2026-02-13 17:30'));
    expect(wall(clock.dueAt)).toBe('2026-02-14 18:00');
    expect(clock.targetSeconds).toBe(8 * 3600);
  });
  test('the same time next workday stays at its opening instant (R-6 a)', () => {
    expect(wall(opened(metric({ targets: [{ duration: 'P1BD', meaning: 'same-time' }] }), cn(START)).clock.dueAt)).toBe('2026-03-05 09:00');
  });
});

describe('R-20 order and priorities', () => {
  test.each<[string, Partial<Facts>, string, string[]]>([
    ['stop before cancel', { stop: true, cancel: true }, 'met', ['met']],
    ['stop before pause', { stop: true, pause: true }, 'met', ['met']],
    ['cancel before pause', { cancel: true, pause: true }, 'cancelled', ['cancelled']],
    ['pause before start', { start: true, pause: true }, 'paused', ['paused']],
    ['nothing new', {}, 'running', []],
  ])('%s', (_name, given, state, told) => {
    const { of, clock } = clockOf();
    const step = play(clock, of, [['2026-03-04 09:10', given]]);
    expect(step.clock.state).toBe(state);
    expect(types(step)).toEqual(told);
  });
  test('the same facts again change nothing: not even the object', () => {
    const { of, clock } = clockOf();
    expect(advance(clock, facts(), context(of), cn('2026-03-04 09:20')).clock).toBe(clock);
  });
});

describe('R-22', () => {
  test.each([
    [undefined, 'running'],
    ['continue', 'running'],
    ['cancel', 'cancelled'],
  ])('a start that no longer holds, with %s', (whenStartNoLongerMet, state) => {
    const { of, clock } = clockOf('PT30M', { whenStartNoLongerMet });
    expect(play(clock, of, [['2026-03-04 09:10', { start: false }]]).clock.state).toBe(state);
  });
});

describe('R-23 pause and resume', () => {
  test('V15: the rest of the target counts from the resume, never the wall time of the pause', () => {
    const of = metric();
    const step = play(opened(of, cn('2026-03-05 16:00')).clock, of, [
      ['2026-03-05 17:00', { pause: true }],
      ['2026-03-09 10:00', {}],
    ]);
    expect(wall(step.clock.dueAt)).toBe('2026-03-09 14:30');
    expect(types(step)).toEqual(['paused', 'resumed']);
    expect(step.segments.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['run', 3600],
      ['pause', 3 * 86_400 + 17 * 3600],
    ]);
  });
  test('a paused clock has no deadline and no timers, and cannot be late', () => {
    const { of, clock } = clockOf();
    const step = play(clock, of, [
      ['2026-03-04 09:10', { pause: true }],
      ['2026-03-05 09:10', { pause: true }],
    ]);
    expect(step.clock).toMatchObject({ state: 'paused', dueAt: null, breachedAt: null, pauseCount: 1 });
    expect(timersOf(step.clock)).toEqual([]);
    expect(atDeadline(step.clock, cn('2026-04-01 09:00')).events).toEqual([]);
  });
  test('a pause in closed hours changes nothing', () => {
    const { of, clock } = clockOf('PT4H');
    const step = play(clock, of, [
      ['2026-03-04 12:05', { pause: true }],
      ['2026-03-04 13:20', {}],
    ]);
    expect(wall(step.clock.dueAt)).toBe('2026-03-04 14:30');
  });
  test('a warn that has fired stays fired, one that has not is planned anew', () => {
    const of = metric({ warns: ['50%', '80%'] });
    const first = atWarn(opened(of, cn('2026-03-05 09:00')).clock, cn('2026-03-05 11:00')).clock;
    const step = play(first, of, [
      ['2026-03-05 11:30', { pause: true }],
      ['2026-03-06 09:00', {}],
    ]);
    expect(step.clock.warns.map(({ fired, at }) => [fired, wall(at)])).toEqual([
      [true, null],
      [false, '2026-03-06 09:42'],
    ]);
  });
  test('a clock that was late before it was paused is late afterwards', () => {
    const { of, clock } = clockOf();
    const late = atDeadline(clock, cn('2026-03-04 09:30')).clock;
    const step = play(late, of, [
      ['2026-03-04 10:00', { pause: true }],
      ['2026-03-04 11:00', {}],
      ['2026-03-04 11:30', { evidence: evidence('2026-03-04 11:30') }],
    ]);
    expect(step.clock).toMatchObject({ state: 'breached_closed', elapsedSeconds: 5400 });
    expect(wall(step.clock.breachedAt)).toBe('2026-03-04 09:30');
  });
});

describe('R-25 clock owner', () => {
  const owned = (clockOwner: string) => clockOf('PT30M', { clockOwner });
  test.each([
    ['owner', 8, 'cancelled', 'reassigned'],
    ['owner', null, 'cancelled', 'released'],
    ['lead', 8, 'running', null],
    ['owner_remaining', 8, 'running', null],
    ['stint', 8, 'running', null],
  ])('%s: the lead goes to %s', (clockOwner, ownerId, state, endReason) => {
    const { of, clock } = owned(clockOwner);
    const step = play(clock, of, [['2026-03-04 09:10', { ownerId }]]);
    expect(step.clock).toMatchObject({ state, endReason });
    expect(wall(step.clock.dueAt)).toBe('2026-03-04 09:30');
  });
  test('a late clock of the old owner stays a breach', () => {
    const { of, clock } = owned('owner');
    const step = play(clock, of, [['2026-03-04 09:40', { ownerId: 8 }]]);
    expect(step.clock).toMatchObject({ state: 'breached_closed', breachOwnerId: 7, endReason: 'reassigned' });
    expect(types(step)).toEqual(['breached', 'closed']);
  });
  test('the breach of a lead clock is of whoever held it then', () => {
    const { of, clock } = owned('stint');
    const step = play(clock, of, [['2026-03-04 09:10', { ownerId: 8 }]]);
    expect(atDeadline(step.clock, cn('2026-03-04 09:30')).clock.breachOwnerId).toBe(8);
    expect(step.segments).toMatchObject([{ ownerId: 7, seconds: 600, cause: 'holder' }]);
  });
});

describe('R-30 breach', () => {
  test.each([
    ['one second before', '2026-03-04 09:29:59', 'met'],
    ['exactly at the deadline', '2026-03-04 09:30:00', 'met'],
    ['one second after', '2026-03-04 09:30:01', 'breached_closed'],
  ])('a stop %s', (_name, time, state) => {
    const { of, clock } = clockOf();
    const step = play(clock, of, [[time, { stop: true }]]);
    expect(step.clock.state).toBe(state);
  });
  test('is stamped with the deadline, whenever it is noticed, and happens once', () => {
    const { of, clock } = clockOf();
    const found = atDeadline(clock, cn('2026-03-06 15:00'));
    expect(found.clock.breachedAt).toEqual(cn('2026-03-04 09:30'));
    expect(types(found)).toEqual(['breached']);
    expect(atDeadline(found.clock, cn('2026-03-06 15:01')).clock).toBe(found.clock);
    expect(advance(found.clock, facts(), context(of), cn('2026-03-06 15:01')).clock).toBe(found.clock);
    expect(atDeadline(clock, cn('2026-03-04 09:29')).clock).toBe(clock);
  });
  test('a change that finds it before the timer does leaves the timer, which carries out the rest', () => {
    const { of, clock } = clockOf();
    const { clock: found } = advance(clock, facts(), context(of), cn('2026-03-04 09:31'));
    expect(found.state).toBe('breached_open');
    expect(timerChanges(clock, found)).toEqual({ arm: [], disarm: ['sla:1:warn:0'] });
  });
  test('the order in which breach and evidence are noticed makes no difference (R-21)', () => {
    const { of, clock } = clockOf();
    const answer: [string, object][] = [['2026-03-04 09:40', { evidence: evidence('2026-03-04 09:25') }]];
    const timerFirst = play(atDeadline(clock, cn('2026-03-04 09:30')).clock, of, answer).clock;
    const timerLate = play(clock, of, answer).clock;
    expect(timerLate).toEqual(timerFirst);
    expect(timerLate).toMatchObject({ state: 'breached_closed', disputed: true });
  });
  test('goes on measuring until the stop', () => {
    const { of, clock } = clockOf();
    const step = play(clock, of, [['2026-03-04 11:00', { stop: true }]]);
    expect(step.events.find((event) => event.type === 'closed')?.data).toMatchObject({ overrunSeconds: 5400 });
  });
});

describe('R-29 warns', () => {
  test('V16: a share of the business time of the target', () => {
    const { clock } = opened(metric(), cn('2026-03-05 16:00'));
    expect(timersOf(clock).map((timer) => [timer.key, wall(timer.dueAt)])).toEqual([
      ['sla:1:warn:0', '2026-03-06 10:12'],
      ['sla:1:due', '2026-03-06 11:00'],
    ]);
  });
  test('business minutes before the deadline; one that would come before the start is left out', () => {
    const { clock } = opened(metric({ warns: ['-30m', '-5h'] }), cn('2026-03-05 16:00'));
    expect(clock.warns.map((warn) => wall(warn.at))).toEqual(['2026-03-06 10:30']);
  });
  test('of several that are overdue only the highest is told; none when the deadline has passed too', () => {
    const { clock } = opened(metric({ warns: ['50%', '80%'] }), cn('2026-03-05 09:00'));
    const late = atWarn(clock, cn('2026-03-05 14:00'));
    expect(late.events.map((event) => event.data['warn'])).toEqual([1]);
    expect(late.clock.warns.every((warn) => warn.fired)).toBe(true);
    expect(atWarn(late.clock, cn('2026-03-05 14:01')).events).toEqual([]);
    expect(atWarn(clock, cn('2026-03-05 15:00')).events).toEqual([]);
  });
  test('a warn later than the stop is dropped', () => {
    const { of, clock } = clockOf();
    const step = play(clock, of, [['2026-03-04 09:05', { stop: true }]]);
    expect(timerChanges(clock, step.clock)).toEqual({ arm: [], disarm: ['sla:1:warn:0', 'sla:1:due'] });
  });
});

describe('R-26 target change', () => {
  const at = (targetChange: string) => {
    const of = metric({ targets: [{ when: { combinator: 'and', rules: [] }, duration: 'PT8H' }, { duration: 'PT2H' }], targetChange });
    return play(opened(of, cn('2026-03-04 09:00')).clock, of, [['2026-03-04 14:00', { targetRow: 1 }]]);
  };
  test.each([
    ['default', '2026-03-04 14:30'],
    ['restart', '2026-03-04 16:00'],
    ['proportional', '2026-03-04 15:07'],
    ['keep', '2026-03-05 09:30'],
  ])('V27: 8 h become 2 h after 3.5 h, %s', (targetChange, due) => {
    const { clock } = at(targetChange);
    expect(clock.state).toBe('running');
    expect(wall(clock.dueAt)).toBe(due);
  });
  test('V27: retroactive is late at once, for that reason', () => {
    const step = at('retroactive');
    expect(wall(step.clock.breachedAt)).toBe('2026-03-04 11:00');
    expect(step.clock).toMatchObject({ state: 'breached_open', breachCause: 'target_change', targetVersion: 2 });
  });
  test('by default a longer target changes nothing', () => {
    const of = metric({ targets: [{ when: { combinator: 'and', rules: [] }, duration: 'PT2H' }, { duration: 'PT8H' }] });
    const { clock } = opened(of, cn('2026-03-04 09:00'));
    expect(play(clock, of, [['2026-03-04 10:00', { targetRow: 1 }]]).clock).toBe(clock);
  });
});

describe('R-3 and R-7', () => {
  test('a deadline in a year whose holidays are unknown is provisional', () => {
    expect(opened(metric(), cn('2026-03-05 16:00')).clock.provisional).toBe(false);
    expect(opened(metric(), cn('2099-03-05 16:00')).clock.provisional).toBe(true);
  });
  test.each(['PT30M', 'P2BD'])('a calendar that never opens blocks a clock of %s, and it runs as soon as the calendar does', (duration) => {
    const of = metric({ targets: [{ duration, meaning: 'end-of-day' }] });
    const step = opened(of, cn(START), cn(START), { calendar: NEVER_OPEN });
    expect(step.clock).toMatchObject({ state: 'blocked', dueAt: null });
    expect(types(step)).toEqual(['started', 'blocked']);
    expect(timersOf(step.clock)).toEqual([]);
    const later = advance(step.clock, facts(), context(of, C), cn('2026-03-04 09:05'));
    expect(later.clock.state).toBe('running');
    expect(later.clock.dueAt).not.toBeNull();
    expect(play(step.clock, of, [['2026-03-04 09:10', { stop: true }]], NEVER_OPEN).clock.state).toBe('met');
  });
});
