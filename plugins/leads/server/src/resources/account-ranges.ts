import { badRequest, insertRow } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { z } from 'zod';
import { readRows, sniff } from '../domain/files';
import { companyKey, domainKey } from '../domain/identity';
import { networksOf } from '../domain/identity/ip-range';
import { addRanges, findAccount, rangesChanged } from '../services/account-ranges';

const HEADERS = {
  range: ['range', 'network', 'cidr', 'ip', 'ip range', '网段', 'ip段', 'ip地址段'],
  company: ['company', 'account', 'name', '公司', '客户', '企业', '公司名称', '客户名称'],
  domain: ['domain', 'website', '域名', '网站'],
} as const;
const MOST_CHARACTERS = 2_000_000;
const MOST_PROBLEMS = 100;

type Cells = Readonly<Record<keyof typeof HEADERS, string>>;

/** What the import of a table of ranges answers; lines count from the header, which is line 1. */
export interface RangesImport {
  readonly ranges: number;
  readonly accounts: number;
  readonly problems: readonly { readonly line: number; readonly code: string; readonly message: string }[];
}

/** @throws AppError RANGES_COLUMNS */
async function readTable(text: string): Promise<{ line: number; cells: Cells }[]> {
  const bytes = Buffer.from(text, 'utf8');
  const sniffed = sniff(bytes, 'ranges.csv');
  if (sniffed.kind !== 'csv') throw badRequest('RANGES_COLUMNS', 'Send a table as text, with a header: range, company, domain.');
  const columnOf = (names: readonly string[]): string | undefined =>
    sniffed.headers.find((header) => names.includes(header.trim().toLowerCase()));
  const columns = { range: columnOf(HEADERS.range), company: columnOf(HEADERS.company), domain: columnOf(HEADERS.domain) };
  if (!columns.range || !(columns.company ?? columns.domain))
    throw badRequest('RANGES_COLUMNS', 'The table needs a column "range" and a column "company" or "domain".', {
      headers: sniffed.headers,
    });
  const rows: { line: number; cells: Cells }[] = [];
  for await (const row of readRows(Readable.from([bytes]), sniffed)) {
    const cell = (column: string | undefined): string => (column === undefined ? '' : (row.cells[column] ?? '').trim());
    rows.push({ line: row.line, cells: { range: cell(columns.range), company: cell(columns.company), domain: cell(columns.domain) } });
  }
  return rows;
}

async function createAccount(trx: Knex.Transaction, kit: Kit, { actor, now }: VerbContext, cells: Cells): Promise<number> {
  const name = cells.company || cells.domain;
  const website = cells.domain || null;
  const columns = { name, website, company_key: companyKey(name), domain_key: website === null ? null : domainKey(website), custom: {} };
  const id = await insertRow(trx, 'crm_accounts', { owner_id: actor.memberId, team_id: actor.teamId, version: 1, ...columns }, now);
  const event = { subject: 'account', subjectId: id, type: 'account.created', after: { name, website } };
  await kit.events.append(trx, [event], actor, { type: 'import' }, now);
  return id;
}

async function importTable(kit: Kit, context: VerbContext, text: string, create: boolean): Promise<RangesImport> {
  const rows = await readTable(text);
  const problems: RangesImport['problems'][number][] = [];
  let [ranges, accounts] = [0, 0];
  await kit.db.transaction(async (trx) => {
    for (const { line, cells } of rows) {
      const networks = networksOf(cells.range);
      const refuse = (code: string, message: string): void => void problems.push({ line, code, message });
      if (!networks) {
        refuse('RANGE_INVALID', `"${cells.range}" is no range of addresses.`);
        continue;
      }
      const domain = cells.domain === '' ? null : domainKey(cells.domain);
      const known = await findAccount(trx, { domain, company: cells.company === '' ? null : companyKey(cells.company) });
      if (known === null && (!create || (cells.company === '' && domain === null))) {
        refuse('ACCOUNT_UNKNOWN', `There is no account "${cells.company || cells.domain}".`);
        continue;
      }
      accounts += known === null ? 1 : 0;
      const account = known ?? (await createAccount(trx, kit, context, cells));
      ranges += (await addRanges(trx, account, networks, cells.range, context.now)).length;
    }
    if (ranges > 0) await rangesChanged(kit, trx, true);
  });
  return { ranges, accounts, problems: problems.slice(0, MOST_PROBLEMS) };
}

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;
const one = z.object({ account: z.int().positive(), range: z.string().trim().min(1).max(100) });

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
  create: async ({ now }, values) => {
    const { account, range } = one.parse(values);
    const networks = networksOf(range);
    if (!networks) throw badRequest('RANGE_INVALID', `"${range}" is no range of addresses.`, { field: 'range' });
    return kit.db.transaction(async (trx) => {
      const [id = 0] = await addRanges(trx, account, networks, range, now);
      await rangesChanged(kit, trx, true);
      return id;
    });
  },
  remove: async (_context, id) => {
    await kit.db.transaction(async (trx) => {
      await trx('crm_account_ranges').where({ id }).delete();
      await rangesChanged(kit, trx, false);
    });
  },
  verbs: [
    verb({
      name: 'import',
      target: 'collection',
      input: z.object({ csv: z.string().min(1).max(MOST_CHARACTERS), createAccounts: z.boolean().default(true) }),
      access: 'create',
      summary: 'Adds a table of address ranges with the company or domain of each; accounts that are missing are created.',
      run: (context, _ids, { csv, createAccounts }) => importTable(kit, context, csv, createAccounts),
    }),
  ],
});
