import fc from 'fast-check';
import { hours, lead, person, planFor, rule, seat } from './__fixtures__/routing';
import { backTest, type PastLead, type PastSet } from './back-test';
import type { Plan, World } from './facts';
import { routeLeads } from './route';

interface Drawn {
  readonly scores: readonly number[];
  readonly desk: readonly { readonly capacity: number; readonly load: number; readonly received: number; readonly online: boolean }[];
}

const people = [1, 2, 3];
const drawn: fc.Arbitrary<Drawn> = fc.record({
  scores: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }),
  desk: fc.array(
    fc.record({
      capacity: fc.integer({ min: 0, max: 5 }),
      load: fc.integer({ min: 0, max: 4 }),
      received: fc.integer({ min: 0, max: 6 }),
      online: fc.boolean(),
    }),
    { minLength: 3, maxLength: 3 },
  ),
});

/** Change sets as they were really decided, one an hour, each in a world of its own: whatever moved loads and turns in between is in it. */
function history(sets: readonly Drawn[], ranking: 'weighted' | 'least-recent' | 'most-free-capacity', draft?: Plan) {
  const plan = planFor({ rules: [rule({ ranking, caps: [{ per: 'day', max: 3 }] })] }, people);
  const past = new Map<string, PastSet>();
  let [id, occasion] = [0, 0];
  const leads = sets.flatMap(({ scores, desk }, index): PastLead[] => {
    const at = hours(index);
    const world: World = {
      people: new Map(desk.map(({ capacity, online }, place) => [place + 1, person(place + 1, { capacity, online, opensAt: at })])),
      loads: new Map([['own', new Map(desk.map(({ load }, place) => [place + 1, load * 100]))]]),
      shares: new Map([['route:p:r', desk.map(({ received }, place) => seat(place + 1, received, { last: index * 10 + place }))]]),
      caps: new Map([['rule:route:p:r:0', new Map(desk.map(({ received }, place) => [place + 1, { used: received % 4, endsAt: null }]))]]),
    };
    const came = scores.map((score) => lead((id += 1), { score, capturedAt: at }));
    const plans = new Map([[1, plan]]);
    const truth = routeLeads(came, plans, world, at).verdicts;
    const byId = new Map(came.map((one) => [one.id, one]));
    past.set(`${index}`, {
      world: draft ? { ...world, caps: new Map() } : world,
      plans: draft ? new Map([[1, draft]]) : plans,
      leads: byId,
      changed: () => false,
      known: (one) => byId.get(one.id) ?? one,
      truth: () => truth,
    });
    return came.map((one) => {
      const was = { owner: truth.get(one.id)?.owner ?? null, rule: truth.get(one.id)?.rule ?? null };
      // What is known of it today is not what it was.
      const today = { ...one, score: 5, holds: new Set<string>() };
      const decided = [{ at, facts: `${index}`, order: index }];
      return { occasion: (occasion += 1), lead: today, at, closedAt: null, was, decided };
    });
  });
  const replay = (of: readonly PastLead[]) =>
    backTest({
      leads: of,
      plan: draft ?? plan,
      people: new Map(people.map((one) => [one, person(one, { online: one === 3 })])),
      loads: new Map(),
      until: hours(1000),
      opensAt: (_member, at) => at,
      periodOf: (_per, at) => at.toISOString().slice(0, 10),
      setOf: (facts) => past.get(facts)!,
    });
  const moved = (of: readonly PastLead[]) => {
    const { verdicts, causes } = replay(of);
    return of.flatMap((one) => ((verdicts.get(one.occasion)?.owner ?? null) === one.was?.owner ? [] : [causes.get(one.occasion)]));
  };
  return { leads, moved };
}

const ranking = fc.constantFrom('weighted' as const, 'least-recent' as const, 'most-free-capacity' as const);

describe('3.1 a replay of what was live', () => {
  it('moves nobody where the facts of every decision are kept, whatever is known of leads and people today', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 8 }), ranking, (sets, by) => {
        const { leads, moved } = history(sets, by);
        expect(moved(leads)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('moves nobody without a reason that is named where the facts of some are gone', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 8 }), ranking, fc.integer({ min: 0, max: 7 }), (sets, by, gone) => {
        const { leads, moved } = history(sets, by);
        const some = leads.map((one) =>
          one.decided?.[0]?.facts === `${gone}` ? { ...one, lead: { ...one.lead, holds: new Set(['r']) }, decided: [] } : one,
        );
        const causes = moved(some);
        expect(causes.filter((cause) => cause !== 'NO_FACTS' && cause !== 'FOLLOWS')).toEqual([]);
        if (causes.length > 0) expect(causes).toContain('NO_FACTS');
      }),
      { numRuns: 80 },
    );
  });

  it('carries on from what it gave otherwise: a load that one has more, the other has less', () => {
    const desk = [0, 0, 0].map(() => ({ capacity: 1, load: 0, received: 0, online: true }));
    const { leads, moved } = history(
      [
        { scores: [1], desk },
        { scores: [1], desk: desk.map((one, place) => ({ ...one, load: place === 0 ? 1 : 0 })) },
      ],
      'most-free-capacity',
    );
    const first = { ...leads[0]!, lead: { ...leads[0]!.lead, holds: new Set(['r']) }, decided: [] };
    // Today only the third is there: he gets the first lead, so the first one has room for the second.
    expect(moved([first, leads[1]!])).toEqual(['NO_FACTS', 'FOLLOWS']);
    expect(moved([{ ...first, keptUntil: hours(0.5) }, leads[1]!])).toEqual(['NO_FACTS']);
  });

  it('counts in a cap, and in a limit, that nobody asked for then, also what it gives as it was really given', () => {
    const desk = [0, 0, 0].map(() => ({ capacity: 9, load: 0, received: 0, online: true }));
    const sets = [0, 1, 2, 3].map(() => ({ scores: [1], desk }));
    for (const more of [
      { caps: [{ per: 'rolling' as const, seconds: 86_400, max: 2 }] },
      { loadLimits: [{ scope: 'group' as const, max: 2 }] },
    ]) {
      const draft = planFor({ rules: [rule({ ranking: 'most-free-capacity', ...more })] }, people);
      const { leads, moved } = history(sets, 'most-free-capacity', draft);
      // All went to the first; by the draft the third and the fourth go to the second.
      expect(leads.map(({ was }) => was?.owner)).toEqual([1, 1, 1, 1]);
      expect(moved(leads)).toEqual(['OTHER', 'FOLLOWS']);
    }
  });
});
