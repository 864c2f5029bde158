import { many } from '@leadsea/crm-core';
import type { Reactor } from '../../../../contracts';
import { leadEvent } from '../apply/changes';

interface AccountKeys {
  id: number;
  domain_key: string | null;
  company_key: string | null;
}

/** Joins a lead to the account with the same web domain, else the same normalised company name when that is unambiguous. */
export const accountReactor: Reactor = {
  stage: 'identify',
  name: 'account',
  run: async (set) => {
    const open = set.entries.filter(
      ({ row, isNew, changed }) =>
        row.account_id === null &&
        (row.domain_key !== null || row.company_key !== null) &&
        (isNew || changed.has('domain_key') || changed.has('company_key')),
    );
    if (open.length === 0) return;
    const domains = [...new Set(open.flatMap(({ row }) => row.domain_key ?? []))];
    const companies = [...new Set(open.flatMap(({ row }) => row.company_key ?? []))];
    const accounts = await many<AccountKeys>(
      set.trx,
      `SELECT id, domain_key, company_key FROM crm_accounts WHERE domain_key = ANY(?::text[])
       UNION SELECT id, domain_key, company_key FROM crm_accounts WHERE company_key = ANY(?::text[])`,
      [domains, companies],
    );
    if (accounts.length === 0) return;
    const byDomain = new Map(accounts.flatMap((account) => (account.domain_key ? [[account.domain_key, account.id] as const] : [])));
    const byCompany = new Map<string, number[]>();
    for (const { id, company_key: key } of accounts) if (key) byCompany.set(key, [...(byCompany.get(key) ?? []), id]);
    for (const { id, row } of open) {
      const named = row.company_key === null ? [] : (byCompany.get(row.company_key) ?? []);
      const domain = row.domain_key === null ? undefined : byDomain.get(row.domain_key);
      const account = domain ?? (named.length === 1 ? named[0] : undefined);
      if (account === undefined) continue;
      set.set(id, { account_id: account });
      set.emit(leadEvent(id, 'lead.account_matched', { after: { account }, data: { by: domain === undefined ? 'company' : 'domain' } }));
    }
  },
};
