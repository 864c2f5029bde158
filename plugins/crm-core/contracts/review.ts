import type { Knex } from 'knex';
import type { Actor } from './actor';
import type { LocalisedText } from './condition';

/** A change that is done only when a second person with the same right agrees. */
export interface Review {
  readonly id: number;
  /** What it falls under: a policy kind, `roles`, `four-eyes`. */
  readonly area: string;
  /** `policy.publish`, `role.update` … */
  readonly action: string;
  readonly subject: string;
  readonly subjectId: number;
  /** What the changed thing is called. */
  readonly title: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What stood there when it was asked for: a change of something else meanwhile makes it stale. */
  readonly base: unknown;
  readonly note: string | null;
  readonly requestedBy: number;
}

export type ReviewRequest = Omit<Review, 'id' | 'requestedBy'>;

/** The answer where a change was not made but asked for. */
export interface PendingReview {
  readonly pendingReview: number;
}

/** What a writer answers: nothing where everything is written, the request where a part of it waits for a second person. */
export type Written = PendingReview | void;

/** What making something answers: its id, and the request where a part of it waits. */
export type Created = number | (PendingReview & { readonly id: number });

export const isPendingReview = (answer: unknown): answer is PendingReview =>
  typeof answer === 'object' && answer !== null && 'pendingReview' in answer;

/** Something that can be put under four eyes. Who has the verb on the resource may agree. */
export interface ReviewArea {
  readonly area: string;
  readonly label: LocalisedText;
  readonly resource: string;
  readonly verb: string;
}

/** Makes the change that was agreed to, in the transaction of the agreement; what it returns runs after the commit. */
export type ReviewHandler = (
  trx: Knex.Transaction,
  review: Review,
  actor: Actor,
  now: Date,
) => Promise<void | (() => void | Promise<void>)>;

export interface ReviewService {
  addArea(area: ReviewArea): void;
  handle(action: string, run: ReviewHandler): void;
  /** Whether a change by this actor waits for a second person; what the product does by itself never does. */
  isNeeded(trx: Knex | Knex.Transaction, area: string, actor: Actor): Promise<boolean>;
  /** Asks for a change, in the caller's transaction; an open request for the same thing is replaced. Returns its id. */
  ask(trx: Knex.Transaction, request: ReviewRequest, actor: Actor, now: Date): Promise<number>;
}
