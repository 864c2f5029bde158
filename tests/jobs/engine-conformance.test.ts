import type { JobEngine } from '../../plugins/crm-core/server/src/services/jobs';
import { describeEngines, type Bench } from './support/engines';
import { pause, recordLog, until } from './support/machine';

describeEngines(({ open }) => {
  let bench: Bench;
  let engine: JobEngine;
  let ran: number[];
  const { log } = recordLog();
  const collect = async (id: number): Promise<void> => void ran.push(id);
  let nextId = 100;
  const newId = (): number => (nextId += 1);

  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    ran = [];
    engine = bench.engine(log);
  });
  afterEach(() => engine.stop());

  test('an id that is sent is run once', async () => {
    await engine.start(collect);
    await pause(200);
    const id = newId();
    await engine.send(id, null);
    await until('it ran', () => ran.length > 0);
    await pause(500);
    expect(ran).toEqual([id]);
  });

  test('an id is run at its time and not before', async () => {
    await engine.start(collect);
    const id = newId();
    const runAt = new Date(Date.now() + 1500);
    await engine.send(id, runAt);
    await until('it ran', () => ran.length > 0);
    expect(Date.now()).toBeGreaterThanOrEqual(runAt.getTime() - 50);
    expect(ran).toEqual([id]);
  });

  test('a time in the past means now', async () => {
    await engine.start(collect);
    await engine.send(newId(), new Date(Date.now() - 86_400_000));
    await until('it ran', () => ran.length === 1);
  });

  test('a node that only sends does not run, and what it sent is run by one that starts later', async () => {
    const id = newId();
    await engine.send(id, null);
    await pause(300);
    expect(ran).toEqual([]);
    await engine.stop();
    engine = bench.engine(log);
    await engine.start(collect);
    await until('it ran', () => ran.length > 0);
    expect(ran).toEqual([id]);
  });

  test('sending an id ten times while it waits does not pile up', async () => {
    const id = newId();
    for (let times = 0; times < 10; times += 1) await engine.send(id, null);
    await engine.start(collect);
    await until('it ran', () => ran.length > 0);
    await pause(500);
    expect(ran).toEqual([id]);
  });

  test('a run that rejects does not stop the next ones', async () => {
    await engine.start(async (id) => {
      if (ran.length === 0) {
        ran.push(id);
        throw new Error('the database went away');
      }
      ran.push(id);
    });
    const [bad, good] = [newId(), newId()];
    await engine.send(bad, null);
    await until('the bad one ran', () => ran.length > 0);
    await engine.send(good, null);
    await until('the good one ran', () => ran.includes(good));
  });

  test('an id may be sent for later from its own run', async () => {
    await engine.start(async (id) => {
      ran.push(id);
      if (ran.length === 1) await engine.send(id, new Date(Date.now() + 300));
    });
    const id = newId();
    await engine.send(id, null);
    await until('it ran twice', () => ran.length === 2);
    expect(ran).toEqual([id, id]);
  });

  test('several run at the same time, never more than four', async () => {
    let running = 0;
    let most = 0;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => void (go = resolve));
    await engine.start(async (id) => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
      ran.push(id);
    });
    const ids = Array.from({ length: 10 }, newId);
    await Promise.all(ids.map((id) => engine.send(id, null)));
    await until('four run', () => running === 4);
    await pause(300);
    go();
    await until('all ran', () => ran.length === 10);
    expect(most).toBe(4);
    expect([...ran].sort((a, b) => a - b)).toEqual(ids);
  });

  test('two nodes share the work: every id is run once', async () => {
    const second = bench.engine(log);
    const bySecond: number[] = [];
    await engine.start(async (id) => {
      ran.push(id);
      await pause(20);
    });
    await second.start(async (id) => {
      bySecond.push(id);
      await pause(20);
    });
    const ids = Array.from({ length: 60 }, newId);
    await Promise.all(ids.map((id) => engine.send(id, null)));
    await until('all ran', () => ran.length + bySecond.length >= 60);
    await second.stop();
    expect([...ran, ...bySecond].sort((a, b) => a - b)).toEqual(ids);
  });

  test('stop waits for what runs, and what is sent afterwards by others stays for the next start', async () => {
    let isUnderWay = false;
    await engine.start(async (id) => {
      isUnderWay = true;
      await pause(500);
      ran.push(id);
    });
    await engine.send(newId(), null);
    await until('it is under way', () => isUnderWay);
    await engine.stop();
    expect(ran).toHaveLength(1);
    const sender = bench.engine(log);
    const id = newId();
    await sender.send(id, null);
    await sender.stop();
    await pause(300);
    expect(ran).toHaveLength(1);
    engine = bench.engine(log);
    await engine.start(collect);
    await until('the next start ran it', () => ran.includes(id));
  });

  test('stopping what was never started is harmless', async () => {
    await bench.engine(log).stop();
  });
});
