import fc from 'fast-check';
import { FIRST_RESPONSE_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import { pauseClock, resumeClock, unwaiveClock, waiveClock } from '../../plugins/lead-sla/server/src/services/by-hand';
import { decideDispute, judgeDispute, openDispute } from '../../plugins/lead-sla/server/src/services/disputes';
import { noteStart } from '../../plugins/lead-sla/server/src/services/outages';
import { previewRevision, replanClocks } from '../../plugins/lead-sla/server/src/services/replan';
import { migrateClocks } from '../../plugins/lead-sla/server/src/services/migrate';
import type { LeadChange } from '../../plugins/leads';
import { act, cn, openSlaWorld, wall, type World } from './sla-support';

const CONTRACT: ContractInput = { ...FIRST_RESPONSE_CONTRACT, calendar: 'c' };
const [RESPONSE] = CONTRACT.metrics;
const only = (over: Partial<NonNullable<typeof RESPONSE>>): ContractInput => ({ ...CONTRACT, metrics: [{ ...RESPONSE!, ...over }] });
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const call = (id: number, more: object = {}): LeadChange => ({
  op: 'activity',
  id,
  activity: { kind: 'call', outcome: 'connected', durationSeconds: 60, ...more },
});
const hold = (id: number, ownerId: number | null): LeadChange => ({
  op: 'hold',
  id,
  to: { ownerId, poolId: null },
  event: ownerId === null ? 'lead.released' : 'lead.assigned',
});
const stage = (id: number, to: string): LeadChange => ({ op: 'stage', id, to });

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.raw(
    'TRUNCATE crm_sla_clocks, crm_sla_segments, crm_sla_merges, crm_sla_disputes, crm_sla_outages, crm_timers, crm_notifications RESTART IDENTITY',
  );
  world.next = null;
  await world.contract(CONTRACT, cn('2026-03-02 09:00'));
  await world.db('crm_notifications').delete();
});

const by = async (member: number, now: Date) => ({ actor: await act(world, member), now, requestId: 'test' });
const first = async (id: number, metric = 'first-response') => (await world.of(id, metric))[0]!;
const refused = (code: string) => expect.objectContaining({ code });

describe('a clock computed again from history equals the stored one (R-21)', () => {
  const rebuilt = async (id: number): Promise<void> => {
    const { stored, clock, segments } = await world.clocks.rebuild(id);
    expect({ ...clock, latest: stored.latest }).toEqual(stored);
    const rows = await world.db('crm_sla_segments').where({ clock_id: id }).orderBy('number').select('number', 'kind', 'seconds', 'cause');
    expect(segments.map(({ number, kind, seconds, cause }) => ({ number, kind, seconds, cause }))).toEqual(rows);
  };
  test('for every clock of lives made at random: calls, owners, stages, pauses, timers, a revised calendar', async () => {
    const { ann, bob } = world.people;
    await world.contract(
      {
        ...CONTRACT,
        metrics: [
          {
            ...RESPONSE!,
            clockOwner: 'owner_remaining',
            calendarSource: 'owner',
            cycleMode: 'resume',
            targets: [{ duration: 'PT2H' }],
            pause: { combinator: 'and', rules: [{ field: 'lead.stage', operator: '=', value: 'srl' }] },
          },
          {
            ...RESPONSE!,
            key: 'each',
            cycleMode: 'new_cycle',
            targets: [
              { when: { combinator: 'and', rules: [{ field: 'lead.stage', operator: '=', value: 'mql' }] }, duration: 'PT10M' },
              { duration: 'PT1H' },
            ],
          },
        ],
      },
      at,
    );
    const step = fc.record({
      after: fc.integer({ min: 1, max: 300 }),
      what: fc.constantFrom('call', 'ann', 'bob', 'nobody', 'srl', 'mql', 'lead', 'disqualified', 'timers', 'edit'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (life) => {
        const id = await world.create(at, {}, ann);
        let now = at;
        for (const { after, what } of life) {
          now = new Date(now.getTime() + after * 60_000);
          const owner = what === 'ann' ? ann : what === 'bob' ? bob : null;
          if (what === 'timers') await world.kit.timers.drain(now);
          else if (what === 'call') await world.apply([call(id)], now, await act(world, ann));
          else if (what === 'edit') await world.apply([{ op: 'update', id, values: { title: `t${after}` } }], now);
          else if (owner !== null || what === 'nobody') await world.apply([hold(id, owner)], now);
          else await world.apply([stage(id, what)], now);
        }
        for (const clock of await world.of(id)) await rebuilt(clock.id);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
  test('for one that was paused, waived and un-merged by hand', async () => {
    const { ann, admin } = world.people;
    const id = await world.create(at, {}, ann);
    const survivor = await world.create(minutes(5), { name: 'B' }, ann);
    const { id: clock } = await first(id);
    await pauseClock(world.kit, await by(ann, minutes(10)), clock, { reason: 'appointment', until: minutes(60) });
    await world.db.transaction((trx) => world.clocks.merge(trx, { survivorId: survivor, loserIds: [id] }, minutes(20)));
    await world.db.transaction((trx) => world.clocks.unmerge(trx, { survivorId: survivor, loserIds: [id] }, minutes(30)));
    await world.kit.timers.drain(minutes(200));
    await waiveClock(world.kit, await by(admin, minutes(210)), clock, 'agreed');
    for (const lead of [id, survivor]) for (const one of await world.of(lead)) await rebuilt(one.id);
  });
});

describe('a pause by hand (R-24)', () => {
  test('needs evidence where the reason says so; ends with the next word of the customer', async () => {
    const { ann } = world.people;
    const id = await world.create(at, {}, ann);
    const { id: clock } = await first(id);
    await expect(pauseClock(world.kit, await by(ann, minutes(1)), clock, { reason: 'waiting-customer' })).rejects.toEqual(
      refused('PAUSE_NEEDS_EVIDENCE'),
    );
    await expect(pauseClock(world.kit, await by(ann, minutes(1)), clock, { reason: 'lunch' })).rejects.toEqual(
      refused('PAUSE_REASON_UNKNOWN'),
    );
    await world.apply([call(id, { outcome: 'no_answer' })], minutes(2), await act(world, ann));
    await pauseClock(world.kit, await by(ann, minutes(5)), clock, { reason: 'waiting-customer', note: 'asked for a date' });
    expect(await first(id)).toMatchObject({ state: 'paused', due_at: null, elapsed_seconds: 300 });
    expect(await world.armed()).toEqual(expect.arrayContaining([`sla:${clock}:pause`]));
    await world.apply([{ op: 'activity', id, activity: { kind: 'mail', direction: 'inbound' } }], minutes(45));
    expect(await first(id)).toMatchObject({ state: 'running', due_at: minutes(70) });
  });
  test('ends by itself; above the limit owner and manager are told and it cannot be paused again', async () => {
    const { ann, boss } = world.people;
    await world.contract(only({ pauses: { reasons: [{ key: 'x', label: { zh: 'x', en: 'x' } }], maxTotalSeconds: 600 } }), at);
    const id = await world.create(at, {}, ann);
    const { id: clock } = await first(id);
    await pauseClock(world.kit, await by(ann, minutes(5)), clock, { reason: 'x' });
    await world.kit.timers.drain(minutes(15));
    expect(await first(id)).toMatchObject({ state: 'running', due_at: minutes(40) });
    expect(((await world.db('crm_notifications').where({ type: 'sla.pause-limit' }).pluck('member_id')) as number[]).sort()).toEqual(
      [ann, boss].sort(),
    );
    await expect(pauseClock(world.kit, await by(ann, minutes(16)), clock, { reason: 'x' })).rejects.toEqual(refused('PAUSE_LIMIT'));
  });
  test('somebody can end it; nobody ends what a condition keeps', async () => {
    const { ann } = world.people;
    const id = await world.create(at, {}, ann);
    const { id: clock } = await first(id);
    await pauseClock(world.kit, await by(ann, minutes(5)), clock, { reason: 'appointment' });
    await resumeClock(world.kit, await by(ann, minutes(15)), clock);
    expect((await first(id)).due_at).toEqual(minutes(40));
    await expect(resumeClock(world.kit, await by(ann, minutes(16)), clock)).rejects.toEqual(refused('PAUSE_NOT_BY_HAND'));
  });
});

describe('waivers and disputes (R-31, R-64)', () => {
  const missed = async (): Promise<{ id: number; clock: number }> => {
    const id = await world.create(at, {}, world.people.ann);
    await world.kit.timers.drain(minutes(31));
    return { id, clock: (await first(id)).id };
  };
  test('a waiver keeps the miss in what was measured; only misses can be waived', async () => {
    const { admin, ann } = world.people;
    const { id, clock } = await missed();
    await waiveClock(world.kit, await by(admin, minutes(40)), clock, 'the line was down');
    expect(await first(id)).toMatchObject({ state: 'waived', breached_at: minutes(30) });
    await expect(waiveClock(world.kit, await by(admin, minutes(41)), clock, 'again')).rejects.toEqual(refused('WAIVE_NOT_MISSED'));
    await unwaiveClock(world.kit, await by(admin, minutes(42)), clock);
    expect((await first(id)).state).toBe('breached_closed');
    const other = await world.create(at, {}, ann);
    await expect(waiveClock(world.kit, await by(admin, minutes(1)), (await first(other)).id, 'x')).rejects.toEqual(
      refused('WAIVE_NOT_MISSED'),
    );
  });
  test('a dispute freezes re-routing, is decided by somebody else, and waives when it is accepted', async () => {
    const { ann, boss } = world.people;
    const { clock } = await missed();
    const dispute = await openDispute(world.kit, await by(ann, minutes(40)), clock, { reason: 'called from my mobile' });
    await expect(openDispute(world.kit, await by(ann, minutes(41)), clock, { reason: 'again' })).rejects.toEqual(refused('DISPUTE_OPEN'));
    await expect(decideDispute(world, await by(ann, minutes(42)), dispute, { accept: true, note: 'mine' })).rejects.toEqual(
      refused('DISPUTE_OWN'),
    );
    await decideDispute(world, await by(boss, minutes(50)), dispute, { accept: true, note: 'he did' });
    expect(await world.db('crm_sla_clocks').where({ id: clock }).first()).toMatchObject({
      state: 'waived',
      waive_reason: 'he did',
      waived_by: boss,
    });
    await expect(decideDispute(world, await by(boss, minutes(51)), dispute, { accept: false, note: 'no' })).rejects.toEqual(
      refused('DISPUTE_CLOSED'),
    );
  });
  test('evidence from before the deadline that comes later is disputed by the product; a telephone system is believed', async () => {
    const { ann } = world.people;
    const { id } = await missed();
    await world.apply(
      [call(id, { occurredAt: minutes(28), evidence: { source: 'telephony', call: 'x1' } })],
      minutes(35),
      await act(world, ann),
    );
    const [dispute] = await world.db('crm_sla_disputes');
    expect(dispute).toMatchObject({ state: 'open', automatic: true, reason: 'late-evidence' });
    await judgeDispute(world, (dispute as { id: number }).id, minutes(36));
    expect(await first(id)).toMatchObject({ state: 'waived' });
    expect(await world.db('crm_sla_disputes').pluck('state')).toEqual(['accepted']);
  });
  test('what somebody typed in waits for the manager, and he is told', async () => {
    const { ann, boss } = world.people;
    const { id } = await missed();
    await world.apply([call(id, { occurredAt: minutes(28) })], minutes(35), await act(world, ann));
    const [dispute] = await world.db<{ id: number }>('crm_sla_disputes');
    await judgeDispute(world, dispute!.id, minutes(36));
    expect(await world.db('crm_sla_disputes').pluck('state')).toEqual(['open']);
    expect(await world.db('crm_notifications').where({ type: 'sla.dispute' }).pluck('member_id')).toEqual([boss]);
  });
});

test('un-merged, clocks are what they would have been (R-33)', async () => {
  const { ann } = world.people;
  const loser = await world.create(at, { name: 'A' }, ann);
  const survivor = await world.create(minutes(20), { name: 'B' }, ann);
  const pick = () => world.db('crm_sla_clocks').orderBy('id').select<object[]>('id', 'state', 'due_at', 'started_at');
  const before = await pick();
  await world.db.transaction((trx) => world.clocks.merge(trx, { survivorId: survivor, loserIds: [loser] }, minutes(22)));
  expect(await pick()).not.toEqual(before);
  await world.db.transaction((trx) => world.clocks.unmerge(trx, { survivorId: survivor, loserIds: [loser] }, minutes(24)));
  expect(await pick()).toEqual(before);
  expect((await world.armed()).filter((key) => key.endsWith(':due'))).toHaveLength(4);
});

test('a lead that is merged and taken out again has its clocks back, and none begins beside them (R-33)', async () => {
  const { ann, bob } = world.people;
  const loser = await world.create(at, { name: 'A' }, ann);
  const survivor = await world.create(minutes(20), { name: 'B' }, bob);
  const pick = async () =>
    (await world.of(loser)).map(({ id, metric, state, due_at, owner_id }) => ({ id, metric, state, due_at, owner_id }));
  const before = await pick();
  const by = { actor: world.kit.actors.system('Test'), requestId: 'merge' };
  await world.leads.merging.merge({ survivor, losers: [loser] }, {}, { ...by, now: minutes(22) });
  expect((await pick()).map(({ state }) => state)).not.toContain('running');
  await world.leads.merging.unmerge(loser, { ...by, now: minutes(24) });
  expect(await pick()).toEqual(before);
});

describe('after down-time (R-38, R-63)', () => {
  test('what is long past comes as one digest per person; what is fresh comes singly', async () => {
    const { ann, boss } = world.people;
    for (const name of ['A', 'B', 'C']) await world.create(at, { name }, ann);
    await world.create(minutes(100), { name: 'D' }, ann);
    await world.kit.timers.drain(minutes(131));
    const told = await world.db('crm_notifications').whereNot('type', 'lead.assigned').orderBy('id').select('type', 'member_id', 'title');
    const of = (type: string, member: number) =>
      told.filter((one: { type: string; member_id: number }) => one.type === type && one.member_id === member);
    expect(of('sla.digest', boss)).toHaveLength(1);
    expect(of('sla.breach', boss)).toHaveLength(1);
    expect(of('sla.digest', boss)[0]).toMatchObject({ title: { en: 'While the system was away: 3 missed, 0 close to the deadline' } });
    expect(of('sla.breach', ann)).toHaveLength(1);
    expect((await world.db('crm_sla_clocks').where({ metric: 'first-response' }).pluck('breached_at')) as Date[]).toEqual(
      [30, 30, 30, 130].map(minutes),
    );
  });
  test('an outage over more than a fifth of the target excuses the owner: the lead stays with him', async () => {
    const { ann, bob } = world.people;
    await noteStart(world.kit, minutes(5), 'process-a');
    const id = await world.create(minutes(5), {}, ann);
    await noteStart(world.kit, minutes(25), 'process-b');
    expect(await world.db('crm_sla_outages')).toMatchObject([{ began_at: minutes(5), ended_at: minutes(25) }]);
    world.next = bob;
    await world.kit.timers.drain(minutes(35));
    expect(await world.db('crm_decisions').where({ kind: 'clock', subject_id: id }).pluck('result')).toEqual([
      { kind: 'stay', reason: 'OUTAGE' },
    ]);
    expect((await first(id)).breached_at).toEqual(minutes(35));
  });
});

describe('a revised calendar (R-9)', () => {
  const body = (exceptions: object[]) => ({
    key: 'c',
    tz: 'Asia/Shanghai',
    week: Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [
        day,
        [
          { start: '09:00', end: '12:00' },
          { start: '13:30', end: '18:00' },
        ],
      ]),
    ),
    exceptions,
  });
  const publish = (exceptions: object[]) =>
    world.kit.policies.upsert(
      { kind: 'calendar', key: 'c', name: 'c', body: body(exceptions), publish: true },
      world.kit.actors.system(),
      at,
    );
  const wednesdayOff = [{ from: '2026-03-04', kind: 'off' }];
  afterEach(() => publish([]));

  test('shows what it would move before it does; what was counted stays counted', async () => {
    const id = await world.create(at, {}, world.people.ann);
    const draft = await world.kit.calendarDraft('c', body(wednesdayOff) as never);
    const seen = await previewRevision(world.kit, ['c'], draft.of, minutes(10));
    expect(seen).toMatchObject({
      clocks: 2,
      replan: { moved: 2, breached: 0, unbreached: 0 },
      recompute: { moved: 2, breached: 0, unbreached: 0 },
    });
    expect(seen.sample).toHaveLength(2);
    await publish(wednesdayOff);
    expect((await first(id)).due_at).toEqual(minutes(30));
    const done = await replanClocks(world.kit, { keys: ['c'], mode: 'replan' }, minutes(10));
    expect(done).toEqual({ clocks: 2, moved: 2, breached: 0, unbreached: 0 });
    expect(wall((await first(id)).due_at)).toBe('2026-03-05 09:20');
    expect(await replanClocks(world.kit, { keys: ['c'], mode: 'replan' }, minutes(10))).toMatchObject({ clocks: 0 });
    expect(await world.events(id)).toEqual(expect.arrayContaining(['first-response replanned']));
  });
  test('recomputed from the start a miss can be taken back; history keeps both', async () => {
    const id = await world.create(at, {}, world.people.ann);
    await world.kit.timers.drain(minutes(31));
    await publish(wednesdayOff);
    expect(await replanClocks(world.kit, { keys: ['c'], mode: 'recompute' }, minutes(40))).toMatchObject({ unbreached: 1 });
    expect(await first(id)).toMatchObject({ state: 'running', breached_at: null });
    expect((await world.events(id)).filter((one) => one.startsWith('first-response'))).toEqual([
      'first-response started',
      'first-response breached',
      'first-response unbreached',
    ]);
    await world.kit.timers.drain(cn('2026-03-05 09:30'));
    expect(await first(id)).toMatchObject({ state: 'breached_open', breached_at: cn('2026-03-05 09:30') });
  });
  test('not touched, a clock goes on by the revision it was started under', async () => {
    const id = await world.create(at, {}, world.people.ann);
    await publish(wednesdayOff);
    await world.apply([{ op: 'update', id, values: { title: 'CTO' } }], minutes(10));
    expect((await first(id)).due_at).toEqual(minutes(30));
    expect((await world.clocks.explain((await first(id)).id, minutes(10))).elapsedSeconds).toBe(600);
    const fresh = await world.create(minutes(10), {}, world.people.ann);
    expect(wall((await first(fresh)).due_at)).toBe('2026-03-05 09:30');
  });
});

test('open clocks can be moved to the new version of their contract, after a look at what that does (R-35)', async () => {
  const id = await world.create(at, {}, world.people.ann);
  await world.contract(only({ targets: [{ duration: 'PT10M' }], targetChange: 'retroactive' }), minutes(1));
  const policy = (await world.db('crm_policies').where({ kind: 'sla-contract', key: 'contract' }).first()) as { id: number };
  const admin = await act(world, world.people.admin);
  expect(await migrateClocks(world.kit, policy.id, false, admin, minutes(20))).toEqual({
    clocks: 1,
    moved: 1,
    breached: 1,
    retired: 1,
    applied: false,
  });
  expect((await first(id)).due_at).toEqual(minutes(30));
  await migrateClocks(world.kit, policy.id, true, admin, minutes(5));
  expect(await first(id)).toMatchObject({ due_at: minutes(10), state: 'running', target_seconds: 600 });
});

test('leave of the owner does not count where the metric respects it (R-11)', async () => {
  const { ann } = world.people;
  await world.contract(only({ calendarSource: 'owner', respectOwnerLeave: true, targets: [{ duration: 'PT1H' }] }), at);
  await world
    .db('crm_members')
    .where({ id: ann })
    .update({ leave_from: cn('2026-03-04 00:00'), leave_to: cn('2026-03-06 00:00') });
  const id = await world.create(at, {}, ann);
  expect(wall((await first(id)).due_at)).toBe('2026-03-06 10:00');
  await world.db('crm_members').where({ id: ann }).update({ leave_from: null, leave_to: null });
  await world.apply([{ op: 'touch', id }], minutes(5));
  expect(wall((await first(id)).due_at)).toBe('2026-03-04 10:05');
});

test('a clock starts at the field the metric names, late at once and without a word when that is long ago (R-28)', async () => {
  await world.contract(only({ clockOwner: 'lead', startAt: 'captured' }), at);
  const id = await world.create(at, { capturedAt: cn('2026-03-03 10:00').toISOString() }, world.people.ann);
  expect(await first(id)).toMatchObject({ state: 'breached_open', breach_cause: 'backfill', started_at: cn('2026-03-03 10:00') });
  await world.kit.timers.drain(minutes(10));
  expect(await world.db('crm_notifications').where('type', 'like', 'sla.%').whereNot({ type: 'sla.published' })).toEqual([]);
});

test('a delegate answers for the owner, somebody else does not (R-32)', async () => {
  const { ann, bob, boss } = world.people;
  await world.contract(only({ stop: { activities: { kinds: ['call'], authors: 'delegate' } } }), at);
  const id = await world.create(at, {}, ann);
  await world.apply([call(id)], minutes(5), await act(world, bob));
  expect((await first(id)).state).toBe('running');
  await world.apply([call(id)], minutes(6), await act(world, boss));
  expect((await first(id)).state).toBe('met');
});

test('a breach tells the team and calls out, and a promise that was kept can be told too', async () => {
  const { ann, bob } = world.people;
  await world.contract(
    only({
      onBreach: [{ kind: 'notify-team' }, { kind: 'webhook', url: 'https://hooks.firm.example/sla' }],
      onMet: [{ kind: 'notify-owner' }],
    }),
    at,
  );
  await world.create(at, {}, ann);
  await world.kit.timers.drain(minutes(31));
  expect((await world.db('crm_notifications').where({ type: 'sla.breach' }).pluck('member_id')) as number[]).toEqual(
    expect.arrayContaining([ann, bob]),
  );
  const [job] = (await world.db('crm_jobs').where({ kind: 'sla.webhook' })) as {
    payload: { url: string; body: Record<string, unknown> };
  }[];
  expect(job?.payload).toMatchObject({ url: 'https://hooks.firm.example/sla', body: { event: 'sla.breach', metric: 'first-response' } });
  expect(JSON.stringify(job?.payload)).not.toContain('Li Wei');
  const kept = await world.create(minutes(40), {}, ann);
  await world.apply([call(kept)], minutes(45), await act(world, ann));
  expect(await world.db('crm_notifications').where({ type: 'sla.met' }).pluck('member_id')).toEqual([ann]);
});
