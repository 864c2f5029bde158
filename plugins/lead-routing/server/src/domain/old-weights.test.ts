import { routingPolicySchema } from '../../../contracts';
import { otherwiseRule } from '../services/plans';
import { packFacts, planAgain, unpackFacts } from '../services/snapshot';
import facts from './__fixtures__/facts-in-hundredths.json';
import type { Plan } from './facts';
import { OLD_PARTS } from './old-weights';
import { routeLeads, type Routed } from './route';
import { WEIGHT_PARTS } from './weight';

/** Facts as they were kept before weights had six decimals, with what was decided from them then: every kind of destination that has weights. */
const packed = Buffer.from(facts.packed, 'base64');
const body = routingPolicySchema.parse(facts.body);

function again(kept: Buffer): { routed: Routed; plans: ReadonlyMap<number, Plan>; snapshot: ReturnType<typeof unpackFacts> } {
  const snapshot = unpackFacts(kept);
  const plans = new Map(snapshot.plans.map((plan) => [plan.versionId, planAgain(plan, body, otherwiseRule(body))]));
  return { routed: routeLeads(snapshot.leads, plans, snapshot.world, snapshot.at), plans, snapshot };
}
const shown = ({ verdicts }: Routed) =>
  [...verdicts.values()]
    .sort((a, b) => a.lead - b.lead)
    .map(({ lead, owner, reason, rule, tie }) => [lead, owner, reason, rule, tie ?? null]);

describe('R-69 facts kept in hundredths of a weight', () => {
  it('lead to the decisions that were made from them, and to the same start levels', () => {
    const { routed } = again(packed);
    expect(shown(routed)).toEqual(facts.verdicts);
    const inParts = facts.changes.map((change) => ({ ...change, weight: (change.weight * WEIGHT_PARTS) / OLD_PARTS }));
    expect(routed.changes).toEqual(inParts);
    expect(routed.entitled).toHaveLength(facts.entitled.length);
    routed.entitled.forEach((owed, index) => expect(owed.leads).toBeCloseTo(facts.entitled[index]!.leads, 9));
  });

  it('have every weight in the parts of today once they are read', () => {
    const { snapshot } = again(packed);
    const weights = JSON.stringify(
      [snapshot.plans, [...snapshot.world.shares], snapshot.leads.map(({ named }) => [...(named ?? [])])],
      (_, value) => (value instanceof Map ? [...(value as Map<unknown, unknown>)] : (value as unknown)),
    ).match(/"weight":\d+/g);
    expect(weights?.length).toBeGreaterThan(100);
    for (const one of weights ?? []) expect(Number(one.slice(9)) % (WEIGHT_PARTS / OLD_PARTS)).toBe(0);
  });

  it('are not touched again when they were kept as today, and show the same numbers to people', async () => {
    const first = again(packed);
    const kept = packFacts(
      first.plans,
      first.snapshot.leads,
      first.snapshot.world,
      new Set(body.rules.map(({ key }) => key)),
      first.snapshot.at,
    );
    const second = again(await kept.packed());
    expect(second.snapshot.world.shares).toEqual(first.snapshot.world.shares);
    expect(second.routed.verdicts).toEqual(first.routed.verdicts);
    // People read leads per weight of 1 and half of the next one, whatever the parts.
    const row = first.routed.verdicts.get(1)?.tables[0]?.rows.find(({ member }) => member === 1);
    const share = first.snapshot.world.shares.get('route:p:weighted')?.find(({ id }) => id === 1);
    expect(row?.rank).toBeCloseTo((share?.given ?? 0) / 5040 + 0.5, 3);
  });
});
