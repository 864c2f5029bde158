import { contractSchema, TWO_SIDES_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import { agreementOf, compareVersions, reviewContract, signContract } from '../../plugins/lead-sla/server/src/services/agreements';
import { documentOfVersion, hashOf } from '../../plugins/lead-sla/server/src/services/documents';
import { acceptHandOff, rejectHandOff, replyHandOff } from '../../plugins/lead-sla/server/src/services/hand-off-answers';
import { bantGuard } from '../../plugins/lead-sla/server/src/services/hand-offs';
import { closePeriods, periodStandings } from '../../plugins/lead-sla/server/src/services/periods';
import { obligationTallies, scorecard } from '../../plugins/lead-sla/server/src/services/scorecard';
import { bindLifecycle, supplyOf } from '../../plugins/lead-sla/server/src/services/supply';
import { staffForecast } from '../../plugins/lead-sla/server/src/services/forecasts';
import { lifecycleSchema, type LeadChange, type LeadRow } from '../../plugins/leads';
import { act, cn, openSlaWorld, type World } from './sla-support';

const TEXT: ContractInput = { ...TWO_SIDES_CONTRACT, calendar: 'c' };
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const days = (count: number): Date => new Date(at.getTime() + count * 86_400_000);
const touch = (id: number, kind: string, more: object = {}): LeadChange => ({
  op: 'activity',
  id,
  activity: { kind, outcome: kind === 'call' ? 'connected' : 'sent', durationSeconds: 60, ...more },
});
const stage = (id: number, to: string): LeadChange => ({ op: 'stage', id, to });

let world: World;
let market: number;
let serial = 0;
beforeAll(async () => {
  world = await openSlaWorld();
  await world.kit.access.refresh();
  world.kit.policies.define({ kind: 'lifecycle', resource: 'lifecycles', label: { zh: '阶段', en: 'Stages' }, schema: lifecycleSchema });
  const [row] = await world
    .db('crm_members')
    .insert({ name: 'mia', email: 'mia@example.com', roles: JSON.stringify(['marketing']), active: true })
    .returning<{ id: number }[]>('id');
  market = row!.id;
  await world
    .db('crm_members')
    .where({ id: world.people.boss })
    .update({ roles: JSON.stringify(['sales-manager']) });
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.raw(
    'TRUNCATE crm_sla_clocks, crm_sla_segments, crm_sla_obligations, crm_sla_hand_offs, crm_sla_periods, crm_sla_signatures, crm_sla_documents, crm_timers, crm_notifications, crm_tasks RESTART IDENTITY',
  );
  await world.db('crm_leads').delete();
  await world.db('crm_policies').where({ kind: 'sla-contract' }).update({ state: 'retired' });
  serial += 1;
});

const publish = async (over: Partial<ContractInput> = {}, now = at): Promise<number> =>
  (
    await world.kit.policies.upsert(
      { kind: 'sla-contract', key: `both-${serial}`, name: 'Both', body: { ...TEXT, ...over }, publish: true },
      world.kit.actors.system(),
      now,
    )
  ).policyId;
const sign = async (id: number, side: 'sales' | 'marketing', member: number, now = at): Promise<void> =>
  world.clocks.sign(id, side, await act(world, member), now);
const signBoth = async (id: number, now = at): Promise<void> => {
  await sign(id, 'marketing', market, now);
  await sign(id, 'sales', world.people.boss, now);
};
const by = async (member: number, now: Date) => ({ actor: await act(world, member), now, requestId: 'test' });
const refused = (code: string) => expect.objectContaining({ code });

describe('a contract runs when both sides have signed it', () => {
  test('unsigned it measures nothing; signed by one side neither; signed by both it does', async () => {
    const id = await publish();
    expect((await world.db('crm_notifications').where({ type: 'sla.sign' }).orderBy('member_id').pluck('member_id')) as number[]).toEqual([
      world.people.boss,
      market,
    ]);
    const none = await world.create(at, {}, world.people.ann);
    await sign(id, 'marketing', market);
    const half = await world.create(at, {}, world.people.ann);
    await sign(id, 'sales', world.people.boss);
    const both = await world.create(minutes(1), {}, world.people.ann);
    expect([await world.of(none), await world.of(half)]).toEqual([[], []]);
    expect((await world.of(both)).map((clock) => clock.metric)).toEqual(['first-response', 'speed-to-lead']);
    const told = (await world.db('crm_notifications').where({ type: 'sla.published' }).pluck('member_id')) as number[];
    expect(told).toEqual(expect.arrayContaining([world.people.ann, world.people.bob, world.people.boss, market]));
  });
  test('only by those who may, for one side, the text they have read', async () => {
    const id = await publish();
    const [version] = await agreementOf(world.kit, id, await act(world, market), at);
    expect(version).toMatchObject({ status: 'unsigned', mine: ['marketing'], signatures: [] });
    const input = { versionId: version!.versionId, side: 'sales' as const, hash: version!.hash };
    await expect(signContract(world.kit, id, input, await act(world, market), at)).rejects.toEqual(refused('FORBIDDEN'));
    await expect(signContract(world.kit, id, { ...input, hash: '0'.repeat(64) }, await act(world, world.people.boss), at)).rejects.toEqual(
      refused('SIGN_OTHER_TEXT'),
    );
    await sign(id, 'sales', world.people.boss);
    await expect(sign(id, 'sales', world.people.boss)).rejects.toEqual(refused('SIGN_TWICE'));
    await world
      .db('crm_members')
      .where({ id: world.people.boss })
      .update({ roles: JSON.stringify(['sales-manager', 'marketing']) });
    world.kit.actors.addPoolSource(async () => []);
    const boss = { ...(await act(world, world.people.boss)), roles: ['sales-manager', 'marketing'] };
    await expect(world.clocks.sign(id, 'marketing', boss, at)).rejects.toEqual(refused('SIGN_BOTH_SIDES'));
    await world
      .db('crm_members')
      .where({ id: world.people.boss })
      .update({ roles: JSON.stringify(['sales-manager']) });
  });
  test('a signature names the text by its hash; both languages are part of it', async () => {
    const id = await publish();
    await signBoth(id);
    const [version] = await agreementOf(world.kit, id, await act(world, market), at);
    const document = await documentOfVersion(world.kit, version!.versionId);
    expect(hashOf(document.zh, document.en)).toBe(document.hash);
    expect(version!.signatures.map(({ side, name, hash, valid }) => [side, name, hash, valid])).toEqual([
      ['marketing', 'mia', document.hash, true],
      ['sales', 'boss', document.hash, true],
    ]);
    await world
      .db('crm_sla_documents')
      .where({ version_id: version!.versionId })
      .update({ hash: '1'.repeat(64) });
    expect((await agreementOf(world.kit, id, await act(world, market), at))[0]!.signatures.map((one) => one.valid)).toEqual([false, false]);
  });
  test('until a new version is signed the old one goes on', async () => {
    const id = await publish();
    await signBoth(id);
    await publish({ metrics: [{ ...TEXT.metrics[0]!, targets: [{ duration: 'PT10M' }] }, ...TEXT.metrics.slice(1)] }, minutes(1));
    const statuses = async (): Promise<string[]> =>
      (await agreementOf(world.kit, id, await act(world, market), minutes(2))).map((version) => version.status);
    expect(await statuses()).toEqual(['unsigned', 'running']);
    const before = await world.create(minutes(2), {}, world.people.ann);
    await signBoth(id, minutes(3));
    const after = await world.create(minutes(3), {}, world.people.ann);
    expect(await statuses()).toEqual(['running', 'replaced']);
    expect([
      (await world.of(before, 'first-response'))[0]?.target_seconds,
      (await world.of(after, 'first-response'))[0]?.target_seconds,
    ]).toEqual([1800, 600]);
    const [newer, older] = await agreementOf(world.kit, id, await act(world, market), minutes(3));
    const { en } = await compareVersions(world.kit, id, older!.versionId, newer!.versionId);
    expect(en.filter((line) => line.kind !== 'same').map((line) => line.text.trim())).toEqual([
      '- all other leads: 30 min of business time',
      '- all other leads: 10 min of business time',
    ]);
  });
  test('from its first day to its last', async () => {
    const id = await publish({ effectiveFrom: '2026-03-05', effectiveTo: '2026-03-06' });
    await signBoth(id);
    const statusAt = async (now: Date): Promise<string | undefined> =>
      (await agreementOf(world.kit, id, await act(world, market), now))[0]?.status;
    expect([await statusAt(at), await statusAt(cn('2026-03-06 23:59')), await statusAt(cn('2026-03-07 00:00'))]).toEqual([
      'scheduled',
      'running',
      'expired',
    ]);
    expect(await world.of(await world.create(at, {}, world.people.ann))).toEqual([]);
    expect(await world.of(await world.create(cn('2026-03-05 09:00'), {}, world.people.ann))).toHaveLength(2);
  });
  test('a review is a task for both sides, again and again', async () => {
    const id = await publish();
    await signBoth(id);
    const due = (await world.db('crm_timers').where({ kind: 'sla.review', state: 'armed' }).first()) as { due_at: Date };
    expect(due.due_at).toEqual(new Date('2026-06-04T01:00:00Z'));
    await world.db.transaction((trx) => reviewContract(world.kit, trx, id, due.due_at));
    expect(((await world.db('crm_tasks').where({ kind: 'review' }).pluck('owner_id')) as number[]).sort()).toEqual(
      [world.people.boss, market].sort(),
    );
    expect(((await world.db('crm_timers').where({ kind: 'sla.review', state: 'armed' }).first()) as { due_at: Date }).due_at).toEqual(
      new Date('2026-09-04T01:00:00Z'),
    );
  });
});

describe('the definition of a qualified lead is the rule of the lifecycle', () => {
  const body = {
    ...TEXT,
    qualified: {
      required: ['company'],
      demographic: { combinator: 'and' as const, rules: [{ field: 'lead.phone', operator: 'notNull' }] },
    },
  };
  test('bound to it, a lead becomes an MQL when it is qualified and not before', async () => {
    const id = await publish(body);
    await signBoth(id);
    await bindLifecycle(world.kit, contractSchema.parse(body), world.kit.actors.system(), at);
    const lead = await world.create(at, { phone: '13800138000' });
    const stageOf = async (): Promise<unknown> => (await world.db('crm_leads').where({ id: lead }).pluck('stage'))[0];
    expect(await stageOf()).toBe('lead');
    await world.apply([{ op: 'update', id: lead, values: { company: 'Firm' } }], minutes(1));
    expect(await stageOf()).toBe('mql');
    await world.db('crm_policies').where({ kind: 'lifecycle' }).update({ state: 'retired' });
    await world.kit.policies.upsert(
      {
        kind: 'calendar',
        key: 'other',
        name: 'other',
        body: { key: 'other', tz: 'UTC', week: { mon: [{ start: '09:00', end: '17:00' }] } },
        publish: true,
      },
      world.kit.actors.system(),
      at,
    );
  });
  test('and says whether marketing can supply as many as it promises', async () => {
    await world.create(days(-3), { phone: '13800138001', company: 'A', capturedAt: days(-3).toISOString() });
    await world.create(days(-10), { company: 'B', capturedAt: days(-10).toISOString() });
    const supply = await supplyOf(world.kit, contractSchema.parse(body), at);
    expect(supply.weeks).toHaveLength(13);
    expect([supply.weeks.reduce((sum, week) => sum + week.leads, 0), supply.weeks[12]]).toEqual([
      2,
      { week: '2026-02-25', leads: 1, qualified: 1 },
    ]);
    expect(supply.promises).toEqual([expect.objectContaining({ key: 'qualified-leads', atLeast: 300, expected: 1, enough: false })]);
  });
});

describe('the hand-off', () => {
  const offered = async (): Promise<number> => {
    await signBoth(await publish());
    const lead = await world.create(at, { name: 'Li', company: 'Firm' }, world.people.ann);
    await world.apply([stage(lead, 'mql')], minutes(1));
    return lead;
  };
  const current = async (lead: number) =>
    (await world.db('crm_sla_hand_offs').where({ lead_id: lead, latest: true }).first()) as {
      id: number;
      state: string;
      expires_at: Date;
      confirm_by: Date | null;
    };
  test('a lead that reaches MQL is offered; accepted it is an SRL that has to be confirmed', async () => {
    const lead = await offered();
    expect(await current(lead)).toMatchObject({ state: 'offered', expires_at: cn('2026-03-05 09:31') });
    await acceptHandOff(world.kit, world.leads, await by(world.people.ann, minutes(30)), (await current(lead)).id);
    expect(await current(lead)).toMatchObject({ state: 'accepted', confirm_by: new Date(minutes(30).getTime() + 14 * 86_400_000) });
    expect(await world.db('crm_leads').where({ id: lead }).pluck('stage')).toEqual(['srl']);
    await world.kit.timers.drain(days(15));
    expect(await world.db('crm_tasks').where({ key: 'hand-off-confirm' }).pluck('owner_id')).toEqual([world.people.ann]);
  });
  test('an offer nobody answers expires, and the manager is told', async () => {
    const lead = await offered();
    await world.kit.timers.drain(cn('2026-03-05 09:31'));
    expect((await current(lead)).state).toBe('expired');
    expect(await world.db('crm_notifications').where({ type: 'sla.hand-off' }).pluck('member_id')).toEqual([
      world.people.ann,
      world.people.boss,
    ]);
  });
  test('sent back with a reason it returns to marketing, who owe an answer in two business days', async () => {
    const lead = await offered();
    const { id } = await current(lead);
    await expect(
      rejectHandOff(world.kit, world.leads, await by(world.people.ann, minutes(30)), id, { reason: 'bad mood' }),
    ).rejects.toEqual(refused('HAND_OFF_REASON'));
    await rejectHandOff(world.kit, world.leads, await by(world.people.ann, minutes(30)), id, { reason: 'incomplete' });
    expect(await world.db('crm_leads').where({ id: lead }).select('stage', 'owner_id')).toEqual([{ stage: 'recycled', owner_id: null }]);
    const [duty] = await world.of(lead, 'rejection-answer');
    expect(duty).toMatchObject({ state: 'running', due_at: cn('2026-03-06 09:30') });
    await replyHandOff(world.kit, world.leads, await by(market, minutes(90)), id, 'added the company');
    expect((await world.of(lead, 'rejection-answer'))[0]).toMatchObject({ state: 'met', stopped_at: minutes(90) });
    await expect(replyHandOff(world.kit, world.leads, await by(market, minutes(91)), id, 'twice')).rejects.toEqual(
      refused('HAND_OFF_REPLIED'),
    );
  });
  test('nobody confirms a lead whose BANT is not known with evidence', async () => {
    const lead = await offered();
    const guard = bantGuard(world.kit);
    const row = async (): Promise<LeadRow> => (await world.db<LeadRow>('crm_leads').where({ id: lead }).first())!;
    expect([...(await guard([await row()], () => 'sql', at)).values()]).toMatchObject([
      { code: 'BANT_INCOMPLETE', details: { findings: [{ part: 'need', problem: 'missing' }] } },
    ]);
    expect((await guard([await row()], () => 'srl', at)).size).toBe(0);
    await world
      .db('crm_leads')
      .where({ id: lead })
      .update({ bant: JSON.stringify({ need: { value: '200 seats', evidence: 'call of 3 March', at: at.toISOString() } }) });
    expect((await guard([await row()], () => 'sql', at)).size).toBe(0);
    expect((await guard([await row()], () => 'sql', days(91))).size).toBe(1);
  });
});

describe('obligations (R-37)', () => {
  const worked = async (): Promise<number> => {
    await signBoth(await publish());
    const lead = await world.create(at, { name: 'Li' }, world.people.ann);
    await world.apply([stage(lead, 'mql')], at);
    return lead;
  };
  const current = async (lead: number) =>
    (await world.db('crm_sla_obligations').where({ lead_id: lead, latest: true }).first()) as Record<string, unknown>;
  test('shows live progress and is met by the last touch', async () => {
    const lead = await worked();
    expect(await current(lead)).toMatchObject({ state: 'running', done: 0, needed: 6, possible_until: days(9) });
    const ann = await act(world, world.people.ann);
    for (const [day, kind] of ['call', 'mail', 'call', 'mail', 'call'].entries()) await world.apply([touch(lead, kind)], days(day), ann);
    await world.apply([touch(lead, 'call')], minutes(5 * 1440 + 60), ann);
    expect(await current(lead)).toMatchObject({ state: 'running', done: 5, needed: 6, progress: { counts: { call: 3, mail: 2 } } });
    await world.apply([touch(lead, 'mail')], days(6), ann);
    expect(await current(lead)).toMatchObject({ state: 'met', done: 6, ended_at: days(6) });
    const types = (await world
      .db('crm_events')
      .where({ subject_id: lead })
      .where('type', 'like', 'obligation.%')
      .orderBy('id')
      .pluck('type')) as string[];
    expect(types).toEqual(['obligation.started', 'obligation.met']);
  });
  test('is missed early, as soon as it cannot be met any more, and its owner and his manager are told', async () => {
    const lead = await worked();
    await world.kit.timers.drain(days(8));
    expect((await current(lead))['state']).toBe('running');
    await world.kit.timers.drain(days(9));
    expect(await current(lead)).toMatchObject({ state: 'breached', breach_cause: 'impossible', breached_at: days(9) });
    expect(await world.db('crm_notifications').where({ type: 'sla.obligation' }).orderBy('member_id').pluck('member_id')).toEqual([
      world.people.boss,
      world.people.ann,
    ]);
  });
  test('automatic mails are no touches; a lead closed for an allowed reason keeps the promise', async () => {
    const lead = await worked();
    const ann = await act(world, world.people.ann);
    await world.apply([touch(lead, 'mail', { automatic: true })], days(1), ann);
    expect(await current(lead)).toMatchObject({ done: 0 });
    await world.apply([{ op: 'stage', id: lead, to: 'disqualified', reason: 'invalid' }], days(2), ann);
    expect(await current(lead)).toMatchObject({ state: 'met', end_reason: 'closed' });
  });
});

test('what marketing delivers in a quarter: measured, week by week, with a forecast, and written down at its end (R-36)', async () => {
  await signBoth(await publish({}, cn('2025-12-01 09:00')));
  for (const name of ['A', 'B']) {
    const id = await world.create(at, { name, company: 'Firm', ...(name === 'A' ? { source: 'web' } : {}) }, world.people.ann);
    await world.apply([stage(id, 'mql')], minutes(1));
  }
  const standing = (await periodStandings(world.kit, days(1))).map(({ key, measured, atLeast, onTrack, start, weeks }) => ({
    key,
    measured,
    atLeast,
    onTrack,
    start,
    weeks: weeks.length,
  }));
  expect(standing).toEqual([
    { key: 'qualified-leads', measured: 2, atLeast: 300, onTrack: false, start: cn('2026-01-01 00:00'), weeks: 10 },
    { key: 'completeness', measured: 50, atLeast: 95, onTrack: false, start: cn('2026-01-01 00:00'), weeks: 10 },
  ]);
  for (const now of [cn('2026-04-01 00:30'), cn('2026-04-02 00:30')])
    await world.db.transaction((trx) => closePeriods(world.kit, trx, now));
  expect(await world.db('crm_sla_periods').orderBy('id').select('key', 'met')).toEqual([
    { key: 'qualified-leads', met: false },
    { key: 'completeness', met: false },
  ]);
  expect(await world.db('crm_notifications').where({ type: 'sla.period' }).pluck('member_id')).toEqual([market, market]);
});

test('a lead delivered again counts again only in its next cycle', async () => {
  await signBoth(await publish({}, cn('2025-12-01 09:00')));
  const delivered = async (): Promise<number | undefined> =>
    (await periodStandings(world.kit, days(2))).find(({ key }) => key === 'qualified-leads')?.measured;
  const id = await world.create(at, { name: 'A', company: 'Firm' }, world.people.ann);
  await world.apply([stage(id, 'mql')], minutes(1));
  await world.apply([stage(id, 'lead')], minutes(2));
  await world.apply([stage(id, 'mql')], minutes(3));
  expect(await delivered()).toBe(1);
  await world.apply([stage(id, 'recycled')], minutes(4));
  await world.apply([stage(id, 'mql')], minutes(5));
  expect(await delivered()).toBe(2);
});

describe('the score card', () => {
  test('attainment, quantiles, reasons, hours, holders; a waiver is beside what was measured', async () => {
    const { ann, bob } = world.people;
    await signBoth(await publish());
    const quick = await world.create(at, {}, ann);
    await world.apply([touch(quick, 'call')], minutes(10), await act(world, ann));
    await world.create(at, {}, bob);
    const slow = await world.create(minutes(60), {}, bob);
    await world.kit.timers.drain(minutes(120));
    await world.apply([touch(slow, 'call')], minutes(130), await act(world, bob));
    await world.db('crm_sla_clocks').where({ lead_id: slow, metric: 'first-response' }).update({ state: 'waived' });
    const query = {
      from: cn('2026-03-02 00:00').toISOString(),
      to: cn('2026-03-09 00:00').toISOString(),
      by: 'week' as const,
      tz: 'Asia/Shanghai',
      metric: 'first-response',
    };
    const card = await scorecard(world.kit, world.kit.actors.system(), query);
    expect(card.total).toMatchObject({ total: 3, met: 1, breached: 2, waived: 1, p50Business: 2400, p90Business: 3840 });
    expect(card.metrics.map(({ metric, total }) => [metric, total])).toEqual([['first-response', 3]]);
    expect(card.series.map(({ start, total }) => [start, total])).toEqual([['2026-03-02', 3]]);
    expect(card.holders.map(({ name, met, breached }) => [name, met, breached])).toEqual([
      ['bob', 0, 2],
      ['ann', 1, 0],
    ]);
    expect(card.reasons).toEqual([
      { reason: 'answered-late', count: 1 },
      { reason: 'still-open', count: 1 },
    ]);
    expect(card.hours).toEqual([
      { day: 3, hour: 9, total: 2, breached: 1 },
      { day: 3, hour: 10, total: 1, breached: 1 },
    ]);
    expect(card.open).toMatchObject({ late: 1, running: 0 });
    expect(await obligationTallies(world.kit, world.kit.actors.system(), query)).toEqual([]);
    const none = await scorecard(world.kit, world.kit.actors.system(), { ...query, obligor: 'marketing' });
    expect(none.total.total).toBe(0);
  });
  test('and what to expect of the next 24 hours', async () => {
    await signBoth(await publish());
    await world.create(at, {}, world.people.ann);
    const seen = await staffForecast(world.kit, world.kit.actors.system(), minutes(1));
    expect(seen).toMatchObject({ metric: 'first-response', tz: 'Asia/Shanghai' });
    expect(seen?.hours).toHaveLength(24);
    expect(seen?.hours[0]?.staff).toBeGreaterThan(0);
  });
});
