import type { Knex } from 'knex';
import type { Actor, Cause } from './actor';

export interface EventInput {
  /** `lead`, `account`, `policy`, `member` … */
  readonly subject: string;
  readonly subjectId: number;
  /** Dotted past tense: `lead.created`, `lead.claimed`, `clock.breached`. */
  readonly type: string;
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly policyVersionId?: number | null;
  /** Other facts worth keeping (reason, evidence, the raw payload). */
  readonly data?: Readonly<Record<string, unknown>> | null;
  /** Who did it, where several people act together; otherwise the actor of the whole. */
  readonly actor?: Actor;
}

export interface EventService {
  /** Appends in the caller's transaction and announces them to live listeners on commit. Returns ids in the order given. */
  append(trx: Knex.Transaction, events: readonly EventInput[], actor: Actor, cause: Cause, now: Date): Promise<number[]>;
}
