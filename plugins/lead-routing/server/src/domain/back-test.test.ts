import { hours, lead, NOW, person, planFor, POOL, rule } from './__fixtures__/routing';
import { backTest, ruleOf, type PastLead } from './back-test';
import type { Person, RoutedLead, World } from './facts';
import { stickyOf } from './sticky';
import { freedAfter, ownersBefore, valueAt, type Told, type Until } from './story';

describe('back-test', () => {
  const replay = (
    input: Parameters<typeof planFor>[0],
    leads: readonly PastLead[],
    people: readonly Person[],
    loads: World['loads'] = new Map(),
    until = hours(1000),
  ) =>
    backTest({
      leads,
      plan: planFor(
        input,
        people.map(({ id }) => id),
      ),
      people: new Map(people.map((one) => [one.id, one])),
      loads,
      until,
      opensAt: (_member, at) => at,
      periodOf: (_per, at) => at.toISOString().slice(0, 10),
    });
  const arriving = (...at: readonly number[]): PastLead[] =>
    at.map((hour, index) => ({
      occasion: index + 1,
      at: hours(hour),
      lead: lead(index + 1, { capturedAt: hours(hour) }),
      closedAt: null,
    }));

  it('starts caps anew each day and tries held leads again in the hours after', () => {
    const policy = { rules: [rule({ periodCap: { per: 'day', max: 2 }, onEmpty: 'hold', holdSeconds: 86_400 })] };
    const { verdicts, reasons } = replay(policy, arriving(0, 1, 2, 3), [person(1)]);
    expect([1, 2, 3, 4].map((id) => verdicts.get(id)?.owner ?? null)).toEqual([1, 1, 1, 1]);
    expect(reasons.get('PERIOD_CAP')).toBeUndefined();
    const passedOn = replay({ rules: [rule({ periodCap: { per: 'day', max: 2 } })] }, arriving(0, 1, 2, 3), [person(1)]);
    expect([1, 2, 3, 4].map((id) => passedOn.verdicts.get(id)?.owner ?? null)).toEqual([1, 1, null, null]);
    expect(passedOn.reasons.get('PERIOD_CAP')).toBe(2);
  });

  it('frees the place of a lead that was closed since, and shares as the rule says', () => {
    const [first, second] = arriving(0, 5);
    const closing = [{ ...first!, closedAt: hours(2) }, second!];
    const policy = { rules: [rule()] };
    expect(replay(policy, closing, [person(1, { capacity: 1 })]).verdicts.get(2)?.owner).toBe(1);
    expect(replay(policy, arriving(0, 5), [person(1, { capacity: 1 })]).verdicts.get(2)?.pool).toBe(POOL);
    const many6 = replay(policy, arriving(0, 1, 2, 3, 4, 5), [person(1), person(2)]);
    const got = [...many6.verdicts.values()].map(({ owner }) => owner);
    expect([1, 2].map((id) => got.filter((owner) => owner === id).length)).toEqual([3, 3]);
  });

  it('looks no further than today: what waits then still waits', () => {
    const waits = { rules: [rule({ destination: { kind: 'hold', seconds: 7200 } }, 'wait'), rule()] };
    const [one] = arriving(0);
    const held = { ...one!, lead: { ...one!.lead, holds: new Set(['wait', 'r']) } };
    expect(replay(waits, [held], [person(1)]).verdicts.get(1)?.owner).toBe(1);
    expect(replay(waits, [held], [person(1)], new Map(), hours(1)).verdicts.get(1)).toMatchObject({ reason: 'HELD', owner: null });
  });

  it('gives leads of one hour in the order in which they came, the best first only among those that came together', () => {
    const at = (minutes: readonly number[]): PastLead[] =>
      minutes.map((minute, index) => ({
        occasion: index + 1,
        at: hours(minute / 60),
        lead: lead(index + 1, { capturedAt: hours(minute / 60), score: index * 10 }),
        closedAt: null,
      }));
    const owners = (minutes: readonly number[]) => {
      const { verdicts } = replay({ rules: [rule()] }, at(minutes), [person(1), person(2), person(3)]);
      return minutes.map((_minute, index) => verdicts.get(index + 1)?.owner);
    };
    expect(owners([0, 1, 2])).toEqual([1, 2, 3]);
    expect(owners([0, 0, 0])).toEqual([3, 2, 1]);
  });

  it('keeps an owner named on arrival and counts what he holds, but not as given by routing', () => {
    const [first, second] = arriving(0, 1);
    const own = { ...first!, explicit: { owner: 1, pool: null } };
    const limited = replay({ rules: [rule()] }, [own, second!], [person(1, { capacity: 1 }), person(2)]);
    expect(limited.verdicts.get(1)).toMatchObject({ reason: 'EXPLICIT', owner: 1, rule: null });
    expect(limited.verdicts.get(2)?.owner).toBe(2);
    const capped = replay({ rules: [rule({ caps: [{ scope: 'person', per: 'day', max: 1 }] })] }, [own, second!], [person(1)]);
    expect(capped.verdicts.get(2)?.owner).toBe(1);
    expect([ruleOf(limited.verdicts.get(1)!), ruleOf(limited.verdicts.get(2)!)]).toEqual(['EXPLICIT', 'r']);
  });

  it('routes a lead that came again as what it was then: to whom it sticks, and not from who has it already', () => {
    const [first] = arriving(0);
    const again = (over: Partial<PastLead>, about: Partial<RoutedLead> = {}): PastLead => ({
      ...first!,
      occasion: 2,
      at: hours(3),
      again: true,
      ...over,
      lead: { ...first!.lead, ...about },
    });
    const people = [person(1), person(2)];
    const back = again({}, { sticky: [{ reason: 'STICKY_PREVIOUS', member: 2 }], previousOwners: [2] });
    const { verdicts } = replay({ rules: [rule()] }, [{ ...first!, closedAt: hours(2) }, back], people);
    expect([verdicts.get(1)?.owner, verdicts.get(2)?.owner, ruleOf(verdicts.get(2)!)]).toEqual([1, 2, 'STICKY_PREVIOUS']);
    const fromPool = replay({ rules: [rule()] }, [first!, again({ fromPool: true })], people);
    expect([...fromPool.verdicts.keys()]).toEqual([1]);
    const sameHour = replay({ rules: [rule()] }, [first!, again({ at: hours(0.5) })], people);
    expect([...sameHour.verdicts.values()].map(({ owner }) => owner)).toEqual([1, 2]);
  });

  it('counts every limit of a rule, of leads from before the span and of those it gave', () => {
    const limits = [{ scope: 'group' as const, max: 2 }];
    const policy = { rules: [rule({ loadLimits: limits })] };
    const before = new Map([['group:route:p:r:0', new Map([[1, 100]])]]);
    const { verdicts } = replay(policy, arriving(0, 1), [person(1)], before);
    expect([verdicts.get(1)?.owner, verdicts.get(2)?.pool]).toEqual([1, POOL]);
  });

  it('counts anew with each period where people are even per period', () => {
    const policy = { rules: [rule({ ranking: 'count-in-period', period: 'day', catchUp: 'full' })] };
    const people = [person(1, { opensAt: null }), person(2)];
    const at = (opens: (member: number, hour: Date) => Date | null) =>
      backTest({
        leads: arriving(0, 1, 24, 25),
        plan: planFor({ rules: [rule({ ...policy.rules[0]!, filters: { workingHours: 'now' } })] }, [1, 2]),
        people: new Map(people.map((one) => [one.id, one])),
        loads: new Map(),
        until: hours(1000),
        opensAt: opens,
        periodOf: (_per, day) => day.toISOString().slice(0, 10),
      });
    // The first day belongs to the second alone; on the next both count from nothing.
    const { verdicts } = at((member, day) => (member === 1 && day.getTime() < hours(20).getTime() ? null : day));
    expect([1, 2, 3, 4].map((id) => verdicts.get(id)?.owner)).toEqual([2, 2, 1, 2]);
  });
});

describe('R-61 as of a moment', () => {
  const told = (id: number, type: string, owners: [number | null, number | null], hour = id): Told => ({
    id,
    type,
    at: hours(hour),
    before: { owner: owners[0] },
    after: { owner: owners[1] },
  });
  const story = [
    told(1, 'lead.routed', [null, 7]),
    told(2, 'lead.recycled', [7, null]),
    told(4, 'lead.claimed', [null, 8]),
    told(5, 'lead.transferred', [8, 9]),
  ];
  const until = (event: number | null, hour = 100): Until => ({ event, at: hours(hour) });

  it.each([
    ['before anything was told', until(1), null],
    ['between two events', until(2), 7],
    ['by the hour where there is no event', until(null, 4), 8],
    ['after the last', until(null), 9],
  ])('says who held a lead %s', (_name, moment, owner) => {
    expect(valueAt(story, 'owner', moment, 99)).toBe(owner);
  });

  it('takes what is true today where nothing was ever told', () => {
    expect(valueAt(story, 'stage', until(3), 'new')).toBe('new');
    expect(valueAt([], 'owner', until(3), 5)).toBe(5);
  });

  it('names who lost it, newest first, and when it was free again', () => {
    expect(ownersBefore(story, until(null)).map(({ member, left }) => [member, left])).toEqual([
      [8, 'lead.transferred'],
      [7, 'lead.recycled'],
    ]);
    expect(ownersBefore(story, until(2))).toEqual([]);
    expect([freedAfter(story, until(1)), freedAfter(story, until(3))]).toEqual([hours(2), null]);
  });

  it('lets it go back only to who did not give it up himself or lose it by a breach', () => {
    const steps = { explicitOwner: true, duplicateOwner: true, accountOwner: true, previousOwnerDays: 5, awayDays: 0 };
    const last = { member: 7, at: hours(-24), left: 'lead.recycled' };
    const all = { duplicate: 1, account: 2, last };
    expect(stickyOf(steps, all, NOW).map(({ reason, member }) => [reason, member])).toEqual([
      ['STICKY_DUPLICATE', 1],
      ['STICKY_ACCOUNT', 2],
      ['STICKY_PREVIOUS', 7],
    ]);
    for (const left of ['lead.released', 'lead.rerouted'])
      expect(stickyOf(steps, { ...all, last: { ...last, left } }, NOW)).toHaveLength(2);
    expect(stickyOf(steps, { ...all, last: { ...last, at: hours(-121) } }, NOW)).toHaveLength(2);
    expect(stickyOf({ ...steps, duplicateOwner: false, accountOwner: false, previousOwnerDays: 0 }, all, NOW)).toEqual([]);
  });
});
