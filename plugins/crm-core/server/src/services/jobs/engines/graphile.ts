import { Logger, makeWorkerUtils, run as runWorker, type Runner, type WorkerUtils } from 'graphile-worker';
import { Pool } from 'pg';
import type { Kit } from '../../../../../contracts';
import { JOB_CONCURRENCY, type JobEngine } from '../port';

export interface GraphileEngineOptions {
  readonly connectionString: string;
  readonly log: Kit['log'];
  readonly concurrency?: number;
}

const SCHEMA = 'crm_worker';
const TASK = 'crm_job';
const POLL_MS = 1000;
/** Sending an id again while it waits replaces it, so repeats do not pile up. */
const keyOf = (id: number): string => `job:${id}`;

function readId(payload: unknown): number {
  const id = payload !== null && typeof payload === 'object' && 'id' in payload ? Number(payload.id) : NaN;
  if (!Number.isSafeInteger(id)) throw new Error('The transported job has no id.');
  return id;
}

/** Carries job ids in the same PostgreSQL, in a schema of its own. The default: nothing else to install. */
export function createGraphileEngine({ connectionString, log, concurrency = JOB_CONCURRENCY }: GraphileEngineOptions): JobEngine {
  const logger = new Logger(() => (level, message) => {
    const severity = String(level);
    if (severity === 'error') log.error(message);
    else if (severity === 'warning') log.warn(message);
  });
  let pool: Pool | null = null;
  let utils: Promise<WorkerUtils> | null = null;
  let runner: Runner | null = null;

  function openPool(): Pool {
    if (pool) return pool;
    pool = new Pool({ connectionString, max: concurrency + 2, application_name: 'leadsea jobs' });
    pool.on('error', (error) => log.warn(`A connection of the job engine was lost: ${error.message}`));
    return pool;
  }

  async function openUtils(): Promise<WorkerUtils> {
    const opened = await makeWorkerUtils({ pgPool: openPool(), schema: SCHEMA, logger });
    await opened.migrate();
    return opened;
  }

  /** Opened on first use; a failed opening is tried again by the next caller. */
  function getUtils(): Promise<WorkerUtils> {
    utils ??= openUtils().catch((error: unknown) => {
      utils = null;
      throw error;
    });
    return utils;
  }

  return {
    start: async (run) => {
      await getUtils();
      runner = await runWorker({
        pgPool: openPool(),
        schema: SCHEMA,
        logger,
        concurrency,
        pollInterval: POLL_MS,
        noHandleSignals: true,
        parsedCronItems: [],
        taskList: { [TASK]: (payload) => run(readId(payload)) },
      });
      runner.promise.catch((error: unknown) => log.error('The job engine stopped.', error));
    },
    send: async (id, runAt) => {
      await (
        await getUtils()
      ).addJob(TASK, { id }, { jobKey: keyOf(id), jobKeyMode: 'replace', maxAttempts: 3, ...(runAt ? { runAt } : {}) });
    },
    stop: async () => {
      await runner?.stop();
      runner = null;
      await (await utils?.catch(() => null))?.release();
      utils = null;
      const closing = pool;
      pool = null;
      await closing?.end();
    },
  };
}
