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
import { loadPeople, type People } from './people';
import { compileRecords, idTarget, type RecordDraft, type RecordTarget, type RecordTargets } from './record-plan';
import { revertRecords } from './revert-records';
import {
  begin,
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

const target = (
  type: RecordTarget['type'],
  zh: string,
  en: string,
  words: readonly string[],
  more: Partial<RecordTarget> = {},
): RecordTarget => ({
  type,
  label: { zh, en },
  group: 'record',
  words,
  maxLength: 255,
  ...more,
});
const natural = (value: unknown): ReturnType<NonNullable<RecordTarget['parse']>> =>
  typeof value === 'number' && value >= 0 && value <= 2_147_483_647
    ? { ok: true, value }
    : refusal('NUMBER_INVALID', `"${String(value)}" is no number of people.`);
const money = (value: unknown): ReturnType<NonNullable<RecordTarget['parse']>> =>
  typeof value === 'number' && Math.abs(value) < 1e15
    ? { ok: true, value: value.toFixed(2) }
    : refusal('NUMBER_TOO_LARGE', 'The amount is too large.');

const TARGETS: RecordTargets = {
  id: idTarget(['account id', '客户id']),
  name: target('text', '客户名称', 'Name', [
    ...['account', 'account name', 'company', 'company name', 'organization', 'organisation', 'business name', 'customer'],
    ...['客户', '公司', '公司名称', '企业', '企业名称', '单位名称', '客户全称', '公司全称'],
  ]),
  website: target(
    'text',
    '网站',
    'Website',
    ['web site', 'url', 'homepage', 'domain', 'company domain name', 'company domain', '网址', '官网', '域名', '公司网址'],
    {
      parse: (value) =>
        /^\S+\.\S+$/.test(String(value)) ? { ok: true, value } : refusal('URL_INVALID', `"${String(value)}" is not a web address.`),
    },
  ),
  industry: target('text', '行业', 'Industry', ['sector', 'vertical', '所属行业', '客户行业']),
  employees: target(
    'integer',
    '员工数',
    'Employees',
    ['number of employees', 'employee count', 'headcount', 'company size', '员工人数', '公司规模', '人员规模', '人数'],
    {
      parse: natural,
    },
  ),
  annualRevenue: target('money', '年营收', 'Annual revenue', ['revenue', 'turnover', '年营业额', '营业额', '年收入', '营收'], {
    parse: money,
  }),
  country: target('country', '国家', 'Country', ['country region', 'country/region', 'country code', '国家地区', '国别'], {
    read: 'text',
    maxLength: 100,
  }),
  province: target('text', '省份', 'Province', ['state', 'state/region', 'state province', 'region', '省', '所在省']),
  city: target('text', '城市', 'City', ['town', '所在城市', '市']),
  phone: target('phone', '电话', 'Phone', ['phone number', 'telephone', 'tel', 'company phone', '公司电话', '联系电话', '总机', '座机']),
  owner: target('text', '负责人', 'Owner', [
    'account owner',
    'owner email',
    'company owner',
    'sales rep',
    '客户负责人',
    '所有人',
    '归属人',
    '销售',
  ]),
};

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
  const team = wanted['owner'] === undefined ? {} : { team_id: owned.team };
  const status = touch(working, { ...columns, ...team }, draft.custom, { fields: desk.batch.fields, overwrite });
  if (typeof status !== 'string') return status;
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

function place(desk: Desk, draft: RecordDraft): Slot {
  const name = nameOf(draft);
  const labels = [name.domain && `domain ${name.domain}`, name.company && `company ${name.company}`].filter(
    (label) => typeof label === 'string',
  );
  const repeated = desk.seen !== null && labels.some((label) => desk.seen!.has(label));
  for (const label of labels) desk.seen?.add(label);
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
  return settle(
    batch,
    db,
    SPEC,
    drafts.map((draft) => place(desk, draft)),
  );
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

/** Files of accounts: matched by id, web domain or name without its legal form. */
export const accountsImport: Importable<RecordDraft> = {
  kind: 'accounts',
  resource: 'accounts',
  entity: 'account',
  targets: TARGETS,
  levels: ['write', 'masked'],
  lacks: (mapping) =>
    mapping.some(({ target: to }) => to === 'id' || to === 'name' || to === 'website')
      ? []
      : [{ code: 'NAME_COLUMN', message: 'A column has to tell the account: its name, its web domain or its id.' }],
  compile: compileRecords(TARGETS),
  mayOverlap: () => false,
  write,
  check,
  revert: (step) => revertRecords(step, { spec: SPEC, busy, derive }),
};
