import type { Knex } from 'knex';
import type { JobHandler, JobService, Kit } from '../../../../contracts';
import { errorText } from '../../domain/machine/transient';
import { createExecutor, type JobTiming } from './execution';
import type { JobEngine } from './port';
import { createReconciler, type ReconcilerTiming } from './reconciler';
import { cancelJob, insertJobs, markSent, type Shipment } from './store';

export interface RunningJobService extends JobService {
  /** Starts running jobs in this process (worker roles only). Enqueueing and cancelling work without it. */
  start(): Promise<void>;
  /** Asks running jobs to stop, waits a little, and closes the engine. What did not end resumes elsewhere or later. */
  stop(): Promise<void>;
  /** One pass of the reconciler; returns how many jobs were sent again. */
  reconcile(): Promise<number>;
}

export interface JobServiceOptions {
  readonly db: Knex;
  readonly log: Kit['log'];
  readonly engine: JobEngine;
  readonly timing?: Partial<JobTiming & ReconcilerTiming & { readonly stopMs: number }>;
}

const DEFAULT_TIMING = {
  leaseSeconds: 60,
  heartbeatMs: 5000,
  retrySeconds: 5,
  maxRetrySeconds: 3600,
  reconcileMs: 20_000,
  resendSeconds: 60,
  stopMs: 10_000,
} as const;

const SEND_AT_ONCE = 20;

/** Resolves when the work does or the time is over, whichever is first. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Work done outside a request: a row in the change's transaction, an engine that carries its id, a lease that decides who runs it. */
export function createJobService({ db, log, engine, timing: given }: JobServiceOptions): RunningJobService {
  const timing = { ...DEFAULT_TIMING, ...given };
  const handlers = new Map<string, JobHandler>();
  const sending = new Set<Promise<void>>();
  let started = false;

  /** Hands ids to the engine, a few at a time. What cannot be sent stays unsent and is found by the reconciler. */
  async function ship(shipments: readonly Shipment[]): Promise<void> {
    const sent: number[] = [];
    for (let from = 0; from < shipments.length; from += SEND_AT_ONCE) {
      const chunk = shipments.slice(from, from + SEND_AT_ONCE);
      const results = await Promise.allSettled(chunk.map(({ id, runAt }) => engine.send(id, runAt)));
      const failure = results.find((result) => result.status === 'rejected');
      results.forEach((result, index) => {
        const id = chunk[index]?.id;
        if (result.status === 'fulfilled' && id !== undefined) sent.push(id);
      });
      if (!failure) continue;
      log.warn(`The job engine did not take ${shipments.length - sent.length} jobs; they will be sent again. ${errorText(failure.reason)}`);
      break;
    }
    if (sent.length > 0) await markSent(db, sent);
  }

  function shipAfterCommit(trx: Knex.Transaction, shipments: readonly Shipment[]): void {
    const work: Promise<void> = trx.executionPromise
      .then(
        () => ship(shipments),
        () => undefined,
      )
      .catch((error: unknown) => log.warn(`Jobs could not be handed to the engine; they will be sent again. ${errorText(error)}`))
      .finally(() => void sending.delete(work));
    sending.add(work);
  }

  const executor = createExecutor({ db, log, handlers, timing, ship });
  const reconciler = createReconciler({ db, log, timing, ship });

  return {
    enqueue: async (trx, jobs) => {
      if (jobs.length === 0) return [];
      const { ids, fresh } = await insertJobs(trx, jobs);
      if (fresh.length > 0) shipAfterCommit(trx, fresh);
      return ids;
    },
    handle: (kind, handler) => {
      if (handlers.has(kind)) throw new Error(`Job kind ${kind} already has a handler.`);
      handlers.set(kind, handler);
    },
    cancel: async (id) => {
      await cancelJob(db, id);
      executor.interrupt(id);
    },
    start: async () => {
      if (started) return;
      started = true;
      await engine.start((id) => executor.run(id));
      reconciler.start();
    },
    stop: async () => {
      executor.interruptAll();
      await reconciler.stop();
      await Promise.all(sending);
      await within(timing.stopMs, engine.stop());
    },
    reconcile: () => reconciler.pass(),
  };
}
