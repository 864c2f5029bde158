import fc from 'fast-check';
import { calendarTime } from '@leadsea/crm-core';
import type { Metric } from '../../../contracts';
import type { Clock, Segment } from './clock';
import { happen, rebuild, recorded, type Happening, type Recorded, type Shelf } from './happening';
import { C, cn, evidence, facts, LONDON, metric, opened, play } from './__fixtures__/clocks';

const START = cn('2026-03-04 09:00');
const SECOND = calendarTime.compileCalendar({ ...C.spec, exceptions: [{ from: '2026-03-05', kind: 'off' }] }, { revision: '2' });
const holders = { c: { key: 'c', revision: null }, london: { key: 'london', revision: null } } as const;

const shelfOf = (of: Metric): Shelf => ({
  metric: () => of,
  calendar: ({ key, revision }) => (key === 'london' ? LONDON : revision === '2' ? SECOND : C),
});

interface Moment {
  readonly after: number;
  readonly happening: Happening;
}

const factsArb = fc.record({
  pause: fc.boolean(),
  inbound: fc.boolean(),
  ownerId: fc.integer({ min: 1, max: 2 }),
  keeperId: fc.constantFrom(null, null, 3),
  takenOver: fc.boolean(),
  start: fc.boolean(),
  stop: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  reset: fc.constantFrom('no' as const, 'no' as const, 'state' as const),
  targetRow: fc.integer({ min: 0, max: 1 }),
});
const happeningArb: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(factsArb, fc.constantFrom('c' as const, 'london' as const))
      .map(([given, key]): Happening => ({ kind: 'facts', facts: facts(given), holder: holders[key] })),
  },
  { weight: 2, arbitrary: fc.constantFrom<Happening>({ kind: 'deadline', hop: true }, { kind: 'deadline', hop: false, keeperId: 3 }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'warn' }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'pause-limit' }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'revision', mode: 'replan', revision: '2' }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'revision', mode: 'recompute', revision: '2' }) },
);
const momentsArb = fc.array(fc.record({ after: fc.integer({ min: 1, max: 900 }), happening: happeningArb }), { maxLength: 15 });
const metricArb = fc
  .record({
    clockOwner: fc.constantFrom('lead', 'owner', 'owner_remaining', 'stint'),
    calendarSource: fc.constantFrom('fixed', 'owner'),
    targetChange: fc.constantFrom('default', 'keep', 'restart', 'retroactive', 'proportional'),
    whenStartNoLongerMet: fc.constantFrom('continue', 'cancel'),
  })
  .map((over) =>
    metric({
      ...over,
      pauses: { reasons: [{ key: 'x', label: { zh: 'x', en: 'x' } }], maxTotalSeconds: 36_000, maxCount: 2 },
      warns: ['50%', '80%', '+1h'],
      targets: [{ when: { combinator: 'and', rules: [] }, duration: 'PT3H' }, { duration: 'PT6H' }],
    }),
  );

/** Lives a life and writes it down as history keeps it: as JSON. */
function live(of: Metric, moments: readonly Moment[]): { clock: Clock; segments: Map<number, Segment>; history: Recorded[] } {
  const shelf = shelfOf(of);
  const identity = {
    id: 1,
    leadId: 10,
    contractId: 100,
    versionId: 1000,
    metric: of.key,
    cycle: 1,
    hops: 0,
    startedAt: START,
    silent: false,
  };
  const opening: Happening = { kind: 'open', clock: identity, facts: facts({ ownerId: 1 }), holder: holders.c };
  const history: Recorded[] = [];
  const segments = new Map<number, Segment>();
  let clock: Clock | null = null;
  let now = START;
  const take = (happening: Happening): void => {
    const step = happen(clock, happening, [...segments.values()], shelf, now);
    const [first] = recorded(clock, step, happening);
    if (first) history.push({ at: now, step: JSON.parse(JSON.stringify(first.data['step'])) as unknown });
    clock = step.clock;
    for (const segment of step.segments) segments.set(segment.number, segment);
  };
  take(opening);
  for (const { after, happening } of moments) {
    now = new Date(now.getTime() + after * 60_000);
    take(happening);
  }
  return { clock: clock!, segments, history };
}

test('R-21: a clock computed again from what happened to it equals the one that lived it', () => {
  fc.assert(
    fc.property(metricArb, momentsArb, (of, moments) => {
      const lived = live(of, moments);
      const again = rebuild(lived.history, shelfOf(of));
      expect(again.clock).toEqual(lived.clock);
      expect(again.segments).toEqual([...lived.segments.values()]);
    }),
    { numRuns: 300 },
  );
});

test('R-21: happenings that change nothing leave no trace', () => {
  const lived = live(metric(), [{ after: 1, happening: { kind: 'facts', facts: facts({ ownerId: 1 }), holder: holders.c } }]);
  expect(lived.history).toHaveLength(1);
});

test('R-32: the order in which activities arrive makes no difference to when a clock ended', () => {
  const of = metric({ targets: [{ duration: 'PT4H' }] });
  const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 170 }), { minLength: 1, maxLength: 5 });
  const orders = minutes.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  const at = (minute: number): string => new Date(Date.UTC(2026, 2, 4, 9, minute)).toISOString().slice(0, 16).replace('T', ' ');
  fc.assert(
    fc.property(orders, ([list, shuffled]) => {
      const run = (order: readonly number[]) =>
        play(
          opened(of, START).clock,
          of,
          order.map((minute, index) => [at(171 + index), { evidence: evidence(at(minute), minute) }] as const),
        );
      const pick = ({ clock }: { clock: Clock }) => [clock.state, clock.stoppedAt, clock.elapsedSeconds, clock.stopActivityId];
      expect(pick(run(shuffled))).toEqual(pick(run(list)));
    }),
  );
});
