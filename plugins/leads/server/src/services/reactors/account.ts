import { many } from '@leadsea/crm-core';
import type { Reactor, WorkingSet } from '../../../../contracts';
import { bestMatches, type AccountMatch, type BestMatch } from '../../domain/identity/account-match';
import { accountsNear, indexed, liveMatching, matchLeadOf } from '../account-matching/candidates';
import { keepSuggestions, type Suggested } from '../account-matching/suggestions';
import { leadEvent } from '../apply/changes';

const KEYS = ['domain_key', 'company_key', 'phone_key'] as const;

/** R-61 tie-breakers: an open opportunity, the latest follow-up, an owner who is there, the oldest account, the id. */
const TIES = `SELECT a.id FROM crm_accounts a LEFT JOIN crm_members m ON m.id = a.owner_id WHERE a.id = ANY(?::int[])
  ORDER BY EXISTS (SELECT 1 FROM crm_opportunities o WHERE o.account_id = a.id AND o.closed_at IS NULL) DESC,
    (SELECT max(l.last_follow_up_at) FROM crm_leads l WHERE l.account_id = a.id) DESC NULLS LAST,
    (m.id IS NOT NULL AND coalesce(m.active, true) AND coalesce(m.presence, 'online') = 'online') DESC, a.created_at, a.id`;

/** The place of each tied account in that order; one statement for all leads, none without a tie. */
async function places(set: WorkingSet, found: readonly BestMatch[]): Promise<ReadonlyMap<number, number>> {
  const tied = found.flatMap(({ best }) => (best.length > 1 ? best.map(({ account }) => account) : []));
  if (tied.length === 0) return new Map();
  const rows = await many<{ id: number }>(set.trx, TIES, [[...new Set(tied)]]);
  return new Map(rows.map(({ id }, index) => [id, index]));
}

const firstOf = ({ best }: BestMatch, place: ReadonlyMap<number, number>): AccountMatch | undefined =>
  [...best].sort((a, b) => (place.get(a.account) ?? 0) - (place.get(b.account) ?? 0))[0];

/**
 * Joins a lead to the account that most speaks for: web domain, company name, its sound, phone, city, each with the points of the live
 * policy. Enough of them and it is joined, less and it is suggested; the event keeps what each field contributed. One statement, one more
 * where accounts tie.
 */
export const accountReactor: Reactor = {
  stage: 'identify',
  name: 'account',
  run: async (set) => {
    const open = set.entries.filter(
      ({ row, isNew, changed }) =>
        row.account_id === null && KEYS.some((key) => row[key] !== null) && (isNew || KEYS.some((key) => changed.has(key))),
    );
    if (open.length === 0) return;
    const matching = await liveMatching(set.kit);
    const leads = new Map(open.map((entry) => [entry.id, matchLeadOf(entry.row, matching)]));
    const accounts = await accountsNear(set.trx, [...leads.values()]);
    if (accounts.length === 0) return;
    const near = indexed(accounts);
    const matches = [...leads].flatMap(([id, lead]) => {
      const found = bestMatches(lead, near(lead), matching);
      return found ? [{ id, found }] : [];
    });
    const place = await places(
      set,
      matches.map(({ found }) => found),
    );
    const suggested: Suggested[] = [];
    for (const { id, found } of matches) {
      const match = firstOf(found, place);
      if (!match) continue;
      const data = { by: Object.keys(match.fields)[0] ?? null, score: match.score, fields: match.fields };
      if (found.verdict === 'auto') {
        set.set(id, { account_id: match.account });
        set.emit(leadEvent(id, 'lead.account_matched', { after: { account: match.account }, data }));
      } else {
        set.emit(leadEvent(id, 'lead.account_suggested', { data: { ...data, account: match.account, others: found.best.length - 1 } }));
        suggested.push({ lead: id, match, others: found.best.length - 1 });
      }
    }
    if (suggested.length > 0) set.defer((trx) => keepSuggestions(trx, suggested, set.now));
  },
};
