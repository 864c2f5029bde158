import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { nextIds } from '../../apply/rows';
import { liveLifecycle } from '../../stages';
import type { Batch, Checked, Importable, Planned, Reverting } from '../entity';
import type { RowRecord } from '../store';
import { restoreLeads } from '../revert-leads';
import { findAccounts } from './account-refs';
import { advanceLeads } from './advance';
import { placeDeal, reasonsOf, rememberDeals, type DealDesk } from './deal-desk';
import { DEAL_TARGETS } from './deal-targets';
import { findLeads, lacksLead, withLeads } from './lead-refs';
import { loadPeople } from './people';
import { compileRecords, type RecordDraft } from './record-plan';
import { revertRecords } from './revert-records';
import { reachable, recordsOf, settle, verdictsOf, writeRecords, type RecordSpec, type Row, type Slot, type Working } from './working';

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
async function plan(batch: Batch, db: Db, given: readonly Planned<RecordDraft>[], seen: Set<string> | null): Promise<readonly Slot[]> {
  const drafts = await withLeads(
    db,
    'crm_opportunities',
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
  const desk: DealDesk = {
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
  const slots = await settle(
    batch,
    db,
    SPEC,
    drafts.map((draft, index) => placeDeal(desk, draft, found[index]!, accounts[index]!)),
  );
  if (seen) rememberDeals(seen, slots);
  return slots;
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
