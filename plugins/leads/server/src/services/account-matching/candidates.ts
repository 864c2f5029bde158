import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { DEFAULT_MATCHING, type AccountMatching, type LeadRow } from '../../../../contracts';
import { companyVariants, phoneTail, type MatchAccount, type MatchLead } from '../../domain/identity/account-match';
import { soundKey } from '../../domain/identity/sound';

/** The points and thresholds in force: the first live policy, else those the product comes with. */
export const liveMatching = async (kit: Kit): Promise<AccountMatching> =>
  (await kit.policies.live<AccountMatching>('account-matching'))[0]?.body ?? DEFAULT_MATCHING;

type MatchRow = Pick<LeadRow, 'domain_key' | 'company_key' | 'phone_key' | 'city' | 'province'>;

/** Names of companies repeat in files and campaigns; a name is heard once. */
const heard = new Map<string, string | null>();
const HEARD_MOST = 20_000;
function soundOf(key: string | null): string | null {
  if (key === null) return null;
  const known = heard.get(key);
  if (known !== undefined) return known;
  if (heard.size >= HEARD_MOST) heard.clear();
  const sound = soundKey(key);
  heard.set(key, sound);
  return sound;
}

/** What of a lead is compared; the sound of its company only where a policy counts it. */
export const matchLeadOf = (row: MatchRow, { points }: AccountMatching): MatchLead => ({
  domain: row.domain_key,
  company: row.company_key,
  sound: points.sound > 0 ? soundOf(row.company_key) : null,
  phone: row.phone_key,
  city: row.city,
  province: row.province,
});

const COLUMNS = 'id, domain_key AS domain, company_key AS company, sound_key AS sound, phone, city';
/** Accounts that share a key with one of these leads; each arm has its index. */
const CANDIDATES = `SELECT ${COLUMNS} FROM crm_accounts WHERE domain_key = ANY(?::text[])
  UNION SELECT ${COLUMNS} FROM crm_accounts WHERE company_key = ANY(?::text[])
  UNION SELECT ${COLUMNS} FROM crm_accounts WHERE sound_key = ANY(?::text[])
  UNION SELECT ${COLUMNS} FROM crm_accounts
    WHERE phone IS NOT NULL AND right(regexp_replace(phone, '[^0-9]', '', 'g'), 8) = ANY(?::text[])`;

const some = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];

/** Every account that may be that of one of these leads, in one statement. */
export const accountsNear = (db: Knex | Knex.Transaction, leads: readonly MatchLead[]): Promise<readonly MatchAccount[]> =>
  many(db, CANDIDATES, [
    some(leads.map(({ domain }) => domain)),
    some(leads.flatMap(companyVariants)),
    some(leads.map(({ sound }) => sound)),
    some(leads.map(({ phone }) => phoneTail(phone))),
  ]);

/** Candidates of one lead out of those of all, found by key instead of by trying each. */
export function indexed(accounts: readonly MatchAccount[]): (lead: MatchLead) => readonly MatchAccount[] {
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
  const [domains, companies, sounds] = [by(({ domain }) => domain), by(({ company }) => company), by(({ sound }) => sound)];
  const phones = by(({ phone }) => phoneTail(phone));
  return (lead) => [
    ...new Set([
      ...(lead.domain === null ? [] : (domains.get(lead.domain) ?? [])),
      ...companyVariants(lead).flatMap((name) => companies.get(name) ?? []),
      ...(lead.sound === null ? [] : (sounds.get(lead.sound) ?? [])),
      ...(phones.get(phoneTail(lead.phone) ?? '') ?? []),
    ]),
  ];
}
