import { AppError, many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { ACCOUNT_COLUMNS, accountColumns } from '../../../resources/others';
import { companyKey, domainKey } from '../../../domain/identity';
import { soundKey } from '../../../domain/identity/sound';
import { nextIds } from '../../apply/rows';
import { accountOf, knownAccounts, lockAccountNames, type AccountName } from '../../account-ranges-import';
import { isBlank } from '../cells';
import { refusal, type Batch, type Checked, type Importable, type Planned, type RowRefusal } from '../entity';
import type { RowRecord } from '../store';
import { ACCOUNT_TARGETS } from './account-targets';
import { loadPeople, type People } from './people';
import { compileRecords, type RecordDraft } from './record-plan';
import { revertRecords } from './revert-records';
import {
  begin,
  createdBy,
  leavesKnown,
  overwrites,
  reachable,
  recordsOf,
  REPEATED,
  settle,
  touch,
  verdictsOf,
  writeRecords,
  type RecordSpec,
  type Row,
  type Slot,
  type Working,
} from './working';

const { custom: _custom, ...COLUMNS } = ACCOUNT_COLUMNS;
const SPEC: RecordSpec = {
  resource: 'accounts',
  entity: 'account',
  table: 'crm_accounts',
  columns: { ...COLUMNS, team: 'team_id' },
  derived: ['company_key', 'sound_key', 'domain_key', 'version'],
};
/** Match keys follow the values, and whoever has the record open learns that it changed. */
const derive = (row: Row): Row => {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const key = companyKey(text(row['name']));
  return {
    ...row,
    company_key: key,
    sound_key: soundKey(key),
    domain_key: text(row['website']) === '' ? null : domainKey(text(row['website'])),
    version: Number(row['version'] ?? 1) + 1,
  };
};

const nameOf = ({ values }: RecordDraft): AccountName => ({
  domain: typeof values['website'] === 'string' ? domainKey(values['website']) : null,
  company: typeof values['name'] === 'string' ? companyKey(values['name']) : null,
});

interface Desk {
  readonly batch: Batch;
  readonly people: People;
  readonly known: Awaited<ReturnType<typeof knownAccounts>>;
  readonly records: Map<number, Working>;
  readonly ids: Iterator<number>;
  readonly within: ReadonlySet<number>;
  /** Names the file had before, where nothing is written. */
  readonly seen: Set<string> | null;
}

const UNKNOWN = refusal('ACCOUNT_UNKNOWN', 'There is no account with this id that you may change.');

/** Values as columns with their match keys; what cannot be one is refused by the account's own rules. */
function columnsOf(desk: Desk, values: Readonly<Record<string, unknown>>, before: Row | null): Record<string, unknown> | RowRefusal {
  try {
    const { custom: _own, ...columns } = accountColumns([], { ...values }, before && { ...before });
    return columns;
  } catch (error) {
    if (error instanceof AppError) return refusal(error.code, error.message);
    throw error;
  }
}
const isRefusal = (value: Record<string, unknown> | RowRefusal): value is RowRefusal => value['ok' as keyof typeof value] === false;

function ownedBy(
  desk: Desk,
  values: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; team: number | null | undefined } | RowRefusal {
  const { owner: text, id: _id, ...rest } = values;
  const found = desk.people.owner(text);
  if (!found.ok) return found;
  return found.person === null
    ? { values: rest, team: undefined }
    : { values: { ...rest, owner: found.person.id }, team: found.person.team_id };
}

/** A record that is here: the file's values over its own, or into its blanks. */
function change(desk: Desk, working: Working, draft: RecordDraft): Slot {
  const { options } = desk.batch.record;
  if (leavesKnown(options)) return { ok: true, working, status: 'skipped' };
  const owned = ownedBy(desk, draft.values);
  if ('ok' in owned) return owned;
  const overwrite = overwrites(options, 'merge');
  const wanted = Object.fromEntries(
    Object.entries(owned.values).filter(([field]) => overwrite || isBlank(working.after[ACCOUNT_COLUMNS[field] ?? ''])),
  );
  const columns = columnsOf(desk, wanted, working.after);
  if (isRefusal(columns)) return columns;
  const domain = columns['domain_key'];
  const holder = typeof domain === 'string' ? desk.known.domains.get(domain) : undefined;
  if (holder !== undefined && holder !== working.id)
    return refusal('DOMAIN_TAKEN', `The web domain ${String(domain)} belongs to another account.`, String(domain));
  const team = wanted['owner'] === undefined ? {} : { team_id: owned.team };
  const status = touch(working, { ...columns, ...team }, draft.custom, { fields: desk.batch.fields, overwrite });
  if (typeof status !== 'string') return status;
  if (typeof domain === 'string') desk.known.domains.set(domain, working.id);
  if (status === 'updated' && working.before !== null && working.after['version'] === working.before['version'])
    working.after = { ...working.after, version: Number(working.before['version'] ?? 1) + 1 };
  return { ok: true, working, status };
}

function create(desk: Desk, draft: RecordDraft, name: AccountName): Slot {
  const { actor, guarded, fields, record } = desk.batch;
  if (record.options.mode === 'update') return { ok: true, working: null, code: 'NOT_KNOWN' };
  const owned = ownedBy(desk, draft.values);
  if ('ok' in owned) return owned;
  const columns = columnsOf(desk, owned.values, null);
  if (isRefusal(columns)) return columns;
  const next = desk.ids.next();
  if (next.done) throw new Error('Fewer ids than accounts.');
  // Whoever may import only what is his brings in what is his.
  const mine = owned.values['owner'] === undefined && guarded ? { owner_id: actor.memberId, team_id: actor.teamId } : {};
  const row: Row = { id: next.value, version: 1, team_id: owned.team ?? null, ...columns, ...mine };
  const working = begin(row, null, draft.custom, fields);
  if ('ok' in working) return working;
  if (name.domain !== null) desk.known.domains.set(name.domain, working.id);
  if (name.company !== null) desk.known.companies.set(name.company, working.id);
  desk.records.set(working.id, working);
  return { ok: true, working, status: 'created' };
}

const labelsOf = (domain: unknown, company: unknown): string[] => [
  ...(typeof domain === 'string' ? [`domain ${domain}`] : []),
  ...(typeof company === 'string' ? [`company ${company}`] : []),
];

function place(desk: Desk, draft: RecordDraft): Slot {
  const name = nameOf(draft);
  const repeated = desk.seen !== null && labelsOf(name.domain, name.company).some((label) => desk.seen!.has(label));
  const { id } = draft.values;
  const at = typeof id === 'number' ? id : accountOf(desk.known, name);
  if (at === undefined && repeated) return { ok: true, working: null, code: REPEATED };
  if (at === undefined) return create(desk, draft, name);
  const working = desk.records.get(at);
  return !working || (working.before !== null && !desk.within.has(at)) ? UNKNOWN : change(desk, working, draft);
}

async function plan(
  batch: Batch,
  db: Knex | Knex.Transaction,
  given: readonly Planned<RecordDraft>[],
  seen: Set<string> | null,
): Promise<readonly Slot[]> {
  const drafts = given.map(({ change: draft }) => draft);
  const people = await loadPeople(batch, db);
  const known = await knownAccounts(db, drafts.map(nameOf));
  const wanted = [
    ...new Set(
      drafts.flatMap((draft) => (typeof draft.values['id'] === 'number' ? [draft.values['id']] : (accountOf(known, nameOf(draft)) ?? []))),
    ),
  ];
  const rows = await many<Row>(db, `SELECT * FROM crm_accounts WHERE id = ANY(?::int[]) ORDER BY id${seen ? '' : ' FOR UPDATE'}`, [wanted]);
  const within = await reachable(
    batch,
    db,
    SPEC,
    rows.map(({ id }) => id),
  );
  const fresh = seen ? drafts.map((_, index) => -1 - index) : await nextIds(db as Knex.Transaction, 'crm_accounts', drafts.length);
  const records = new Map(
    rows.map((row): [number, Working] => [row.id, { id: row.id, before: row, after: row, given: new Set(), lead: null }]),
  );
  const desk: Desk = { batch, people, known, records, ids: fresh[Symbol.iterator](), within, seen };
  const slots = await settle(
    batch,
    db,
    SPEC,
    drafts.map((draft) => place(desk, draft)),
  );
  if (seen)
    for (const { after } of createdBy(slots)) for (const label of labelsOf(after['domain_key'], after['company_key'])) seen.add(label);
  return slots;
}

async function write(
  batch: Batch,
  trx: Knex.Transaction,
  given: readonly Planned<RecordDraft>[],
  enter: () => Promise<void>,
): Promise<RowRecord[]> {
  await lockAccountNames(trx);
  const slots = await plan(batch, trx, given, null);
  await enter();
  await writeRecords(batch, trx, SPEC, slots);
  return recordsOf(given, slots);
}

const check = async (batch: Batch, given: readonly Planned<RecordDraft>[], seen: Set<string>): Promise<readonly Checked[]> =>
  verdictsOf(await plan(batch, batch.kit.db, given, seen));

/** Accounts something hangs on by now. */
const busy = async (trx: Knex.Transaction, ids: readonly number[]): Promise<readonly number[]> =>
  (
    await many<{ id: number }>(
      trx,
      `SELECT DISTINCT account_id AS id FROM (
         SELECT account_id FROM crm_leads WHERE account_id = ANY(?::int[]) UNION ALL SELECT account_id FROM crm_opportunities WHERE account_id = ANY(?::int[])
         UNION ALL SELECT account_id FROM crm_account_ranges WHERE account_id = ANY(?::int[])) u`,
      [[...ids], [...ids], [...ids]],
    )
  ).map(({ id }) => id);

/** Accounts that would get a web domain back which another one has by now keep what they have. */
async function stuck(
  trx: Knex.Transaction,
  wanted: ReadonlyMap<number, Readonly<Record<string, unknown>>>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const asked = [...wanted].flatMap(([id, { website }]) => {
    const domain = typeof website === 'string' ? domainKey(website) : null;
    return domain === null ? [] : [{ id, domain }];
  });
  if (asked.length === 0) return new Map();
  const rows = await many<{ id: number }>(
    trx,
    'SELECT w.id FROM unnest(?::int[], ?::text[]) AS w(id, domain) JOIN crm_accounts a ON a.domain_key = w.domain AND a.id <> w.id',
    [asked.map(({ id }) => id), asked.map(({ domain }) => domain)],
  );
  return new Map(rows.map(({ id }) => [id, ['website']]));
}

/** Files of accounts: matched by id, web domain or name without its legal form. */
export const accountsImport: Importable<RecordDraft> = {
  kind: 'accounts',
  resource: 'accounts',
  entity: 'account',
  targets: ACCOUNT_TARGETS,
  levels: ['write', 'masked'],
  lacks: (mapping) =>
    mapping.some(({ target: to }) => to === 'id' || to === 'name' || to === 'website')
      ? []
      : [{ code: 'NAME_COLUMN', message: 'A column has to tell the account: its name, its web domain or its id.' }],
  compile: compileRecords(ACCOUNT_TARGETS),
  mayOverlap: () => false,
  write,
  check,
  revert: (step) => revertRecords(step, { spec: SPEC, busy, derive, stuck }),
};
