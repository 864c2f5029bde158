import { badRequest, many } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import type { Lifecycle } from '../../../../contracts';
import { directionOf } from '../../domain/reports/funnel';
import type { ReportQuery, Span } from './scope';

/** As many as a list can be opened with. */
const MOST = 500;

export interface ReportRows {
  readonly ids: readonly number[];
  /** There are more than these. */
  readonly more: boolean;
}

/** Moves looked through for the newest rows of a number over all leads. */
const LOOKED_AT = 20_000;

/** Pairs of stages between which a move has this direction, out of one stage. */
const targetsOf = (graph: Lifecycle, from: string, direction: ReportQuery['direction']): string[] =>
  graph.stages.map(({ key }) => key).filter((to) => to !== from && (!direction || directionOf(graph.stages, from, to) === direction));

interface Test extends Sql {
  /** The same as a source of lead ids, newest first, for numbers over all leads: `SELECT id FROM …`. */
  readonly newest?: Sql;
}

function testOf(actor: Actor, graph: Lifecycle, metric: string, query: ReportQuery, span: Span): Test {
  const at = (what: string): string => `${what} >= ? AND ${what} < ?`;
  const moved = (test: string, bindings: readonly unknown[], types = ['lead.stage_changed']): Test => {
    const move = `e.subject = 'lead' AND e.type IN (${types.map((type) => `'${type}'`).join(', ')}) AND ${at('e.at')} AND ${test}`;
    const bound = [span.from, span.to, ...bindings];
    return {
      sql: `EXISTS (SELECT 1 FROM crm_events e WHERE e.subject_id = l.id AND ${move})`,
      bindings: bound,
      newest: { sql: `SELECT e.subject_id AS id FROM crm_events e WHERE ${move} ORDER BY e.at DESC LIMIT ${LOOKED_AT}`, bindings: bound },
    };
  };
  switch (metric) {
    case 'entered':
      // Who comes in stands in the first stage.
      return query.stage === graph.initial
        ? moved(`(e.type = 'lead.created' OR e.after ->> 'stage' = ?)`, [query.stage], ['lead.created', 'lead.stage_changed'])
        : moved(`e.after ->> 'stage' = ?`, [query.stage ?? '']);
    case 'left':
      return moved(`e.before ->> 'stage' = ? AND e.after ->> 'stage' = ANY(?::text[])`, [
        query.stage ?? '',
        targetsOf(graph, query.stage ?? '', query.direction),
      ]);
    case 'won':
      return moved(`e.actor_id = ? AND e.after ->> 'stage' = ANY(?::text[])`, [
        actor.memberId,
        graph.stages.filter(({ type }) => type === 'won').map(({ key }) => key),
      ]);
    case 'followed':
      return {
        sql: `l.id IN (SELECT a.lead_id FROM crm_activities a WHERE a.member_id = ? AND ${at('a.occurred_at')} AND a.kind <> 'note' AND NOT coalesce(a.automatic, FALSE))`,
        bindings: [query.member ?? actor.memberId, span.from, span.to],
      };
    default:
      throw badRequest('QUERY_INVALID', `There are no rows of "${metric}".`, { parameter: 'metric' });
  }
}

/** The leads behind a number, those the actor may read, the newest of them. */
export async function reportRows(
  kit: Kit,
  actor: Actor,
  graph: Lifecycle,
  scope: Sql & { readonly open: boolean },
  metric: string,
  query: ReportQuery,
  span: Span,
): Promise<ReportRows> {
  const test = testOf(actor, graph, metric, query, span);
  const newest = scope.open ? test.newest : undefined;
  const rows = await many<{ id: number }>(
    kit.db,
    `SELECT l.id FROM crm_leads l WHERE l.merged_into IS NULL AND NOT coalesce(l.is_test, FALSE) AND ${scope.sql}
       AND ${newest ? `l.id IN (${newest.sql})` : test.sql} ORDER BY l.id DESC LIMIT ${MOST + 1}`,
    [...scope.bindings, ...(newest ?? test).bindings],
  );
  return { ids: rows.slice(0, MOST).map(({ id }) => id), more: rows.length > MOST };
}
