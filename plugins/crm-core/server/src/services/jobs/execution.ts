import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { AppError, type JobHandler, type Kit, type RunningJob } from '../../../../contracts';
import { backoffSeconds } from '../../domain/machine/backoff';
import { errorText } from '../../domain/machine/transient';
import { jobExists, renewLease, settle, takeLease, type Lease, type LeasedJob, type Outcome, type Shipment } from './store';

export interface JobTiming {
  /** A job whose process is gone is taken over after this. */
  readonly leaseSeconds: number;
  readonly heartbeatMs: number;
  readonly retrySeconds: number;
  readonly maxRetrySeconds: number;
}

interface ExecutorOptions {
  readonly db: Knex;
  readonly log: Kit['log'];
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly timing: JobTiming;
  /** Tells the engine about a retry. */
  readonly ship: (shipments: readonly Shipment[]) => Promise<void>;
}

export interface Executor {
  /** Runs the job if its lease can be had; otherwise does nothing. Rejects only when the database does. */
  run(id: number): Promise<void>;
  /** Tells a job that runs in this process to stop soon. */
  interrupt(id: number): void;
  /** Tells all of them; they resume later. */
  interruptAll(): void;
}

interface Execution {
  readonly lease: Lease;
  stopping: boolean;
  /** The handler has been told to stop, so its return does not mean that the work is complete. */
  told: boolean;
  /** Cancelled, or taken over by another process. */
  lost: boolean;
  /** Its progress has been refused once. */
  warned: boolean;
}

const VISIBLE_TRIES = 5;
const VISIBLE_PAUSE_MS = 200;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export function createExecutor({ db, log, handlers, timing, ship }: ExecutorOptions): Executor {
  const executions = new Set<Execution>();
  let stopping = false;

  /** An id sent from inside a savepoint may overtake its commit: look again for a second before leaving it to the reconciler. */
  async function take(lease: Lease): Promise<LeasedJob | null> {
    for (let tries = 1; tries <= VISIBLE_TRIES; tries += 1) {
      const job = await takeLease(db, lease, [...handlers.keys()], timing.leaseSeconds);
      if (job || (await jobExists(db, lease.id))) return job;
      await pause(VISIBLE_PAUSE_MS);
    }
    return null;
  }

  function describe(job: LeasedJob, execution: Execution): RunningJob {
    return {
      id: job.id,
      kind: job.kind,
      payload: job.payload,
      attempt: job.attempts,
      progress: async (done, total, note) => {
        const ours = await renewLease(db, execution.lease, timing.leaseSeconds, { done, total, note: note ?? null });
        if (ours) return;
        execution.lost = true;
        // The first time it may still ask `shouldStop` and wind down; one that goes on regardless must not write beside its successor.
        if (execution.warned)
          throw new AppError('JOB_LOST', 409, 'This job was cancelled or is run by another process.', { jobId: job.id });
        execution.warned = true;
      },
      freeKey: async () => {
        await db('crm_jobs').where({ id: job.id }).update({ key: null });
      },
      shouldStop: () => {
        const stop = execution.stopping || execution.lost;
        if (stop) execution.told = true;
        return stop;
      },
    };
  }

  function startHeartbeat(execution: Execution): NodeJS.Timeout {
    let beating = false;
    return setInterval(() => {
      if (beating || execution.lost) return;
      beating = true;
      renewLease(db, execution.lease, timing.leaseSeconds, null)
        .then((ours) => void (execution.lost = !ours))
        .catch((error: unknown) => log.warn(`Job ${execution.lease.id} could not renew its lease: ${errorText(error)}`))
        .finally(() => void (beating = false));
    }, timing.heartbeatMs);
  }

  async function perform(job: LeasedJob, execution: Execution): Promise<Outcome> {
    const heartbeat = startHeartbeat(execution);
    try {
      await handlers.get(job.kind)?.(describe(job, execution));
      return execution.told && execution.stopping ? { state: 'released' } : { state: 'done' };
    } catch (error) {
      if (!execution.lost) log.error(`Job ${job.id} (${job.kind}) failed, attempt ${job.attempts} of ${job.maxAttempts}.`, error);
      if (job.attempts >= job.maxAttempts) return { state: 'failed', error: errorText(error) };
      return {
        state: 'retry',
        error: errorText(error),
        afterSeconds: backoffSeconds(timing.retrySeconds, job.attempts, timing.maxRetrySeconds),
      };
    } finally {
      clearInterval(heartbeat);
    }
  }

  return {
    run: async (id) => {
      if (stopping) return;
      const lease: Lease = { id, token: randomUUID() };
      const job = await take(lease);
      if (!job) return;
      const execution: Execution = { lease, stopping, told: false, lost: false, warned: false };
      executions.add(execution);
      try {
        const outcome = await perform(job, execution);
        const runAt = await settle(db, lease, outcome);
        if (runAt && outcome.state === 'retry') await ship([{ id, runAt }]);
      } finally {
        executions.delete(execution);
      }
    },
    interrupt: (id) => {
      for (const execution of executions) if (execution.lease.id === id) execution.lost = true;
    },
    interruptAll: () => {
      stopping = true;
      for (const execution of executions) execution.stopping = true;
    },
  };
}
