import type { Knex } from 'knex';
import type { Kit } from '../../../../contracts';
import { failExhausted, pruneJobs, takeLost, type Shipment } from './store';

export interface ReconcilerTiming {
  readonly reconcileMs: number;
  /** A due job not started this long after it was sent counts as lost. */
  readonly resendSeconds: number;
}

interface ReconcilerOptions {
  readonly db: Knex;
  readonly log: Kit['log'];
  readonly timing: ReconcilerTiming;
  readonly ship: (shipments: readonly Shipment[]) => Promise<void>;
}

export interface Reconciler {
  /** One pass; returns how many jobs were sent again. */
  pass(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const RESEND_BATCH = 500;
const KEEP_FINISHED_DAYS = 30;
const PRUNE_BATCH = 1000;
const PRUNE_EVERY_MS = 10 * 60_000;

/** Sends again what the engine lost: a restart of Redis, a process that died between commit and sending, a lease that ended. */
export function createReconciler({ db, log, timing, ship }: ReconcilerOptions): Reconciler {
  let timer: NodeJS.Timeout | null = null;
  let current: Promise<unknown> = Promise.resolve();
  let busy = false;
  let nextPrune = 0;

  async function pass(): Promise<number> {
    const failed = await failExhausted(db);
    if (failed > 0) log.error(`${failed} jobs ended as failed: every attempt stopped with its process.`);
    const lost = await takeLost(db, timing.resendSeconds, RESEND_BATCH);
    if (lost.length > 0) await ship(lost);
    if (performance.now() >= nextPrune) {
      const removed = await pruneJobs(db, KEEP_FINISHED_DAYS, PRUNE_BATCH);
      nextPrune = removed === PRUNE_BATCH ? 0 : performance.now() + PRUNE_EVERY_MS;
    }
    return lost.length;
  }

  function tick(): void {
    if (busy) return;
    busy = true;
    current = pass()
      .catch((error: unknown) => log.error('Looking for lost jobs failed; trying again.', error))
      .finally(() => void (busy = false));
  }

  return {
    pass,
    start: () => {
      tick();
      timer = setInterval(tick, timing.reconcileMs);
    },
    stop: async () => {
      if (timer) clearInterval(timer);
      timer = null;
      await current;
    },
  };
}
