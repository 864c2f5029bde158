/**
 * What transports job ids. It may lose, double or delay an id: the row in `crm_jobs` is the truth, the lease on it decides who
 * runs it, and the reconciler sends again what was lost.
 */
export interface JobEngine {
  /** From now on calls `run` for each id that is due, a few at a time. */
  start(run: (id: number) => Promise<void>): Promise<void>;
  /** Hands over an id, to be run at `runAt` (null: now). Works on nodes that have not started the engine too. */
  send(id: number, runAt: Date | null): Promise<void>;
  /** Takes no more, waits for what is running, closes connections. */
  stop(): Promise<void>;
}

/** How many jobs one process runs at a time. */
export const JOB_CONCURRENCY = 4;
