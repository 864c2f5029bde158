import { badRequest, forbidden, one } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceDefinition, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { networksOf } from '../domain/identity/ip-range';
import { dropRange, keepRanges } from '../services/account-ranges';
import { importRanges } from '../services/account-ranges-import';

const MOST_CHARACTERS = 2_000_000;

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;
const rangeInput = z.object({ account: z.int().positive(), range: z.string().trim().min(1).max(100) });

/**
 * A network joins everybody's leads to a company, so it takes the right to see and create any account, not only one's own.
 * @throws AppError FORBIDDEN
 */
function assertAllAccounts({ access }: Kit, actor: Actor): void {
  // A row of nobody is reached only by a rule without conditions: the scope "all".
  if (!['read', 'create'].every((verb) => access.canRow(actor, 'accounts', verb, {})))
    throw forbidden('Networks are kept by whoever may see and create all accounts.', { resource: 'account-ranges', verb: 'create' });
}

/** Which networks belong to which account; seen and kept by whoever sees and keeps all accounts. */
export const accountRangesResource = (kit: Kit): ResourceDefinition => ({
  name: 'account-ranges',
  access: 'accounts',
  table: 'crm_account_ranges',
  rows: { owner: null, team: null, pool: null },
  fields: [
    { name: 'id', type: 'id' },
    {
      name: 'account',
      type: 'reference',
      reference: 'accounts',
      column: 'account_id',
      writable: true,
      label: { zh: '客户', en: 'Account' },
    },
    { name: 'range', type: 'text', writable: true, label: { zh: '网段', en: 'Range' } },
    { name: 'network', type: 'text', sql: (alias) => `${alias}.network::text`, label: { zh: '网络', en: 'Network' } },
    { name: 'createdAt', type: 'datetime', label: { zh: '添加时间', en: 'Added' } },
  ],
  defaultSort: ['id', 'DESC'],
  create: async (context, values) => {
    assertAllAccounts(kit, context.actor);
    const { account, range } = rangeInput.parse(values);
    const networks = networksOf(range);
    if (!networks) throw badRequest('RANGE_INVALID', `"${range}" is no range of addresses.`, { field: 'range' });
    return kit.db.transaction(async (trx) => {
      if (!(await one(trx, 'SELECT 1 FROM crm_accounts WHERE id = ?', [account])))
        throw badRequest('ACCOUNT_UNKNOWN', 'This account was not found.', { field: 'account' });
      const ids = await keepRanges(
        kit,
        trx,
        networks.map((network) => ({ account, network, written: range })),
        context,
        'edit',
      );
      return ids[0] ?? 0;
    });
  },
  remove: (context, id) => kit.db.transaction((trx) => dropRange(kit, trx, id, context)),
  verbs: [
    verb({
      name: 'import',
      target: 'collection',
      input: z.object({ csv: z.string().min(1).max(MOST_CHARACTERS), createAccounts: z.boolean().default(true) }),
      access: 'create',
      summary: 'Adds a table of address ranges with the company or domain of each; accounts that are missing are created.',
      run: async (context, _ids, { csv, createAccounts }) => {
        assertAllAccounts(kit, context.actor);
        return importRanges(kit, context, csv, createAccounts);
      },
    }),
  ],
});
