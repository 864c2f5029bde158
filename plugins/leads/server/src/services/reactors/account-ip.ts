import type { Kit } from '@leadsea/crm-core';
import type { Reactor } from '../../../../contracts';
import { ipKey } from '../../domain/identity/ip-range';
import { leadEvent } from '../apply/changes';
import { ASK, accountsByIp, mayHaveRanges } from '../account-ranges';

/**
 * Joins a lead that nothing it says of itself has joined to the account whose network it came from. After the matching by domain, name and
 * phone, which say more. One statement, none while the table of ranges is empty.
 */
export const accountIpReactor = (kit: Kit): Reactor => ({
  stage: 'identify',
  name: 'account-ip',
  run: async (set) => {
    if (!mayHaveRanges(kit)) return;
    const open = set.entries.flatMap(({ id, row, isNew, changed, asks }) => {
      const key = row.account_id === null && (isNew || changed.has('ip') || asks.has(ASK)) ? ipKey(row.ip) : null;
      return key === null ? [] : [{ id, key }];
    });
    if (open.length === 0) return;
    const found = await accountsByIp(
      set.trx,
      open.map(({ key }) => key),
    );
    for (const { id, key } of open) {
      const match = found.get(key);
      if (!match) continue;
      set.set(id, { account_id: match.account });
      set.emit(leadEvent(id, 'lead.account_matched', { after: { account: match.account }, data: { by: 'ip', network: match.network } }));
    }
  },
});
