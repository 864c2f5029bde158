import { badRequest, many, one } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import type { Span } from './scope';

/** Leads that stand in each stage now. */
export async function censusOf(kit: Kit, scope: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await many<{ stage: string; n: number }>(
    kit.db,
    `SELECT l.stage, count(*)::int AS n FROM crm_leads l WHERE l.merged_into IS NULL AND ${scope.sql} GROUP BY l.stage`,
    scope.bindings,
  );
  return new Map(rows.map(({ stage, n }) => [stage, n]));
}

/** Leads that have been in a stage for longer than the graph wants, by stage. */
export async function lateOf(kit: Kit, scope: Sql, limits: ReadonlyMap<string, number>, now: Date): Promise<ReadonlyMap<string, number>> {
  if (limits.size === 0) return new Map();
  const stages = [...limits];
  const rows = await many<{ stage: string; n: number }>(
    kit.db,
    `SELECT l.stage, count(*)::int AS n FROM crm_leads l JOIN (VALUES ${stages.map(() => '(?::text, ?::timestamptz)').join(', ')}) AS s(stage, since) ON s.stage = l.stage
     WHERE l.merged_into IS NULL AND l.stage_entered_at < s.since AND ${scope.sql} GROUP BY l.stage`,
    [...stages.flatMap(([stage, seconds]) => [stage, new Date(now.getTime() - seconds * 1000)]), ...scope.bindings],
  );
  return new Map(rows.map(({ stage, n }) => [stage, n]));
}

/** Plain fields the report of origins can be split by. */
export const ORIGINS = ['source', 'medium', 'campaign', 'product', 'industry', 'country', 'city'] as const;

/**
 * The column of a field the report of origins can be split by: a plain one, or a list of the company's own that is in use.
 * @throws AppError QUERY_INVALID
 */
export function originSql(kit: Kit, by: string): Sql {
  const plain = ORIGINS.find((one) => one === by);
  if (plain) return { sql: `l.${plain}`, bindings: [] };
  const own = kit.custom.fields('lead').find((field) => `custom.${field.key}` === by && field.type === 'select' && !field.retired);
  if (own) return { sql: 'l.custom ->> ?', bindings: [own.key] };
  throw badRequest('QUERY_INVALID', `The report cannot be split by "${by}".`, { parameter: 'by' });
}

export interface SourceLine {
  /** Value of the field the report is split by. */
  readonly value: string | null;
  /** Came in during the span. */
  readonly leads: number;
  /** Of these: how many stand in which stage now. */
  readonly stages: Readonly<Record<string, number>>;
}

/** What came in during the span by source or another field, and how far it has come; the value with most leads first. */
export async function sourcesOf(kit: Kit, scope: Sql, { from, to }: Span, by: string): Promise<SourceLine[]> {
  const column = originSql(kit, by);
  const rows = await many<{ value: string | null; stage: string; n: number }>(
    kit.db,
    `SELECT ${column.sql} AS value, l.stage, count(*)::int AS n FROM crm_leads l
     WHERE l.merged_into IS NULL AND l.captured_at >= ? AND l.captured_at < ? AND ${scope.sql} GROUP BY 1, 2`,
    [...column.bindings, from, to, ...scope.bindings],
  );
  const lines = new Map<string | null, { leads: number; stages: Record<string, number> }>();
  for (const { value, stage, n } of rows) {
    const line = lines.get(value) ?? { leads: 0, stages: {} };
    line.leads += n;
    line.stages[stage] = n;
    lines.set(value, line);
  }
  return [...lines].map(([value, line]) => ({ value, ...line })).sort((a, b) => b.leads - a.leads);
}

export interface MyNumbers {
  readonly held: number;
  readonly hot: number;
  /** Held, and never followed up. */
  readonly untouched: number;
  /** Whose next step is due. */
  readonly overdue: number;
  /** Came to this member during the span and still held. */
  readonly fresh: number;
  /** Follow-ups logged during the span, and the leads they were with. */
  readonly followUps: number;
  readonly contacted: number;
  /** Stages moved by this member during the span, to a win. */
  readonly won: number;
}

/** One person's own numbers. */
export async function myNumbers(
  kit: Kit,
  actor: Actor,
  span: Span,
  now: Date,
  closed: readonly string[],
  won: readonly string[],
): Promise<MyNumbers> {
  const held = await one<Pick<MyNumbers, 'held' | 'hot' | 'untouched' | 'overdue' | 'fresh'>>(
    kit.db,
    `SELECT count(*)::int AS held, count(*) FILTER (WHERE label = 'hot')::int AS hot,
            count(*) FILTER (WHERE last_follow_up_at IS NULL)::int AS untouched,
            count(*) FILTER (WHERE next_action_at < ?)::int AS overdue, count(*) FILTER (WHERE held_since >= ?)::int AS fresh
     FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL AND stage <> ALL(?::text[])`,
    [now, span.from, actor.memberId, [...closed]],
  );
  const done = await one<{ followUps: number; contacted: number }>(
    kit.db,
    `SELECT count(*)::int AS "followUps", count(DISTINCT lead_id)::int AS contacted FROM crm_activities
     WHERE member_id = ? AND occurred_at >= ? AND occurred_at < ? AND kind <> 'note' AND NOT coalesce(automatic, FALSE)`,
    [actor.memberId, span.from, span.to],
  );
  const wins = await one<{ won: number }>(
    kit.db,
    `SELECT count(DISTINCT subject_id)::int AS won FROM crm_events
     WHERE actor_id = ? AND actor_kind = 'member' AND at >= ? AND at < ? AND type = 'lead.stage_changed' AND after ->> 'stage' = ANY(?::text[])`,
    [actor.memberId, span.from, span.to, [...won]],
  );
  return {
    ...(held ?? { held: 0, hot: 0, untouched: 0, overdue: 0, fresh: 0 }),
    ...(done ?? { followUps: 0, contacted: 0 }),
    won: wins?.won ?? 0,
  };
}

export interface PersonLine {
  readonly member: number;
  readonly held: number;
  readonly hot: number;
  readonly untouched: number;
  readonly overdue: number;
  readonly followUps: number;
}

/** One line per person who holds leads in scope: what he holds, what waits, how often he followed up during the span. */
export async function peopleOf(kit: Kit, scope: Sql, span: Span, now: Date, closed: readonly string[]): Promise<PersonLine[]> {
  const rows = await many<Omit<PersonLine, 'followUps'>>(
    kit.db,
    `SELECT l.owner_id AS member, count(*)::int AS held, count(*) FILTER (WHERE l.label = 'hot')::int AS hot,
            count(*) FILTER (WHERE l.last_follow_up_at IS NULL)::int AS untouched,
            count(*) FILTER (WHERE l.next_action_at < ?)::int AS overdue
     FROM crm_leads l WHERE l.owner_id IS NOT NULL AND l.merged_into IS NULL AND l.stage <> ALL(?::text[]) AND ${scope.sql}
     GROUP BY l.owner_id ORDER BY 2 DESC LIMIT 100`,
    [now, [...closed], ...scope.bindings],
  );
  const counts = await many<{ member: number; n: number }>(
    kit.db,
    `SELECT member_id AS member, count(*)::int AS n FROM crm_activities
     WHERE member_id = ANY(?::int[]) AND occurred_at >= ? AND occurred_at < ? AND kind <> 'note' AND NOT coalesce(automatic, FALSE) GROUP BY 1`,
    [rows.map(({ member }) => member), span.from, span.to],
  );
  const done = new Map(counts.map(({ member, n }) => [member, n]));
  return rows.map((row) => ({ ...row, followUps: done.get(row.member) ?? 0 }));
}
