import { many, one } from '@leadsea/crm-core';
import type { Kit, Sql } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { bucketSql } from '../../domain/reports/histogram';
import type { Dwell, Flow } from '../../domain/reports/funnel';
import { liveLifecycle } from '../stages';
import type { Span } from './scope';

/** An hour is summed up when it has been over for this long: a change set carries the time it began with. */
const SETTLED_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
/** Held while hours are summed up, so that two nodes do not do it at once. */
const LOCK = 7_340_021;

const FROM = `e.before ->> 'stage'`;
const TO = `e.after ->> 'stage'`;
const BUCKET = bucketSql("extract(epoch FROM e.at - (e.before ->> 'stageEnteredAt')::timestamptz)");
const IS_MOVE = `e.type = 'lead.stage_changed' AND e.subject = 'lead'`;
/**
 * The lead had entered that stage in the same cycle before: the move is a move, but no further MQL. A new lead stands in the first stage (one
 * parameter) without having moved there.
 */
const AGAIN = `((${TO} = ? AND coalesce(e.data ->> 'cycle', '1') = '1')
  OR EXISTS (SELECT 1 FROM crm_events p WHERE p.subject = 'lead' AND p.subject_id = e.subject_id AND p.id < e.id AND p.type = 'lead.stage_changed'
    AND p.after ->> 'stage' = e.after ->> 'stage' AND coalesce(p.data ->> 'cycle', '1') = coalesce(e.data ->> 'cycle', '1')))`;
const firstStage = async (kit: Kit): Promise<string> => (await liveLifecycle(kit)).graph.initial;
const REAL = 'JOIN crm_leads l ON l.id = e.subject_id AND NOT coalesce(l.is_test, FALSE)';

const rolledTo = async (db: Knex): Promise<Date> => {
  const row = await one<{ rolled_to: Date }>(db, 'SELECT rolled_to FROM crm_report_state');
  return row?.rolled_to ?? new Date(0);
};

/**
 * Sums up the moves and arrivals of all hours that are over and not summed up yet: exact, since events are only ever appended. Cheap when
 * nothing is due; the first time it reads the whole history once.
 */
export async function rollUp(kit: Kit, now: Date): Promise<void> {
  const until = new Date(Math.floor((now.getTime() - SETTLED_MS) / HOUR_MS) * HOUR_MS);
  if ((await rolledTo(kit.db)) >= until) return;
  const first = await firstStage(kit);
  await kit.db.transaction(async (trx) => {
    const lock = await one<{ got: boolean }>(trx, 'SELECT pg_try_advisory_xact_lock(?) AS got', [LOCK]);
    const from = await rolledTo(trx);
    if (!lock?.got || from >= until) return;
    await trx.raw(
      `WITH moved AS MATERIALIZED (
         SELECT e.at, ${FROM} AS from_stage, ${TO} AS to_stage, ${BUCKET} AS bucket, ${AGAIN} AS again FROM crm_events e ${REAL} WHERE ${IS_MOVE} AND e.at >= ? AND e.at < ?
       ), dwelt AS (
         INSERT INTO crm_report_dwell (day, stage, bucket, n)
         SELECT (at AT TIME ZONE 'UTC')::date, from_stage, bucket, count(*) FROM moved WHERE bucket IS NOT NULL GROUP BY 1, 2, 3
       )
       INSERT INTO crm_report_hours (hour, kind, from_stage, to_stage, n)
       SELECT date_trunc('hour', at), 'moved', coalesce(from_stage, ''), coalesce(to_stage, ''), count(*) FROM moved GROUP BY 1, 3, 4
       UNION ALL
       SELECT date_trunc('hour', at), 'again', coalesce(from_stage, ''), coalesce(to_stage, ''), count(*) FROM moved WHERE again GROUP BY 1, 3, 4
       UNION ALL
       SELECT date_trunc('hour', e.at), 'created', '', '', count(*) FROM crm_events e ${REAL}
       WHERE e.type = 'lead.created' AND e.subject = 'lead' AND e.at >= ? AND e.at < ? GROUP BY 1`,
      [first, from, until, from, until],
    );
    await trx.raw('UPDATE crm_report_state SET rolled_to = ?', [until]);
  });
}

/** More than this to sum up is done beside the request; until then the events are read. */
const MUCH_MS = 2 * 24 * HOUR_MS;

/** Until when hours are summed up; sums up the few that have passed since, so that the events left are few. */
async function summedTo(kit: Kit, now: Date): Promise<Date> {
  const known = await rolledTo(kit.db);
  if (now.getTime() - known.getTime() > MUCH_MS) {
    rollUp(kit, now).catch((error: unknown) => kit.log.warn(`Reports could not be summed up: ${String(error)}`));
    return known;
  }
  await rollUp(kit, now);
  return rolledTo(kit.db);
}

export interface Flows {
  readonly flows: readonly Flow[];
  readonly dwells: readonly Dwell[];
}

interface MoveRow {
  from_stage: string;
  to_stage: string;
  bucket: number | null;
  count: number;
  again: number;
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** Moves of leads in a span, arrivals as moves into the first stage. Over all leads: hours summed up (times in stage by the day) plus the events since; else the events of the leads in scope. */
export async function flowsIn(kit: Kit, scope: Sql & { readonly open: boolean }, { from, to }: Span, now: Date): Promise<Flows> {
  const summed = scope.open ? await summedTo(kit, now) : new Date(0);
  const since = summed > from ? summed : from;
  const first = await firstStage(kit);
  const [moves, arrived] = await Promise.all([
    many<MoveRow>(
      kit.db,
      `SELECT coalesce(${FROM}, '') AS from_stage, coalesce(${TO}, '') AS to_stage, ${BUCKET} AS bucket, count(*)::int AS count, (count(*) FILTER (WHERE ${AGAIN}))::int AS again FROM crm_events e ${REAL}
       WHERE ${IS_MOVE} AND e.at >= ? AND e.at < ? AND ${scope.sql} GROUP BY 1, 2, 3`,
      [first, since, to, ...scope.bindings],
    ),
    one<{ n: number }>(
      kit.db,
      `SELECT count(*)::int AS n FROM crm_events e ${REAL} WHERE e.type = 'lead.created' AND e.subject = 'lead' AND e.at >= ? AND e.at < ? AND ${scope.sql}`,
      [since, to, ...scope.bindings],
    ),
  ]);
  const flows = [
    ...moves.map((row): Flow => ({ from: row.from_stage, to: row.to_stage, count: row.count, again: row.again })),
    { from: '', to: first, count: arrived?.n ?? 0 },
  ];
  const dwells = moves.flatMap((row): Dwell[] =>
    row.bucket === null ? [] : [{ stage: row.from_stage, bucket: row.bucket, count: row.count }],
  );
  if (!scope.open || summed <= from) return { flows, dwells };
  const end = earlier(summed, to);
  const [hours, days] = await Promise.all([
    many<Flow>(
      kit.db,
      `SELECT from_stage AS "from", CASE kind WHEN 'created' THEN ? ELSE to_stage END AS "to", coalesce(sum(n) FILTER (WHERE kind <> 'again'), 0)::int AS count,
              coalesce(sum(n) FILTER (WHERE kind = 'again'), 0)::int AS again
       FROM crm_report_hours WHERE hour >= ? AND hour < ? GROUP BY 1, 2`,
      [first, from, end],
    ),
    many<Dwell>(
      kit.db,
      `SELECT stage, bucket, sum(n)::int AS count FROM crm_report_dwell
       WHERE day >= (?::timestamptz AT TIME ZONE 'UTC')::date AND day <= (?::timestamptz AT TIME ZONE 'UTC')::date GROUP BY 1, 2`,
      [from, end],
    ),
  ]);
  return { flows: [...hours, ...flows], dwells: [...days, ...dwells] };
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

/** Per day of the reader's zone: how many leads came in, and how many entered each stage, each once in a cycle. */
export async function daysIn(
  kit: Kit,
  scope: Sql & { readonly open: boolean },
  { from, to }: Span,
  zone: string,
  now: Date,
): Promise<DayCount[]> {
  const summed = scope.open ? await summedTo(kit, now) : new Date(0);
  const since = summed > from ? summed : from;
  const events = `SELECT e.at AS hour, CASE WHEN e.type = 'lead.created' THEN 'created' ELSE 'moved' END AS kind,
      coalesce(${TO}, '') AS to_stage, 1 AS n FROM crm_events e ${REAL}
    WHERE e.type IN ('lead.created', 'lead.stage_changed') AND e.subject = 'lead' AND e.at >= ? AND e.at < ? AND NOT (e.type = 'lead.stage_changed' AND ${AGAIN})
      AND ${scope.sql}`;
  const hours = `SELECT hour, CASE kind WHEN 'again' THEN 'moved' ELSE kind END AS kind, to_stage, CASE kind WHEN 'again' THEN -n ELSE n END AS n FROM crm_report_hours WHERE hour >= ? AND hour < ?`;
  const rows = await many<DayRow>(
    kit.db,
    `SELECT to_char(hour AT TIME ZONE ?, 'YYYY-MM-DD') AS day, kind, CASE WHEN kind = 'created' THEN '' ELSE to_stage END AS to_stage, sum(n) AS n
     FROM (${scope.open ? `${hours} UNION ALL ` : ''}${events}) x GROUP BY 1, 2, 3 ORDER BY 1`,
    [zone, ...(scope.open ? [from, earlier(summed, to)] : []), since, to, await firstStage(kit), ...scope.bindings],
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
