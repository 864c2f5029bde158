/** A process that fires timers and writes one effect row for each, slowly enough to be killed in the middle of a batch. */
import knexFactory from 'knex';
import { createTimerService } from '../../../plugins/crm-core/server/src/services/timers';

const pauseMs = Number(process.env['WORKER_PAUSE_MS'] ?? 10);
const db = knexFactory({ client: 'pg', connection: process.env['WORKER_DATABASE'] ?? '', pool: { min: 0, max: 4 } });
const silent = { info: () => undefined, warn: () => undefined, error: (message: string) => void process.stderr.write(`${message}\n`) };
const timers = createTimerService({
  db,
  clock: { now: () => new Date() },
  log: silent,
  batchSize: Number(process.env['WORKER_BATCH'] ?? 50),
});

timers.handle('effect', async (trx, due) => {
  for (const timer of due) {
    await trx.raw('INSERT INTO effects (key, worker) VALUES (?, ?)', [timer.key, process.pid]);
    await new Promise((resolve) => void setTimeout(resolve, pauseMs));
  }
});

process.once('SIGTERM', () => void timers.stop().then(() => db.destroy()));
void timers.start();
