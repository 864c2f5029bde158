import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Entry, Reactor, WorkingSet } from '../../../../contracts';
import {
  bestMatches,
  companyVariants,
  phoneTail,
  type AccountMatch,
  type BestMatch,
  type MatchAccount,
  type MatchLead,
} from '../../domain/identity/account-match';
import { leadEvent } from '../apply/changes';

const KEYS = ['domain_key', 'company_key', 'phone_key'] as const;

const leadOf = ({ row }: Entry): MatchLead => ({
  domain: row.domain_key,
  company: row.company_key,
  phone: row.phone_key,
  city: row.city,
  province: row.province,
});

/** Accounts that share a key with one of these leads; each arm has its index. */
const CANDIDATES = `SELECT id, domain_key AS domain, company_key AS company, phone, city FROM crm_accounts WHERE domain_key = ANY(?::text[])
  UNION SELECT id, domain_key, company_key, phone, city FROM crm_accounts WHERE company_key = ANY(?::text[])
  UNION SELECT id, domain_key, company_key, phone, city FROM crm_accounts
    WHERE phone IS NOT NULL AND right(regexp_replace(phone, '[^0-9]', '', 'g'), 8) = ANY(?::text[])`;

async function candidates(trx: Knex.Transaction, leads: readonly MatchLead[]): Promise<readonly MatchAccount[]> {
  const some = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];
  const companies = some(leads.flatMap(companyVariants));
  return many(trx, CANDIDATES, [some(leads.map(({ domain }) => domain)), companies, some(leads.map(({ phone }) => phoneTail(phone)))]);
}

/** Candidates of one lead out of those of all, found by key instead of by trying each. */
function indexed(accounts: readonly MatchAccount[]): (lead: MatchLead) => readonly MatchAccount[] {
  const by = (key: (account: MatchAccount) => string | null): Map<string, MatchAccount[]> => {
    const map = new Map<string, MatchAccount[]>();
    for (const account of accounts) {
      const value = key(account);
      if (value === null) continue;
      const known = map.get(value);
      if (known) known.push(account);
      else map.set(value, [account]);
    }
    return map;
  };
  const [domains, companies, phones] = [by(({ domain }) => domain), by(({ company }) => company), by(({ phone }) => phoneTail(phone))];
  return (lead) => [
    ...new Set([
      ...(lead.domain === null ? [] : (domains.get(lead.domain) ?? [])),
      ...companyVariants(lead).flatMap((name) => companies.get(name) ?? []),
      ...(phones.get(phoneTail(lead.phone) ?? '') ?? []),
    ]),
  ];
}

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
 * Joins a lead to the account that most speaks for: web domain, company name, phone, city, each with its points. Enough of them and it is
 * joined, less and it is suggested; the event keeps what each field contributed. One statement, one more where accounts tie.
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
    const leads = new Map(open.map((entry) => [entry.id, leadOf(entry)]));
    const accounts = await candidates(set.trx, [...leads.values()]);
    if (accounts.length === 0) return;
    const near = indexed(accounts);
    const matches = [...leads].flatMap(([id, lead]) => {
      const found = bestMatches(lead, near(lead));
      return found ? [{ id, found }] : [];
    });
    const place = await places(
      set,
      matches.map(({ found }) => found),
    );
    for (const { id, found } of matches) {
      const match = firstOf(found, place);
      if (!match) continue;
      const data = { by: Object.keys(match.fields)[0] ?? null, score: match.score, fields: match.fields };
      if (found.verdict === 'auto') {
        set.set(id, { account_id: match.account });
        set.emit(leadEvent(id, 'lead.account_matched', { after: { account: match.account }, data }));
      } else {
        set.emit(leadEvent(id, 'lead.account_suggested', { data: { ...data, account: match.account, others: found.best.length - 1 } }));
      }
    }
  },
};
