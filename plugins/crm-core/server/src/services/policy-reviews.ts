import type { Knex } from 'knex';
import type { Actor, EventService, PendingReview, Review, ReviewHandler, ReviewService } from '../../../contracts';
import { editOf, type PolicyRow } from './policy-rows';
import type { VersionWriter } from './policy-versions';
import { staleReview } from './reviews';
import { updateRow } from './rows';

/** What a second person may have to agree to. */
type PolicyAction = 'publish' | 'retire' | 'move';

/** Asks for a change of a policy instead of making it, where its kind is under four eyes; null where it is not. */
export async function askInstead(
  reviews: ReviewService,
  trx: Knex.Transaction,
  row: PolicyRow,
  action: PolicyAction,
  payload: Readonly<Record<string, unknown>>,
  note: string | null,
  actor: Actor,
  now: Date,
): Promise<PendingReview | null> {
  if (!(await reviews.isNeeded(trx, row.kind, actor))) return null;
  const base = { version: row.published_version_id };
  const subject = { area: row.kind, action: `policy.${action}`, subject: 'policy', subjectId: row.id, title: row.name };
  return { pendingReview: await reviews.ask(trx, { ...subject, payload, base, note }, actor, now) };
}

interface Deps {
  readonly reviews: ReviewService;
  readonly events: EventService;
  readonly versions: VersionWriter;
  getRow(trx: Knex.Transaction, id: number, lock: boolean): Promise<PolicyRow>;
  retireRow(trx: Knex.Transaction, row: PolicyRow, plan: Readonly<Record<string, unknown>>, actor: Actor, now: Date): Promise<void>;
  invalidate(): void;
}

interface AskedVersion {
  readonly body: unknown;
  readonly options?: Record<string, unknown> | null;
  /** An earlier version comes back: it becomes the draft too. */
  readonly draft?: boolean;
}

/** Carries out what was agreed to: the very body that was asked for, not what the draft has become since. */
export function handleAgreed({ reviews, events, versions, getRow, retireRow, invalidate }: Deps): void {
  const locked = async (trx: Knex.Transaction, review: Review): Promise<PolicyRow> => {
    const row = await getRow(trx, review.subjectId, true);
    if (row.published_version_id !== (review.base as { version: number | null }).version) throw staleReview();
    return row;
  };
  const agreed: Readonly<Record<PolicyAction, ReviewHandler>> = {
    publish: async (trx, review, actor, now) => {
      const row = await locked(trx, review);
      const asked: AskedVersion = { body: null, ...review.payload };
      const body = await versions.soundBody(row, asked.body);
      if (asked.draft) await updateRow(trx, 'crm_policies', row.id, { draft: body, draft_changed_at: now }, now);
      const { note, requestedBy } = review;
      await versions.write(trx, row, { body, note, requestedBy, options: asked.options ?? undefined }, actor, now);
      return invalidate;
    },
    retire: async (trx, review, actor, now) => {
      await retireRow(trx, await locked(trx, review), review.payload['plan'] as Record<string, unknown>, actor, now);
      return invalidate;
    },
    move: async (trx, review, actor, now) => {
      const row = await locked(trx, review);
      const { patch, changes } = editOf(row, { position: Number(review.payload['position']) }, now);
      await updateRow(trx, 'crm_policies', row.id, patch, now);
      await events.append(trx, changes, actor, { type: 'review', id: String(review.id) }, now);
      await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [row.kind]);
      return invalidate;
    },
  };
  for (const [action, run] of Object.entries(agreed)) reviews.handle(`policy.${action}`, run);
}
