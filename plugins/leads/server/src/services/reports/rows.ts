import { badRequest, many } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import type { Lifecycle } from '../../../../contracts';
import { directionOf } from '../../domain/reports/funnel';
import type { ReportQuery, Span } from './scope';

/** As many as a list can be opened with. */
const MOST = 500;

export interface ReportRows {
  readonly ids: readonly number[];
  readonly total: number;
}

/** Pairs of stages between which a move has this direction, out of one stage. */
const targetsOf = (graph: Lifecycle, from: string, direction: ReportQuery['direction']): string[] =>
  graph.stages.map(({ key }) => key).filter((to) => to !== from && (!direction || directionOf(graph.stages, from, to) === direction));

function predicateOf(actor: Actor, graph: Lifecycle, metric: string, query: ReportQuery, span: Span): Sql {
  const at = (what: string): string => `${what} >= ? AND ${what} < ?`;
  const moved = (test: string, bindings: readonly unknown[]): Sql => ({
    sql: `EXISTS (SELECT 1 FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.stage_changed' AND ${at('e.at')} AND ${test})`,
    bindings: [span.from, span.to, ...bindings],
  });
  switch (metric) {
    case 'entered':
      return moved(`e.after ->> 'stage' = ?`, [query.stage]);
    case 'left':
      return moved(`e.before ->> 'stage' = ? AND e.after ->> 'stage' = ANY(?::text[])`, [
        query.stage,
        targetsOf(graph, query.stage ?? '', query.direction),
      ]);
    case 'won':
      return moved(`e.actor_id = ? AND e.after ->> 'stage' = ANY(?::text[])`, [
        actor.memberId,
        graph.stages.filter(({ type }) => type === 'won').map(({ key }) => key),
      ]);
    case 'created':
      return { sql: at('l.created_at'), bindings: [span.from, span.to] };
    case 'followed':
      return {
        sql: `l.id IN (SELECT a.lead_id FROM crm_activities a WHERE a.member_id = ? AND ${at('a.occurred_at')} AND a.kind <> 'note' AND NOT coalesce(a.automatic, FALSE))`,
        bindings: [query.member ?? actor.memberId, span.from, span.to],
      };
    default:
      throw badRequest('QUERY_INVALID', `There are no rows of "${metric}".`, { parameter: 'metric' });
  }
}

/** The leads behind a number, those the actor may read, newest first; `total` counts all of them. */
export async function reportRows(
  kit: Kit,
  actor: Actor,
  graph: Lifecycle,
  scope: Sql,
  metric: string,
  query: ReportQuery,
  span: Span,
): Promise<ReportRows> {
  const test = predicateOf(actor, graph, metric, query, span);
  const rows = await many<{ id: number; total: string }>(
    kit.db,
    `SELECT l.id, count(*) OVER () AS total FROM crm_leads l
     WHERE l.merged_into IS NULL AND NOT coalesce(l.is_test, FALSE) AND ${scope.sql} AND ${test.sql} ORDER BY l.id DESC LIMIT ${MOST}`,
    [...scope.bindings, ...test.bindings],
  );
  return { ids: rows.map(({ id }) => id), total: Number(rows[0]?.total ?? 0) };
}
