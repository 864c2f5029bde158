/** A process that runs one kind of job: ten steps, each written down once, resumed from the last one written. */
import knexFactory from 'knex';
import { chooseJobEngine, createJobService } from '../../../plugins/crm-core/server/src/services/jobs';

const databaseUrl = process.env['WORKER_DATABASE'] ?? '';
const db = knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 4 } });
const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void process.stderr.write(`${message}\n`) };
const engine = chooseJobEngine({ databaseUrl, redisUrl: process.env['WORKER_REDIS'], log });
const jobs = createJobService({ db, log, engine, timing: { leaseSeconds: 2, heartbeatMs: 500, reconcileMs: 500, resendSeconds: 5 } });

jobs.handle('steps', async (job) => {
  const { rows } = await db.raw<{ rows: { step: number }[] }>('SELECT step FROM steps WHERE job_id = ?', [job.id]);
  for (let step = rows.length + 1; step <= 10; step += 1) {
    if (job.shouldStop()) return;
    await db.raw('INSERT INTO steps (job_id, step, worker) VALUES (?, ?, ?)', [job.id, step, process.pid]);
    await job.progress(step, 10);
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
});

process.once('SIGTERM', () => void jobs.stop().then(() => db.destroy()));
void jobs.start();
