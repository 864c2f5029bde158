import { many, one } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceDefinition } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { MatchField, MatchGround } from '../../../../contracts';
import type { AccountMatch } from '../../domain/identity/account-match';
import { liveMatching } from './candidates';

export interface Suggested {
  readonly lead: number;
  readonly match: AccountMatch;
  /** Other accounts with the same score. */
  readonly others: number;
}

const KEEP = `
  INSERT INTO crm_account_suggestions AS s (lead_id, account_id, points, fields, others, state, at)
  SELECT n.lead, n.account, n.points, n.fields, n.others, 'open', ? FROM jsonb_to_recordset(?::jsonb) AS n(lead int, account int, points int, fields jsonb, others int)
  ON CONFLICT (lead_id) DO UPDATE SET account_id = excluded.account_id, points = excluded.points, fields = excluded.fields, others = excluded.others,
    state = 'open', at = excluded.at, decided_by = NULL, decided_at = NULL
  WHERE NOT (s.state = 'dismissed' AND s.account_id = excluded.account_id)`;

/** Keeps what is suggested; what somebody has turned down is not asked again. */
export async function keepSuggestions(trx: Knex.Transaction, suggested: readonly Suggested[], now: Date): Promise<void> {
  if (suggested.length === 0) return;
  const rows = suggested.map(({ lead, match, others }) => ({
    lead,
    account: match.account,
    points: match.score,
    fields: match.fields,
    others,
  }));
  await trx.raw(KEEP, [now, JSON.stringify(rows)]);
}

const grounds = (fields: Readonly<Partial<Record<MatchField, number>>>): readonly MatchGround[] =>
  (Object.entries(fields) as [MatchField, number][]).map(([field, points]) => ({ field, points })).sort((a, b) => b.points - a.points);

/** Whether the question in a row of `crm_account_suggestions` is still open: not turned down, and the lead without an account. */
export const isOpen = (alias: string): string =>
  `${alias}.state = 'open' AND EXISTS (SELECT 1 FROM crm_leads o WHERE o.id = ${alias}.lead_id AND o.account_id IS NULL AND o.merged_into IS NULL)`;

/** The queue of open questions, seen by whoever sees the lead: `GET /account-suggestions`. */
export const suggestionsResource = (): ResourceDefinition => ({
  name: 'account-suggestions',
  access: 'leads',
  table: 'crm_account_suggestions',
  rows: { via: { column: 'lead_id', resource: 'leads' } },
  base: (alias) => ({ sql: isOpen(alias), bindings: [] }),
  fields: [
    { name: 'id', type: 'id' },
    { name: 'lead', type: 'reference', reference: 'leads', column: 'lead_id', label: { zh: '线索', en: 'Lead' } },
    { name: 'account', type: 'reference', reference: 'accounts', column: 'account_id', label: { zh: '客户', en: 'Account' } },
    { name: 'points', type: 'number', label: { zh: '得分', en: 'Points' } },
    { name: 'fields', type: 'json', label: { zh: '依据', en: 'Grounds' } },
    { name: 'others', type: 'number', label: { zh: '同分客户', en: 'As many points' } },
    { name: 'at', type: 'datetime', label: { zh: '时间', en: 'When' } },
  ],
  defaultSort: ['points', 'DESC'],
});

export interface SuggestionRow {
  account_id: number;
  points: number;
  fields: Readonly<Partial<Record<MatchField, number>>>;
  others: number;
  at: Date;
}

/** `GET /leads/:id/explain/account`: what speaks for the account the lead was joined to, and for the one it may belong to. */
export const explainAccount =
  (kit: Kit) =>
  async (leadId: number, { actor }: { actor: Actor; now: Date }): Promise<unknown> => {
    if (!kit.access.can(actor, 'accounts', 'read')) return { matched: null, suggested: null };
    const row = await one<SuggestionRow>(kit.db, `SELECT s.* FROM crm_account_suggestions s WHERE s.lead_id = ? AND ${isOpen('s')}`, [
      leadId,
    ]);
    const matched = await one<{
      account: number;
      data: { score?: number; fields?: SuggestionRow['fields']; accepted?: boolean };
      at: Date;
    }>(
      kit.db,
      `SELECT (e.after->>'account')::int AS account, e.data, e.at FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id AND l.account_id = (e.after->>'account')::int
       WHERE e.subject = 'lead' AND e.subject_id = ? AND e.type = 'lead.account_matched' ORDER BY e.id DESC LIMIT 1`,
      [leadId],
    );
    const names = await accountNames(
      kit.db,
      kit,
      actor,
      [row?.account_id, matched?.account].filter((id) => id !== undefined),
    );
    const { auto, suggest } = await liveMatching(kit);
    return {
      thresholds: { auto, suggest },
      suggested:
        row && names.has(row.account_id)
          ? { account: names.get(row.account_id), score: row.points, grounds: grounds(row.fields), others: row.others, at: row.at }
          : null,
      matched:
        matched && names.has(matched.account)
          ? {
              account: names.get(matched.account),
              score: matched.data.score ?? null,
              grounds: grounds(matched.data.fields ?? {}),
              byHand: matched.data.accepted ?? false,
              at: matched.at,
            }
          : null,
    };
  };

/** Names of those of these accounts the reader may see. */
export async function accountNames(
  db: Knex | Knex.Transaction,
  kit: Kit,
  actor: Actor,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { id: number; name: string }>> {
  if (ids.length === 0) return new Map();
  const scope = kit.access.scope(actor, 'accounts', 'read', 'a');
  const rows = await many<{ id: number; name: string }>(
    db,
    `SELECT a.id, a.name FROM crm_accounts a WHERE a.id = ANY(?::int[]) AND ${scope.sql}`,
    [[...ids], ...scope.bindings],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
