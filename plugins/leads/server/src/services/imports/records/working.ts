import { databaseJson, documentId, many, type CustomField, type EventInput, type FieldEntity } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { parseCustomValues } from '../../../domain/values';
import { checkFieldRules } from '../../apply/field-rules';
import { stamps } from '../../apply/rows';
import { isBlank } from '../cells';
import { refusal, refused, type Batch, type Checked, type Planned, type RowRefusal } from '../entity';
import type { ImportOptions } from '../schema';
import type { RowRecord } from '../store';

export type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type Db = Knex | Knex.Transaction;

/** What a kind of record is to the database and to history. */
export interface RecordSpec {
  readonly resource: string;
  readonly entity: FieldEntity;
  readonly table: string;
  /** Field name in events → column, of what an import may change. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that are derived and written with them. */
  readonly derived: readonly string[];
}

/** A record as it was and as the rows of the step leave it. */
export interface Working {
  readonly id: number;
  readonly before: Row | null;
  after: Row;
  /** Keys of own fields that rows named. */
  readonly given: Set<string>;
  readonly lead: number | null;
}

/** What becomes of one row of the file. */
export type Slot =
  | { readonly ok: true; readonly working: Working; readonly status: 'created' | 'updated' | 'skipped' }
  | { readonly ok: true; readonly working: null; readonly code: string }
  | RowRefusal;

/** Whether values of the file take the place of those that are there. */
export const overwrites = ({ mode, onDuplicate }: ImportOptions, usual: 'merge' | 'overwrite'): boolean =>
  (onDuplicate ?? (mode === 'update' ? 'overwrite' : usual)) === 'overwrite';
/** Whether records that are here stay as they are. */
export const leavesKnown = ({ mode, onDuplicate }: ImportOptions): boolean => mode === 'create' || onDuplicate === 'skip';

const asValues = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...(value as Record<string, unknown>) } : {};
const plain = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/**
 * Puts columns over a record, and values of own fields over its own or into its blanks. A value that is no good refuses the row and changes
 * nothing.
 */
export function touch(
  working: Working,
  columns: Readonly<Record<string, unknown>>,
  custom: Readonly<Record<string, unknown>>,
  { fields, overwrite }: { readonly fields: readonly CustomField[]; readonly overwrite: boolean },
): 'updated' | 'skipped' | RowRefusal {
  const own = asValues(working.after['custom']);
  const wanted = Object.fromEntries(Object.entries(custom).filter(([key]) => overwrite || isBlank(own[key])));
  const parsed = parseCustomValues(wanted, fields, false);
  const [problem] = parsed.problems;
  if (problem) return { ...refusal(problem.code, problem.message), column: problem.field };
  const after: Row = { ...working.after, ...columns, custom: { ...own, ...parsed.custom } };
  if (plain(after) === plain({ ...working.after, custom: own })) return 'skipped';
  working.after = after;
  for (const key of Object.keys(wanted)) working.given.add(key);
  return 'updated';
}

/** A record that is not here yet, with the defaults of its own fields; refused when something it needs is missing. */
export function begin(
  row: Row,
  lead: number | null,
  custom: Readonly<Record<string, unknown>>,
  fields: readonly CustomField[],
): Working | RowRefusal {
  const parsed = parseCustomValues(custom, fields, true);
  const [problem] = parsed.problems;
  if (problem) return { ...refusal(problem.code, problem.message), column: problem.field };
  const own = Object.fromEntries(Object.entries(parsed.custom).filter(([, value]) => value !== null));
  return { id: row.id, before: null, after: { ...row, custom: own }, given: new Set(Object.keys(custom)), lead };
}

const workingsOf = (slots: readonly Slot[]): Working[] => [
  ...new Set(slots.flatMap((slot) => (slot.ok && slot.working ? [slot.working] : []))),
];

/** Records that rows have begun. */
export const createdBy = (slots: readonly Slot[]): Working[] => workingsOf(slots).filter(({ before }) => before === null);

/** New records that the person's role would not let him have. */
async function outOfReach(
  { kit, actor }: Batch,
  db: Db,
  { resource }: RecordSpec,
  workings: readonly Working[],
): Promise<ReadonlySet<Working>> {
  const scope = kit.access.scope(actor, resource, 'import', 't');
  const fresh = workings.filter(({ before }) => before === null);
  if (scope.sql === 'TRUE' || fresh.length === 0) return new Set();
  const rows = fresh.map(({ after }, n) => ({
    n,
    id: -1 - n,
    owner_id: after['owner_id'] ?? null,
    team_id: after['team_id'] ?? null,
    lead_id: after['lead_id'] ?? null,
  }));
  const allowed = await many<{ n: number }>(
    db,
    `SELECT t.n FROM json_to_recordset(?::json) AS t(n int, id int, owner_id int, team_id int, lead_id int) WHERE (${scope.sql})`,
    [JSON.stringify(rows), ...scope.bindings],
  );
  const fine = new Set(allowed.map(({ n }) => n));
  return new Set(fresh.filter((_, n) => !fine.has(n)));
}

/** The records of these ids that the role lets the person change by an import. */
export async function reachable(
  { kit, actor }: Batch,
  db: Db,
  { resource, table }: RecordSpec,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const scope = kit.access.scope(actor, resource, 'import', 't');
  if (scope.sql === 'TRUE' || ids.length === 0) return new Set(ids);
  const rows = await many<{ id: number }>(db, `SELECT t.id FROM ${table} t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`, [
    [...new Set(ids)],
    ...scope.bindings,
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Slots with what the rules of own fields and the reach of the role refuse: all rows of such a record. */
export async function settle(batch: Batch, db: Db, spec: RecordSpec, slots: readonly Slot[]): Promise<readonly Slot[]> {
  const { kit, actor, fields } = batch;
  const workings = workingsOf(slots);
  const beyond = await outOfReach(batch, db, spec, workings);
  const problems = await checkFieldRules(
    { kit, trx: db, actor, now: kit.clock.now(), subject: spec.entity },
    fields,
    workings.map(({ before, after, given }) => ({
      before: before && { ...before, custom: asValues(before['custom']) },
      after: { ...after, custom: asValues(after['custom']) },
      given,
    })),
  );
  const found = new Map(
    workings.flatMap((working, index): [Working, RowRefusal][] => {
      if (beyond.has(working)) return [[working, refusal('OUT_OF_SCOPE', 'Your role does not let you bring in a record with this owner.')]];
      const [problem] = problems[index] ?? [];
      return problem ? [[working, { ...refusal(problem.code, problem.message), column: problem.field }]] : [];
    }),
  );
  return slots.map((slot) => (slot.ok && slot.working ? (found.get(slot.working) ?? slot) : slot));
}

/** Code of a row that a check has seen before in the file. */
export const REPEATED = 'REPEATED';

/** What a check says of settled slots. */
export const verdictsOf = (slots: readonly Slot[]): Checked[] =>
  slots.map((slot): Checked => {
    if (!slot.ok) return slot;
    if (slot.working === null) return { ok: true, verdict: slot.code === REPEATED ? 'duplicate' : 'skip' };
    if (slot.status === 'skipped') return { ok: true, verdict: 'skip' };
    return { ok: true, verdict: slot.status === 'created' ? 'create' : 'update' };
  });

export const recordsOf = (given: readonly Planned[], slots: readonly Slot[]): RowRecord[] =>
  given.map(({ row }, index): RowRecord => {
    const slot = slots[index]!;
    if (!slot.ok) return refused(row, slot);
    return slot.working === null
      ? { row: row.row, status: 'skipped', leadId: null, code: slot.code }
      : { row: row.row, status: slot.status, leadId: slot.working.lead, recordId: slot.working.id };
  });

export async function insertRows(trx: Knex.Transaction, table: string, rows: readonly Row[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map((row) => ({ document_id: documentId(), ...stamps(now), ...row }));
  await trx.raw(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, ?::jsonb)`, [databaseJson(records)]);
}

/** Writes the columns of records that are here, in one statement. Returns the rows as they are then. */
export async function updateRows(
  trx: Knex.Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly Row[],
  now: Date,
): Promise<ReadonlyMap<number, Row>> {
  if (rows.length === 0) return new Map();
  const sets = columns.map((column) => `${column} = n.${column}`).join(', ');
  const updated = await many<Row>(
    trx,
    `UPDATE ${table} t SET ${sets}, updated_at = ?::timestamp FROM jsonb_populate_recordset(NULL::${table}, ?::jsonb) n WHERE t.id = n.id RETURNING t.*`,
    [stamps(now)['updated_at'], databaseJson(rows)],
  );
  return new Map(updated.map((row) => [row.id, row]));
}

/** The columns in which two states of a record differ, by their names in events. */
function differences({ columns }: RecordSpec, before: Row, after: Row): string[] {
  return Object.entries({ ...columns, custom: 'custom' }).flatMap(([field, column]) => {
    const same = plain(before[column]) === plain(after[column]);
    return same ? [] : [field];
  });
}

export const told = ({ columns }: RecordSpec, row: Row, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, row[name === 'custom' ? 'custom' : (columns[name] ?? '')] ?? null]));

export interface Written {
  readonly created: readonly Working[];
  readonly updated: readonly { readonly working: Working; readonly before: Row; readonly after: Row }[];
}

/** Writes what slots have made of records and appends an event for each; a constant number of statements. */
export async function writeRecords(batch: Batch, trx: Knex.Transaction, spec: RecordSpec, slots: readonly Slot[]): Promise<Written> {
  const { kit, actor, record } = batch;
  const now = kit.clock.now();
  const workings = workingsOf(slots);
  const created = workings.filter(({ before }) => before === null);
  const changed = workings.filter(({ before, after }) => before !== null && plain(before) !== plain(after));
  await insertRows(
    trx,
    spec.table,
    created.map(({ after }) => after),
    now,
  );
  const columns = [...Object.values(spec.columns), ...spec.derived, 'custom'];
  const rows = await updateRows(
    trx,
    spec.table,
    columns,
    changed.map(({ after }) => after),
    now,
  );
  const updated = changed.map((working) => ({ working, before: working.before!, after: rows.get(working.id)! }));
  const events: EventInput[] = [
    ...created.map(({ id, after }) => ({
      subject: spec.entity,
      subjectId: id,
      type: `${spec.entity}.created`,
      after: told(
        spec,
        after,
        Object.keys(spec.columns).filter((name) => !isBlank(after[spec.columns[name] ?? ''])),
      ),
    })),
    ...updated.map(({ working, before, after }) => {
      const names = differences(spec, before, after);
      return {
        subject: spec.entity,
        subjectId: working.id,
        type: `${spec.entity}.updated`,
        before: told(spec, before, names),
        after: told(spec, after, names),
      };
    }),
  ];
  if (events.length > 0) await kit.events.append(trx, events, actor, { type: 'import', id: String(record.id) }, now);
  return { created, updated };
}
