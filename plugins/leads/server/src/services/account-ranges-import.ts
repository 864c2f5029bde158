import { badRequest, documentId, many } from '@leadsea/crm-core';
import type { Kit, VerbContext } from '@leadsea/crm-core';
import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { readRows, sniff } from '../domain/files';
import { companyKey, domainKey } from '../domain/identity';
import { networksOf } from '../domain/identity/ip-range';
import { soundKey } from '../domain/identity/sound';
import { keepRanges, type RangeInput } from './account-ranges';
import { nextIds, stamps } from './apply/rows';

const HEADERS = {
  range: ['range', 'network', 'cidr', 'ip', 'ip range', '网段', 'ip段', 'ip地址段'],
  company: ['company', 'account', 'name', '公司', '客户', '企业', '公司名称', '客户名称'],
  domain: ['domain', 'website', '域名', '网站'],
} as const;
const MOST_PROBLEMS = 100;

type Cells = Readonly<Record<keyof typeof HEADERS, string>>;

/** What the import of a table of ranges answers; lines count from the header, which is line 1. */
export interface RangesImport {
  /** Networks that belong to an account by this table. */
  readonly ranges: number;
  readonly accounts: number;
  readonly problems: readonly { readonly line: number; readonly code: string; readonly message: string }[];
  /** How many rows were left out; `problems` tells the first hundred. */
  readonly problemCount: number;
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

/** A row that can be carried out: its networks, and what names its account. */
interface Named {
  readonly line: number;
  readonly cells: Cells;
  readonly networks: readonly string[];
  readonly domain: string | null;
  readonly company: string | null;
}

/** What names an account. */
export type AccountName = Pick<Named, 'domain' | 'company'>;

/** Which account a domain or a company's key names; the oldest where several do. */
export interface Known {
  readonly domains: Map<string, number>;
  readonly companies: Map<string, number>;
}

/** Whoever makes accounts by their names goes one after the other, so that a company both name is made once. */
export const lockAccountNames = async (trx: Knex.Transaction): Promise<void> => {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('crm_account_ranges', 0))`);
};

const KNOWN = `
  (SELECT DISTINCT ON (domain_key) 'domain' AS by, domain_key AS key, id FROM crm_accounts WHERE domain_key = ANY(?::text[]) ORDER BY domain_key, created_at, id)
  UNION ALL
  (SELECT DISTINCT ON (company_key) 'company', company_key, id FROM crm_accounts WHERE company_key = ANY(?::text[]) ORDER BY company_key, created_at, id)`;

/** The accounts that these domains and company keys name; one statement. */
export async function knownAccounts(trx: Knex | Knex.Transaction, rows: readonly AccountName[]): Promise<Known> {
  const keys = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];
  const found = await many<{ by: 'domain' | 'company'; key: string; id: number }>(trx, KNOWN, [
    keys(rows.map(({ domain }) => domain)),
    keys(rows.map(({ company }) => company)),
  ]);
  const of = (by: 'domain' | 'company'): Map<string, number> =>
    new Map(found.filter((row) => row.by === by).map(({ key, id }) => [key, id]));
  return { domains: of('domain'), companies: of('company') };
}

/** The account of a row: by its web domain, else by its name. */
export const accountOf = ({ domains, companies }: Known, { domain, company }: AccountName): number | undefined =>
  (domain === null ? undefined : domains.get(domain)) ?? (company === null ? undefined : companies.get(company));

const INSERT = `
  INSERT INTO crm_accounts (id, document_id, name, website, company_key, domain_key, sound_key, custom, owner_id, team_id, version, created_at, updated_at, published_at)
  SELECT id, document_id, name, website, company_key, domain_key, sound_key, '{}', ?, ?, 1, ?::timestamp, ?::timestamp, ?::timestamp
  FROM jsonb_to_recordset(?::jsonb) AS n(id int, document_id text, name text, website text, company_key text, domain_key text, sound_key text)`;

/** Makes the accounts that are missing, once for all rows that name one, and adds them to what is known. Returns how many. */
async function createMissing(
  trx: Knex.Transaction,
  kit: Kit,
  { actor, now }: VerbContext,
  rows: readonly Named[],
  known: Known,
): Promise<number> {
  const missing = rows.filter((row) => accountOf(known, row) === undefined);
  const ids = (await nextIds(trx, 'crm_accounts', missing.length))[Symbol.iterator]();
  const made: Record<string, unknown>[] = [];
  for (const row of missing) {
    if (accountOf(known, row) !== undefined) continue;
    const { value: id } = ids.next();
    if (id === undefined) throw new Error('Fewer ids than accounts.');
    const { cells, domain } = row;
    const name = cells.company || cells.domain;
    const key = companyKey(name);
    made.push({
      id,
      document_id: documentId(),
      name,
      website: cells.domain || null,
      company_key: key,
      domain_key: domain,
      sound_key: soundKey(key),
    });
    if (domain !== null) known.domains.set(domain, id);
    if (key !== null) known.companies.set(key, id);
  }
  if (made.length === 0) return 0;
  const stamp = stamps(now)['created_at'] ?? '';
  await trx.raw(INSERT, [actor.memberId, actor.teamId, stamp, stamp, stamp, JSON.stringify(made)]);
  const events = made.map(({ id, name, website }) => ({
    subject: 'account' as const,
    subjectId: Number(id),
    type: 'account.created',
    after: { name, website },
  }));
  await kit.events.append(trx, events, actor, { type: 'import' }, now);
  return made.length;
}

/**
 * Puts a table of networks into force: a constant number of statements, whatever its length. Two tables at once go one after the other, so that
 * a company both name is made once.
 * @throws AppError RANGES_COLUMNS
 */
export async function importRanges(kit: Kit, context: VerbContext, text: string, create: boolean): Promise<RangesImport> {
  const problems: RangesImport['problems'][number][] = [];
  const named = (await readTable(text)).flatMap(({ line, cells }): Named[] => {
    const networks = networksOf(cells.range);
    if (!networks) {
      problems.push({ line, code: 'RANGE_INVALID', message: `"${cells.range}" is no range of addresses.` });
      return [];
    }
    const domain = cells.domain === '' ? null : domainKey(cells.domain);
    return [{ line, cells, networks, domain, company: cells.company === '' ? null : companyKey(cells.company) }];
  });
  const done = await kit.db.transaction(async (trx) => {
    await lockAccountNames(trx);
    const known = await knownAccounts(trx, named);
    const nameable = named.filter(({ cells, domain }) => cells.company !== '' || domain !== null);
    const accounts = create ? await createMissing(trx, kit, context, nameable, known) : 0;
    const ranges: RangeInput[] = [];
    for (const row of named) {
      const account = accountOf(known, row);
      if (account === undefined)
        problems.push({
          line: row.line,
          code: 'ACCOUNT_UNKNOWN',
          message: `There is no account "${row.cells.company || row.cells.domain}".`,
        });
      else ranges.push(...row.networks.map((network) => ({ account, network, written: row.cells.range })));
    }
    const put = await keepRanges(kit, trx, ranges, context, 'import');
    return { ranges: put.length, accounts };
  });
  const told = problems.sort((a, b) => a.line - b.line).slice(0, MOST_PROBLEMS);
  return { ...done, problems: told, problemCount: problems.length };
}
