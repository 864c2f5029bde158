import { calendarTime, many, one, type Actor, type Kit, type LocalisedText } from '@leadsea/crm-core';
import { adviceOf, breachesOf, forecast, type Advice, type ForecastHour } from '../domain/forecast';
import { remainingOf } from './clocks';
import { findClocks } from './clock-store';
import { contractsInForce } from './in-force';
import { budgetOf } from '../domain/target';

const WEEKS = 8;
const HISTORY_DAYS = WEEKS * 7;
/** What one answer takes where history shows nothing. */
const HANDLING_SECONDS = 900;

export interface StaffForecast {
  readonly metric: string;
  readonly label: LocalisedText;
  readonly tz: string;
  readonly handlingSeconds: number;
  readonly expected: number;
  readonly hours: readonly ForecastHour[];
  readonly advice: Advice | null;
}

interface Shift {
  readonly calendar: calendarTime.Calendar | null;
  readonly leaveFrom: Date | null;
  readonly leaveTo: Date | null;
}

/** The people who answer, with their calendars and leave. */
async function shiftsOf(kit: Kit, calendarKey: string | null): Promise<Shift[]> {
  const rows = await many<{ key: string | null; leave_from: Date | null; leave_to: Date | null }>(
    kit.db,
    `SELECT coalesce(m.calendar_key, t.calendar_key) AS key, m.leave_from, m.leave_to FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id
     WHERE m.active AND coalesce(m.presence, 'online') <> 'offline' AND jsonb_exists_any(coalesce(m.roles, '[]')::jsonb, ARRAY['sales', 'sdr'])`,
    [],
  );
  return Promise.all(
    rows.map(async (row) => ({ calendar: await kit.calendar(row.key ?? calendarKey), leaveFrom: row.leave_from, leaveTo: row.leave_to })),
  );
}

const HOUR = 3_600_000;

const works = ({ calendar, leaveFrom, leaveTo }: Shift, hour: Date): boolean => {
  const end = new Date(hour.getTime() + HOUR);
  if (leaveFrom && leaveTo && leaveFrom <= hour && hour < leaveTo) return false;
  return calendar === null || calendarTime.elapsed(calendar, hour, end) > 0;
};

/** Expected misses of the next 24 hours of the first metric that sales promises: arrivals of eight weeks against who is at work. */
export async function staffForecast(kit: Kit, actor: Actor, now: Date): Promise<StaffForecast | null> {
  const version = (await contractsInForce(kit, now)).find(({ body }) => body.metrics.some((metric) => metric.obligor === 'sales'));
  const metric = version?.body.metrics.find((one_) => one_.obligor === 'sales');
  const calendar = version && (await kit.calendar(version.body.calendar));
  if (!version || !metric || !calendar) return null;
  const may = kit.access.scope(actor, 'sla-clocks', 'read', 'c');
  const since = new Date(now.getTime() - HISTORY_DAYS * 86_400_000);
  const [arrivals, handling, open, shifts] = await Promise.all([
    many<{ day: number; hour: number; count: number }>(
      kit.db,
      `SELECT extract(isodow FROM started_at AT TIME ZONE 'UTC')::int AS day, extract(hour FROM started_at AT TIME ZONE 'UTC')::int AS hour, count(*)::int AS count
       FROM crm_sla_clocks c WHERE metric = ? AND contract_id = ? AND cycle = 1 AND started_at >= ? AND started_at < ? AND (${may.sql}) GROUP BY 1, 2`,
      [metric.key, version.contractId, since, now, ...may.bindings],
    ),
    one<{ seconds: number | null }>(
      kit.db,
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY elapsed_seconds) AS seconds FROM crm_sla_clocks c WHERE metric = ? AND contract_id = ? AND state = 'met' AND stopped_at >= ? AND (${may.sql})`,
      [metric.key, version.contractId, since, ...may.bindings],
    ),
    findClocks(kit.db, `WHERE c.metric = ? AND c.contract_id = ? AND c.state = 'running' AND (${may.sql})`, [
      metric.key,
      version.contractId,
      ...may.bindings,
    ]),
    shiftsOf(kit, version.body.calendar),
  ]);
  const remaining = await remainingOf(kit, open, now);
  const byHour = new Map(arrivals.map((row) => [`${row.day}:${row.hour}`, row.count / WEEKS]));
  const target = metric.targets[metric.targets.length - 1]!;
  const handlingSeconds = Math.min(3600, Math.max(300, Math.round(handling?.seconds ?? HANDLING_SECONDS)));
  const input = {
    now,
    calendar,
    handlingSeconds,
    targetSeconds: budgetOf(target, calendar, now)?.seconds ?? HANDLING_SECONDS,
    waiting: [...remaining.values()].filter((left) => left > 0),
    arrivalsAt: (hour: Date) => byHour.get(`${((hour.getUTCDay() + 6) % 7) + 1}:${hour.getUTCHours()}`) ?? 0,
    staffAt: (hour: Date) => shifts.filter((shift) => works(shift, hour)).length,
  };
  const hours = forecast(input);
  return {
    metric: metric.key,
    label: metric.label,
    tz: calendar.tz,
    handlingSeconds,
    expected: breachesOf(hours),
    hours,
    advice: adviceOf(input),
  };
}
