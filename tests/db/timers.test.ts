import knexFactory, { type Knex } from 'knex';
import type { DueTimer } from '../../plugins/crm-core/contracts';
import { createTimerService, type RunningTimerService } from '../../plugins/crm-core/server/src/services/timers';
import { countStatements, pause } from '../jobs/support/machine';
import type { TestDatabase } from '../support/postgres';
import { at, T0, timer, timerWorld } from '../support/timers';

const world = timerWorld();
const { fired, recorded, arm, states, keys } = world;
let database: TestDatabase;
let db: Knex;
let timers: RunningTimerService;
const cancel = (keys: readonly string[]): Promise<void> => db.transaction((trx) => timers.cancel(trx, keys, T0));

beforeEach(() => {
  ({ database, db, timers } = world);
});

describe('arming and cancelling', () => {
  test('thousands are armed in one statement and cancelled in one', async () => {
    const list = Array.from({ length: 3000 }, (_, index) => timer(`k${index}`, 60));
    expect(await countStatements(db, (trx) => timers.arm(trx, list, T0))).toBe(1);
    expect(
      await countStatements(db, (trx) =>
        timers.cancel(
          trx,
          list.slice(1).map(({ key }) => key),
          T0,
        ),
      ),
    ).toBe(1);
    expect(await timers.drain(at(60))).toBe(1);
    expect(keys()).toEqual(['k0']);
  });

  test('arming a key again moves it, in a later call and within one call', async () => {
    await arm([timer('a', 10), timer('b', 10), timer('b', 500)]);
    await arm([timer('a', 100, { payload: { stage: 2 } })]);
    expect(await timers.drain(at(99))).toBe(0);
    expect(await timers.drain(at(100))).toBe(1);
    expect(keys()).toEqual(['a']);
    expect(await db('crm_timers').where({ key: 'a' }).pluck('payload')).toEqual([{ stage: 2 }]);
    expect(await states()).toEqual({ a: 'fired', b: 'armed' });
  });

  test('what is armed or cancelled in a transaction that fails did not happen', async () => {
    await arm([timer('kept', 10)]);
    await expect(
      db.transaction(async (trx) => {
        await timers.arm(trx, [timer('never', 5)], T0);
        await timers.cancel(trx, ['kept'], T0);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect(await states()).toEqual({ kept: 'armed' });
  });

  test('nothing to do needs no statement, and cancelling unknown or fired keys is harmless', async () => {
    expect(await countStatements(db, (trx) => timers.arm(trx, [], T0))).toBe(0);
    await arm([timer('a', 0)]);
    await timers.drain(T0);
    await cancel(['a', 'unknown']);
    expect(await states()).toEqual({ a: 'fired' });
  });

  test('a second handler for a kind is a mistake', () => {
    expect(() => timers.handle('note', async () => undefined)).toThrow(/already/);
  });
});

describe('firing', () => {
  test('a timer fires at its due instant and not a millisecond before', async () => {
    await arm([timer('a', 10)]);
    expect(await timers.drain(new Date(at(10).getTime() - 1))).toBe(0);
    expect(await timers.drain(at(10))).toBe(1);
  });

  test('after a long stop everything is processed in due order, over batches and kinds (R-38)', async () => {
    // Without index scans rows come in the order they were written unless they are asked for in due order.
    const plain = knexFactory({
      client: 'pg',
      connection: `${database.url}?options=-c%20enable_indexscan%3Doff%20-c%20enable_bitmapscan%3Doff`,
    });
    const small = createTimerService({ db: plain, clock: { now: () => T0 }, log: recorded.log, batchSize: 7 });
    const order: number[] = [];
    const calls: string[] = [];
    for (const kind of ['warn', 'breach']) {
      small.handle(kind, async (_trx, due) => {
        calls.push(kind);
        order.push(...due.map(({ dueAt }) => dueAt.getTime()));
      });
    }
    const list = Array.from({ length: 50 }, (_, index) =>
      timer(`k${(index * 37) % 50}`, (index * 37) % 50, { kind: index % 3 === 0 ? 'warn' : 'breach' }),
    );
    await arm(list);
    expect(await small.drain(at(3600)).finally(() => plain.destroy())).toBe(50);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).toHaveLength(50);
    expect(calls.length).toBeLessThan(50);
  });

  test('the handler sees subject, payload, the time asked for, and now', async () => {
    let seen: DueTimer | undefined;
    timers.handle('look', async (_trx, due) => void (seen = due[0]));
    await arm([timer('x', 3, { kind: 'look', subject: 'account', subjectId: 44, payload: { clock: 9 } })]);
    await timers.drain(at(99));
    expect(seen).toMatchObject({ kind: 'look', key: 'x', subject: 'account', subjectId: 44, payload: { clock: 9 }, dueAt: at(3) });
  });

  test('a handler may arm its own key again, and what comes due by it fires in the same drain', async () => {
    timers.handle('daily', async (trx, due, now) => {
      fired.push(...due.map(({ key, dueAt }) => ({ key, now: dueAt })));
      await timers.arm(
        trx,
        due.map((one) => ({ ...one, dueAt: new Date(one.dueAt.getTime() + 60_000) })),
        now,
      );
    });
    await arm([timer('tick', 60, { kind: 'daily' })]);
    expect(await timers.drain(at(185))).toBe(3);
    expect(fired.map((one) => one.now)).toEqual([at(60), at(120), at(180)]);
    expect(await db('crm_timers').where({ key: 'tick', state: 'armed' }).pluck('due_at')).toEqual([at(240)]);
  });

  test('a kind nobody handles here stays armed for another node', async () => {
    await arm([timer('foreign', 1, { kind: 'foreign' }), timer('own', 2)]);
    expect(await timers.drain(at(10))).toBe(1);
    expect(await states()).toEqual({ foreign: 'armed', own: 'fired' });
  });

  test('a timer moved while it is about to fire is not fired at the old time', async () => {
    await arm([timer('a', 10)]);
    const drained = db.transaction(async (trx) => {
      await timers.arm(trx, [timer('a', 1000)], T0);
      const other = timers.drain(at(10));
      await pause(200);
      return { other };
    });
    expect(await (await drained).other).toBe(0);
    expect(await states()).toEqual({ a: 'armed' });
  });

  test('a timer armed again while it fires is armed anew after it fired', async () => {
    let armedAgain: Promise<void> = Promise.resolve();
    timers.handle('slow', async (_trx, due) => {
      fired.push(...due.map(({ key }) => ({ key, now: T0 })));
      armedAgain = arm([timer('a', 1000, { kind: 'slow' })]);
      await pause(200);
    });
    await arm([timer('a', 10, { kind: 'slow' })]);
    expect(await timers.drain(at(10))).toBe(1);
    await armedAgain;
    expect(await db('crm_timers').orderBy('id').select('state', 'due_at')).toEqual([
      { state: 'fired', due_at: at(10) },
      { state: 'armed', due_at: at(1000) },
    ]);
  });
});

describe('failure', () => {
  test('one bad timer does not stop the others: effects of the good ones exist once, of the bad one not at all', async () => {
    timers.handle('effect', async (trx, due) => {
      for (const one of due) {
        await trx.raw('INSERT INTO effects (key, worker) VALUES (?, 0)', [one.key]);
        if (one.key === 'k3') throw new Error('k3 cannot');
      }
    });
    await arm(Array.from({ length: 6 }, (_, index) => timer(`k${index}`, index, { kind: 'effect' })));
    expect(await timers.drain(at(60))).toBe(5);
    expect((await db('effects').orderBy('key').pluck('key')) as string[]).toEqual(['k0', 'k1', 'k2', 'k4', 'k5']);
    expect(await db('crm_timers').where({ key: 'k3' }).first('state', 'attempts', 'last_error', 'due_at', 'planned_at')).toEqual({
      state: 'armed',
      attempts: 1,
      last_error: 'k3 cannot',
      due_at: at(90),
      planned_at: at(3),
    });
  });

  test('waits 30 s, 60 s, 120 s … and after eight attempts stays visible as failed; the due time it sees never moves', async () => {
    const seen: Date[] = [];
    timers.handle('bad', async (_trx, due) => {
      seen.push(...due.map(({ dueAt }) => dueAt));
      throw new Error('always');
    });
    await arm([timer('bad', 0, { kind: 'bad' })]);
    let now = 0;
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(await timers.drain(at(now))).toBe(0);
      const row = await db('crm_timers').first<{ due_at: Date; attempts: number }>('due_at', 'attempts');
      expect(row.attempts).toBe(attempt);
      const next = (row.due_at.getTime() - T0.getTime()) / 1000;
      waits.push(next - now);
      now = next;
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 0]);
    expect(await states()).toEqual({ bad: 'failed' });
    expect(await timers.drain(at(1e6))).toBe(0);
    expect(seen).toEqual(Array.from({ length: 8 }, () => T0));
  });

  test('arming a failing key again gives it all its attempts back', async () => {
    let broken = true;
    timers.handle('flaky', async () => {
      if (broken) throw new Error('not yet');
    });
    await arm([timer('a', 0, { kind: 'flaky' })]);
    await timers.drain(T0);
    broken = false;
    await arm([timer('a', 1, { kind: 'flaky' })]);
    expect(await db('crm_timers').first('attempts', 'last_error')).toEqual({ attempts: 0, last_error: null });
    expect(await timers.drain(at(1))).toBe(1);
  });

  test('a deadlock is no fault of the timer: it is fired again at once and no attempt counts', async () => {
    await db.raw('INSERT INTO effects (key, worker) VALUES (?, 1), (?, 1)', ['left', 'right']);
    const touch = (trx: Knex.Transaction, key: string): Promise<unknown> =>
      trx.raw('UPDATE effects SET worker = worker + 1 WHERE key = ?', [key]).then();
    let first = true;
    let took: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => void (took = resolve));
    timers.handle('lock', async (trx) => {
      // This side is the victim: it waits longest and its patience ends first.
      await trx.raw(`SET LOCAL deadlock_timeout = '50ms'`);
      await touch(trx, 'left');
      took();
      if (first) await pause(300);
      first = false;
      await touch(trx, 'right');
    });
    await arm([timer('a', 0, { kind: 'lock' })]);
    const draining = timers.drain(T0);
    await taken;
    await db.transaction(async (trx) => {
      await trx.raw(`SET LOCAL deadlock_timeout = '30s'`);
      await touch(trx, 'right');
      await touch(trx, 'left');
    });
    expect(await draining).toBe(1);
    expect(await db('crm_timers').first('state', 'attempts')).toEqual({ state: 'fired', attempts: 0 });
    expect(await db('effects').orderBy('key').pluck('worker')).toEqual([3, 3]);
  });
});

test('a drain answers only after a batch another process has in hand is committed', async () => {
  const other = createTimerService({ db, clock: { now: () => T0 }, log: recorded.log });
  let took: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => void (took = resolve));
  other.handle('note', async () => {
    took();
    await pause(300);
  });
  await arm([timer('a', 0)]);
  const elsewhere = other.drain(T0);
  await taken;
  expect(await timers.drain(T0)).toBe(0);
  expect(await states()).toEqual({ a: 'fired' });
  expect(await elsewhere).toBe(1);
});
