import { many, type Actor, type Kit, type LocalisedText } from '@leadsea/crm-core';
import { z } from 'zod';
import { OBLIGORS, type Obligor } from '../../../contracts';

/** What a score card is asked: a span of outcomes, a zone for days and hours, one metric, one holder. */
export const scorecardQuery = z.object({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  by: z.enum(['week', 'month']).default('week'),
  tz: z.string().min(1).max(60).default('UTC'),
  obligor: z.enum(OBLIGORS).optional(),
  metric: z.string().max(80).optional(),
  owner: z.coerce.number().int().optional(),
});
export type ScorecardQuery = z.infer<typeof scorecardQuery>;

export interface Tally {
  /** Promises whose outcome is known. */
  readonly total: number;
  readonly met: number;
  readonly breached: number;
  /** Of the breached ones. */
  readonly waived: number;
  readonly disputed: number;
  /** Seconds; null without an answer in the span. */
  readonly p50Business: number | null;
  readonly p90Business: number | null;
  readonly p50Calendar: number | null;
  readonly p90Calendar: number | null;
}

/** One promise of one contract: two contracts may use the same key, and are two promises. */
export interface MetricTally extends Tally {
  readonly contract: number;
  readonly contractName: string | null;
  readonly metric: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
}

const nameOf = (column: string): string => `(SELECT p.name FROM crm_policies p WHERE p.id = ${column}) AS "contractName"`;

export interface Scorecard {
  readonly from: string;
  readonly to: string;
  readonly total: Tally;
  readonly metrics: readonly MetricTally[];
  readonly series: readonly (Tally & { readonly start: string })[];
  readonly holders: readonly (Tally & { readonly owner: number | null; readonly name: string | null })[];
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** Starts by local weekday (1 = Monday) and hour. */
  readonly hours: readonly { readonly day: number; readonly hour: number; readonly total: number; readonly breached: number }[];
  /** Promises that still run. */
  readonly open: { readonly running: number; readonly late: number; readonly paused: number };
}

/** Cancelled clocks promise nothing any more; one that was late before it was cancelled is `breached_closed`. */
const DECIDED = `c.state IN ('met', 'breached_open', 'breached_closed', 'waived')`;
const OUTCOME = 'coalesce(c.breached_at, c.stopped_at)';
const ANSWERED = `c.stop_activity_id IS NOT NULL OR c.end_reason = 'condition'`;
/** How many rows behind one cell are shown. */
const MOST_ROWS = 500;
const CALENDAR_SECONDS = 'extract(epoch FROM c.stopped_at - c.started_at)';

const quantile = (share: number, value: string): string =>
  `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${value}) FILTER (WHERE ${ANSWERED})`;

const TALLY = `count(*)::int AS total, count(*) FILTER (WHERE c.breached_at IS NULL)::int AS met, count(*) FILTER (WHERE c.breached_at IS NOT NULL)::int AS breached,
  count(*) FILTER (WHERE c.state = 'waived')::int AS waived, count(*) FILTER (WHERE c.disputed)::int AS disputed,
  ${quantile(0.5, 'c.elapsed_seconds')} AS "p50Business", ${quantile(0.9, 'c.elapsed_seconds')} AS "p90Business",
  ${quantile(0.5, CALENDAR_SECONDS)} AS "p50Calendar", ${quantile(0.9, CALENDAR_SECONDS)} AS "p90Calendar"`;

/** Why a promise was not kept, from what is known of the clock. */
export const missReason = (alias: string): string => `CASE
  WHEN ${alias}.breach_cause = 'target_change' THEN 'target-changed' WHEN ${alias}.breach_cause = 'backfill' THEN 'before-contract' WHEN ${alias}.breach_cause = 'calendar' THEN 'calendar-revised'
  WHEN ${alias}.state = 'breached_open' THEN 'still-open' WHEN ${alias}.end_reason IN ('reassigned', 'released') THEN 'passed-on'
  WHEN ${alias}.end_reason IN ('activity', 'condition') THEN 'answered-late' WHEN ${alias}.end_reason = 'waived' THEN 'waived' ELSE 'never-answered' END`;
const REASON = missReason('c');

/** Whether a promise was answered: what the times to an answer are counted over. */
export const wasAnswered = (alias: string): string => `(${alias}.stop_activity_id IS NOT NULL OR ${alias}.end_reason = 'condition')`;

interface Scope {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

function scopeOf(kit: Kit, actor: Actor, query: ScorecardQuery): Scope {
  const may = kit.access.scope(actor, 'sla-clocks', 'read', 'c');
  const parts: { sql: string; bindings: readonly unknown[] }[] = [{ sql: may.sql, bindings: may.bindings }];
  if (query.obligor) parts.push({ sql: 'c.obligor = ?', bindings: [query.obligor] });
  if (query.metric) parts.push({ sql: 'c.metric = ?', bindings: [query.metric] });
  if (query.owner !== undefined) parts.push({ sql: 'coalesce(c.breach_owner_id, c.owner_id) = ?', bindings: [query.owner] });
  return { sql: parts.map(({ sql }) => `(${sql})`).join(' AND '), bindings: parts.flatMap(({ bindings }) => [...bindings]) };
}

const NONE: Tally = {
  total: 0,
  met: 0,
  breached: 0,
  waived: 0,
  disputed: 0,
  p50Business: null,
  p90Business: null,
  p50Calendar: null,
  p90Calendar: null,
};

/** How promises were kept between two instants, as far as the actor may see the leads; as measured, with waivers beside. */
export async function scorecard(kit: Kit, actor: Actor, query: ScorecardQuery): Promise<Scorecard> {
  const { sql, bindings } = scopeOf(kit, actor, query);
  const decided = `FROM crm_sla_clocks c LEFT JOIN crm_members m ON m.id = coalesce(c.breach_owner_id, c.owner_id)
    WHERE ${DECIDED} AND ${OUTCOME} >= ? AND ${OUTCOME} < ? AND ${sql}`;
  const span = [query.from, query.to, ...bindings];
  const ask = <Row>(select: string, rest: string, before: readonly unknown[] = []): Promise<Row[]> =>
    many<Row>(kit.db, `SELECT ${select} ${decided} ${rest}`, [...before, ...span]);
  const [total, metrics, series, holders, reasons, hours, open] = await Promise.all([
    ask<Tally>(TALLY, ''),
    ask<MetricTally>(
      `c.contract_id AS contract, ${nameOf('c.contract_id')}, c.metric, c.obligor, (array_agg(c.label ORDER BY c.id DESC))[1] AS label, ${TALLY}`,
      'GROUP BY c.contract_id, c.metric, c.obligor ORDER BY c.obligor, c.metric, c.contract_id',
    ),
    ask<Tally & { start: string }>(
      `to_char(date_trunc(?, ${OUTCOME} AT TIME ZONE ?), 'YYYY-MM-DD') AS start, ${TALLY}`,
      'GROUP BY 1 ORDER BY 1',
      [query.by, query.tz],
    ),
    ask<Tally & { owner: number | null; name: string | null }>(
      `m.id AS owner, m.name, ${TALLY}`,
      'GROUP BY m.id, m.name ORDER BY breached DESC, total DESC, m.id LIMIT 200',
    ),
    ask<{ reason: string; count: number }>(
      `${REASON} AS reason, count(*)::int AS count`,
      'AND c.breached_at IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1',
    ),
    ask<{ day: number; hour: number; total: number; breached: number }>(
      `extract(isodow FROM c.started_at AT TIME ZONE ?)::int AS day, extract(hour FROM c.started_at AT TIME ZONE ?)::int AS hour,
       count(*)::int AS total, count(*) FILTER (WHERE c.breached_at IS NOT NULL)::int AS breached`,
      'GROUP BY 1, 2 ORDER BY 1, 2',
      [query.tz, query.tz],
    ),
    many<Scorecard['open']>(
      kit.db,
      `SELECT count(*) FILTER (WHERE c.state = 'running')::int AS running, count(*) FILTER (WHERE c.state = 'breached_open')::int AS late,
         count(*) FILTER (WHERE c.state = 'paused')::int AS paused FROM crm_sla_clocks c WHERE c.state IN ('running', 'breached_open', 'paused') AND ${sql}`,
      [...bindings],
    ),
  ]);
  return {
    from: query.from,
    to: query.to,
    total: total[0] ?? NONE,
    metrics,
    series,
    holders,
    reasons,
    hours,
    open: open[0] ?? { running: 0, late: 0, paused: 0 },
  };
}

/** One cell of the hours of a score card: a local weekday (1 = Monday) and hour in which promises began. */
export const cellQuery = scorecardQuery.extend({
  day: z.coerce.number().int().min(1).max(7),
  hour: z.coerce.number().int().min(0).max(23),
});

/** The clocks behind one cell, the newest outcomes first, at most 500, and how many there are: by the same question as the cell itself. */
export async function cellRows(
  kit: Kit,
  actor: Actor,
  query: z.infer<typeof cellQuery>,
): Promise<{ readonly ids: readonly number[]; readonly total: number }> {
  const { sql, bindings } = scopeOf(kit, actor, query);
  const rows = await many<{ id: number; total: number }>(
    kit.db,
    `SELECT c.id, (count(*) OVER ())::int AS total FROM crm_sla_clocks c
     WHERE ${DECIDED} AND ${OUTCOME} >= ? AND ${OUTCOME} < ? AND ${sql}
       AND extract(isodow FROM c.started_at AT TIME ZONE ?) = ? AND extract(hour FROM c.started_at AT TIME ZONE ?) = ?
     ORDER BY ${OUTCOME} DESC, c.id DESC LIMIT ${MOST_ROWS}`,
    [query.from, query.to, ...bindings, query.tz, query.day, query.tz, query.hour],
  );
  return { ids: rows.map((row) => row.id), total: rows[0]?.total ?? 0 };
}

export interface ObligationTally {
  readonly contract: number;
  readonly contractName: string | null;
  readonly key: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly running: number;
  readonly met: number;
  readonly breached: number;
  readonly impossible: number;
}

/** Touch obligations decided in the span, and those that run. */
export function obligationTallies(kit: Kit, actor: Actor, query: ScorecardQuery): Promise<ObligationTally[]> {
  const may = kit.access.scope(actor, 'sla-obligations', 'read', 'o');
  return many<ObligationTally>(
    kit.db,
    `SELECT o.contract_id AS contract, ${nameOf('o.contract_id')}, o.key, (array_agg(o.label ORDER BY o.id DESC))[1] AS label, o.obligor, count(*) FILTER (WHERE o.state = 'running')::int AS running,
       count(*) FILTER (WHERE o.state = 'met')::int AS met, count(*) FILTER (WHERE o.state = 'breached')::int AS breached,
       count(*) FILTER (WHERE o.breach_cause = 'impossible')::int AS impossible
     FROM crm_sla_obligations o WHERE (o.state = 'running' OR (o.ended_at >= ? AND o.ended_at < ?)) AND (${may.sql}) GROUP BY o.contract_id, o.key, o.obligor ORDER BY o.obligor, o.key, o.contract_id`,
    [query.from, query.to, ...may.bindings],
  );
}
