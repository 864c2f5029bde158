import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import type { LeadChange } from '../../plugins/leads';
import { act, cn, openSlaWorld, type World } from './sla-support';

const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const call = (id: number): LeadChange => ({ op: 'activity', id, activity: { kind: 'call', outcome: 'connected', durationSeconds: 60 } });

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
  await world.contract({ ...FIRST_RESPONSE_CONTRACT, calendar: 'c' }, cn('2026-03-02 09:00'));
});
afterAll(() => world.close());
beforeEach(() => world.db.raw('TRUNCATE crm_sla_clocks, crm_sla_segments, crm_timers, crm_notifications RESTART IDENTITY'));

test('one lead or five hundred: the same number of statements', async () => {
  const bring = async (count: number): Promise<number[]> => {
    const changes = Array.from({ length: count }, (_, index): LeadChange => ({
      op: 'create',
      values: { name: `N${count}-${index}` },
      holding: { ownerId: world.people.ann },
    }));
    return (await world.apply(changes, at)).outcomes.map((outcome) => outcome.id!);
  };
  const [one] = await bring(1);
  const first = world.statements();
  const many = await bring(500);
  expect(world.statements()).toBe(first);
  const worker = await act(world, world.people.ann);
  await world.apply([call(one!)], minutes(1), worker);
  const few = world.statements();
  await world.apply(
    many.map((id) => call(id)),
    minutes(1),
    worker,
  );
  expect(world.statements()).toBe(few);
  expect(await world.db('crm_sla_clocks').whereNot({ state: 'met' })).toEqual([]);
});

test('five hundred deadlines at once are stamped, told and passed on in one go', async () => {
  const changes = Array.from({ length: 500 }, (_, index): LeadChange => ({
    op: 'create',
    values: { name: `D${index}` },
    holding: { ownerId: world.people.ann },
  }));
  await world.apply(changes, at);
  world.next = world.people.bob;
  let statements = 0;
  const count = (): void => void (statements += 1);
  world.db.on('query', count);
  await world.kit.timers.drain(minutes(30));
  world.db.removeListener('query', count);
  expect(statements).toBeLessThan(60);
  expect(
    await world.db('crm_sla_clocks').where({ metric: 'first-response' }).select('state').count().groupBy('state').orderBy('state'),
  ).toEqual([
    { state: 'breached_closed', count: '500' },
    { state: 'running', count: '500' },
  ]);
  expect(await world.db('crm_sla_clocks').where({ metric: 'first-response' }).whereNot({ latest: true }).count()).toEqual([
    { count: '500' },
  ]);
});
