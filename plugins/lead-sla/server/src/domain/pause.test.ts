import { begin } from './clock';
import { checkPause, pauseByHand } from './pause';
import { advance, atDeadline } from './advance';
import { atPauseLimit } from './pause';
import { C, cn, context, facts, metric, opened, play, types, wall } from './__fixtures__/clocks';

const rules = {
  reasons: [
    { key: 'waiting', label: { zh: '等待客户', en: 'Waiting' }, untilInbound: true, needsEvidence: true },
    { key: 'meeting', label: { zh: '约定', en: 'Appointment' } },
  ],
  maxTotalSeconds: 7200,
  maxCount: 2,
};
const of = metric({ pauses: rules, targets: [{ duration: 'PT4H' }] });
const start = cn('2026-03-04 09:00');
const byHand = (reason: string, until: Date | null = null, untilInbound = false) => ({ reason, untilInbound, until, by: 7 });

describe('R-24 a pause by hand', () => {
  const { clock } = opened(of, start);
  test('needs a reason of the contract, evidence where it says so, and a clock that runs', () => {
    expect(checkPause(clock, of, 'lunch', true)).toEqual({ ok: false, code: 'PAUSE_REASON_UNKNOWN' });
    expect(checkPause(clock, of, 'waiting', false)).toEqual({ ok: false, code: 'PAUSE_NEEDS_EVIDENCE' });
    expect(checkPause(clock, of, 'waiting', true)).toMatchObject({ ok: true, reason: { untilInbound: true } });
    expect(checkPause(clock, metric({ pauses: null }), 'waiting', true)).toEqual({ ok: false, code: 'PAUSE_NOT_ALLOWED' });
    const met = play(clock, of, [['2026-03-04 09:30', { stop: true }]]).clock;
    expect(checkPause(met, of, 'meeting', true)).toEqual({ ok: false, code: 'PAUSE_NOT_RUNNING' });
  });
  test('stops the time, ends with the next word of the customer and not with an edit', () => {
    const paused = pauseByHand(begin(clock), byHand('waiting', null, true), of, C, cn('2026-03-04 10:00')).clock;
    expect(paused).toMatchObject({ state: 'paused', dueAt: null, elapsedSeconds: 3600, pauseReason: 'waiting', pauseBy: 7 });
    const edited = advance(paused, facts(), context(of), cn('2026-03-04 10:10')).clock;
    expect(edited.state).toBe('paused');
    const heard = advance(edited, facts({ inbound: true }), context(of), cn('2026-03-04 10:30'));
    expect(types(heard)).toEqual(['resumed']);
    expect(wall(heard.clock.dueAt)).toBe('2026-03-04 15:00');
    expect(heard.clock).toMatchObject({ pauseKind: null, pauseReason: null, pauseSeconds: 1800 });
  });
  test('ends by itself when its time or the allowance is over, whenever that is noticed', () => {
    const until = pauseByHand(begin(clock), byHand('meeting', cn('2026-03-04 10:30')), of, C, cn('2026-03-04 10:00')).clock;
    const late = atPauseLimit(begin(until), of, C, cn('2026-03-04 11:50')).clock;
    expect([late.state, wall(late.dueAt), late.pauseSpent]).toEqual(['running', '2026-03-04 15:00', false]);
    const open = pauseByHand(begin(clock), byHand('meeting'), of, C, cn('2026-03-04 10:00')).clock;
    expect(wall(open.pauseLimitAt)).toBe('2026-03-04 12:00');
    const spent = atPauseLimit(begin(open), of, C, cn('2026-03-04 12:00'));
    expect(types(spent)).toEqual(['resumed', 'pause_limit']);
    expect(checkPause(spent.clock, of, 'meeting', true)).toEqual({ ok: false, code: 'PAUSE_LIMIT' });
  });
  test('a limit that ended long ago can find the deadline passed: missed at the deadline', () => {
    const open = pauseByHand(begin(clock), byHand('meeting'), of, C, cn('2026-03-04 10:00')).clock;
    const late = atPauseLimit(begin(open), of, C, cn('2026-03-05 11:00')).clock;
    expect([late.state, wall(late.breachedAt)]).toEqual(['breached_open', '2026-03-04 16:30']);
  });
  test('may be made so often and no more', () => {
    const once = pauseByHand(begin(clock), byHand('meeting', cn('2026-03-04 09:20')), of, C, cn('2026-03-04 09:10')).clock;
    const twice = pauseByHand(
      begin(atPauseLimit(begin(once), of, C, cn('2026-03-04 09:20')).clock),
      byHand('meeting', cn('2026-03-04 09:40')),
      of,
      C,
      cn('2026-03-04 09:30'),
    ).clock;
    expect(checkPause(atPauseLimit(begin(twice), of, C, cn('2026-03-04 09:40')).clock, of, 'meeting', true)).toEqual({
      ok: false,
      code: 'PAUSE_LIMIT',
    });
  });
  test('what a condition pauses is bound by limits only where the metric names them', () => {
    const free = metric({ targets: [{ duration: 'PT4H' }] });
    const paused = play(opened(free, start).clock, free, [['2026-03-04 10:00', { pause: true }]]).clock;
    expect(paused.pauseLimitAt).toBeNull();
    const bound = play(clock, of, [['2026-03-04 10:00', { pause: true }]]).clock;
    expect(wall(bound.pauseLimitAt)).toBe('2026-03-04 12:00');
    const over = play(bound, of, [['2026-03-04 14:00', { pause: true }]]);
    expect([over.clock.state, over.clock.pauseSpent]).toEqual(['running', true]);
  });
  test('time between an end and a re-opening is none that a limit counts (R-27)', () => {
    const resume = metric({ pauses: rules, cycleMode: 'resume', targets: [{ duration: 'PT4H' }] });
    expect(
      checkPause(
        { ...opened(resume, start).clock, pauseSeconds: 90_000, pauseCount: 3, idleSeconds: 90_000, idleCount: 3 },
        resume,
        'meeting',
        true,
      ).ok,
    ).toBe(true);
  });
});

describe('R-23 pausing', () => {
  test('inside closed hours changes nothing', () => {
    const { clock } = opened(metric(), cn('2026-03-05 16:00'));
    const paused = play(clock, metric(), [
      ['2026-03-05 19:00', { pause: true }],
      ['2026-03-06 08:00', {}],
    ]).clock;
    expect(paused.dueAt).toEqual(clock.dueAt);
  });
  test('a warn that fired stays fired, one that did not is planned again', () => {
    const warned = metric({ warns: ['50%', '80%'] });
    const { clock } = opened(warned, cn('2026-03-04 09:00'));
    const fired = { ...clock, warns: clock.warns.map((warn) => (warn.n === 0 ? { ...warn, fired: true } : warn)) };
    const resumed = play(fired, warned, [
      ['2026-03-04 11:30', { pause: true }],
      ['2026-03-04 14:30', {}],
    ]).clock;
    expect(resumed.warns.map((warn) => [warn.fired, wall(warn.at)])).toEqual([
      [true, null],
      [false, '2026-03-04 15:12'],
    ]);
  });
});

describe('R-20 reset and the order of what is true at once', () => {
  const reset = metric({ reset: { when: { combinator: 'and', rules: [] } }, targets: [{ duration: 'PT4H' }] });
  const { clock } = opened(reset, start);
  test('a reset ends the clock; the next cycle has the full time', () => {
    const step = play(clock, reset, [['2026-03-04 11:00', { reset: 'activity' }]]);
    expect(step.clock).toMatchObject({ state: 'cancelled', endReason: 'reset', rearmed: true });
    expect(types(step)).toEqual(['cancelled']);
  });
  test('a condition resets when it becomes true, not as long as it holds', () => {
    const held = opened(reset, start, start, { facts: facts({ reset: 'state' }) }).clock;
    expect(held.resetHeld).toBe(true);
    expect(play(held, reset, [['2026-03-04 10:00', { reset: 'state' }]]).clock.state).toBe('running');
    const again = play(held, reset, [
      ['2026-03-04 10:00', { reset: 'no' }],
      ['2026-03-04 11:00', { reset: 'state' }],
    ]);
    expect(again.clock.endReason).toBe('reset');
  });
  test.each<[string, object, string]>([
    ['stop before cancel', { stop: true, cancel: true, pause: true, reset: 'activity' }, 'met'],
    ['cancel before pause and reset', { cancel: true, pause: true, reset: 'activity' }, 'cancelled'],
    ['pause before reset', { pause: true, reset: 'activity' }, 'cancelled'],
    ['pause', { pause: true }, 'paused'],
  ])('%s', (_name, given, state) => expect(play(clock, reset, [['2026-03-04 10:00', given]]).clock.state).toBe(state));
});

describe('R-29 a warn after the deadline', () => {
  const after = metric({ warns: ['80%', '+1h'], targets: [{ duration: 'PT1H' }] });
  test('is planned while the clock runs and stays planned when it is missed', () => {
    const { clock } = opened(after, start);
    expect(clock.warns.map((warn) => wall(warn.at))).toEqual(['2026-03-04 09:48', '2026-03-04 11:00']);
    const late = atDeadline(clock, cn('2026-03-04 10:00')).clock;
    expect(late.warns.map((warn) => wall(warn.at))).toEqual([null, '2026-03-04 11:00']);
  });
});
