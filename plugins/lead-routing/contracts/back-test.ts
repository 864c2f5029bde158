import type { RouteReason } from './decision';

/**
 * Why a lead goes elsewhere in a replay than it really went. `POLICY`: other rules decide than those of then. `NO_FACTS`: the facts of the
 * decision are not kept (any more), so people and values of today were taken. `FOLLOWS`: an earlier lead went elsewhere, which moves the
 * turn, a cap or a load. `OTHER`: none of these.
 */
export const MOVE_CAUSES = ['POLICY', 'NO_FACTS', 'FOLLOWS', 'OTHER'] as const;
export type MoveCause = (typeof MOVE_CAUSES)[number];

/** The answer of `POST /routing-policies/:id/backtest`. */
export interface BackTest {
  readonly days: number;
  /** Arrivals of those days for this policy, and leads that came to routing again; beyond the limit only the newest are replayed. */
  readonly leads: number;
  /** Of these the leads that came again: somebody had lost them, or they lay in a pool. */
  readonly again: number;
  /** Arrivals an earlier policy decides; they are not replayed. */
  readonly elsewhere: number;
  readonly limited: boolean;
  /** When it was limited: from when on every lead is replayed. */
  readonly since: string | null;
  readonly rules: readonly { readonly key: string; readonly label: { readonly zh: string; readonly en: string }; readonly leads: number }[];
  readonly people: readonly {
    readonly member: number;
    readonly name: string;
    /** First owner in truth, and by the draft. */
    readonly before: number;
    readonly after: number;
    readonly valueBefore: number;
    readonly valueAfter: number;
    /** Median minutes from assignment to his first contact, from the record. */
    readonly responseMinutes: number | null;
  }[];
  readonly pools: number;
  readonly held: number;
  readonly nobody: number;
  /** How many would have gone to somebody else, or to nobody, and the newest of them. */
  readonly moved: number;
  readonly moves: readonly {
    readonly lead: number;
    /** When it came to routing. */
    readonly at: string;
    readonly before: number | null;
    readonly after: number | null;
    readonly reason: RouteReason;
    /** Key of the rule that decided. */
    readonly rule: string | null;
    readonly cause: MoveCause;
  }[];
  /** All who moved, by why. */
  readonly causes: readonly { readonly cause: MoveCause; readonly leads: number }[];
  /** Facts conditions look at of which nobody knows what they were then: for so many leads the value of today was taken. */
  readonly today: readonly { readonly field: string; readonly leads: number }[];
  /** How often each reason kept somebody from a lead. */
  readonly reasons: readonly { readonly code: string; readonly count: number }[];
  readonly jainBefore: number | null;
  readonly jainAfter: number | null;
  /** Expected first response with the people of each side, minutes. */
  readonly responseBefore: number | null;
  readonly responseAfter: number | null;
}

export const BACK_TESTS_RESOURCE = 'routing-back-tests';
/** `stopped` = somebody ended it before its time. */
export const BACK_TEST_STATES = ['queued', 'running', 'done', 'failed', 'stopped'] as const;
export type BackTestState = (typeof BACK_TEST_STATES)[number];

/** One row of `routing-back-tests`: a back-test that runs aside. */
export interface BackTestRun {
  readonly id: number;
  readonly policy: number;
  readonly version: 'draft' | 'live';
  readonly days: number;
  readonly status: BackTestState;
  /** How many of the days have been gone through. */
  readonly done: number;
  readonly result: BackTest | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
