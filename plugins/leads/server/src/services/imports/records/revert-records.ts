import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { restorationOf, type Told } from '../../../domain/restoration';
import { addConflict, type KeptRow, type Reverting } from '../entity';
import { told, updateRows, type RecordSpec, type Row } from './working';

interface Way {
  readonly spec: RecordSpec;
  /** Of records the import made, those something hangs on by now. */
  busy(trx: Knex.Transaction, ids: readonly number[]): Promise<readonly number[]>;
  /** The columns that follow from the values a record gets back. */
  derive?(row: Row): Row;
  /** Fields of a record that cannot get back what they had, with what they would get. */
  stuck?(
    trx: Knex.Transaction,
    wanted: ReadonlyMap<number, Readonly<Record<string, unknown>>>,
  ): Promise<ReadonlyMap<number, readonly string[]>>;
}

interface Kept {
  readonly id: number;
  readonly lead: number | null;
}

const distinct = (rows: readonly KeptRow[], status: string): Kept[] => [
  ...new Map(
    rows.flatMap((row): [number, Kept][] =>
      row.status === status && row.record_id !== null ? [[row.record_id, { id: row.record_id, lead: row.lead_id }]] : [],
    ),
  ).values(),
];

const conflictOf = ({ id, lead }: Kept, code: 'TOUCHED_SINCE' | 'CHANGED_SINCE', fields?: readonly string[]) => ({
  lead,
  record: id,
  code,
  ...(fields ? { fields } : {}),
});

/** What people and other imports told of these records since. */
const touchedSince = async (trx: Knex.Transaction, subject: string, importId: number, ids: readonly number[]): Promise<number[]> =>
  (
    await many<{ id: number }>(
      trx,
      `SELECT DISTINCT e.subject_id AS id FROM crm_events e WHERE e.subject = ? AND e.subject_id = ANY(?::int[])
         AND e.actor_kind IN ('member', 'capture', 'import') AND NOT (e.cause_type = 'import' AND e.cause_id = ?)`,
      [subject, [...ids], String(importId)],
    )
  ).map(({ id }) => id);

async function removeMade({ trx, record, report }: Reverting, { spec, busy }: Way, made: readonly Kept[]): Promise<void> {
  if (made.length === 0) return;
  const ids = made.map(({ id }) => id);
  const kept = new Set([...(await touchedSince(trx, spec.entity, record.id, ids)), ...(await busy(trx, ids))]);
  const { rowCount } = await trx.raw<{ rowCount: number }>(`DELETE FROM ${spec.table} WHERE id = ANY(?::int[])`, [
    ids.filter((id) => !kept.has(id)),
  ]);
  for (const one of made) if (kept.has(one.id)) addConflict(report, conflictOf(one, 'TOUCHED_SINCE'));
  report.removed += rowCount;
}

const currentOf =
  ({ columns }: RecordSpec, row: Row) =>
  (field: string): unknown =>
    row[field === 'custom' ? 'custom' : (columns[field] ?? '')] ?? null;

/** The row with the values it gets back; own fields that had none lose them. */
function restored({ columns }: RecordSpec, row: Row, values: Readonly<Record<string, unknown>>): Row {
  const { custom, ...plain } = values;
  const own = { ...(row['custom'] as Record<string, unknown> | null), ...(custom as Record<string, unknown> | undefined) };
  return {
    ...row,
    ...Object.fromEntries(Object.entries(plain).map(([field, value]) => [columns[field] ?? field, value])),
    custom: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)),
  };
}

async function restoreChanged({ kit, trx, record, actor, report }: Reverting, way: Way, changed: readonly Kept[]): Promise<void> {
  if (changed.length === 0) return;
  const { spec } = way;
  const ids = changed.map(({ id }) => id);
  const rows = await many<Row>(trx, `SELECT * FROM ${spec.table} WHERE id = ANY(?::int[]) ORDER BY id FOR UPDATE`, [ids]);
  const events = await many<Told & { subject_id: number }>(
    trx,
    `SELECT subject_id, before, after FROM crm_events WHERE subject = ? AND subject_id = ANY(?::int[]) AND type = ? AND cause_type = 'import' AND cause_id = ? ORDER BY id`,
    [spec.entity, ids, `${spec.entity}.updated`, String(record.id)],
  );
  const stories = new Map<number, Told[]>();
  for (const { subject_id: id, ...story } of events) stories.set(id, [...(stories.get(id) ?? []), story]);
  const wanted = new Map<number, Record<string, unknown>>();
  for (const row of rows) {
    const { values, conflicts } = restorationOf(stories.get(row.id) ?? [], currentOf(spec, row), (field) => field in spec.columns);
    const one = changed.find(({ id }) => id === row.id)!;
    if (conflicts.length > 0) addConflict(report, conflictOf(one, 'CHANGED_SINCE', [...new Set(conflicts)]));
    if (Object.keys(values).length > 0) wanted.set(row.id, { ...values });
  }
  for (const [id, fields] of (await way.stuck?.(trx, wanted)) ?? []) {
    for (const field of fields) delete wanted.get(id)![field];
    addConflict(
      report,
      conflictOf(
        changed.find((one) => one.id === id)!,
        'CHANGED_SINCE',
        fields,
      ),
    );
  }
  const after = rows.flatMap((row) => {
    if (Object.keys(wanted.get(row.id) ?? {}).length === 0) return [];
    const back = restored(spec, row, wanted.get(row.id)!);
    return [way.derive?.(back) ?? back];
  });
  const now = kit.clock.now();
  const written = await updateRows(trx, spec.table, [...Object.values(spec.columns), ...spec.derived, 'custom'], after, now);
  const before = new Map(rows.map((row) => [row.id, row]));
  const story = [...written.values()].map((row) => ({
    subject: spec.entity,
    subjectId: row.id,
    type: `${spec.entity}.updated`,
    before: told(spec, before.get(row.id)!, Object.keys(wanted.get(row.id)!)),
    after: told(spec, row, Object.keys(wanted.get(row.id)!)),
  }));
  if (story.length > 0) await kit.events.append(trx, story, actor, { type: 'import-revert', id: String(record.id) }, now);
  report.restored += written.size;
}

/** Takes rows of an import back: records it made and nobody touched since go, those it changed get their values back. */
export async function revertRecords(step: Reverting, way: Way): Promise<void> {
  const made = distinct(step.rows, 'created');
  await removeMade(step, way, made);
  const changed = distinct(step.rows, 'updated');
  const own = await many<{ record_id: number }>(
    step.trx,
    `SELECT DISTINCT record_id FROM crm_import_rows WHERE import_id = ? AND record_id = ANY(?::int[]) AND status = 'created'`,
    [step.record.id, changed.map(({ id }) => id)],
  );
  const mine = new Set(own.map(({ record_id: id }) => id));
  await restoreChanged(
    step,
    way,
    changed.filter(({ id }) => !mine.has(id)),
  );
}
