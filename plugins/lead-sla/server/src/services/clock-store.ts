import { camel, many, snake } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Clock, Segment, Warn } from '../domain/clock';

const COLUMNS = [
  'id',
  'lead_id',
  'contract_id',
  'version_id',
  'metric',
  'label',
  'obligor',
  'clock_owner',
  'cycle',
  'latest',
  'rearmed',
  'state',
  'owner_id',
  'calendar_key',
  'started_at',
  'target_row',
  'target_seconds',
  'target_version',
  'elapsed_seconds',
  'segment_since',
  'segments',
  'due_at',
  'warns',
  'breached_at',
  'breach_cause',
  'breach_owner_id',
  'stopped_at',
  'stop_activity_id',
  'end_reason',
  'pause_seconds',
  'pause_count',
  'provisional',
  'disputed',
  'hops',
  'calendar_revision',
  'last_since',
  'idle_seconds',
  'idle_count',
  'pause_kind',
  'pause_reason',
  'pause_by',
  'pause_until_inbound',
  'pause_limit_at',
  'pause_spent',
  'reset_held',
  'backdated',
  'waived_at',
  'waived_by',
  'waive_reason',
] as const;
const LIST = COLUMNS.join(', ');
/** What never changes once a clock is open. */
const FIXED = new Set<string>(['id', 'lead_id', 'contract_id', 'metric', 'obligor', 'clock_owner', 'cycle']);

type Row = Record<string, unknown>;

const named = (row: Row): unknown => Object.fromEntries(Object.entries(row).map(([column, value]) => [camel(column), value]));

function toClock(row: Row): Clock {
  const stored = named(row) as Omit<Clock, 'warns'> & { readonly warns: readonly (Omit<Warn, 'at'> & { readonly at: string | null })[] };
  return { ...stored, warns: stored.warns.map((warn) => ({ ...warn, at: warn.at === null ? null : new Date(warn.at) })) };
}

const FIELDS = COLUMNS.map((column) => [column, camel(column) as keyof Clock] as const);
const toRow = (clock: Clock): Row => Object.fromEntries(FIELDS.map(([column, field]) => [column, clock[field]]));
const segmentRow = (segment: Segment): Row =>
  Object.fromEntries(Object.entries(segment).map(([name, value]) => [snake(name), value as unknown]));

/** The newest clock of every metric of these leads, locked. Lock the leads first: always in this order. */
export async function lockLatest(trx: Knex.Transaction, leadIds: readonly number[]): Promise<Clock[]> {
  if (leadIds.length === 0) return [];
  const rows = await many<Row>(trx, `SELECT ${LIST} FROM crm_sla_clocks WHERE lead_id = ANY(?::int[]) AND latest ORDER BY id FOR UPDATE`, [
    [...leadIds],
  ]);
  return rows.map(toClock);
}

/** Misses of these leads after which they went to somebody else, and that nobody disputes yet; locked, newest first. */
export async function lockPassedOn(trx: Knex.Transaction, leadIds: readonly number[]): Promise<Clock[]> {
  const rows = await many<Row>(
    trx,
    `SELECT ${LIST} FROM crm_sla_clocks WHERE lead_id = ANY(?::int[]) AND end_reason IN ('reassigned', 'released')
       AND breached_at IS NOT NULL AND state = 'breached_closed' AND NOT disputed ORDER BY id DESC FOR UPDATE`,
    [[...leadIds]],
  );
  return rows.map(toClock);
}

/** Clocks by id, locked; lock their leads first. */
export async function lockClocks(trx: Knex.Transaction, ids: readonly number[]): Promise<Clock[]> {
  const rows = await many<Row>(trx, `SELECT ${LIST} FROM crm_sla_clocks WHERE id = ANY(?::int[]) ORDER BY id FOR UPDATE`, [[...ids]]);
  return rows.map(toClock);
}

export async function findClocks(db: Knex | Knex.Transaction, where: string, bindings: readonly unknown[]): Promise<Clock[]> {
  return (await many<Row>(db, `SELECT ${COLUMNS.map((column) => `c.${column}`).join(', ')} FROM crm_sla_clocks c ${where}`, bindings)).map(
    toClock,
  );
}

export async function segmentsOf(db: Knex, clockId: number): Promise<Segment[]> {
  const rows = await many<Row>(db, 'SELECT * FROM crm_sla_segments WHERE clock_id = ? ORDER BY number', [clockId]);
  return rows.map((row) => named(row) as Segment);
}

export async function nextClockIds(trx: Knex.Transaction, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await many<{ id: string | number }>(
    trx,
    `SELECT nextval(pg_get_serial_sequence('crm_sla_clocks', 'id')) AS id FROM generate_series(1, ?)`,
    [count],
  );
  return rows.map((row) => Number(row.id));
}

/** A stretch that was corrected in the same step is written once. */
const lastOf = (segments: readonly Segment[]): Segment[] => [
  ...new Map(segments.map((one) => [`${one.clockId}:${one.number}`, one])).values(),
];

/** Closed stretches of many clocks, by clock. */
export async function segmentsOfAll(db: Knex | Knex.Transaction, ids: readonly number[]): Promise<ReadonlyMap<number, readonly Segment[]>> {
  const rows = await many<Row>(db, 'SELECT * FROM crm_sla_segments WHERE clock_id = ANY(?::int[]) ORDER BY clock_id, number', [[...ids]]);
  const byClock = new Map<number, Segment[]>();
  for (const segment of rows.map((row) => named(row) as Segment))
    byClock.set(segment.clockId, [...(byClock.get(segment.clockId) ?? []), segment]);
  return byClock;
}

/** A clock as it was locked, and as it is now. */
export interface ClockChange {
  readonly before: Clock;
  readonly after: Clock;
}

const differs = (one: unknown, other: unknown): boolean =>
  one !== other && !(one instanceof Date && other instanceof Date && one.getTime() === other.getTime());

/** The columns that change for at least one clock: a re-plan of thousands writes a handful of fifty. */
const changedFields = (changes: readonly ClockChange[]): typeof FIELDS =>
  FIELDS.filter(([column, field]) => !FIXED.has(column) && changes.some(({ before, after }) => differs(before[field], after[field])));

async function updateClocks(trx: Knex.Transaction, changes: readonly ClockChange[]): Promise<void> {
  const fields = changedFields(changes);
  if (fields.length === 0) return;
  const rows = changes.map(({ after }) => ({
    id: after.id,
    ...Object.fromEntries(fields.map(([column, field]) => [column, after[field]])),
  }));
  await trx.raw(
    `UPDATE crm_sla_clocks c SET ${fields.map(([column]) => `${column} = r.${column}`).join(', ')}
     FROM json_populate_recordset(NULL::crm_sla_clocks, ?::json) r WHERE c.id = r.id`,
    [JSON.stringify(rows)],
  );
}

/** Writes clocks that changed, clocks that are new and the segments they closed: at most three statements for any number. */
export async function saveClocks(
  trx: Knex.Transaction,
  changed: readonly ClockChange[],
  added: readonly Clock[],
  segments: readonly Segment[],
): Promise<void> {
  if (changed.length > 0) await updateClocks(trx, changed);
  if (added.length > 0) {
    await trx.raw(`INSERT INTO crm_sla_clocks (${LIST}) SELECT ${LIST} FROM json_populate_recordset(NULL::crm_sla_clocks, ?::json)`, [
      JSON.stringify(added.map(toRow)),
    ]);
  }
  if (segments.length > 0) {
    await trx.raw(
      `INSERT INTO crm_sla_segments SELECT * FROM json_populate_recordset(NULL::crm_sla_segments, ?::json)
       ON CONFLICT (clock_id, number) DO UPDATE SET ended_at = excluded.ended_at, seconds = excluded.seconds,
         calendar_revision = excluded.calendar_revision`,
      [JSON.stringify(lastOf(segments).map(segmentRow))],
    );
  }
}
