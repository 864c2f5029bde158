import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { balancedWeights, draw as drawWith, nextRound, type DrawInputs } from './drop';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const draw = (given: DrawInputs, seed: string): ReturnType<typeof drawWith> => drawWith(given, seed, sha256);

const entry = (member: number, more: Partial<DrawInputs['entries'][number]> = {}): DrawInputs['entries'][number] => ({
  member,
  leads: [],
  weight: 100,
  received: 0,
  max: 99,
  excluded: [],
  ...more,
});
const inputs = (more: Partial<DrawInputs> = {}): DrawInputs => ({
  leads: [1, 2, 3, 4, 5, 6],
  entries: [entry(1), entry(2), entry(3)],
  perPerson: 99,
  ...more,
});

test('the same inputs and seed give the same result, in whatever order people registered', () => {
  const one = draw(inputs(), 'seed');
  expect(draw(inputs({ entries: [entry(3), entry(1), entry(2)] }), 'seed')).toEqual(one);
  expect(one).toHaveLength(6);
  expect(draw(inputs(), 'another')).not.toEqual(one);
});

test('a known vector, so that a draw can be done again with other means', () => {
  expect(sha256('leadsea')).toBe('425b4b70304625ca77b1738f788c30ad026b7205783a5cfc88e4cc523a376577');
  // sha256('leadsea:7') modulo 200 tickets is 105.
  expect(draw(inputs({ leads: [7], entries: [entry(1), entry(2)] }), 'leadsea')).toEqual([{ lead: 7, member: 2 }]);
});

test('nobody gets what he did not wish for, what is not for him, or more than his limits and the round allow', () => {
  const result = draw(
    inputs({ entries: [entry(1, { leads: [1, 2] }), entry(2, { excluded: [3, 4] }), entry(3, { max: 1 })], perPerson: 2 }),
    'seed',
  );
  const of = (member: number): number[] => result.filter((one) => one.member === member).map((one) => one.lead);
  expect(of(1).every((lead) => lead <= 2)).toBe(true);
  expect(of(2).some((lead) => lead === 3 || lead === 4)).toBe(false);
  expect(of(2).length).toBeLessThanOrEqual(2);
  expect(of(3).length).toBeLessThanOrEqual(1);
});

test('over many seeds the leads fall by weight, within what chance allows', () => {
  const wins = new Map<number, number>();
  for (let seed = 0; seed < 4000; seed += 1)
    for (const { member } of draw(inputs({ leads: [1], entries: [entry(1, { weight: 300 }), entry(2, { weight: 100 })] }), `s${seed}`))
      wins.set(member, (wins.get(member) ?? 0) + 1);
  expect(wins.get(1)! / 4000).toBeGreaterThan(0.72);
  expect(wins.get(1)! / 4000).toBeLessThan(0.78);
});

test('a lead is never drawn twice and never to somebody outside the round (law)', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 40 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 5 }),
      fc.string(),
      (leads, members, perPerson, seed) => {
        const result = draw({ leads, entries: members.map((member) => entry(member, { max: perPerson + 1 })), perPerson }, seed);
        expect(new Set(result.map((one) => one.lead)).size).toBe(result.length);
        expect(result.every((one) => leads.includes(one.lead) && members.includes(one.member))).toBe(true);
        expect(result.length).toBe(Math.min(leads.length, members.length * perPerson));
      },
    ),
  );
});

test('who received less lately has more tickets, within bounds', () => {
  const weights = balancedWeights(
    new Map([
      [1, 0],
      [2, 5],
      [3, 100],
    ]),
  );
  expect(weights.get(1)).toBe(400);
  expect(weights.get(2)!).toBeGreaterThan(weights.get(3)!);
  expect(weights.get(3)).toBe(36);
});

test('the next round is the next named weekday at its wall time in the zone; today counts while the hour is ahead', () => {
  const plan = { days: [1, 4], at: '10:00' };
  const at = (local: string): Date => new Date(`${local}+08:00`);
  expect(nextRound(plan, 'Asia/Shanghai', at('2026-03-02T09:00'))).toEqual(at('2026-03-02T10:00'));
  expect(nextRound(plan, 'Asia/Shanghai', at('2026-03-02T10:00'))).toEqual(at('2026-03-05T10:00'));
  expect(nextRound(plan, 'Asia/Shanghai', at('2026-03-05T12:00'))).toEqual(at('2026-03-09T10:00'));
  expect(nextRound({ ...plan, days: [] }, 'Asia/Shanghai', at('2026-03-05T12:00'))).toBeNull();
});
