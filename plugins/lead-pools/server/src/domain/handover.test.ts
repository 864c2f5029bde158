import fc from 'fast-check';
import { returnOf, splitLeads, type Destination, type HandedLead, type LentLead } from './handover';

const leads = (count: number, fits: readonly boolean[] = [true]): HandedLead[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, homePool: null, fits }));
const people = (...weights: number[]): Destination => ({
  type: 'people',
  people: weights.map((weight, index) => ({ id: index + 1, weight })),
});
const order = (count: number, destination: Destination): string =>
  splitLeads(leads(count), [destination])
    .map((one) => 'ABC'[(one.toMember ?? 0) - 1])
    .join(' ');

test('an even split gives everybody the same mix of the best-first list', () => {
  expect(order(6, people(1, 1, 1))).toBe('A B C A B C');
});

test('shares follow the weights in the spread of R-57', () => {
  expect(order(6, people(3, 2, 1))).toBe('A B C A B A');
  expect(order(7, people(5, 1, 1))).toBe('A A B C A A A');
});

test('the first rule that fits takes the lead, the last one takes the rest, a rule without people is passed', () => {
  const list: HandedLead[] = [
    { id: 1, homePool: 7, fits: [true, true, true] },
    { id: 2, homePool: 7, fits: [false, true, true] },
    { id: 3, homePool: null, fits: [false, false, true] },
  ];
  const split = splitLeads(list, [{ type: 'people', people: [] }, { type: 'home' }, { type: 'pool', pool: 9 }]);
  expect(split.map(({ lead, toPool }) => [lead, toPool])).toEqual([
    [1, 7],
    [2, 7],
    [3, 9],
  ]);
});

test('nothing is lost and nothing is given twice, whatever the rules; each share is within one lead of its entitlement', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      (count, weights) => {
        const split = splitLeads(leads(count), [people(...weights)]);
        expect(split.map((one) => one.lead)).toEqual(leads(count).map((lead) => lead.id));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        weights.forEach((weight, index) => {
          const got = split.filter((one) => one.toMember === index + 1).length;
          expect(Math.abs(got - (count * weight) / total)).toBeLessThan(weights.length);
        });
      },
    ),
  );
});

const lent = (more: Partial<LentLead> = {}): LentLead => ({
  id: 1,
  toMember: 5,
  ownerNow: 5,
  gone: false,
  closed: false,
  worked: false,
  ...more,
});

test('what nobody touched comes back, what the delegate has begun is asked about, what moved on stays', () => {
  expect(returnOf(lent(), 'untouched')).toEqual({ id: 1, state: 'returned' });
  expect(returnOf(lent({ worked: true }), 'untouched')).toMatchObject({ state: 'kept', reason: 'WORKED' });
  expect(returnOf(lent({ worked: true }), 'all')).toEqual({ id: 1, state: 'returned' });
  expect(returnOf(lent({ ownerNow: 6 }), 'all')).toMatchObject({ state: 'conflict', reason: 'MOVED_SINCE' });
  expect(returnOf(lent({ closed: true }), 'all')).toMatchObject({ state: 'conflict', reason: 'CLOSED' });
  expect(returnOf(lent({ toMember: null }), 'all')).toMatchObject({ state: 'kept', reason: 'POOL' });
});
