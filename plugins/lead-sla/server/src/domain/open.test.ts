import type { Facts } from './advance';
import { decideOpening, reopenClock, type OpenQuestion } from './open';
import { isOpen, type Clock } from './clock';
import { C, cn, evidence, facts, metric, opened, play, types, wall } from './__fixtures__/clocks';

const START = cn('2026-03-04 09:00');
const of = metric({ targets: [{ duration: 'PT30M' }] });
const running = opened(of, START).clock;
const ended = (given: Partial<Facts>, over: Partial<Clock> = {}): Clock => ({
  ...play(running, of, [['2026-03-04 09:10', given]]).clock,
  ...over,
});
const ask = (over: Partial<OpenQuestion>): string => {
  const opening = decideOpening({ metric: of, facts: facts(), previous: null, begins: true, ...over });
  return opening.kind === 'open' ? `open ${opening.cycle}` : opening.kind;
};

describe('R-20: a clock opens only if start ∧ ¬stop ∧ ¬cancel', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['start', {}, 'open 1'],
    ['no start', { start: false }, 'none'],
    ['start and stop together', { stop: true }, 'none'],
    ['start and its answer together', { evidence: evidence('2026-03-04 09:00') }, 'none'],
    ['start and cancel together', { cancel: true }, 'none'],
    ['start and pause together', { pause: true }, 'open 1'],
  ])('%s', (_name, given, answer) => {
    expect(ask({ facts: facts(given) })).toBe(answer);
  });
  test('a start that has long been true opens nothing (R-21)', () => {
    expect(ask({ begins: false })).toBe('none');
  });
  test('there is one open clock of a metric at a time', () => {
    expect(ask({ previous: running })).toBe('none');
  });
});

describe('R-27 the start is true again', () => {
  const met = ended({ evidence: evidence('2026-03-04 09:10') });
  test.each<[string, Clock, string, string]>([
    ['a start that never ceased', met, 'new_cycle', 'none'],
    ['first_only', { ...met, rearmed: true }, 'first_only', 'none'],
    ['new_cycle', { ...met, rearmed: true }, 'new_cycle', 'open 2'],
    ['resume', { ...met, rearmed: true }, 'resume', 'reopen'],
    ['continue', { ...met, rearmed: true }, 'continue', 'reopen'],
    ['a cancelled clock is no first one', ended({ cancel: true }), 'first_only', 'open 2'],
  ])('%s', (_name, previous, cycleMode, answer) => {
    expect(ask({ metric: metric({ cycleMode }), previous, begins: false })).toBe(answer);
  });
  test('a stop by condition ends the start too; an answer does not', () => {
    expect(ended({ stop: true }).rearmed).toBe(true);
    expect(met.rearmed).toBe(false);
    expect(play(met, of, [['2026-03-04 10:00', {}]]).clock).toBe(met);
    expect(play(met, of, [['2026-03-04 10:00', { start: false }]]).clock.rearmed).toBe(true);
  });
  test.each([
    ['resume', '2026-03-04 16:20', 1200, 600],
    ['continue', '2026-03-04 14:20', 1200 + 5400, 6000],
  ])('%s: the same clock goes on', (cycleMode, due, _used, elapsed) => {
    const long = metric({ cycleMode, targets: [{ duration: 'PT2H' }] });
    const closed = play(opened(long, START).clock, long, [['2026-03-04 09:10', { stop: true }]]).clock;
    const at = cycleMode === 'resume' ? cn('2026-03-04 14:30') : cn('2026-03-04 10:40');
    const step = reopenClock(closed, long, facts(), { key: 'c', revision: null, calendar: C }, at);
    expect(wall(step.clock.dueAt)).toBe(cycleMode === 'resume' ? due : '2026-03-04 11:00');
    expect(step.clock).toMatchObject({ state: 'running', cycle: 1, elapsedSeconds: elapsed, stoppedAt: null });
    expect(types(step)).toEqual(['resumed']);
  });
});

describe('R-25 an owner clock starts anew with each owner', () => {
  const own = metric({ clockOwner: 'owner', cycleMode: 'first_only' });
  const left = (ownerId: number | null, hops = 1): Clock => ({
    ...play(opened(own, START).clock, own, [['2026-03-04 09:10', { ownerId }]]).clock,
    hops,
  });
  test('for the next owner, with the hops so far', () => {
    expect(decideOpening({ metric: own, facts: facts({ ownerId: 8 }), previous: left(8), begins: false })).toEqual({
      kind: 'open',
      cycle: 2,
      hops: 1,
    });
  });
  test('not without an owner', () => {
    expect(ask({ metric: own, facts: facts({ ownerId: null }), previous: left(null) })).toBe('none');
    expect(ask({ metric: own, facts: facts({ ownerId: null }) })).toBe('none');
  });
  test('not twice for the same one', () => {
    const met = play(opened(own, START).clock, own, [['2026-03-04 09:10', { evidence: evidence('2026-03-04 09:10') }]]).clock;
    expect(isOpen(met)).toBe(false);
    expect(ask({ metric: own, previous: met })).toBe('none');
  });
});

describe('R-28 and R-34 a start in the past', () => {
  test('elapsed time counts from the start', () => {
    const step = opened(of, START, cn('2026-03-04 09:25'));
    expect(wall(step.clock.dueAt)).toBe('2026-03-04 09:30');
    expect(step.clock.warns).toMatchObject([{ fired: false }]);
  });
  test('already past the target: late at once, marked as backfill', () => {
    const step = opened(of, START, cn('2026-03-10 09:00'));
    expect(step.clock).toMatchObject({ state: 'breached_open', breachCause: 'backfill' });
    expect(wall(step.clock.breachedAt)).toBe('2026-03-04 09:30');
    expect(step.events.map((event) => [event.type, event.data['backfill'] ?? false])).toEqual([
      ['started', false],
      ['breached', true],
    ]);
  });
  test('silent: what a warn would have said is not said any more', () => {
    expect(opened(of, START, cn('2026-03-04 09:26'), { silent: true }).clock.warns).toMatchObject([{ fired: true }]);
  });
});
