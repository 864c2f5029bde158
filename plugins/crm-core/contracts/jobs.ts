import type { Knex } from 'knex';

export interface JobInput {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Same key while queued or running = same job. */
  readonly key?: string;
  readonly runAt?: Date;
  readonly maxAttempts?: number;
}
export interface RunningJob {
  readonly id: number;
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly attempt: number;
  /** Saves progress that the console shows; keeps the lease alive. */
  progress(done: number, total: number | null, note?: string): Promise<void>;
  /**
   * From now on its key is free: what is asked for while it runs is a job of its own and not lost. For jobs that look for work when they
   * begin; two of them may then run side by side.
   */
  freeKey(): Promise<void>;
  /** True when the job was cancelled or the process is stopping: return soon, the job resumes later. */
  shouldStop(): boolean;
}
export type JobHandler = (job: RunningJob) => Promise<void>;
export interface JobService {
  /** Writes the job row in the caller's transaction; the engine is told after commit, the reconciler re-sends what it lost. */
  enqueue(trx: Knex.Transaction, jobs: readonly JobInput[]): Promise<number[]>;
  handle(kind: string, handler: JobHandler): void;
  cancel(id: number): Promise<void>;
}
