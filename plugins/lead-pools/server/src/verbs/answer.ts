import { AppError, badRequest } from '@leadsea/crm-core';
import type { Kit, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, Leads, Outcome } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { ClaimResult, Claims } from '../services/claim';
import type { Requests } from '../services/requests';
import type { LivePool, PoolDirectory } from '../services/pools';

/** What the verbs of leads and pools are made of. */
export interface VerbDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
  readonly claims: Claims;
  readonly requests: Requests;
}

export interface Result extends ClaimResult {
  /** Something worth knowing about what was done all the same. */
  readonly warnings?: readonly { readonly code: string; readonly [detail: string]: unknown }[];
}

/** One id that is refused is an error of the request; of many, each has its own answer. */
export function answer<One extends ClaimResult>(results: readonly One[]): { readonly results: readonly One[] } {
  const [only] = results;
  if (results.length === 1 && only && !only.ok) {
    throw new AppError(only.code ?? 'REFUSED', only.code === 'NOT_FOUND' ? 404 : 409, only.message ?? 'Refused.', only.details);
  }
  return { results };
}

const toResult = (id: number, outcome: Outcome): ClaimResult =>
  outcome.ok ? { id, ok: true } : { id, ok: false, code: outcome.code, message: outcome.message, details: outcome.details };

export const refusal = (id: number, code: string, message: string, details?: Readonly<Record<string, unknown>>): ClaimResult => ({
  id,
  ok: false,
  code,
  message,
  ...(details ? { details } : {}),
});

/** Changes of leads that exist. */
export type Move = Exclude<LeadChange, { op: 'create' }>;

/** Applies the changes and answers for every id asked for: the first outcome of each, or why it was refused beforehand. */
export async function applyEach(
  { leads }: Pick<VerbDeps, 'leads'>,
  context: VerbContext,
  ids: readonly number[],
  input: {
    readonly changes: readonly Move[];
    readonly refused: ReadonlyMap<number, ClaimResult>;
    readonly cause: string;
    readonly trx?: Knex.Transaction;
  },
): Promise<readonly ClaimResult[]> {
  const { changes, refused, cause, trx } = input;
  const { outcomes } =
    changes.length > 0
      ? await leads.apply({
          changes,
          actor: context.actor,
          cause: { type: cause, id: context.requestId },
          now: context.now,
          ...(trx ? { trx } : {}),
        })
      : { outcomes: [] };
  const done = new Map<number, ClaimResult>();
  changes.forEach((change, index) => {
    const known = done.get(change.id);
    if (!known || known.ok) done.set(change.id, toResult(change.id, outcomes[index]!));
  });
  return ids.map((id) => refused.get(id) ?? done.get(id) ?? refusal(id, 'NOT_FOUND', 'Lead was not found.'));
}

/** @throws AppError POOL_UNKNOWN */
export async function poolById(pools: PoolDirectory, id: number): Promise<LivePool> {
  const pool = await pools.byId(id);
  if (!pool) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'pool' });
  return pool;
}
