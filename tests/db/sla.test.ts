import { FIRST_RESPONSE_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import { clockWork } from '../../plugins/lead-sla/server/src/services/work';
import type { LeadChange } from '../../plugins/leads';
import { act, cn, openSlaWorld, wall, type World } from './sla-support';

const CONTRACT: ContractInput = { ...FIRST_RESPONSE_CONTRACT, calendar: 'c' };
const [RESPONSE] = CONTRACT.metrics;
const only = (over: Partial<NonNullable<typeof RESPONSE>>): ContractInput => ({ ...CONTRACT, metrics: [{ ...RESPONSE!, ...over }] });
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const call = (id: number, outcome = 'connected', more: object = {}): LeadChange => ({
  op: 'activity',
  id,
  activity: { kind: 'call', outcome, durationSeconds: 60, ...more },
});
const hold = (id: number, ownerId: number | null): LeadChange => ({
  op: 'hold',
  id,
  to: { ownerId, poolId: null },
  event: ownerId === null ? 'lead.released' : 'lead.assigned',
});

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.raw('TRUNCATE crm_sla_clocks, crm_sla_segments, crm_timers, crm_notifications RESTART IDENTITY');
  world.next = null;
  await world.contract(CONTRACT, cn('2026-03-02 09:00'));
});

test('a lead goes the whole way: started, warned, missed, passed on, answered by the next owner', async () => {
  const { ann, bob, boss } = world.people;
  const id = await world.create(at);
  expect((await world.of(id)).map((clock) => clock.metric)).toEqual(['speed-to-lead']);
  await world.apply([hold(id, ann)], at);
  const [first] = await world.of(id, 'first-response');
  expect([first?.state, first?.owner_id, wall(first?.due_at ?? null)]).toEqual(['running', ann, '2026-03-04 09:30']);
  expect(await world.armed()).toEqual(expect.arrayContaining([`sla:${first?.id}:due`, `sla:${first?.id}:warn:0`]));

  await world.kit.timers.drain(minutes(24));
  const warned = await world.db('crm_notifications').where({ type: 'sla.warn' }).select('member_id', 'title');
  expect(warned).toEqual([{ member_id: ann, title: { zh: 'Li Wei：首次响应还剩 6 分钟', en: 'Li Wei: First response, 6 min left' } }]);

  world.next = bob;
  await world.kit.timers.drain(minutes(31));
  const [missed, second] = await world.of(id, 'first-response');
  expect(missed).toMatchObject({ state: 'breached_closed', breach_cause: 'time', end_reason: 'reassigned', hops: 1, latest: false });
  expect(missed?.breached_at).toEqual(minutes(30));
  expect(second).toMatchObject({ state: 'running', owner_id: bob, cycle: 2, hops: 1, latest: true });
  expect(second?.due_at).toEqual(minutes(61));
  expect((await world.db('crm_notifications').where({ type: 'sla.breach' }).orderBy('member_id').pluck('member_id')) as number[]).toEqual(
    [boss, ann].sort((a, b) => a - b),
  );
  expect(await world.db('crm_decisions').where({ kind: 'clock', subject_id: id }).pluck('result')).toEqual([{ kind: 'reroute' }]);

  await world.apply([call(id)], minutes(40), await act(world, bob));
  expect((await world.of(id)).map((clock) => clock.state)).toEqual(['met', 'breached_closed', 'met']);
  expect(await world.armed()).toEqual([]);
  expect(await world.events(id)).toEqual([
    'speed-to-lead started',
    'first-response started',
    'first-response warned',
    'first-response breached',
    'first-response closed',
    'first-response started',
    'first-response met',
    'speed-to-lead met',
  ]);
});

test('only real contact by the owner answers (R-32)', async () => {
  const { ann, bob } = world.people;
  const id = await world.create(at, {}, ann);
  const state = async (): Promise<string | undefined> => (await world.of(id, 'first-response'))[0]?.state;
  await world.apply([{ op: 'activity', id, activity: { kind: 'note' } }], minutes(1), await act(world, ann));
  await world.apply([call(id, 'no_answer')], minutes(2), await act(world, ann));
  await world.apply([call(id, 'connected', { bulk: true })], minutes(3), await act(world, ann));
  await world.apply([{ op: 'activity', id, activity: { kind: 'mail', automatic: true } }], minutes(4), await act(world, ann));
  await world.apply([call(id)], minutes(5), await act(world, bob));
  expect(await state()).toBe('running');
  await world.apply([{ op: 'activity', id, activity: { kind: 'mail' } }], minutes(30), await act(world, ann));
  expect(await state()).toBe('met');
});

test('a miss that a change finds before its timer is acted on by the timer, once', async () => {
  const { ann, bob } = world.people;
  const id = await world.create(at, {}, ann);
  await world.apply([{ op: 'update', id, values: { title: 'CTO' } }], minutes(45));
  expect((await world.of(id, 'first-response'))[0]).toMatchObject({ state: 'breached_open', breached_at: minutes(30) });
  expect(await world.db('crm_notifications').where({ type: 'sla.breach' })).toEqual([]);
  world.next = bob;
  await world.kit.timers.drain(minutes(46));
  await world.kit.timers.drain(minutes(47));
  expect((await world.of(id, 'first-response')).map((clock) => clock.owner_id)).toEqual([ann, bob]);
  expect((await world.events(id)).filter((event) => event === 'first-response breached')).toHaveLength(1);
  expect(await world.db('crm_notifications').where({ type: 'sla.breach' })).toHaveLength(2);
});

test('a lead is not passed on more often than the contract says (R-63)', async () => {
  const { ann, bob, boss } = world.people;
  await world.contract(only({ maxHops: 1 }), at);
  const id = await world.create(at, {}, ann);
  world.next = bob;
  await world.kit.timers.drain(minutes(30));
  world.next = ann;
  await world.kit.timers.drain(minutes(61));
  expect((await world.of(id, 'first-response')).map((clock) => [clock.owner_id, clock.state])).toEqual([
    [ann, 'breached_closed'],
    [bob, 'breached_open'],
  ]);
  expect(await world.db('crm_notifications').where({ type: 'sla.exhausted' }).pluck('member_id')).toEqual([boss]);
});

test('where routing finds nobody the owner keeps lead and missed clock; nobody answered, nobody is lost', async () => {
  const id = await world.create(at, {}, world.people.ann);
  await world.kit.timers.drain(minutes(30));
  expect(await world.of(id, 'first-response')).toMatchObject([{ state: 'breached_open', owner_id: world.people.ann }]);
  expect(await world.db('crm_leads').where({ id }).pluck('owner_id')).toEqual([world.people.ann]);
});

test('a metric stopped by a condition does not pass on a lead whose owner has made contact (R-64)', async () => {
  const { ann, bob } = world.people;
  await world.contract(only({ stop: { when: { combinator: 'and', rules: [{ field: 'lead.stage', operator: '=', value: 'srl' }] } } }), at);
  const id = await world.create(at, {}, ann);
  await world.apply([call(id)], minutes(10), await act(world, ann));
  world.next = bob;
  await world.kit.timers.drain(minutes(31));
  expect(await world.db('crm_leads').where({ id }).pluck('owner_id')).toEqual([ann]);
  expect(await world.db('crm_decisions').where({ kind: 'clock', subject_id: id }).pluck('result')).toEqual([
    { kind: 'stay', reason: 'ANSWERED' },
  ]);
  await world.apply([{ op: 'stage', id, to: 'srl' }], minutes(40));
  expect(await world.of(id, 'first-response')).toMatchObject([
    { state: 'breached_closed', end_reason: 'condition', elapsed_seconds: 2400 },
  ]);
});

test('a contract younger than a lead measures only what begins after it (R-21)', async () => {
  const { ann, bob } = world.people;
  await world.db('crm_policies').where({ kind: 'sla-contract' }).update({ state: 'retired' });
  await world.contract({ ...only({ start: { combinator: 'and', rules: [{ field: 'lead.stage', operator: '=', value: 'won' }] } }) }, at);
  const id = await world.create(at, {}, ann);
  await world.contract(CONTRACT, at);
  await world.apply([{ op: 'update', id, values: { title: 'CTO' } }], minutes(1));
  expect(await world.of(id)).toEqual([]);
  await world.apply([hold(id, bob)], minutes(2));
  expect((await world.of(id)).map((clock) => [clock.metric, clock.owner_id])).toEqual([['first-response', bob]]);
  await world.apply([{ op: 'touch', id, ask: ['clocks:start'] }], minutes(3));
  expect((await world.of(id)).map((clock) => clock.metric)).toEqual(['first-response', 'speed-to-lead']);
});

describe('imports (R-34)', () => {
  const past = cn('2026-02-02 10:00');
  const importer = async () => ({ ...(await act(world, world.people.admin)), kind: 'import' as const });
  const bring = async (clocks: 'none' | 'captured' | 'now'): Promise<number> =>
    world.create(at, { name: clocks, capturedAt: past.toISOString() }, world.people.ann, { clocks, actor: await importer() });
  test('none: no clock, and none at the next edit', async () => {
    const id = await bring('none');
    await world.apply([{ op: 'update', id, values: { title: 'CTO' } }], minutes(1));
    expect(await world.of(id)).toEqual([]);
  });
  test('captured: late at once, without a word to anybody', async () => {
    const id = await bring('captured');
    expect((await world.of(id)).map((clock) => [clock.metric, clock.state, clock.breach_cause])).toEqual([
      ['first-response', 'breached_open', 'backfill'],
      ['speed-to-lead', 'breached_open', 'backfill'],
    ]);
    await world.kit.timers.drain(minutes(600));
    expect(await world.db('crm_notifications').where('type', 'like', 'sla.%').whereNot({ type: 'sla.published' })).toEqual([]);
  });
  test('now: from now, whatever the file says', async () => {
    const id = await bring('now');
    expect((await world.of(id)).map((clock) => clock.started_at)).toEqual([at, at]);
  });
});

test('pause, resume and the owner’s calendar (R-8, R-23)', async () => {
  const { ann, bob } = world.people;
  const srl = { combinator: 'and' as const, rules: [{ field: 'lead.stage', operator: '=', value: 'srl' }] };
  await world.contract(only({ clockOwner: 'owner_remaining', calendarSource: 'owner', pause: srl, targets: [{ duration: 'PT2H' }] }), at);
  const id = await world.create(at, {}, ann);
  await world.apply([{ op: 'stage', id, to: 'srl' }], minutes(30));
  expect(await world.of(id, 'first-response')).toMatchObject([{ state: 'paused', due_at: null, elapsed_seconds: 1800 }]);
  expect(await world.armed()).toEqual([]);
  await world.apply([{ op: 'stage', id, to: 'lead' }], minutes(60));
  expect(wall((await world.of(id))[0]?.due_at ?? null)).toBe('2026-03-04 11:30');
  // Bob works 09:00–10:00 on Wednesdays: the 75 minutes that are left begin on Thursday for him.
  await world.apply([hold(id, bob)], minutes(75));
  expect(wall((await world.of(id))[0]?.due_at ?? null)).toBe('2026-03-05 10:15');
  const [own] = await world.of(id, 'first-response');
  expect(
    await world.db('crm_sla_segments').where({ clock_id: own!.id }).orderBy('number').select('kind', 'seconds', 'owner_id', 'calendar_key'),
  ).toEqual([
    { kind: 'run', seconds: 1800, owner_id: ann, calendar_key: 'c' },
    { kind: 'pause', seconds: 1800, owner_id: ann, calendar_key: 'c' },
    { kind: 'run', seconds: 900, owner_id: ann, calendar_key: 'c' },
  ]);
  const told = await world.clocks.explain((await world.of(id))[0]!.id, minutes(75));
  expect(told).toMatchObject({ remainingSeconds: 4500, calendar: { key: 'short' } });
  expect(told.pauses).toHaveLength(1);
});

test('open clocks keep the version they were opened under; new ones have the new (R-35)', async () => {
  const before = await world.create(at, {}, world.people.ann);
  await world.contract(only({ targets: [{ duration: 'PT10M' }] }), minutes(1));
  await world.apply([{ op: 'update', id: before, values: { title: 'CTO' } }], minutes(2));
  const after = await world.create(minutes(2), {}, world.people.ann);
  expect((await world.of(before, 'first-response'))[0]?.due_at).toEqual(minutes(30));
  expect((await world.of(after, 'first-response'))[0]?.due_at).toEqual(minutes(12));
  await world.apply([hold(before, world.people.bob)], minutes(5));
  expect((await world.of(before, 'first-response')).map((clock) => [clock.state, clock.target_seconds])).toEqual([
    ['cancelled', 1800],
    ['running', 600],
  ]);
});

test('what a list and My work show: the most urgent open clock, missed ones first', async () => {
  const { ann } = world.people;
  const late = await world.create(at, { name: 'Late' }, ann);
  const soon = await world.create(minutes(20), { name: 'Soon' }, ann);
  const none = await world.create(at, { name: 'Closed' }, ann);
  await world.apply([{ op: 'stage', id: none, to: 'disqualified' }], minutes(1));
  await world.kit.timers.drain(minutes(32));
  const shown = await world.clocks.clocksFor([late, soon, none], minutes(32));
  expect([...shown].map(([lead, clock]) => [lead, clock.metric, clock.state, clock.remainingSeconds])).toEqual([
    [late, 'first-response', 'breached_open', -120],
    [soon, 'first-response', 'running', 1080],
  ]);
  const work = (await clockWork(world.kit, await act(world, ann), minutes(32))).filter(
    (item) => item.key.startsWith('clock:') && item.urgency > 650,
  );
  expect(work.map((item) => [item.leadId, item.urgency, item.reasons[0]?.text.zh])).toEqual([
    [late, 900, '首次响应已超时 2 分钟'],
    [soon, 700, '首次响应还剩 18 分钟'],
  ]);
});

test('a simulation writes nothing', async () => {
  const id = await world.create(at);
  const seen = await world.leads.simulate({
    changes: [hold(id, world.people.ann)],
    actor: world.kit.actors.system(),
    cause: { type: 'test' },
    now: at,
  });
  expect(seen.events.map((event) => event.type)).toContain('clock.started');
  expect((await world.of(id)).map((clock) => clock.metric)).toEqual(['speed-to-lead']);
});

test('merged leads: the loser’s clocks end, the survivor counts from the earlier start (R-33)', async () => {
  const loser = await world.create(at, { name: 'A' }, world.people.ann);
  const survivor = await world.create(minutes(20), { name: 'B' }, world.people.ann);
  await world.db.transaction((trx) => world.clocks.merge(trx, { survivorId: survivor, loserIds: [loser] }, minutes(25)));
  expect((await world.of(loser)).map((clock) => [clock.state, clock.end_reason])).toEqual([
    ['cancelled', 'merged'],
    ['cancelled', 'merged'],
  ]);
  expect((await world.of(survivor, 'first-response'))[0]?.due_at).toEqual(minutes(30));
  const timers = await world.db('crm_timers').where({ state: 'armed', kind: 'sla.breach' }).pluck('due_at');
  expect((timers as Date[]).map((due) => due.getTime()).sort()[0]).toBe(minutes(30).getTime());
});
