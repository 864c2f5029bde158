import { badRequest, forbidden } from '@leadsea/crm-core';
import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import { closedStagesOf } from '../../domain/lifecycle/transitions';
import { funnelOf } from '../../domain/reports/funnel';
import { liveLifecycle } from '../stages';
import { censusOf, lateOf, myNumbers, peopleOf, sourcesOf } from './counts';
import { daysIn, flowsIn, rollUp } from './flows';
import { reportRows } from './rows';
import { leadScope, readsField, reportQuery, spanOf, type ReportQuery, type Span } from './scope';

export { rollUp };

const FIRST_MS = 60_000;
const EVERY_MS = 30 * 60_000;

interface Asked {
  readonly query: ReportQuery;
  readonly span: Span;
  readonly scope: ReturnType<typeof leadScope>;
}

const parse = (ctx: HostContext): ReportQuery => {
  const parsed = reportQuery.safeParse({ ...ctx.query });
  if (parsed.success) return parsed.data;
  throw badRequest('QUERY_INVALID', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '), {
    parameter: parsed.error.issues[0]?.path.join('.'),
  });
};

/** Sums hours up beside the requests, so that nobody waits for it: a moment after the start, then every half hour. */
export function keepRolledUp(kit: Kit): void {
  const run = (): void => {
    rollUp(kit, kit.clock.now()).catch((error: unknown) => kit.log.warn(`Reports could not be summed up: ${String(error)}`));
  };
  setTimeout(run, FIRST_MS).unref();
  setInterval(run, EVERY_MS).unref();
}

/** `GET /reports/{funnel|sources|trend|numbers|people|rows/:metric}?who=me|team|all&days=30`: numbers over the leads the actor may read. */
export function registerReports(kit: Kit): void {
  const route = (
    path: string,
    fields: readonly string[],
    run: (asked: Asked, context: VerbContext, ctx: HostContext) => Promise<unknown>,
  ) =>
    kit.addRoute('GET', `/reports/${path}`, async (ctx, context) => {
      const query = parse(ctx);
      const scope = leadScope(kit, context.actor, query.who);
      const closed = fields.find((field) => !readsField(kit, context.actor, field));
      if (closed) throw forbidden(`Your role does not show the field "${closed}".`, { field: closed });
      ctx.body = await run({ query, scope, span: spanOf(query, context.now) }, context, ctx);
    });

  route('funnel', ['stage'], async ({ scope, span }, { now }) => {
    const { graph, versionId } = await liveLifecycle(kit);
    const limits = new Map(graph.stages.flatMap(({ key, dwell }) => (dwell ? [[key, dwell] as const] : [])));
    const [census, moves, late] = await Promise.all([
      censusOf(kit, scope),
      flowsIn(kit, scope, span, now),
      lateOf(kit, scope, limits, now),
    ]);
    const lateBy = (key: string): { late: number; lateSince: Date } | null => {
      const dwell = limits.get(key);
      return dwell === undefined ? null : { late: late.get(key) ?? 0, lateSince: new Date(now.getTime() - dwell * 1000) };
    };
    return {
      ...span,
      definition: versionId,
      stages: funnelOf(graph.stages, census, moves.flows, moves.dwells).map((stage) => ({ ...stage, ...lateBy(stage.key) })),
    };
  });
  route('sources', ['stage'], async ({ query, scope, span }, { actor }) => {
    if (!readsField(kit, actor, query.by)) throw forbidden(`Your role does not show the field "${query.by}".`, { field: query.by });
    return { ...span, by: query.by, lines: await sourcesOf(kit, scope, span, query.by) };
  });
  route('trend', ['stage'], async ({ scope, span }, { actor, now }) => ({
    ...span,
    days: await daysIn(kit, scope, span, actor.timeZone, now),
  }));
  route('numbers', ['stage'], async ({ span }, { actor, now }) => {
    const { graph } = await liveLifecycle(kit);
    const won = graph.stages.filter(({ type }) => type === 'won').map(({ key }) => key);
    return { ...span, ...(await myNumbers(kit, actor, span, now, closedStagesOf(graph), won)) };
  });
  route('people', ['owner', 'stage'], async ({ scope, span }, { actor, now }) => {
    kit.access.assert(actor, 'members', 'read');
    const { graph } = await liveLifecycle(kit);
    return { ...span, lines: await peopleOf(kit, scope, span, now, closedStagesOf(graph)) };
  });
  route('rows/:metric', ['stage'], async ({ query, scope, span }, { actor }, ctx) => {
    const { graph } = await liveLifecycle(kit);
    if (query.member !== undefined && query.member !== actor.memberId) kit.access.assert(actor, 'activities', 'read');
    return reportRows(kit, actor, graph, scope, String(ctx.params['metric']), query, span);
  });
}
