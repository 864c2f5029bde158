import type { Knex } from 'knex';
import type { TimerInput } from '../../plugins/crm-core/contracts';
import { LONGEST_SLEEP_MS } from '../../plugins/crm-core/server/src/services/timer-store';
import { createLiveBus, type LiveBus } from '../../plugins/crm-core/server/src/services/live';
import { createTimerService, type RunningTimerService } from '../../plugins/crm-core/server/src/services/timers';
import { buildProgram, kill } from '../jobs/support/child';
import { pause, until } from '../jobs/support/machine';
import type { TestDatabase } from '../support/postgres';
import { timer, timerWorld } from '../support/timers';

const world = timerWorld();
const { fired, recorded, arm, states, keys } = world;
let database: TestDatabase;
let db: Knex;

beforeEach(() => {
  ({ database, db } = world);
});

describe('the poller', () => {
  const clock = { now: () => new Date() };
  const opened: { stop(): Promise<void> }[] = [];
  /** A service that notes what it fires; it is stopped after the test, passed or failed. */
  function build(live?: LiveBus): RunningTimerService {
    const service = createTimerService({ db, clock, log: recorded.log, ...(live ? { live } : {}) });
    world.note(service);
    opened.unshift(service);
    return service;
  }
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.stop();
  });

  const soon = (ms: number, key = 'soon'): TimerInput => ({ ...timer(key, 0), dueAt: new Date(Date.now() + ms) });

  test('fires what comes due by itself, what was armed on another node too, the earlier first', async () => {
    const live = createLiveBus({ connection: database.url, log: recorded.log });
    await live.start();
    opened.unshift(live);
    const poller = build(live);
    await poller.start();
    await live.ready();
    await pause(100);
    await arm([soon(300, 'later'), soon(0, 'now')], new Date());
    await until('both fired', () => fired.length === 2);
    expect(keys()).toEqual(['now', 'later']);
  });

  test('what was brought forward fires before the poller would have looked, where it is told', async () => {
    const live = createLiveBus({ connection: database.url, log: recorded.log });
    await live.start();
    opened.unshift(live);
    const poller = build(live);
    await arm([soon(3_600_000, 'far')], new Date());
    await poller.start();
    await live.ready();
    await pause(300);
    await db.transaction(async (trx) => {
      await trx.raw('UPDATE crm_timers SET due_at = ?', [new Date()]);
      await poller.wake(trx, new Date());
      await pause(100);
      expect(fired).toEqual([]);
    });
    await until('it fired', () => fired.length === 1, LONGEST_SLEEP_MS - 2000);
  });

  test('after stop nothing fires', async () => {
    const poller = build();
    await poller.start();
    await poller.stop();
    await arm([soon(-1000)], new Date());
    await pause(300);
    expect(fired).toEqual([]);
  });

  test('removes timers finished more than thirty days ago and keeps failed ones', async () => {
    await arm(['old', 'new', 'dropped', 'bad', 'armed'].map((key) => timer(key, 0)));
    await db.raw(`UPDATE crm_timers SET state = 'fired', fired_at = now() - interval '31 days' WHERE key = 'old'`);
    await db.raw(`UPDATE crm_timers SET state = 'fired', fired_at = now() - interval '29 days' WHERE key = 'new'`);
    await db.raw(`UPDATE crm_timers SET state = 'cancelled', cancelled_at = now() - interval '31 days' WHERE key = 'dropped'`);
    await db.raw(`UPDATE crm_timers SET state = 'failed' WHERE key = 'bad'`);
    const poller = createTimerService({ db, clock, log: recorded.log });
    opened.unshift(poller);
    await poller.start();
    await until('the old ones are gone', async () => Object.keys(await states()).length === 3);
    expect(Object.keys(await states()).sort()).toEqual(['armed', 'bad', 'new']);
  });

  test('a database that fails is reported and asked again', async () => {
    await db.raw('ALTER TABLE crm_timers RENAME TO crm_timers_away');
    const poller = build();
    await poller.start();
    await until('the failure is reported', () => recorded.lines.some((line) => line.includes('crm_timers')));
    await db.raw('ALTER TABLE crm_timers_away RENAME TO crm_timers');
    await arm([soon(-1000)], new Date());
    await until('it fires', () => fired.length === 1);
  });
});

test('a thousand timers, two processes, one killed in the middle: every effect exists exactly once', async () => {
  await arm(Array.from({ length: 1000 }, (_, index) => timer(`k${index}`, 0, { kind: 'effect' })));
  const program = buildProgram('timer-worker');
  const env = { WORKER_DATABASE: database.url, WORKER_PAUSE_MS: '4', WORKER_BATCH: '50' };
  const count = async (): Promise<number> => Number(((await db('effects').count('key as n').first()) as { n: string }).n);
  try {
    const victim = program.start(env);
    const survivor = program.start(env);
    await until('both have committed work', async () => ((await db('effects').distinct('worker')) as unknown[]).length === 2);
    await kill(victim, 'SIGKILL');
    const atKill = await count();
    expect(atKill).toBeGreaterThan(0);
    expect(atKill).toBeLessThan(1000);
    await until('all have fired', async () => (await count()) >= 1000, 40_000);
    await kill(survivor, 'SIGTERM');
  } finally {
    program.dispose();
  }
  const { rows } = await db.raw<{ rows: { n: string; keys: string }[] }>('SELECT count(*) AS n, count(DISTINCT key) AS keys FROM effects');
  expect(rows).toEqual([{ n: '1000', keys: '1000' }]);
  expect(await db('crm_timers').whereNot({ state: 'fired' }).pluck('key')).toEqual([]);
});
