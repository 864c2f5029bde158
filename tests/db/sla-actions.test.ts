import { FIRST_RESPONSE_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import { convertClocks, lineageOf, promisesOf } from '../../plugins/lead-sla/server/src/services/lineage';
import type { LeadChange } from '../../plugins/leads';
import { act, cn, openSlaWorld, type World } from './sla-support';

type MetricInput = ContractInput['metrics'][number];
type ObligationInput = NonNullable<ContractInput['obligations']>[number];

const [RESPONSE] = FIRST_RESPONSE_CONTRACT.metrics;
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const days = (count: number): Date => minutes(count * 1440);
const where = (field: string, operator: string, value?: unknown) => ({
  combinator: 'and' as const,
  rules: [{ field, operator, ...(value === undefined ? {} : { value }) }],
});
const TOUCH: Extract<ObligationInput, { kind: 'touch' }> = {
  kind: 'touch',
  key: 'touches',
  label: { zh: '跟进', en: 'Touches' },
  start: where('lead.owner', 'notNull'),
  closed: where('lead.stage', 'in', ['disqualified']),
  allowedReasons: ['invalid'],
  windowDays: 10,
  minCounts: { call: 2 },
  minSpacingSeconds: 86_400,
};
const HOOK = { kind: 'webhook', url: 'https://hooks.firm.example/sla' } as const;

let world: World;
let market: number;
beforeAll(async () => {
  world = await openSlaWorld();
  const [row] = await world
    .db('crm_members')
    .insert({ name: 'mia', email: 'mia@example.com', roles: JSON.stringify(['marketing']), active: true, manager_id: world.people.admin })
    .returning<{ id: number }[]>('id');
  market = row!.id;
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.raw(
    'TRUNCATE crm_sla_clocks, crm_sla_segments, crm_sla_obligations, crm_timers, crm_notifications, crm_jobs RESTART IDENTITY CASCADE',
  );
  world.next = null;
});

const metric = (over: Partial<MetricInput>): ContractInput => ({
  ...FIRST_RESPONSE_CONTRACT,
  calendar: 'c',
  metrics: [{ ...RESPONSE!, ...over }],
});
const promise = async (over: Partial<typeof TOUCH> = {}): Promise<void> => {
  const never = { start: where('lead.city', '=', 'Nowhere') };
  await world.contract({ ...metric(never), obligations: [{ ...TOUCH, ...over }] }, at);
  await world.db('crm_notifications').delete();
};
const told = async (type: string): Promise<number[]> =>
  (await world.db('crm_notifications').where({ type }).orderBy('member_id').pluck('member_id')) as number[];
const owner = async (id: number): Promise<unknown> =>
  ((await world.db('crm_leads').where({ id }).first()) as { owner_id: unknown }).owner_id;
const hooks = async (): Promise<unknown[]> =>
  ((await world.db('crm_jobs').where({ kind: 'sla.webhook' }).orderBy('id')) as { payload: { body: { event: string } } }[]).map(
    ({ payload }) => payload.body.event,
  );
const obligation = async (lead: number): Promise<unknown> => world.db('crm_sla_obligations').where({ lead_id: lead }).first();
const touched = (id: number): LeadChange => ({
  op: 'activity',
  id,
  activity: { kind: 'call', direction: 'outbound', outcome: 'connected' },
});
const disqualify = (id: number, reason: string): LeadChange => ({ op: 'stage', id, to: 'disqualified', reason });

describe('a touch obligation that is missed (R-37)', () => {
  test('is told to the owner and his manager by whatever finds it: a change of the lead too, once', async () => {
    const { ann, boss } = world.people;
    await promise();
    const id = await world.create(at, { name: 'Petra Vogel' }, ann);
    await world.apply([disqualify(id, 'competitor')], days(2));
    expect(await obligation(id)).toMatchObject({ state: 'breached', breach_cause: 'closed' });
    expect(await told('sla.obligation')).toEqual([boss, ann]);
    // Of several misses each says which lead it is about.
    const titles: { en: string; zh: string }[] = await world.db('crm_notifications').where({ type: 'sla.obligation' }).pluck('title');
    for (const { en, zh } of titles) expect([en.startsWith('Petra Vogel: '), zh.startsWith('Petra Vogel：')]).toEqual([true, true]);
    await world.kit.timers.drain(days(20));
    expect(await told('sla.obligation')).toEqual([boss, ann]);
  });

  test('closed for an allowed reason it is kept, and nobody is told', async () => {
    await promise();
    const id = await world.create(at, {}, world.people.ann);
    await world.apply([disqualify(id, 'invalid')], days(2));
    expect(await obligation(id)).toMatchObject({ state: 'met' });
    expect(await told('sla.obligation')).toEqual([]);
  });

  describe('on a lead that is taken back', () => {
    const recycled = (id: number, data: Record<string, unknown>): LeadChange => ({
      op: 'hold',
      id,
      to: { ownerId: null, poolId: 1 },
      event: 'lead.recycled',
      data,
    });
    const all = () =>
      world.db('crm_sla_obligations').orderBy('id').select<Record<string, unknown>[]>('state', 'end_reason', 'owner_id', 'latest');

    test.each([
      ['because it was held too long', { rule: 'hold', since: 'claim' }],
      ['by hand', { manual: true }],
    ])('%s it is void: nobody missed it, nobody is told, and its next owner owes one of his own', async (_name, data) => {
      const { ann, bob } = world.people;
      await promise();
      const id = await world.create(at, {}, ann);
      await world.apply([recycled(id, data)], days(2));
      expect(await all()).toMatchObject([{ state: 'cancelled', end_reason: 'taken-back', owner_id: ann, latest: true }]);
      await world.kit.timers.drain(days(5));
      expect(await told('sla.obligation')).toEqual([]);
      await world.apply([{ op: 'hold', id, to: { ownerId: bob, poolId: null }, event: 'lead.claimed' }], days(6));
      expect(await all()).toMatchObject([
        { state: 'cancelled', owner_id: ann, latest: false },
        { state: 'running', end_reason: null, owner_id: bob, latest: true },
      ]);
      await world.kit.timers.drain(days(40));
      expect((await all()).map(({ state }) => state)).toEqual(['cancelled', 'breached']);
    });

    test('for want of follow-ups it is missed, by the one who had it', async () => {
      const { ann, boss } = world.people;
      await promise();
      const id = await world.create(at, {}, ann);
      await world.apply([recycled(id, { rule: 'idle', since: 'follow-up' })], days(2));
      expect(await all()).toMatchObject([{ state: 'breached', end_reason: 'neglected', owner_id: ann }]);
      expect(await told('sla.obligation')).toEqual([boss, ann]);
    });

    test('by a missed deadline it is missed only where nothing had been done', async () => {
      const { ann } = world.people;
      await promise();
      const [idle, worked] = [await world.create(at, {}, ann), await world.create(at, { email: 'w@example.com' }, ann)];
      await world.apply([touched(worked)], days(1), await act(world, ann));
      await world.apply(
        [idle, worked].map((id) => recycled(id, { reason: 'sla-breach' })),
        days(2),
      );
      expect((await all()).map(({ state }) => state)).toEqual(['breached', 'cancelled']);
    });
  });

  test('by marketing is told to marketing and to those it reports to, not to the owner', async () => {
    await promise({ obligor: 'marketing' });
    const id = await world.create(at, {}, world.people.ann);
    await world.kit.timers.drain(days(9));
    expect(await obligation(id)).toMatchObject({ state: 'breached', breach_cause: 'impossible' });
    expect(await told('sla.obligation')).toEqual([world.people.admin, market].sort((a, b) => a - b));
  });

  test('passes the lead on where it says so, if it is still the owner’s, and calls out', async () => {
    const { ann, bob } = world.people;
    await promise({ onBreach: [{ kind: 'reroute' }, HOOK] });
    const id = await world.create(at, {}, ann);
    const closed = await world.create(at, { email: 'b@example.com' }, ann);
    await world.apply([disqualify(closed, 'competitor')], days(1));
    world.next = bob;
    await world.kit.timers.drain(days(9));
    expect(await owner(id)).toBe(bob);
    expect(await owner(closed)).toBe(ann);
    expect(await hooks()).toEqual(['sla.obligation', 'sla.obligation']);
  });

  test('a lead that somebody else has got meanwhile stays with him', async () => {
    const { ann, bob, boss } = world.people;
    await promise({ onBreach: [{ kind: 'reroute' }] });
    const id = await world.create(at, {}, ann);
    await world.apply([{ op: 'hold', id, to: { ownerId: bob, poolId: null }, event: 'lead.assigned' }], days(1));
    await world.db('crm_sla_obligations').where({ lead_id: id }).update({ state: 'breached', owner_id: ann });
    await world.db.transaction((trx) =>
      world.kit.timers.arm(
        trx,
        [{ kind: 'sla.obligation-move', key: 'm', subject: 'sla-obligation', subjectId: 1, dueAt: days(2), payload: { lead: id } }],
        days(2),
      ),
    );
    world.next = boss;
    await world.kit.timers.drain(days(2));
    expect(await owner(id)).toBe(bob);
  });
});

describe('what a metric sets going', () => {
  test('a warning and a kept promise tell the team and call out too', async () => {
    const { ann, bob } = world.people;
    await world.contract(metric({ onWarn: [{ kind: 'notify-team' }, HOOK], onMet: [{ kind: 'notify-manager' }, HOOK], onBreach: [] }), at);
    const id = await world.create(at, {}, ann);
    await world.kit.timers.drain(minutes(25));
    expect(await told('sla.warn')).toEqual(expect.arrayContaining([ann, bob]));
    await world.apply(
      [{ op: 'activity', id, activity: { kind: 'call', outcome: 'connected', durationSeconds: 60 } }],
      minutes(26),
      await act(world, ann),
    );
    expect(await told('sla.met')).toEqual([world.people.boss]);
    expect(await hooks()).toEqual(['sla.warn', 'sla.met']);
  });

  describe('a miss that a shorter target made (R-26)', () => {
    const shorter = (actOnTargetChange: boolean): ContractInput =>
      metric({
        clockOwner: 'lead',
        targetChange: 'retroactive',
        targets: [{ when: where('lead.city', '=', 'Beijing'), duration: 'PT10M' }, { duration: 'PT2H' }],
        actOnTargetChange,
      });
    async function missed(actOnTargetChange: boolean): Promise<number> {
      const { ann, bob } = world.people;
      await world.contract(shorter(actOnTargetChange), at);
      const id = await world.create(at, {}, ann);
      world.next = bob;
      await world.db('crm_notifications').delete();
      await world.apply([{ op: 'update', id, values: { city: 'Beijing' } }], minutes(30));
      expect(await world.of(id, 'first-response')).toMatchObject([
        { state: 'breached_open', breached_at: minutes(10), breach_cause: 'target_change' },
      ]);
      await world.kit.timers.drain(minutes(31));
      return id;
    }
    test('sets nothing going unless the metric says so', async () => {
      expect(await owner(await missed(false))).toBe(world.people.ann);
      expect(await told('sla.breach')).toEqual([]);
    });
    test('tells and passes on where it does, once', async () => {
      const { ann, bob, boss } = world.people;
      expect(await owner(await missed(true))).toBe(bob);
      expect(await told('sla.breach')).toEqual([boss, ann].sort((a, b) => a - b));
      await world.kit.timers.drain(minutes(90));
      expect((await told('sla.breach')).filter((id) => id === ann)).toHaveLength(1);
    });
  });
});

describe('a lead that becomes a deal (R-33)', () => {
  test('takes what was promised with it as it stood; what is about stages goes on, the rest ends', async () => {
    const { ann } = world.people;
    const stages: MetricInput = {
      ...RESPONSE!,
      key: 'to-won',
      label: { zh: '成交', en: 'To a deal won' },
      clockOwner: 'lead',
      stop: { when: where('lead.stage', '=', 'won') },
      cancel: null,
    };
    const { metrics } = metric({ clockOwner: 'lead', cancel: null });
    await world.contract({ ...FIRST_RESPONSE_CONTRACT, calendar: 'c', metrics: [...metrics, stages] }, at);
    const id = await world.create(at, {}, ann);
    const convert = (opportunityId: number): Promise<void> =>
      world.db.transaction((trx) => convertClocks(world.kit, trx, { leadId: id, opportunityId }, minutes(10)));
    await convert(7);
    expect(await world.of(id)).toMatchObject([
      { metric: 'first-response', state: 'cancelled', end_reason: 'converted' },
      { metric: 'to-won', state: 'running' },
    ]);
    await world.kit.timers.drain(minutes(200));
    const lineage = await lineageOf(world.kit, 7);
    expect(lineage.map(({ metric: name, state, owner: holder, elapsedSeconds }) => [name, state, holder, elapsedSeconds])).toEqual([
      ['first-response', 'cancelled', ann, 600],
      ['to-won', 'running', ann, 0],
    ]);
    expect((await world.of(id, 'to-won'))[0]).toMatchObject({ state: 'breached_open' });
    await convert(7);
    expect(await lineageOf(world.kit, 7)).toEqual(lineage);
    expect((await promisesOf(world.kit, [7, 8])).get(7)).toEqual({ met: 0, missed: 0 });
    for (const clock of await world.of(id)) {
      const { stored, clock: again } = await world.clocks.rebuild(clock.id);
      expect(again).toEqual(stored);
    }
  });
});
