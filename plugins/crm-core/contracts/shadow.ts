import type { Knex } from 'knex';
import type { Actor } from './actor';
import type { LocalisedText } from './condition';

/** A draft that runs silently beside what is live: it decides on the same leads, nothing of what it decides is done. */
export interface PolicyShadow<Body = unknown> {
  readonly id: number;
  readonly policyId: number;
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  /** The draft as it was when the silent run began. */
  readonly body: Body;
  readonly startedAt: Date;
  readonly endsAt: Date;
}

/** One thing that both have decided about. The same key again replaces what was said of it before. */
export interface ShadowCase {
  readonly key: string;
  readonly subject: string;
  readonly subjectId: number;
  readonly at: Date;
  /** One of the outcomes of the kind. */
  readonly outcome: string;
  /** What was really done. */
  readonly live: Readonly<Record<string, unknown>>;
  /** What the draft would have done. */
  readonly silent: Readonly<Record<string, unknown>>;
}

export interface ShadowOutcome {
  readonly key: string;
  readonly label: LocalisedText;
  /** The draft does something else than what is live. */
  readonly differs: boolean;
}

/** How a kind of policy runs silently. */
export interface ShadowRun<Body = unknown> {
  readonly outcomes: readonly ShadowOutcome[];
  /** What the numbers leave out or take as given, for the person who reads them. */
  readonly terms: LocalisedText;
  /** Runs once in the transaction that begins a run: what the draft shall start from. */
  begin?(trx: Knex.Transaction, shadow: PolicyShadow<Body>, now: Date): Promise<void>;
  /** For what only shows with time: looks at all it concerns, every `everySeconds` and once more at the end. Kinds that decide on changes note cases as they decide. */
  readonly look?: {
    readonly everySeconds: number;
    run(trx: Knex.Transaction, shadow: PolicyShadow<Body>, now: Date): Promise<void>;
  };
}

/** A kind that cannot honestly run silently says why; `instead` names where it is tried out. */
export interface NoShadow {
  readonly reason: LocalisedText;
  /** `preview`, or `mode`: the policy itself has a silent mode. */
  readonly instead: 'preview' | 'mode';
}

export const canRunSilently = <Body>(shadow: ShadowRun<Body> | NoShadow | undefined): shadow is ShadowRun<Body> =>
  shadow !== undefined && 'outcomes' in shadow;

export interface ShadowService {
  /** Drafts of a kind that run silently at `now`, in position order; cached, known on every node. */
  running<Body>(kind: string, now: Date): Promise<readonly PolicyShadow<Body>[]>;
  /** Writes what both decided, in one statement; the same key again replaces it. */
  note(trx: Knex.Transaction, shadowId: number, cases: readonly ShadowCase[]): Promise<void>;
  /**
   * Runs a silent decision inside a live change set: what it throws is logged and undone, and the live change goes on.
   * @returns null where it failed
   */
  beside<Result>(trx: Knex.Transaction, shadow: PolicyShadow, run: () => Promise<Result>): Promise<Result | null>;
  start(policyId: number, days: number, actor: Actor, now: Date): Promise<number>;
  stop(policyId: number, actor: Actor, now: Date): Promise<void>;
}
