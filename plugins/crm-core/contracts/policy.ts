import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Actor } from './actor';
import type { LocalisedText } from './condition';
import type { LintFinding } from './lint';
import type { PendingReview } from './review';
import type { NoShadow, ShadowRun } from './shadow';

export interface PolicyKind<Body = unknown> {
  /** `pool`, `grading-model`, `routing-policy`, `sla-contract`, `calendar`, `lifecycle`. */
  readonly kind: string;
  /** Console resource, e.g. `grading-models`. */
  readonly resource: string;
  readonly label: LocalisedText;
  readonly schema: z.ZodType<Body>;
  /** Semantic checks beyond the schema. `error` blocks publishing, `warning` does not. */
  lint?(body: Body, context: { readonly key: string }): Promise<LintFinding[]> | LintFinding[];
  /** Who is affected if this draft were published now. */
  preview?(body: Body, policy: { id: number; key: string }, actor: Actor): Promise<Record<string, unknown>>;
  /** Runs in the publishing transaction, after the version is written. */
  onPublish?(
    trx: Knex.Transaction,
    version: PolicyVersion<Body>,
    actor: Actor,
    now: Date,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** How a draft of this kind runs silently for some days beside what is live, or why it cannot. */
  readonly shadow?: ShadowRun<Body> | NoShadow;
  /** What the publisher may choose beside the note (`publish { note, options }`), handed to `onPublish`. */
  readonly publishOptions?: z.ZodType;
  /** Runs in the retiring transaction, before it is retired; throws when something still hangs on it. `plan` is what the caller said of that. */
  onRetire?(
    trx: Knex.Transaction,
    policy: { readonly id: number; readonly key: string; readonly plan: Readonly<Record<string, unknown>> },
    actor: Actor,
    now: Date,
  ): Promise<void>;
}
export interface PolicyVersion<Body = unknown> {
  readonly policyId: number;
  readonly versionId: number;
  readonly number: number;
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly body: Body;
  readonly publishedAt: Date;
}
export interface PolicyService {
  define<Body>(kind: PolicyKind<Body>): void;
  /** Live versions of a kind in position order; cached, invalidated on every node when something is published. */
  live<Body>(kind: string): Promise<readonly PolicyVersion<Body>[]>;
  liveByKey<Body>(kind: string, key: string): Promise<PolicyVersion<Body> | null>;
  liveById<Body>(policyId: number): Promise<PolicyVersion<Body> | null>;
  /** Any version ever published, for replay and explanations. */
  version<Body>(versionId: number): Promise<PolicyVersion<Body>>;
  /** Takes a policy out of use (null), or asks a second person to, where its kind is under four eyes; its versions stay. @throws AppError what `onRetire` of the kind says */
  retire(id: number, actor: Actor, now: Date, plan?: Readonly<Record<string, unknown>>): Promise<PendingReview | null>;
  /** Create or update a draft and (optionally) publish: used by the seed and by configuration import. */
  upsert(
    input: { kind: string; key: string; name: string; body: unknown; position?: number; publish?: boolean },
    actor: Actor,
    now: Date,
  ): Promise<{ policyId: number; versionId: number | null }>;
}
