import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { CALENDAR, expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();

interface Preview {
  readonly leads: number;
  readonly outOfReach: number;
  readonly tasks: number;
  readonly protections: number;
  readonly meetings: number;
  readonly opportunities: number;
  readonly clocks: number | null;
  readonly targets: readonly { readonly type: string; readonly id: number; readonly leads: number; readonly onLeave: boolean }[];
  readonly returnsAt: string | null;
  readonly warnings: readonly { readonly code: string }[];
}
interface Handover {
  readonly id: number;
  readonly state: string;
  readonly returnsAt: string | null;
  readonly leads: number;
  readonly moved: number;
  readonly kept: number;
  readonly undecided: number;
  readonly returned: number;
  readonly conflicts: number;
  readonly move: string;
  readonly items?: readonly { readonly lead: number; readonly state: string; readonly reason: string | null }[];
}

let company: Company;
let pool: number;
let manager: Person;
let made = 0;

const person = (roles: readonly string[] = ['sales'], team = company.teams.east): Promise<Person> => {
  made += 1;
  return company.person(`p-${made}`, { roles, team, calendar: 'office' });
};
/** Leads in the hands of a person, best first. */
async function held(owner: Person, count: number): Promise<number[]> {
  const ids = await company.stock(pool, count);
  for (const [index, id] of ids.entries())
    await company
      .db('crm_leads')
      .where({ id })
      .update({ score: 100 - index });
  expectStatus(await owner.api.post('/api/console/leads/claim', { ids, pool }), 200);
  return ids;
}
const ownersOf = async (ids: readonly number[]): Promise<(number | null)[]> =>
  (
    await company
      .db<{ owner_id: number | null }>('crm_leads')
      .whereIn('id', [...ids])
      .orderBy('id')
      .select('owner_id')
  ).map((row) => row.owner_id);
const create = (who: Person, body: Record<string, unknown>) => who.api.post<Handover & ErrorBody>('/api/console/handovers', body);
const preview = async (who: Person, body: Record<string, unknown>): Promise<Preview> =>
  expectStatus(await who.api.post<Preview>('/api/console/handovers/preview', body), 200);
const read = async (who: Person, id: number): Promise<Handover> =>
  expectStatus(await who.api.get<Handover>(`/api/console/handovers/${id}`), 200);
const codeOf = (answer: { body: ErrorBody }): string => answer.body.error?.details.code;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  pool = await company.publish('pools', 'open', poolBody('east', { isDefault: true, calendar: 'office' }));
  manager = await person(['sales-manager']);
}, 300_000);
afterAll(() => company?.server.close());

test('the preview tells leads, tasks, protections, meetings, opportunities and who would get how many, and moves nothing', async () => {
  const [away, one, two] = [await person(), await person(), await person()];
  const ids = await held(away, 5);
  await company
    .db('crm_leads')
    .where({ id: ids[0] })
    .update({ protected_until: at('2026-05-01T00:00:00') });
  await company
    .db('crm_leads')
    .where({ id: ids[1] })
    .update({ next_action_at: at('2026-03-20T10:00:00') });
  const stamp = '2026-03-02T00:00:00.000';
  await company.db('crm_opportunities').insert({
    document_id: `opp${made}`,
    name: 'Deal',
    lead_id: ids[2],
    stage: 'open',
    created_at: stamp,
    updated_at: stamp,
    published_at: stamp,
  });
  const split = [
    {
      to: {
        type: 'shares',
        shares: [
          { member: one.id, weight: 3 },
          { member: two.id, weight: 2 },
        ],
      },
    },
  ];
  const seen = await preview(manager, { member: away.id, kind: 'leaver', split });
  expect(seen).toMatchObject({
    leads: 5,
    outOfReach: 0,
    tasks: 5,
    protections: 1,
    meetings: 1,
    opportunities: 1,
    returnsAt: null,
    warnings: [],
  });
  expect(seen.targets.map(({ id, leads }) => [id, leads])).toEqual([
    [one.id, 3],
    [two.id, 2],
  ]);
  expect(await ownersOf(ids)).toEqual(Array(5).fill(away.id));
});

test('a leaver hands over by rules: the first that fits, evenly to the team by the best-first list, the rest back to the pools', async () => {
  const team = company.teams.south;
  const [leaver, one, two] = [await person(), await person(['sales'], team), await person(['sales'], team)];
  const ids = await held(leaver, 6);
  await company.db('crm_leads').whereIn('id', ids.slice(4)).update({ country: 'DE' });
  const split = [
    { when: { combinator: 'and', rules: [{ field: 'lead.country', operator: '=', value: 'DE' }] }, to: { type: 'home' } },
    { to: { type: 'team', id: team } },
  ];
  const done = expectStatus(await create(await admin(), { member: leaver.id, kind: 'leaver', split }), 200);
  expect(done).toMatchObject({ state: 'done', leads: 6, moved: 6, returnsAt: null });
  expect(await ownersOf(ids)).toEqual([one.id, two.id, one.id, two.id, null, null]);
  expect(await company.lead(ids[5]!)).toMatchObject({ pool_id: pool });
});

test('tasks go with the leads, and the recycle clock of a lead goes on', async () => {
  const [leaver, next] = [await person(), await person()];
  const [id] = await held(leaver, 1);
  const before = await company.lead(id!);
  const task = await company
    .db<{ id: number }>('crm_tasks')
    .where({ lead_id: id, state: 'open' } as never)
    .first();
  await company.moveClock(at('2026-03-02T10:00:00'));
  expectStatus(await create(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'member', id: next.id } }] }), 200);
  expect((await company.lead(id!))['held_since']).toEqual(before['held_since']);
  const open = await company.db('crm_tasks').where({ lead_id: id, state: 'open' }).select('id', 'owner_id');
  expect(open).toEqual([{ id: task?.id, owner_id: next.id }]);
});

test('a delegate has the leads during leave; on the first working instant untouched ones come back by themselves, touched ones are asked about', async () => {
  await company.moveClock(at('2026-03-04T09:00:00'));
  const [away, delegate] = [await person(), await person()];
  const ids = await held(away, 3);
  const body = {
    member: away.id,
    kind: 'leave',
    from: at('2026-03-04T18:00:00'),
    to: at('2026-03-07T00:00:00'),
    split: [{ to: { type: 'member', id: delegate.id } }],
  };
  const planned = expectStatus(await create(away, body), 200);
  // Saturday is no working day: he is back on Monday at nine.
  expect(planned).toMatchObject({ state: 'planned', returnsAt: at('2026-03-09T09:00:00') });
  expect(codeOf(await create(away, body))).toBe('HANDOVER_OPEN');
  await company.moveClock(at('2026-03-04T18:00:10'));
  expect(await ownersOf(ids)).toEqual(Array(3).fill(delegate.id));
  expectStatus(
    await delegate.api.post(`/api/console/leads/${ids[0]}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 90 }),
    200,
  );
  expectStatus(await delegate.api.post(`/api/console/leads/${ids[1]}/release`, { reason: 'invalid' }), 200);
  await company.moveClock(at('2026-03-09T08:59:00'));
  expect(await ownersOf([ids[2]!])).toEqual([delegate.id]);
  await company.moveClock(at('2026-03-09T09:00:10'));
  expect(await ownersOf(ids)).toEqual([delegate.id, null, away.id]);
  const after = await read(away, planned.id);
  expect(after).toMatchObject({ state: 'returned', kept: 1, returned: 1, conflicts: 1 });
  expect(after.items).toMatchObject([
    { lead: ids[0], state: 'kept', reason: 'WORKED' },
    { lead: ids[1], state: 'conflict', reason: 'MOVED_SINCE' },
    { lead: ids[2], state: 'returned' },
  ]);
  expectStatus(await away.api.post(`/api/console/handovers/${planned.id}/return`, { leads: [ids[0]] }), 200);
  expect(await ownersOf([ids[0]!])).toEqual([away.id]);
});

test('a planned hand-over can be called off, and then nothing moves', async () => {
  await company.moveClock(at('2026-03-10T09:00:00'));
  const [away, delegate] = [await person(), await person()];
  const ids = await held(away, 1);
  const split = [{ to: { type: 'member', id: delegate.id } }];
  const { id } = expectStatus(
    await create(away, { member: away.id, kind: 'leave', from: at('2026-03-11T09:00:00'), to: at('2026-03-12T09:00:00'), split }),
    200,
  );
  expect(expectStatus(await away.api.post<Handover>(`/api/console/handovers/${id}/cancel`), 200).state).toBe('cancelled');
  await company.moveClock(at('2026-03-11T12:00:00'));
  expect(await ownersOf(ids)).toEqual([away.id]);
});

test('a hand-over is one move in the list of moves and can be undone', async () => {
  const [leaver, next] = [await person(), await person()];
  const ids = await held(leaver, 3);
  const done = expectStatus(
    await create(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'member', id: next.id } }] }),
    200,
  );
  const { moves } = expectStatus(
    await manager.api.get<{ moves: { key: string; kind: string; leads: number }[] }>('/api/console/pools/moves'),
    200,
  );
  expect(moves.find((move) => move.key === done.move)).toMatchObject({ kind: 'hand-over', leads: 3 });
  expectStatus(await manager.api.post(`/api/console/pools/moves/${done.move}/undo`), 200);
  expect(await ownersOf(ids)).toEqual(Array(3).fill(leaver.id));
  expect((await read(manager, done.id)).items).toMatchObject([
    { state: 'returned', reason: 'UNDONE' },
    { state: 'returned' },
    { state: 'returned' },
  ]);
});

test('people who are away then are left out of a team and warned about by name; inactive ones are refused', async () => {
  const [leaver, sick, gone] = [await person(), await person(), await person()];
  await held(leaver, 1);
  await company
    .db('crm_members')
    .where({ id: sick.id })
    .update({ leave_from: at('2026-03-01T00:00:00'), leave_to: at('2026-04-01T00:00:00') });
  await company.db('crm_members').where({ id: gone.id }).update({ active: false });
  const named = await preview(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'member', id: sick.id } }] });
  expect(named.warnings).toMatchObject([{ code: 'TARGET_ON_LEAVE' }]);
  const team = await preview(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'team', id: company.teams.east } }] });
  expect(team.targets.map((target) => target.id)).not.toContain(sick.id);
  expect(codeOf(await create(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'member', id: gone.id } }] }))).toBe(
    'OWNER_UNKNOWN',
  );
});

test('a rep hands over his own leads within his team only; those of others are not his to give', async () => {
  const [rep, mate, far] = [await person(), await person(), await person(['sales'], company.teams.south)];
  await held(rep, 1);
  const leaver = (member: number, to: number) => ({ member, kind: 'leaver', split: [{ to: { type: 'member', id: to } }] });
  expect(codeOf(await create(mate, leaver(rep.id, mate.id)))).toBe('FORBIDDEN');
  expect(codeOf(await create(rep, leaver(rep.id, far.id)))).toBe('FORBIDDEN');
  expectStatus(await create(rep, leaver(rep.id, mate.id)), 200);
  expect((await mate.api.get(`/api/console/handovers/999999`)).status).toBe(404);
});

describe('a hand-over for a leave is keeping, not a new ownership (R-56, R-25)', () => {
  interface ClockRow {
    readonly state: string;
    readonly owner_id: number;
    readonly breach_owner_id: number | null;
    readonly due_at: Date;
    readonly latest: boolean;
  }
  const clocksOf = (lead: number): Promise<ClockRow[]> =>
    company
      .db<ClockRow>('crm_sla_clocks')
      .where({ lead_id: lead, metric: 'first-response' } as never)
      .orderBy('id')
      .select();
  const keptFor = async (lead: number): Promise<unknown> => (await company.lead(lead))['kept_for_id'];
  const noticesTo = async (member: number, type: string): Promise<number[]> =>
    (
      await company
        .db<{ subject_id: number }>('crm_notifications')
        .where({ member_id: member, type } as never)
        .select('subject_id')
    ).map((row) => row.subject_id);
  const call = (who: Person, lead: number) =>
    who.api.post(`/api/console/leads/${lead}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 90 });
  /** Somebody goes on leave at ten until Friday, a delegate keeps what he has. */
  const leave = async (away: Person, delegate: Person, day: string, until: string): Promise<Handover> =>
    expectStatus(
      await create(away, {
        member: away.id,
        kind: 'leave',
        from: at(`${day}T09:10:00`),
        to: at(until),
        split: [{ to: { type: 'member', id: delegate.id } }],
      }),
      200,
    );

  beforeAll(async () => {
    await company.moveClock(at('2026-03-16T08:00:00'));
    const [first, ...rest] = FIRST_RESPONSE_CONTRACT.metrics;
    const onBreach = [{ kind: 'notify-owner' as const }, { kind: 'pool' as const, pool: 'open' }];
    const contract = { ...FIRST_RESPONSE_CONTRACT, calendar: 'office', signing: 'none', metrics: [{ ...first!, onBreach }, ...rest] };
    await company.publish('sla-contracts', 'first-response', contract);
  });

  test('running clocks go on with their deadline, none starts for the delegate, and a miss moves nothing until the lead is back', async () => {
    await company.moveClock(at('2026-03-16T09:00:00'));
    const [away, delegate, boss] = [await person(), await person(), await person(['sales-manager'])];
    await company.db('crm_members').where({ id: away.id }).update({ manager_id: boss.id });
    const [running, answered] = (await held(away, 2)) as [number, number];
    expectStatus(await call(away, answered), 200);
    const [before] = await clocksOf(running);
    expect(before).toMatchObject({ state: 'running', owner_id: away.id });
    await leave(away, delegate, '2026-03-16', '2026-03-20T00:00:00');
    await company.moveClock(at('2026-03-16T09:10:05'));
    expect([await ownersOf([running]), await keptFor(running)]).toEqual([[delegate.id], away.id]);
    expect(await clocksOf(running)).toMatchObject([{ state: 'running', owner_id: away.id, due_at: before!.due_at }]);
    expect(await clocksOf(answered)).toMatchObject([{ state: 'met' }]);
    const work = expectStatus(await delegate.api.get<{ leadId: number; reasons: { code: string }[] }[]>('/api/console/work'), 200);
    expect(JSON.stringify(work)).toContain('CLOCK_RUNNING');

    await company.moveClock(at('2026-03-16T09:31:00'));
    expect(await clocksOf(running)).toMatchObject([{ state: 'breached_open', owner_id: away.id, breach_owner_id: delegate.id }]);
    expect(await ownersOf([running])).toEqual([delegate.id]);
    const decision = await company.db('crm_decisions').where({ kind: 'clock', subject_id: running }).first<{ result: unknown }>('result');
    expect(decision?.result).toEqual({ kind: 'stay', reason: 'KEPT' });
    expect([await noticesTo(delegate.id, 'sla.breach'), await noticesTo(boss.id, 'sla.kept')]).toEqual([[running], [running]]);

    await company.moveClock(at('2026-03-20T09:00:10'));
    expect([await ownersOf([running]), await keptFor(running)]).toEqual([[away.id], null]);
    expectStatus(await away.api.put(`/api/console/leads/${running}`, { company: 'Back again' }), 200);
    expectStatus(await away.api.put(`/api/console/leads/${answered}`, { company: 'Back again' }), 200);
    expect(await clocksOf(running)).toMatchObject([{ state: 'breached_open', owner_id: away.id }]);
    expect(await clocksOf(answered)).toHaveLength(1);
  });

  test('what the delegate does answers the clock; left with him for good it starts none, handed to somebody else it does', async () => {
    await company.moveClock(at('2026-03-23T09:00:00'));
    const [away, delegate, third] = [await person(), await person(), await person()];
    const [kept, other] = (await held(away, 2)) as [number, number];
    const { id } = await leave(away, delegate, '2026-03-23', '2026-03-24T00:00:00');
    await company.moveClock(at('2026-03-23T09:10:05'));
    expectStatus(await call(delegate, kept), 200);
    expect(await clocksOf(kept)).toMatchObject([{ state: 'met', owner_id: away.id }]);
    expectStatus(await manager.api.post('/api/console/leads/assign', { ids: [other], owner: third.id }), 200);
    expect(await keptFor(other)).toBeNull();
    expect((await clocksOf(other)).map(({ state, owner_id: owner }) => [state, owner])).toEqual([
      ['cancelled', away.id],
      ['running', third.id],
    ]);
    expectStatus(await call(third, other), 200);

    await company.moveClock(at('2026-03-24T09:00:10'));
    expect(await read(away, id)).toMatchObject({ state: 'returned', kept: 1, undecided: 1, conflicts: 1 });
    expect([await ownersOf([kept]), await keptFor(kept)]).toEqual([[delegate.id], away.id]);
    expect((await delegate.api.post(`/api/console/handovers/${id}/keep`)).status).toBe(404);
    const settled = expectStatus(await away.api.post<Handover>(`/api/console/handovers/${id}/keep`), 200);
    expect(settled).toMatchObject({ kept: 1, undecided: 0 });
    expect((await read(delegate, id)).items).toMatchObject([
      { lead: kept, reason: 'AGREED' },
      { lead: other, reason: 'MOVED_SINCE' },
    ]);
    expectStatus(await delegate.api.put(`/api/console/leads/${kept}`, { company: 'Mine now' }), 200);
    expect([await ownersOf([kept]), await keptFor(kept)]).toEqual([[delegate.id], null]);
    expect(await clocksOf(kept)).toMatchObject([{ state: 'met', owner_id: delegate.id }]);
  });

  test('a part given back early leaves the rest where it is, and it comes back at its time', async () => {
    await company.moveClock(at('2026-03-25T09:00:00'));
    const [away, delegate] = [await person(), await person()];
    const [first, second] = (await held(away, 2)) as [number, number];
    const { id } = await leave(away, delegate, '2026-03-25', '2026-03-26T00:00:00');
    await company.moveClock(at('2026-03-25T09:10:05'));
    expectStatus(await delegate.api.post(`/api/console/handovers/${id}/return`, { leads: [first] }), 200);
    expect([await ownersOf([first, second]), (await read(delegate, id)).state]).toEqual([[away.id, delegate.id], 'active']);
    expectStatus(await call(away, first), 200);
    await company.moveClock(at('2026-03-26T09:00:10'));
    expect([await ownersOf([first, second]), (await read(away, id)).state]).toEqual([[away.id, away.id], 'returned']);
  });

  test('a leaver hands over for good: his successor has a first response of his own to give', async () => {
    await company.moveClock(at('2026-03-27T09:00:00'));
    const [leaver, next] = [await person(), await person()];
    const [id] = (await held(leaver, 1)) as [number];
    expectStatus(await create(manager, { member: leaver.id, kind: 'leaver', split: [{ to: { type: 'member', id: next.id } }] }), 200);
    expect(await keptFor(id)).toBeNull();
    expect((await clocksOf(id)).map(({ state, owner_id: owner }) => [state, owner])).toEqual([
      ['cancelled', leaver.id],
      ['running', next.id],
    ]);
  });
});

let chief: Person | null = null;
/** Somebody who may hand over across teams. */
async function admin(): Promise<Person> {
  chief ??= await person(['crm-admin'], company.salesTeam);
  return chief;
}
