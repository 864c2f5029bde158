import { FIRST_RESPONSE_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import { decideDispute, judgeDispute } from '../../plugins/lead-sla/server/src/services/disputes';
import type { LeadChange } from '../../plugins/leads';
import { act, cn, openSlaWorld, type World } from './sla-support';

const [RESPONSE] = FIRST_RESPONSE_CONTRACT.metrics;
const inStage = (...value: string[]) => ({ combinator: 'and' as const, rules: [{ field: 'lead.stage', operator: 'in', value }] });
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const stage = (id: number, to: string): LeadChange => ({ op: 'stage', id, to });
const contract = (over: Partial<NonNullable<typeof RESPONSE>>): ContractInput => ({
  ...FIRST_RESPONSE_CONTRACT,
  calendar: 'c',
  metrics: [{ ...RESPONSE!, clockOwner: 'lead', start: inStage('mql', 'srl'), onBreach: [], ...over }],
});

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
}, 240_000);
afterAll(() => world.close());

describe('a start that becomes true (R-21)', () => {
  test('opens a clock by the change that makes it so, and no other change does', async () => {
    await world.contract(contract({}), at);
    const id = await world.create(minutes(1));
    expect(await world.of(id)).toEqual([]);
    await world.apply([{ op: 'update', id, values: { title: 'Boss' } }], minutes(2));
    expect(await world.of(id)).toEqual([]);
    await world.apply([stage(id, 'mql')], minutes(3));
    expect(await world.of(id)).toMatchObject([{ state: 'running', started_at: minutes(3) }]);
  });
});

describe('a clock that counts from before it was attached (R-28)', () => {
  const capturedFrom = (over: Parameters<typeof contract>[0] = {}): ContractInput =>
    contract({ start: inStage('srl'), startAt: 'captured', pause: null, targets: [{ duration: 'PT2H' }], ...over });
  const paused = { combinator: 'and' as const, rules: [{ field: 'lead.city', operator: '=', value: 'waiting' }] };
  const city = (id: number, value: string): LeadChange => ({ op: 'update', id, values: { city: value } });
  const segments = (clock: number) =>
    world.db('crm_sla_segments').where({ clock_id: clock }).orderBy('number').select('kind', 'seconds', 'started_at', 'ended_at');
  const rebuilt = async (clock: number): Promise<void> => {
    const { stored, clock: again } = await world.clocks.rebuild(clock);
    expect(again).toEqual(stored);
  };

  test('takes off the pauses that lie in its past, as the history of the lead tells them', async () => {
    await world.contract(capturedFrom({ pause: paused }), at);
    const id = await world.create(minutes(0));
    await world.apply([city(id, 'waiting')], minutes(10));
    await world.apply([{ op: 'update', id, values: { title: 'Boss' } }], minutes(20));
    await world.apply([city(id, 'open')], minutes(40));
    await world.apply([stage(id, 'srl')], minutes(60));
    const [clock] = await world.of(id);
    expect(clock).toMatchObject({
      state: 'running',
      started_at: minutes(0),
      elapsed_seconds: 600,
      pause_seconds: 1800,
      pause_count: 1,
      due_at: minutes(150),
    });
    expect(await segments(clock!.id)).toEqual([
      { kind: 'run', seconds: 600, started_at: minutes(0), ended_at: minutes(10) },
      { kind: 'pause', seconds: 1800, started_at: minutes(10), ended_at: minutes(40) },
    ]);
    await rebuilt(clock!.id);
  });

  test('a pause that still holds goes on from when it began', async () => {
    await world.contract(capturedFrom({ pause: paused }), at);
    const id = await world.create(minutes(0));
    await world.apply([city(id, 'waiting')], minutes(30));
    await world.apply([stage(id, 'srl')], minutes(60));
    const [clock] = await world.of(id);
    expect(clock).toMatchObject({ state: 'paused', elapsed_seconds: 1800, pause_count: 1, due_at: null, segment_since: minutes(30) });
    await world.apply([city(id, 'open')], minutes(90));
    expect(await world.of(id)).toMatchObject([{ state: 'running', elapsed_seconds: 1800, pause_seconds: 3600, due_at: minutes(180) }]);
    await rebuilt(clock!.id);
  });

  test('limits bind the pauses of the past too, and a deadline before a pause was missed there, without a word', async () => {
    const pauses = { reasons: [{ key: 'x', label: { zh: '等', en: 'Wait' } }], maxTotalSeconds: 600 };
    await world.contract(capturedFrom({ pause: paused, pauses, targets: [{ duration: 'PT20M' }] }), at);
    const id = await world.create(minutes(0));
    await world.apply([city(id, 'waiting')], minutes(5));
    await world.apply([city(id, 'open')], minutes(55));
    await world.apply([stage(id, 'srl')], minutes(60));
    const late = await world.create(minutes(0));
    await world.apply([city(late, 'waiting')], minutes(30));
    await world.db('crm_notifications').delete();
    await world.apply([stage(late, 'srl')], minutes(60));
    // Ten minutes of the fifty are a pause; the rest of the twenty ran out at 30.
    expect(await world.of(id)).toMatchObject([
      { state: 'breached_open', breached_at: minutes(30), pause_seconds: 600, breach_cause: 'backfill' },
    ]);
    expect(await world.of(late)).toMatchObject([{ breached_at: minutes(20), breach_cause: 'backfill' }]);
    expect(await world.db('crm_notifications').count()).toEqual([{ count: '0' }]);
    for (const lead of [id, late]) await rebuilt((await world.of(lead))[0]!.id);
  });
});

describe('an answer from before the deadline that arrives when the lead has been passed on (R-64)', () => {
  const by = async (member: number, now: Date) => ({ actor: await act(world, member), now, requestId: 'test' });
  const called = (id: number, source: string): LeadChange => ({
    op: 'activity',
    id,
    activity: { kind: 'call', outcome: 'connected', durationSeconds: 60, occurredAt: minutes(28), evidence: { source } },
  });
  const owner = async (id: number): Promise<unknown> =>
    ((await world.db('crm_leads').where({ id }).first()) as { owner_id: unknown }).owner_id;
  /** Ann's lead, missed at 30 and passed on to Bob. */
  async function passedOn(): Promise<number> {
    const { ann, bob } = world.people;
    await world.db.raw('TRUNCATE crm_sla_clocks, crm_sla_segments, crm_sla_disputes, crm_timers, crm_notifications RESTART IDENTITY');
    await world.contract({ ...FIRST_RESPONSE_CONTRACT, calendar: 'c' }, at);
    const id = await world.create(minutes(0), {}, ann);
    world.next = bob;
    await world.kit.timers.drain(minutes(30));
    world.next = null;
    expect(await owner(id)).toBe(bob);
    return id;
  }
  const disputeOf = async (id: number) =>
    (await world.db<{ id: number; lead_id: number }>('crm_sla_disputes').where({ lead_id: id }).first())!;

  test('of the telephone system gives it back at once: the miss is waived, nobody owes another first response', async () => {
    const { ann, bob } = world.people;
    const id = await passedOn();
    await world.apply([called(id, 'telephony')], minutes(35), await act(world, ann));
    const dispute = await disputeOf(id);
    expect(dispute).toMatchObject({ state: 'open', automatic: true, reason: 'late-evidence', owner_id: ann });
    await judgeDispute(world, dispute.id, minutes(36));
    expect(await owner(id)).toBe(ann);
    expect(await world.of(id, 'first-response')).toMatchObject([
      { owner_id: ann, state: 'waived', latest: true },
      { owner_id: bob, state: 'cancelled', end_reason: 'given_back', latest: false },
    ]);
    expect(await world.db('crm_notifications').where({ type: 'sla.given-back' }).orderBy('member_id').pluck('member_id')).toEqual(
      [ann, bob].sort(),
    );
    await world.apply([{ op: 'update', id, values: { title: 'Boss' } }], minutes(40));
    expect(await world.of(id, 'first-response')).toHaveLength(2);
    for (const clock of await world.of(id)) {
      const { stored, clock: again } = await world.clocks.rebuild(clock.id);
      expect({ ...again, latest: stored.latest }).toEqual(stored);
    }
  });

  test('that somebody typed in waits for the manager, and freezes the lead where it is meanwhile', async () => {
    const { ann, bob, boss } = world.people;
    const id = await passedOn();
    await world.apply([called(id, 'manual')], minutes(35), await act(world, ann));
    const dispute = await disputeOf(id);
    await judgeDispute(world, dispute.id, minutes(36));
    expect(await world.db('crm_notifications').where({ type: 'sla.dispute' }).pluck('member_id')).toEqual([boss]);
    world.next = boss;
    await world.kit.timers.drain(minutes(62));
    expect(await owner(id)).toBe(bob);
    expect(await decideDispute(world, await by(boss, minutes(70)), dispute.id, { accept: true, note: 'he did' })).toEqual({
      id: dispute.id,
      givenBackTo: ann,
    });
    expect(await owner(id)).toBe(ann);
  });

  test('leaves the lead with the new owner when he has worked it, or when the dispute is rejected', async () => {
    const { ann, bob, boss } = world.people;
    const worked = await passedOn();
    await world.apply(
      [{ op: 'activity', id: worked, activity: { kind: 'call', outcome: 'connected', durationSeconds: 60 } }],
      minutes(33),
      await act(world, bob),
    );
    await world.apply([called(worked, 'telephony')], minutes(35), await act(world, ann));
    await judgeDispute(world, (await disputeOf(worked)).id, minutes(36));
    expect(await owner(worked)).toBe(bob);
    expect((await world.of(worked, 'first-response'))[0]).toMatchObject({ owner_id: ann, state: 'waived' });
    const rejected = await passedOn();
    await world.apply([called(rejected, 'manual')], minutes(35), await act(world, ann));
    await decideDispute(world, await by(boss, minutes(36)), (await disputeOf(rejected)).id, { accept: false, note: 'no' });
    expect(await owner(rejected)).toBe(bob);
    expect((await world.of(rejected, 'first-response'))[0]).toMatchObject({ owner_id: ann, state: 'breached_closed' });
  });

  test('leaves a lead that was closed meanwhile where it is', async () => {
    const { ann, bob } = world.people;
    const id = await passedOn();
    await world.apply([{ op: 'stage', id, to: 'lost', reason: 'price' }], minutes(34));
    await world.apply([called(id, 'telephony')], minutes(35), await act(world, ann));
    await judgeDispute(world, (await disputeOf(id)).id, minutes(36));
    expect(await owner(id)).toBe(bob);
    expect((await world.of(id, 'first-response'))[0]).toMatchObject({ owner_id: ann, state: 'waived' });
  });

  test('somebody else’s word, or one from after the deadline, disputes nothing', async () => {
    const { boss, ann } = world.people;
    const id = await passedOn();
    await world.apply([called(id, 'telephony')], minutes(35), await act(world, boss));
    const after = {
      ...called(id, 'telephony'),
      activity: { kind: 'call', outcome: 'connected', durationSeconds: 60, occurredAt: minutes(31) },
    };
    await world.apply([after], minutes(36), await act(world, ann));
    expect(await world.db('crm_sla_disputes').count()).toEqual([{ count: '0' }]);
  });
});
