import type { Actor, Cause } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ConsentInput } from './consent';
import type { ActivityInput, EngagementInput } from './lead';

/** Values a form, file, API or person may give a lead: camelCase keys of LeadInput, custom fields under `custom`. */
export type LeadValues = Readonly<Record<string, unknown>> & { readonly custom?: Readonly<Record<string, unknown>> };

/** Where a lead is held. Setting an owner clears the pool and the other way round unless both are given. */
export interface Holding {
  readonly ownerId: number | null;
  readonly poolId: number | null;
  /** Whose lead it stays while the owner only keeps it (a leave): no new ownership. Any other change of owner ends it. */
  readonly keptForId?: number | null;
}

/** The conditions under which a change still holds; a mismatch refuses that change only. */
export interface Expectation {
  readonly version?: number;
  readonly ownerId?: number | null;
  readonly poolId?: number | null;
  readonly stage?: string;
}

export type LeadChange =
  | {
      readonly op: 'create';
      readonly ref?: string;
      readonly values: LeadValues;
      readonly external?: { readonly source: string; readonly id: string };
      readonly engagement?: EngagementInput;
      /** What the person allowed or forbade when he came in. */
      readonly consents?: readonly ConsentInput[];
      /** What sales had done with the lead when it was brought (history of an import); kept for a lead that is new. */
      readonly activity?: ActivityInput;
      /** Holding asked for by the entrance (import into a pool, explicit owner): routing respects it. */
      readonly holding?: Partial<Holding>;
      /** On an exact duplicate: fill blanks of the one that is there, overwrite it, leave it, or keep both linked. */
      readonly onDuplicate?: 'merge' | 'overwrite' | 'skip' | 'link';
      readonly raw?: Readonly<Record<string, unknown>>;
      /** ISO-2 country of a phone number that carries none; the installation's when absent. */
      readonly country?: string;
      /** Where the lead already stands (history brought by an import); without a move of the graph. */
      readonly state?: { readonly stage: string; readonly enteredAt?: Date };
    }
  | { readonly op: 'update'; readonly id: number; readonly values: LeadValues; readonly expect?: Expectation }
  | { readonly op: 'consent'; readonly id: number; readonly consents: readonly ConsentInput[] }
  | { readonly op: 'activity'; readonly id: number; readonly activity: ActivityInput }
  | { readonly op: 'engagement'; readonly id: number; readonly engagement: EngagementInput }
  | {
      readonly op: 'hold';
      readonly id: number;
      readonly to: Holding;
      /** Event type: `lead.claimed`, `lead.released`, `lead.assigned`, `lead.transferred`, `lead.recycled`, `lead.rerouted`. */
      readonly event: string;
      readonly expect?: Expectation;
      readonly data?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly op: 'stage';
      readonly id: number;
      readonly to: string;
      readonly reason?: string | null;
      readonly note?: string | null;
      readonly expect?: Expectation;
    }
  /** Raw state columns set by a plugin that owns them (recycle dates, protection …), with its own event. */
  | {
      readonly op: 'patch';
      readonly id: number;
      readonly columns: Readonly<Record<string, unknown>>;
      readonly event?: string;
      readonly data?: Readonly<Record<string, unknown>>;
    }
  /** Runs the reactors again: after a timer, a policy change, a manual re-run. */
  | { readonly op: 'touch'; readonly id: number; readonly ask?: readonly string[] };

export interface ApplyInput {
  readonly changes: readonly LeadChange[];
  readonly actor: Actor;
  /** Who acts on which lead, where several people act together; on the others `actor` does. */
  readonly actors?: ReadonlyMap<number, Actor>;
  readonly cause: Cause;
  readonly now: Date;
  /** Join the caller's transaction instead of opening one. */
  readonly trx?: Knex.Transaction;
  /** Default `now`; imports choose. */
  readonly clocks?: 'none' | 'captured' | 'now';
  /** Awaited when all is decided and before anything is written, with every lock held; what it throws undoes the set. */
  readonly beforeWriting?: () => Promise<void>;
}

export type Outcome =
  | {
      readonly ok: true;
      readonly status: 'created' | 'updated' | 'merged' | 'linked' | 'skipped' | 'unchanged';
      readonly id: number;
      readonly ref?: string;
    }
  | {
      readonly ok: false;
      readonly id: number | null;
      readonly ref?: string;
      readonly code: string;
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };

export interface ApplyResult {
  /** One per change, in order. */
  readonly outcomes: readonly Outcome[];
  readonly eventIds: readonly number[];
}
