import type { Knex } from 'knex';

export interface TimerInput {
  /** Handler name, e.g. `sla.warn`. */
  readonly kind: string;
  /** Unique while armed: arming the same key again moves it. */
  readonly key: string;
  readonly subject: string;
  readonly subjectId: number;
  readonly dueAt: Date;
  readonly payload?: Readonly<Record<string, unknown>>;
}
export interface DueTimer extends Required<Omit<TimerInput, 'payload'>> {
  readonly id: number;
  readonly payload: Record<string, unknown>;
}
/** Runs inside the transaction that marks the timers fired: what it writes and the firing commit together or not at all. */
export type TimerHandler = (trx: Knex.Transaction, due: readonly DueTimer[], now: Date) => Promise<void>;
export interface TimerService {
  arm(trx: Knex.Transaction, timers: readonly TimerInput[], now: Date): Promise<void>;
  cancel(trx: Knex.Transaction, keys: readonly string[], now: Date): Promise<void>;
  /** For who has brought armed timers forward: the pollers of all nodes hear of it when the transaction commits, instead of within 5 s. */
  wake(trx: Knex.Transaction | Knex, dueAt: Date): Promise<void>;
  handle(kind: string, handler: TimerHandler): void;
  /** Fires everything due at `now`, in due order, until nothing is left. Used by the poller and by the test clock. */
  drain(now: Date): Promise<number>;
}
