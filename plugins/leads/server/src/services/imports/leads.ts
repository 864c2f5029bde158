import type { Knex } from 'knex';
import type { Outcome } from '../../../../contracts';
import { emailKey } from '../../domain/identity';
import { parseValues } from '../../domain/values';
import { refusal, refused, ERASED_PERSON, type Batch, type Checked, type Importable, type Planned, type Verdict } from './entity';
import type { ImportRow } from '../../domain/files';
import { holdersOf, keysOf, withinScope } from './known';
import { leadTargets } from './lead-targets';
import { revertLeads } from './revert-leads';
import { compilePlan, type Create } from './row-plan';
import type { RowRecord } from './store';

const recordOf = (row: ImportRow, outcome: Outcome): RowRecord =>
  outcome.ok
    ? { row: row.row, status: outcome.status === 'unchanged' ? 'skipped' : outcome.status, leadId: outcome.id }
    : refused(row, outcome);

interface Sorted {
  readonly rows: RowRecord[];
  readonly changes: readonly Planned<Create>[];
}

/** Rows of people who were erased are left out, and nothing of them is kept but the row's number. */
async function withoutErased({ record, leads }: Batch, trx: Knex.Transaction, given: readonly Planned<Create>[]): Promise<Sorted> {
  const gone = await leads.suppressed(
    trx,
    given.map(({ change }) => keysOf(change, record.options.country ?? leads.country())),
  );
  if (!gone.includes(true)) return { rows: [], changes: given };
  const left = given.filter((_, index) => gone[index]);
  return {
    rows: left.map(({ row }): RowRecord => ({ row: row.row, status: 'skipped', leadId: null, code: ERASED_PERSON })),
    changes: given.filter((_, index) => !gone[index]),
  };
}

/** Rows of people who are not here (mode `update`), or whom the person who imports may not touch, are set aside. */
async function setAside(batch: Batch, trx: Knex.Transaction, given: readonly Planned<Create>[]): Promise<Sorted> {
  const { kit, leads, record, actor, guarded } = batch;
  const sorted = await withoutErased(batch, trx, given);
  const { mode } = record.options;
  if (mode !== 'update' && !guarded) return sorted;
  const keys = sorted.changes.map(({ change }) => keysOf(change, record.options.country ?? leads.country()));
  const holders = await holdersOf(trx, keys);
  const allowed = guarded
    ? await withinScope(
        kit,
        trx,
        actor,
        holders.flatMap((holder) => holder?.leadId ?? []),
      )
    : null;
  const rows = [...sorted.rows];
  const changes = sorted.changes.filter(({ row }, index) => {
    const holder = holders[index] ?? null;
    if (holder === null && mode === 'update') rows.push({ row: row.row, status: 'skipped', leadId: null, code: 'NOT_KNOWN' });
    else if (holder !== null && allowed && !allowed.has(holder.leadId))
      rows.push(refused(row, { code: 'OUT_OF_SCOPE', message: 'This lead is here already, and your role does not let you change it.' }));
    else return true;
    return false;
  });
  return { rows, changes };
}

async function write(
  batch: Batch,
  trx: Knex.Transaction,
  given: readonly Planned<Create>[],
  enter: () => Promise<void>,
): Promise<RowRecord[]> {
  const { kit, leads, record, actor, clocks } = batch;
  const sorted = await setAside(batch, trx, given);
  const changes = sorted.changes.map((one) => one.change);
  const cause = { type: 'import', id: String(record.id) };
  if (changes.length === 0) {
    await enter();
    return sorted.rows;
  }
  const { outcomes } = await leads.apply({ trx, changes, actor, cause, clocks, now: kit.clock.now(), beforeWriting: enter });
  return [...sorted.rows, ...outcomes.map((outcome, index) => recordOf(sorted.changes[index]!.row, outcome))];
}

/** What the door would refuse by the values alone. */
function problemOf({ fields }: Batch, { values }: Create): Checked | null {
  const [problem] = parseValues(values, fields, true).problems;
  if (problem) return { ...refusal(problem.code, problem.message), column: problem.field };
  const email = values['email'];
  return typeof email === 'string' && !emailKey(email).ok
    ? { ...refusal('EMAIL_INVALID', `"${email}" is not an e-mail address.`, email), column: 'email' }
    : null;
}

/** Keys seen earlier in the file count as known. */
async function check(batch: Batch, given: readonly Planned<Create>[], seen: Set<string>): Promise<readonly Checked[]> {
  const { kit, leads, record } = batch;
  const found = given.map(({ change }) => problemOf(batch, change));
  const sound = given.filter((_, index) => found[index] === null);
  const keys = sound.map(({ change }) => keysOf(change, record.options.country ?? leads.country()));
  const holders = await holdersOf(kit.db, keys);
  const gone = await leads.suppressed(kit.db, keys);
  const { mode } = record.options;
  const verdicts = keys.map((own, index): Verdict => {
    const holder = holders[index] ?? null;
    const labels = own.map((key) => `${key.kind} ${key.value}`);
    const repeated = labels.some((key) => seen.has(key));
    for (const key of labels) seen.add(key);
    if (gone[index]) return 'skip';
    if (holder === null && !repeated) return mode === 'update' ? 'skip' : 'create';
    if (mode === 'create') return 'skip';
    return holder?.by === 'external' ? 'update' : 'duplicate';
  });
  const next = verdicts[Symbol.iterator]();
  return found.map((problem) => problem ?? { ok: true, verdict: next.next().value ?? 'skip' });
}

/** Files of leads: each row goes through the one door. */
export const leadsImport: Importable<Create> = {
  kind: 'leads',
  resource: 'leads',
  entity: 'lead',
  targets: leadTargets(),
  levels: ['write', 'masked'],
  lacks: () => [],
  compile: compilePlan,
  mayOverlap: ({ record, guarded }) => record.options.mode !== 'update' && !guarded,
  write,
  check,
  revert: revertLeads,
};
