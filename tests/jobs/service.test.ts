import type { Knex } from 'knex';
import type { JobInput, RunningJob } from '../../plugins/crm-core/contracts';
import { createJobService, type RunningJobService } from '../../plugins/crm-core/server/src/services/jobs';
import { buildProgram, kill } from './support/child';
import { describeEngines, type Bench } from './support/engines';
import { countStatements, pause, recordLog, until } from './support/machine';

const QUICK = { leaseSeconds: 2, heartbeatMs: 300, retrySeconds: 1, reconcileMs: 60_000, resendSeconds: 60, stopMs: 5000 } as const;

describeEngines(({ open }) => {
  let bench: Bench;
  let db: Knex;
  let jobs: RunningJobService;
  const recorded = recordLog();

  const build = (timing: Partial<Record<keyof typeof QUICK, number>> = {}): RunningJobService =>
    createJobService({ db, log: recorded.log, engine: bench.engine(recorded.log), timing: { ...QUICK, ...timing } });
  const job = (over: Partial<JobInput> = {}): JobInput => ({ kind: 'work', payload: {}, ...over });
  const enqueue = async (...list: JobInput[]): Promise<number[]> => db.transaction((trx) => jobs.enqueue(trx, list));
  const row = async (id: number | undefined): Promise<Record<string, unknown>> =>
    (await db('crm_jobs').where({ id }).first()) as Record<string, unknown>;
  const becomes = (id: number | undefined, state: string): Promise<void> =>
    until(`job ${id} is ${state}`, async () => (await row(id))['state'] === state);

  beforeAll(async () => {
    bench = await open();
    db = bench.database.knex;
    await db.raw('CREATE TABLE steps (job_id int NOT NULL, step int NOT NULL, worker int NOT NULL)');
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await db.raw('TRUNCATE crm_jobs, steps');
    recorded.lines.length = 0;
    jobs = build();
  });
  afterEach(() => jobs.stop());

  test('a job runs after its transaction commits, with its payload, and is done', async () => {
    let seen: RunningJob | undefined;
    jobs.handle('work', async (one) => void (seen = one));
    await jobs.start();
    let ranEarly = false;
    const [id] = await db.transaction(async (trx) => {
      const ids = await jobs.enqueue(trx, [job({ payload: { file: '线索.csv' } })]);
      await pause(300);
      ranEarly = seen !== undefined;
      return ids;
    });
    await becomes(id, 'done');
    expect(ranEarly).toBe(false);
    expect(seen).toMatchObject({ id, kind: 'work', payload: { file: '线索.csv' }, attempt: 1 });
    expect(await row(id)).toMatchObject({
      attempts: 1,
      locked_by: null,
      locked_until: null,
      error: null,
      finished_at: expect.any(Date) as Date,
    });
  });

  test('a transaction that fails leaves no job', async () => {
    let ran = 0;
    jobs.handle('work', async () => void (ran += 1));
    await jobs.start();
    const failed = db.transaction(async (trx) => {
      await jobs.enqueue(trx, [job()]);
      throw new Error('undo');
    });
    await expect(failed).rejects.toThrow('undo');
    await pause(300);
    expect(ran).toBe(0);
    expect(await db('crm_jobs').pluck('id')).toEqual([]);
  });

  test('a job enqueued inside a savepoint runs although its id is sent before the commit', async () => {
    jobs.handle('work', async () => undefined);
    await jobs.start();
    const [id] = await db.transaction(async (trx) => {
      const ids = await trx.transaction((inner) => jobs.enqueue(inner, [job()]));
      await pause(300);
      return ids;
    });
    await becomes(id, 'done');
  });

  test('the same kind and key is the same job while it is queued or running, and a new one afterwards', async () => {
    const runs: number[] = [];
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => void (go = resolve));
    jobs.handle('work', async (one) => {
      runs.push(one.id);
      await gate;
    });
    const keyed = job({ key: 'rescore:4' });
    const later = new Date(Date.now() + 800);
    const [first] = await enqueue({ ...keyed, runAt: later });
    expect(await enqueue(keyed, job(), keyed)).toEqual([first, expect.any(Number), first]);
    await jobs.start();
    await becomes(first, 'running');
    expect(await enqueue(keyed)).toEqual([first]);
    go();
    await becomes(first, 'done');
    const [second] = await enqueue(keyed);
    expect(second).not.toBe(first);
    await becomes(second, 'done');
    expect(runs.filter((id) => id === first)).toHaveLength(1);
  });

  test('a job that frees its key does not swallow what is asked for while it runs', async () => {
    let runs = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    jobs.handle('work', async (one) => {
      runs += 1;
      if (runs > 1) return;
      await one.freeKey();
      await held;
    });
    await jobs.start();
    const [first] = await enqueue(job({ key: 'same' }));
    await until('the key is free', async () => (await row(first))['key'] === null);
    const [second] = await enqueue(job({ key: 'same' }));
    expect(second).not.toBe(first);
    await becomes(second, 'done');
    release();
    await becomes(first, 'done');
    expect(runs).toBe(2);
  });

  test('many jobs are written in one statement, ids in the order given', async () => {
    const list = Array.from({ length: 500 }, (_, index) =>
      job({ kind: 'later', key: `k${499 - index}`, payload: { index }, runAt: new Date(Date.now() + 3_600_000) }),
    );
    let ids: number[] = [];
    expect(await countStatements(db, async (trx) => void (ids = await jobs.enqueue(trx, list)))).toBe(1);
    const rows = await db('crm_jobs').select<{ id: string; payload: { index: number } }[]>('id', 'payload');
    const byId = new Map(rows.map((one) => [Number(one.id), one.payload.index]));
    expect(ids.map((id) => byId.get(id))).toEqual(list.map((_, index) => index));
  });

  test('a failure is tried again later, with its error shown, and the last one ends the job', async () => {
    const attempts: number[] = [];
    jobs.handle('work', async (one) => {
      attempts.push(one.attempt);
      throw new Error(`attempt ${one.attempt} broke`);
    });
    await jobs.start();
    const [id] = await enqueue(job({ maxAttempts: 2 }));
    await until('the first failure is noted', async () => (await row(id))['error'] === 'attempt 1 broke');
    await becomes(id, 'failed');
    expect(attempts).toEqual([1, 2]);
    expect(await row(id)).toMatchObject({ attempts: 2, error: 'attempt 2 broke', locked_by: null });
  });

  test('progress is saved', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => void (go = resolve));
    jobs.handle('work', async (one) => {
      await one.progress(30, 100, 'row 30');
      await one.progress(40, 100);
      await gate;
    });
    await jobs.start();
    const [id] = await enqueue(job());
    await until('progress is visible', async () => (await row(id))['progress_done'] === 40);
    expect(await row(id)).toMatchObject({ state: 'running', progress_total: 100, progress_note: 'row 30' });
    go();
    await becomes(id, 'done');
  });

  test('a job longer than its lease keeps it by its heartbeat', async () => {
    let runs = 0;
    jobs.handle('work', async () => {
      runs += 1;
      await pause(3000);
    });
    await jobs.start();
    const [id] = await enqueue(job());
    await pause(2500);
    expect(await jobs.reconcile()).toBe(0);
    await becomes(id, 'done');
    expect(runs).toBe(1);
  });

  test('a cancelled job stops soon, here and on other nodes, and stays cancelled', async () => {
    const other = build();
    for (const cancelling of [jobs, other]) {
      let stopped = false;
      const kind = cancelling === jobs ? 'here' : 'there';
      jobs.handle(kind, async (one) => {
        while (!one.shouldStop()) await pause(20);
        stopped = true;
      });
      if (kind === 'here') await jobs.start();
      const [id] = await enqueue(job({ kind }));
      await becomes(id, 'running');
      await cancelling.cancel(id ?? 0);
      await until('the handler stopped', () => stopped);
      await pause(100);
      expect(await row(id)).toMatchObject({ state: 'cancelled', error: null });
    }
    await other.stop();
  });

  test('a cancelled job that goes on regardless is refused at its second progress', async () => {
    let refusal: unknown;
    jobs.handle('work', async (one) => {
      for (let step = 0; ; step += 1) {
        await one.progress(step, null).catch((error: unknown) => {
          refusal = error;
          throw error;
        });
        await pause(50);
      }
    });
    await jobs.start();
    const [id] = await enqueue(job());
    await becomes(id, 'running');
    await jobs.cancel(id ?? 0);
    await until('it was refused', () => refusal !== undefined);
    expect(refusal).toMatchObject({ code: 'JOB_LOST' });
    expect(await row(id)).toMatchObject({ state: 'cancelled' });
  });

  test('a queued job that is cancelled never runs; a finished one is not touched', async () => {
    let ran = 0;
    jobs.handle('work', async () => void (ran += 1));
    const [id] = await enqueue(job());
    await jobs.cancel(id ?? 0);
    await jobs.start();
    const [done] = await enqueue(job());
    await becomes(done, 'done');
    await jobs.cancel(done ?? 0);
    expect((await row(done))['state']).toBe('done');
    expect((await row(id))['state']).toBe('cancelled');
    expect(ran).toBe(1);
  });

  test('a job stopped with its process resumes at the next start and the attempt does not count', async () => {
    const progress: number[] = [];
    const handler = async (one: RunningJob): Promise<void> => {
      while (progress.length < 10) {
        if (one.shouldStop()) return;
        progress.push(one.attempt);
        await pause(50);
      }
    };
    jobs.handle('work', handler);
    await jobs.start();
    const [id] = await enqueue(job());
    await until('it is under way', () => progress.length >= 3);
    await jobs.stop();
    expect(await row(id)).toMatchObject({ state: 'queued', attempts: 0, locked_by: null });
    expect(progress.length).toBeLessThan(10);
    jobs = build();
    jobs.handle('work', handler);
    await jobs.start();
    await becomes(id, 'done');
    expect(progress).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('what the engine lost is sent again, once, when it is due and not sent recently', async () => {
    let ran = 0;
    jobs.handle('work', async () => void (ran += 1));
    const [id, , future] = await enqueue(job(), job({ kind: 'unhandled' }), job({ runAt: new Date(Date.now() + 3_600_000) }));
    await until('they were sent', async () => (await db('crm_jobs').whereNull('sent_at').pluck('id')).length === 0);
    await bench.lose();
    await jobs.start();
    await pause(500);
    expect(ran).toBe(0);
    expect(await jobs.reconcile()).toBe(0);
    await db.raw(
      `UPDATE crm_jobs SET sent_at = now() - interval '61 seconds', run_at = CASE WHEN id = ? THEN run_at ELSE now() - interval '61 seconds' END`,
      [future ?? 0],
    );
    expect(await jobs.reconcile()).toBe(2);
    expect(await jobs.reconcile()).toBe(0);
    await becomes(id, 'done');
    expect(ran).toBe(1);
    expect((await row(future))['state']).toBe('queued');
  });

  test('what was committed but never sent is found', async () => {
    jobs.handle('work', async () => undefined);
    const { rows } = await db.raw<{ rows: { id: string }[] }>(
      `INSERT INTO crm_jobs (kind, created_at) VALUES ('work', now() - interval '6 seconds'), ('work', now()) RETURNING id`,
    );
    await jobs.start();
    await becomes(Number(rows[0]?.id), 'done');
    expect((await row(Number(rows[1]?.id)))['state']).toBe('queued');
  });

  test('a job whose every process died ends as failed, and is not taken over once more', async () => {
    const { rows } = await db.raw<{ rows: { id: string }[] }>(
      `INSERT INTO crm_jobs (kind, state, attempts, max_attempts, locked_by, locked_until) VALUES ('work', 'running', 3, 3, 'gone', now() - interval '1 second') RETURNING id`,
    );
    await jobs.reconcile();
    expect(await row(Number(rows[0]?.id))).toMatchObject({ state: 'failed', error: expect.stringContaining('3 times') as string });
  });

  test('a killed process loses nothing: another takes the job over when its lease ends, and every step is done once', async () => {
    const program = buildProgram('job-worker');
    const env = { WORKER_DATABASE: bench.database.url, ...(bench.redisUrl ? { WORKER_REDIS: bench.redisUrl } : {}) };
    const steps = async (): Promise<{ step: number; worker: number }[]> => db('steps').orderBy('step').select('step', 'worker');
    try {
      const [id] = await enqueue(job({ kind: 'steps' }));
      const victim = program.start(env);
      await until('the job is under way', async () => (await steps()).length >= 3);
      const survivor = program.start(env);
      await kill(victim, 'SIGKILL');
      expect((await row(id))['state']).toBe('running');
      await becomes(id, 'done');
      await kill(survivor, 'SIGTERM');
      const done = await steps();
      expect(done.map((one) => one.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(new Set(done.map((one) => one.worker)).size).toBe(2);
      expect(await row(id)).toMatchObject({ attempts: 2, progress_done: 10, progress_total: 10 });
    } finally {
      program.dispose();
    }
  });
});
