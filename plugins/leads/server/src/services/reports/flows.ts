import { many } from '@leadsea/crm-core';
import type { Kit, Sql } from '@leadsea/crm-core';
import { bucketSql } from '../../domain/reports/histogram';
import type { Flow } from '../../domain/reports/funnel';
import type { Span } from './scope';

/** An hour is summed up when it has been over for this long: a change set carries the time it began with. */
const SETTLED_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
/** Held while hours are summed up, so that two nodes do not do it at once. */
const LOCK = 7_340_021;

const MOVES = `e.before ->> 'stage' AS from_stage, e.after ->> 'stage' AS to_stage,
  ${bucketSql("extract(epoch FROM e.at - (e.before ->> 'stageEnteredAt')::timestamptz)")} AS bucket`;
const IS_MOVE = `e.type = 'lead.stage_changed' AND e.subject = 'lead'`;

/**
 * Sums up the moves of all hours that are over and not summed up yet (`crm_report_hours`): exact, since events are only ever appended.
 * Cheap when nothing is due; the first time it reads the whole history once.
 */
export async function rollUp(kit: Kit, now: Date): Promise<void> {
  const until = new Date(Math.floor((now.getTime() - SETTLED_MS) / HOUR_MS) * HOUR_MS);
  await kit.db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { rolled_to: Date }[] }>('SELECT rolled_to FROM crm_report_state');
    const done = rows[0]?.rolled_to ?? new Date(0);
    if (done >= until) return;
    const lock = await trx.raw<{ rows: { got: boolean }[] }>('SELECT pg_try_advisory_xact_lock(?) AS got', [LOCK]);
    if (!lock.rows[0]?.got) return;
    const again = await trx.raw<{ rows: { rolled_to: Date }[] }>('SELECT rolled_to FROM crm_report_state');
    const from = again.rows[0]?.rolled_to ?? new Date(0);
    await trx.raw(
      `INSERT INTO crm_report_hours (hour, kind, from_stage, to_stage, source, bucket, n)
       SELECT hour, kind, from_stage, to_stage, source, bucket, count(*) FROM (
         SELECT date_trunc('hour', e.at) AS hour, 'moved' AS kind, ${MOVES}, coalesce(l.source, '') AS source
         FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id AND NOT coalesce(l.is_test, FALSE)
         WHERE ${IS_MOVE} AND e.at >= ? AND e.at < ?
         UNION ALL
         SELECT date_trunc('hour', e.at), 'created', '', '', NULL::int, coalesce(l.source, '')
         FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id AND NOT coalesce(l.is_test, FALSE)
         WHERE e.type = 'lead.created' AND e.subject = 'lead' AND e.at >= ? AND e.at < ?
       ) x GROUP BY 1, 2, 3, 4, 5, 6`,
      [from, until, from, until],
    );
    await trx.raw('UPDATE crm_report_state SET rolled_to = ?', [until]);
  });
}

interface FlowRow {
  from_stage: string;
  to_stage: string;
  bucket: number | null;
  count: string;
}

const toFlow = (row: FlowRow): Flow => ({ from: row.from_stage, to: row.to_stage, bucket: row.bucket, count: Number(row.count) });

const rolledTo = async (kit: Kit): Promise<Date> => {
  const [row] = await many<{ rolled_to: Date }>(kit.db, 'SELECT rolled_to FROM crm_report_state');
  return row?.rolled_to ?? new Date(0);
};

/** Moves of leads in a span. Over all leads: hours summed up plus the events since; else the events of the leads in scope. */
export async function flowsIn(kit: Kit, scope: Sql & { readonly open: boolean }, { from, to }: Span, now: Date): Promise<Flow[]> {
  if (scope.open) await rollUp(kit, now);
  const summed = scope.open ? await rolledTo(kit) : new Date(0);
  const since = summed > from ? summed : from;
  const live = await many<FlowRow>(
    kit.db,
    `SELECT from_stage, to_stage, bucket, count(*) AS count FROM (
       SELECT ${MOVES} FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id AND NOT coalesce(l.is_test, FALSE)
       WHERE ${IS_MOVE} AND e.at >= ? AND e.at < ? AND ${scope.sql}) x GROUP BY 1, 2, 3`,
    [since, to, ...scope.bindings],
  );
  if (!scope.open || summed <= from) return live.map(toFlow);
  const end = summed < to ? summed : to;
  const kept = await many<FlowRow>(
    kit.db,
    `SELECT from_stage, to_stage, bucket, sum(n) AS count FROM crm_report_hours
     WHERE kind = 'moved' AND hour >= ? AND hour < ? GROUP BY 1, 2, 3`,
    [from, end],
  );
  return [...kept, ...live].map(toFlow);
}

export interface DayCount {
  readonly day: string;
  readonly created: number;
  /** stage → entries of that day. */
  readonly entered: Readonly<Record<string, number>>;
}

interface DayRow {
  day: string;
  kind: string;
  to_stage: string;
  n: string;
}

/** Per day of the reader's zone: how many leads came in and how often each stage was entered. */
export async function daysIn(
  kit: Kit,
  scope: Sql & { readonly open: boolean },
  { from, to }: Span,
  zone: string,
  now: Date,
): Promise<DayCount[]> {
  if (scope.open) await rollUp(kit, now);
  const summed = scope.open ? await rolledTo(kit) : new Date(0);
  const since = summed > from ? summed : from;
  const events = `SELECT e.at AS hour, CASE WHEN e.type = 'lead.created' THEN 'created' ELSE 'moved' END AS kind,
      coalesce(e.after ->> 'stage', '') AS to_stage, 1 AS n
    FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id AND NOT coalesce(l.is_test, FALSE)
    WHERE e.type IN ('lead.created', 'lead.stage_changed') AND e.subject = 'lead' AND e.at >= ? AND e.at < ? AND ${scope.sql}`;
  const hours = `SELECT hour, kind, to_stage, n FROM crm_report_hours WHERE hour >= ? AND hour < ?`;
  const rows = await many<DayRow>(
    kit.db,
    `SELECT to_char(hour AT TIME ZONE ?, 'YYYY-MM-DD') AS day, kind, CASE WHEN kind = 'created' THEN '' ELSE to_stage END AS to_stage, sum(n) AS n
     FROM (${scope.open ? `${hours} UNION ALL ` : ''}${events}) x GROUP BY 1, 2, 3 ORDER BY 1`,
    [zone, ...(scope.open ? [from, summed < to ? summed : to] : []), since, to, ...scope.bindings],
  );
  const days = new Map<string, { created: number; entered: Record<string, number> }>();
  for (const { day, kind, to_stage, n } of rows) {
    const one = days.get(day) ?? { created: 0, entered: {} };
    if (kind === 'created') one.created += Number(n);
    else one.entered[to_stage] = (one.entered[to_stage] ?? 0) + Number(n);
    days.set(day, one);
  }
  return [...days].map(([day, counts]) => ({ day, ...counts }));
}
