import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { checkHolidays, unannounced } from '../../plugins/lead-sla/server/src/services/holiday-alert';
import { replanClocks, replanProvisional } from '../../plugins/lead-sla/server/src/services/replan';
import type { CalendarSpec } from '../../plugins/crm-core';
import { act, cn, openSlaWorld, wall, type World } from './sla-support';

const [RESPONSE] = FIRST_RESPONSE_CONTRACT.metrics;
const hours = [
  { start: '09:00', end: '12:00' },
  { start: '13:30', end: '18:00' },
];
/** A calendar by the law of the People's Republic, in a year nobody has announced. */
const SPEC: CalendarSpec = {
  key: 'c',
  tz: 'Asia/Shanghai',
  holidays: 'cn_statutory',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, hours])),
};
const thursday = cn('2031-04-03 17:00');

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
  await publish(SPEC, cn('2031-01-02 09:00'));
  await world.contract(
    { ...FIRST_RESPONSE_CONTRACT, calendar: 'c', metrics: [{ ...RESPONSE!, targets: [{ duration: 'PT2H' }] }] },
    cn('2031-01-02 09:00'),
  );
}, 240_000);
afterAll(() => world.close());

const publish = async (spec: CalendarSpec, now: Date): Promise<void> => {
  await world.kit.policies.upsert(
    { kind: 'calendar', key: 'c', name: 'c', body: spec, publish: true },
    await act(world, world.people.admin),
    now,
  );
};
const told = (type: string): Promise<number[]> => world.db('crm_notifications').where({ type }).pluck('member_id');

describe('a year whose holidays are not announced (R-3)', () => {
  test('is counted by weekdays: the deadline is provisional, and the administrators are told once until they have read it', async () => {
    const first = await world.create(thursday, {}, world.people.ann);
    await world.create(thursday, { name: 'B', email: 'b@example.com' }, world.people.ann);
    const [clock] = await world.of(first);
    expect([wall(clock!.due_at), clock?.provisional]).toEqual(['2031-04-04 10:00', true]);
    expect(await told('sla.provisional')).toEqual([world.people.admin]);
    await world.db('crm_notifications').where({ type: 'sla.provisional' }).update({ read_at: thursday });
    await world.create(thursday, { name: 'C', email: 'c@example.com' }, world.people.ann);
    expect(await told('sla.provisional')).toEqual([world.people.admin, world.people.admin]);
    await replanProvisional(world.kit);
    expect(await world.of(first, 'first-response')).toMatchObject([{ due_at: clock!.due_at, provisional: true }]);
  });

  test('from 1 November administrators hear every week that the coming year is missing', async () => {
    const check = (now: Date): Promise<void> => world.db.transaction((trx) => checkHolidays(world.kit, trx, now));
    const due = async (): Promise<string | undefined> =>
      (
        (await world.db('crm_timers').where({ kind: 'sla.holidays', state: 'armed' }).first()) as { due_at: Date } | undefined
      )?.due_at.toISOString();
    await check(new Date('2031-10-31T00:00:00Z'));
    expect([await told('sla.holidays'), await due()]).toEqual([[], '2031-11-01T01:00:00.000Z']);
    await check(new Date('2031-11-01T01:00:00Z'));
    expect([await told('sla.holidays'), await due()]).toEqual([[world.people.admin], '2031-11-08T01:00:00.000Z']);
    expect(await unannounced(world.kit, new Date('2031-11-01T01:00:00Z'))).toEqual([{ key: 'c', year: 2032 }]);
  });

  test('when its notice is entered running clocks are planned again, over the day off and the make-up day (R-2, R-9)', async () => {
    const [before] = await world.of(1);
    const notice = {
      year: 2031,
      days: [
        { name: '清明节', date: '2031-04-04', isOffDay: true },
        { name: '清明节', date: '2031-04-05', isOffDay: false },
      ],
    };
    const now = cn('2031-04-03 17:30');
    await publish({ ...SPEC, notices: [notice] }, now);
    const done = await replanClocks(world.kit, { keys: ['c'], mode: 'replan' }, now);
    expect(done.moved).toBeGreaterThan(0);
    const [after] = await world.of(1);
    expect([wall(before!.due_at), wall(after!.due_at), after?.provisional]).toEqual(['2031-04-04 10:00', '2031-04-05 10:00', false]);
  });
});
