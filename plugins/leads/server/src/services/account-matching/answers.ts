import { AppError, conflict, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceVerb } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { LeadChange, Leads, Outcome } from '../../../../contracts';
import { answer } from '../../resources/leads';
import { accountNames, isOpen, type SuggestionRow } from './suggestions';

const GONE = { code: 'NO_SUGGESTION', message: 'No account is suggested for this lead any more.' } as const;
const UNKNOWN = { code: 'ACCOUNT_UNKNOWN', message: 'This account was not found.' } as const;
const TAKEN = {
  code: 'ACCOUNT_TAKEN',
  message: 'This lead belongs to an account already. Name that account as "instead" to replace it.',
} as const;

type Refusal = Extract<Outcome, { ok: false }>;
const refusal = (id: number, why: { readonly code: string; readonly message: string }, details?: Refusal['details']): Refusal => ({
  ok: false,
  id,
  ...why,
  ...(details ? { details } : {}),
});

/** One lead refused is a conflict of the request; of many, each has its own answer. */
function answerAll(ids: readonly number[], outcomes: readonly Outcome[]): unknown {
  const [only] = outcomes;
  if (ids.length === 1 && only && !only.ok) throw conflict(only.code, only.message, only.details && { ...only.details });
  return answer(ids, outcomes);
}

function assertMay(kit: Kit, actor: Actor): void {
  kit.access.assert(actor, 'accounts', 'read');
  if (!['read', 'write'].includes(kit.access.field(actor, 'leads', 'account')))
    throw new AppError('FIELD_NOT_WRITABLE', 403, 'Your role does not show the account of a lead.', { field: 'account' });
}

interface Asked {
  readonly id: number;
  readonly account: number | null;
  readonly open: SuggestionRow | undefined;
}

/**
 * The leads with what is suggested for them, locked in id order as the door locks them: an answer, another answer and a match of the product
 * wait for each other, and each reads what the one before it has left.
 */
async function lockAsked(trx: Knex.Transaction, ids: readonly number[]): Promise<ReadonlyMap<number, Asked>> {
  const leads = await many<{ id: number; account_id: number | null }>(
    trx,
    'SELECT id, account_id FROM crm_leads WHERE id = ANY(?::int[]) AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE',
    [[...ids]],
  );
  const rows = await many<SuggestionRow & { lead_id: number }>(
    trx,
    `SELECT s.* FROM crm_account_suggestions s WHERE s.lead_id = ANY(?::int[]) AND ${isOpen('s')}`,
    [[...ids]],
  );
  const open = new Map(rows.map((row) => [row.lead_id, row]));
  return new Map(leads.map(({ id, account_id: account }) => [id, { id, account, open: open.get(id) }]));
}

const acceptInput = z.object({
  /** Another account than the one suggested. */
  account: z.int().min(1).optional(),
  /** The account the lead belongs to now and is to leave; without it a lead that has one keeps it. */
  instead: z.int().min(1).optional(),
});
type AcceptInput = z.infer<typeof acceptInput>;

type Joining = Extract<LeadChange, { op: 'patch' }>;

/** What one lead is joined to, or why it is not. `seen`: the accounts this person may see. */
function decide(asked: Asked | undefined, id: number, input: AcceptInput, seen: ReadonlyMap<number, unknown>): Joining | Refusal {
  const account = input.account ?? asked?.open?.account_id;
  if (!asked || account === undefined) return refusal(id, GONE);
  if (asked.account !== null && asked.account !== input.instead)
    return refusal(id, TAKEN, seen.has(asked.account) ? { account: asked.account } : undefined);
  if (!seen.has(account)) return input.account === undefined ? refusal(id, GONE) : refusal(id, UNKNOWN, { account });
  const { open } = asked;
  return {
    op: 'patch',
    id,
    columns: { account_id: account },
    event: 'lead.account_matched',
    data: { accepted: true, ...(open?.account_id === account ? { score: open.points, fields: open.fields } : {}) },
  };
}

function acceptVerb(kit: Kit, leads: Leads): ResourceVerb<AcceptInput> {
  return {
    name: 'accept-account',
    target: 'record',
    input: acceptInput,
    access: 'update',
    summary: 'The lead belongs to the account that is suggested, or to the one named here; `instead` names the account it is to leave.',
    run: async ({ actor, now, requestId }, ids, input) => {
      assertMay(kit, actor);
      const outcomes = await inTransaction(kit.db, async (trx) => {
        const asked = await lockAsked(trx, ids);
        const named = [...asked.values()].flatMap(({ account, open }) => [account, open?.account_id ?? null]);
        const wanted = [input.account ?? null, ...named].filter((id) => id !== null);
        const seen = await accountNames(trx, kit, actor, [...new Set(wanted)]);
        const decided = ids.map((id) => decide(asked.get(id), id, input, seen));
        const changes = decided.filter((one) => 'op' in one);
        const cause = { type: 'accept-account', id: requestId };
        const done = changes.length > 0 ? (await leads.apply({ trx, changes, actor, cause, now })).outcomes : [];
        const byId = new Map(done.map((outcome) => [outcome.id, outcome]));
        return decided.map((one): Outcome => ('op' in one ? (byId.get(one.id) ?? refusal(one.id, GONE)) : one));
      });
      return answerAll(ids, outcomes);
    },
  };
}

const DISMISS = `UPDATE crm_account_suggestions s SET state = 'dismissed', decided_by = ?, decided_at = ?
  WHERE s.lead_id = ANY(?::int[]) AND ${isOpen('s')} RETURNING s.lead_id, s.account_id`;

function dismissVerb(kit: Kit): ResourceVerb<Record<string, never>> {
  return {
    name: 'dismiss-account',
    target: 'record',
    input: z.object({}),
    access: 'update',
    summary: 'The lead does not belong to the account that is suggested; it is not asked again.',
    run: async ({ actor, now, requestId }, ids) => {
      assertMay(kit, actor);
      const dismissed = await inTransaction(kit.db, async (trx) => {
        await lockAsked(trx, ids);
        const rows = await many<{ lead_id: number; account_id: number }>(trx, DISMISS, [actor.memberId, now, [...ids]]);
        const events = rows.map((row) => ({
          subject: 'lead' as const,
          subjectId: row.lead_id,
          type: 'lead.account_dismissed',
          data: { account: row.account_id },
        }));
        if (events.length > 0) await kit.events.append(trx, events, actor, { type: 'dismiss-account', id: requestId }, now);
        return new Set(rows.map((row) => row.lead_id));
      });
      return answerAll(
        ids,
        ids.map((id): Outcome => (dismissed.has(id) ? { ok: true, status: 'updated', id } : refusal(id, GONE))),
      );
    },
  };
}

/** `accept-account` and `dismiss-account` of leads, one or many: the answer to what is suggested. */
export const suggestionVerbs = (kit: Kit, leads: Leads): readonly ResourceVerb[] => [acceptVerb(kit, leads), dismissVerb(kit)];
