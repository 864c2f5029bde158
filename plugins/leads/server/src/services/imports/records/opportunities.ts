import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadRow, Lifecycle } from '../../../../../contracts';
import { nextIds } from '../../apply/rows';
import { liveLifecycle } from '../../stages';
import { fold, isBlank } from '../cells';
import {
  ERASED_PERSON,
  refusal,
  type Batch,
  type Checked,
  type Importable,
  type Planned,
  type Reverting,
  type RowRefusal,
} from '../entity';
import type { RowRecord } from '../store';
import { restoreLeads } from '../revert-leads';
import { findAccounts, type FoundAccount } from './account-refs';
import { advanceLeads } from './advance';
import { DEAL_TARGETS } from './deal-targets';
import { findLeads, lacksLead, type FoundLead } from './lead-refs';
import { loadPeople, type People } from './people';
import { compileRecords, type RecordDraft } from './record-plan';
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

type Db = Knex | Knex.Transaction;

const COLUMNS: Readonly<Record<string, string>> = {
  name: 'name',
  account: 'account_id',
  owner: 'owner_id',
  amount: 'amount',
  currency: 'currency',
  state: 'stage',
  reason: 'reason',
  expectedAt: 'expected_at',
  closedAt: 'closed_at',
};
const SPEC: RecordSpec = { resource: 'opportunities', entity: 'opportunity', table: 'crm_opportunities', columns: COLUMNS, derived: [] };
const CLOSED = new Set(['won', 'lost', 'cancelled']);

const OPEN_TWICE = refusal('OPPORTUNITY_OPEN', 'This lead already has an open deal; a second one cannot be open beside it.');
const UNKNOWN = refusal('OPPORTUNITY_UNKNOWN', 'There is no deal with this id that you may change.');
const ELSEWHERE = refusal('OPPORTUNITY_OF_OTHER', 'The deal with this id belongs to another lead than the one the row names.');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const instant = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);

interface Desk {
  readonly batch: Batch;
  readonly people: People;
  readonly byId: Map<number, Working>;
  readonly byLead: Map<number, Working[]>;
  readonly ids: Iterator<number>;
  readonly within: ReadonlySet<number>;
  readonly seen: Set<string> | null;
  readonly now: Date;
  /** Key of a reason by its key and its names; any other text is kept as it is. */
  readonly reasons: ReadonlyMap<string, string>;
}

const reasonsOf = (graph: Lifecycle): ReadonlyMap<string, string> =>
  new Map(
    graph.transitions
      .flatMap(({ reasons }) => reasons ?? [])
      .flatMap(({ value, label }) => [value, label.zh, label.en].map((name): [string, string] => [fold(name), value])),
  );

/** What the row says, as columns; people and accounts found. */
interface Read {
  readonly columns: Record<string, unknown>;
  readonly createdAt: Date | null;
}

function read(desk: Desk, { values }: RecordDraft, account: FoundAccount): Read | RowRefusal {
  const owner = desk.people.owner(values['owner']);
  if (!owner.ok) return owner;
  if (!account.ok) return account;
  const state = values['state'];
  const closedAt = instant(values['closedAt']);
  // One column of dates is when a deal was closed, or is expected to be while it is open.
  const expectedAt = instant(values['expectedAt']) ?? (state === undefined || state === 'open' ? closedAt : null);
  const columns = {
    name: values['name'],
    account_id: account.id,
    owner_id: owner.person?.id ?? null,
    amount: values['amount'],
    currency: values['currency'],
    stage: state,
    reason: desk.reasons.get(fold(textOf(values['reason']))) ?? values['reason'],
    expected_at: expectedAt,
    closed_at: CLOSED.has(textOf(state)) ? (closedAt ?? instant(values['expectedAt'])) : null,
  };
  return {
    columns: Object.fromEntries(Object.entries(columns).filter(([, value]) => !isBlank(value))),
    createdAt: instant(values['createdAt']),
  };
}

/** A closed deal has a time it was closed at, and an open one has none and no reason. */
function closing(row: Row, now: Date): Record<string, unknown> {
  if (!CLOSED.has(textOf(row['stage']))) return { closed_at: null, reason: null };
  const at = row['closed_at'] instanceof Date ? row['closed_at'] : now;
  return { closed_at: at > now ? now : at };
}

const openOf = (desk: Desk, lead: number, but: Working | null): boolean =>
  (desk.byLead.get(lead) ?? []).some((one) => one !== but && one.after['stage'] === 'open');

function change(desk: Desk, working: Working, draft: RecordDraft, account: FoundAccount): Slot {
  const { options } = desk.batch.record;
  if (leavesKnown(options)) return { ok: true, working, status: 'skipped' };
  const found = read(desk, draft, account);
  if ('ok' in found) return found;
  const overwrite = overwrites(options, 'overwrite');
  const wanted = Object.fromEntries(Object.entries(found.columns).filter(([column]) => overwrite || isBlank(working.after[column])));
  const next: Row = { ...working.after, ...wanted };
  const columns = wanted['stage'] === undefined ? wanted : { ...wanted, ...closing(next, desk.now) };
  if (next['stage'] === 'open' && openOf(desk, Number(next['lead_id']), working)) return OPEN_TWICE;
  const status = touch(working, columns, draft.custom, { fields: desk.batch.fields, overwrite });
  return typeof status === 'string' ? { ok: true, working, status } : status;
}

function create(desk: Desk, lead: LeadRow, draft: RecordDraft, account: FoundAccount): Slot {
  const { record, actor, fields } = desk.batch;
  if (record.options.mode === 'update') return { ok: true, working: null, code: 'NOT_KNOWN' };
  const found = read(desk, draft, account);
  if ('ok' in found) return found;
  const next = desk.ids.next();
  if (next.done) throw new Error('Fewer ids than deals.');
  const bare: Row = {
    id: next.value,
    name: [lead.company, lead.name].filter(Boolean).join(' · ') || `#${lead.id}`,
    lead_id: lead.id,
    account_id: lead.account_id ?? null,
    owner_id: lead.owner_id ?? actor.memberId,
    currency: lead.currency ?? null,
    stage: 'open',
    ...found.columns,
    ...(found.createdAt === null ? {} : { created_at: found.createdAt.toISOString().replace('Z', '') }),
  };
  const row = { ...bare, ...closing(bare, desk.now) };
  if (row['stage'] === 'open' && openOf(desk, lead.id, null)) return OPEN_TWICE;
  const working = begin(row, lead.id, draft.custom, fields);
  if ('ok' in working) return working;
  desk.byId.set(working.id, working);
  desk.byLead.set(lead.id, [...(desk.byLead.get(lead.id) ?? []), working]);
  return { ok: true, working, status: 'created' };
}

function place(desk: Desk, draft: RecordDraft, found: FoundLead, account: FoundAccount): Slot {
  if (!found.ok) return found;
  if ('erased' in found) return { ok: true, working: null, code: ERASED_PERSON };
  const { lead } = found;
  const { id, name } = draft.values;
  const own = desk.byLead.get(lead.id) ?? [];
  if (typeof id === 'number') {
    const working = desk.byId.get(id);
    if (!working || !desk.within.has(id)) return UNKNOWN;
    return working.lead === lead.id ? change(desk, working, draft, account) : ELSEWHERE;
  }
  // The same deal is the one of that name; where the file names none, the one that is open.
  const known = own.find(({ after }) =>
    name === undefined ? after['stage'] === 'open' : fold(textOf(after['name'])) === fold(textOf(name)),
  );
  if (known) return known.before !== null && !desk.within.has(known.id) ? UNKNOWN : change(desk, known, draft, account);
  const label = `deal ${lead.id} ${name === undefined ? '' : fold(textOf(name))}`;
  const open = `open ${lead.id}`;
  if (desk.seen?.has(label)) return { ok: true, working: null, code: REPEATED };
  const isOpen = (draft.values['state'] ?? 'open') === 'open';
  if (isOpen && desk.seen?.has(open)) return OPEN_TWICE;
  desk.seen?.add(label);
  if (isOpen) desk.seen?.add(open);
  return create(desk, lead, draft, account);
}

/** Rows that name only a deal are about the lead of that deal. */
async function withLeads(db: Db, drafts: readonly RecordDraft[]): Promise<readonly RecordDraft[]> {
  const bare = (draft: RecordDraft): number[] =>
    typeof draft.values['id'] === 'number' && !Object.keys(draft.values).some((key) => key.startsWith('lead')) ? [draft.values['id']] : [];
  const ids = drafts.flatMap(bare);
  if (ids.length === 0) return drafts;
  const rows = await many<{ id: number; lead_id: number | null }>(
    db,
    'SELECT id, lead_id FROM crm_opportunities WHERE id = ANY(?::int[])',
    [ids],
  );
  const leadOf = new Map(rows.map((row) => [row.id, row.lead_id]));
  return drafts.map((draft) => {
    const lead = bare(draft).map((id) => leadOf.get(id))[0];
    return lead ? { ...draft, values: { ...draft.values, lead } } : draft;
  });
}

async function plan(batch: Batch, db: Db, given: readonly Planned<RecordDraft>[], seen: Set<string> | null): Promise<readonly Slot[]> {
  const drafts = await withLeads(
    db,
    given.map(({ change: draft }) => draft),
  );
  const found = await findLeads(batch, db, drafts, { verb: 'update', lock: seen === null });
  const accounts = await findAccounts(
    batch,
    db,
    drafts.map(({ values }) => values['account']),
  );
  const leads = [...new Set(found.flatMap((one) => (one.ok && 'lead' in one ? [one.lead.id] : [])))];
  const ids = drafts.flatMap(({ values }) => (typeof values['id'] === 'number' ? [values['id']] : []));
  const rows = await many<Row>(
    db,
    `SELECT * FROM crm_opportunities WHERE lead_id = ANY(?::int[]) OR id = ANY(?::int[]) ORDER BY id${seen ? '' : ' FOR UPDATE'}`,
    [leads, ids],
  );
  const workings = rows.map((row): Working => ({ id: row.id, before: row, after: row, given: new Set(), lead: Number(row['lead_id']) }));
  const byLead = new Map<number, Working[]>();
  for (const one of workings) if (one.lead !== null) byLead.set(one.lead, [...(byLead.get(one.lead) ?? []), one]);
  const fresh = seen ? drafts.map((_, index) => -1 - index) : await nextIds(db as Knex.Transaction, 'crm_opportunities', drafts.length);
  const desk: Desk = {
    batch,
    people: await loadPeople(batch, db),
    byId: new Map(workings.map((one) => [one.id, one])),
    byLead,
    ids: fresh[Symbol.iterator](),
    within: await reachable(
      batch,
      db,
      SPEC,
      rows.map(({ id }) => id),
    ),
    seen,
    now: batch.kit.clock.now(),
    reasons: reasonsOf((await liveLifecycle(batch.kit)).graph),
  };
  return settle(
    batch,
    db,
    SPEC,
    drafts.map((draft, index) => place(desk, draft, found[index]!, accounts[index]!)),
  );
}

async function write(
  batch: Batch,
  trx: Knex.Transaction,
  given: readonly Planned<RecordDraft>[],
  enter: () => Promise<void>,
): Promise<RowRecord[]> {
  const slots = await plan(batch, trx, given, null);
  await enter();
  const written = await writeRecords(batch, trx, SPEC, slots);
  await advanceLeads(batch, trx, written);
  return recordsOf(given, slots);
}

const check = async (batch: Batch, given: readonly Planned<RecordDraft>[], seen: Set<string>): Promise<readonly Checked[]> =>
  verdictsOf(await plan(batch, batch.kit.db, given, seen));

/** Of deals that would be open again, those whose lead has another open one by now stay closed. */
async function stuck(
  trx: Knex.Transaction,
  wanted: ReadonlyMap<number, Readonly<Record<string, unknown>>>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const opening = [...wanted].flatMap(([id, values]) => (values['state'] === 'open' ? [id] : []));
  if (opening.length === 0) return new Map();
  const rows = await many<{ id: number }>(
    trx,
    `SELECT o.id FROM crm_opportunities o WHERE o.id = ANY(?::int[])
       AND EXISTS (SELECT 1 FROM crm_opportunities x WHERE x.lead_id = o.lead_id AND x.stage = 'open' AND x.id <> o.id)`,
    [opening],
  );
  return new Map(rows.map(({ id }) => [id, ['state', 'closedAt', 'reason']]));
}

/** Deals go or get their values back, and their leads the stage they had. */
async function revert(step: Reverting): Promise<void> {
  await revertRecords(step, { spec: SPEC, busy: async () => [], stuck });
  const leads = [...new Set(step.rows.flatMap(({ lead_id: lead }) => lead ?? []))];
  const back = { removed: 0, restored: 0, conflicts: [], conflictCount: 0 };
  await restoreLeads(step.kit, step.leads, step.trx, step.record, step.actor, leads, back);
}

/** Files of deals: each belongs to a lead, by id, phone number or e-mail address. */
export const opportunitiesImport: Importable<RecordDraft> = {
  kind: 'opportunities',
  resource: 'opportunities',
  entity: 'opportunity',
  targets: DEAL_TARGETS,
  levels: ['write', 'masked'],
  lacks: (mapping, options) => (mapping.some(({ target }) => target === 'id') ? [] : lacksLead(mapping, options)),
  compile: compileRecords(DEAL_TARGETS),
  mayOverlap: () => false,
  write,
  check,
  revert,
};
