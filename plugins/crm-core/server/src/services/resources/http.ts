import { randomUUID } from 'node:crypto';
import type { Actor, HostContext } from '../../../../contracts';
import { AppError, notFound } from '../../../../contracts';
import { renderError, type ErrorLog } from './errors';
import type { GateRequest, ResourceGateway } from './gateway';
import { bulkIds, findVerb, type VerbMethod } from './verbs';

export type Handler = (ctx: HostContext) => Promise<void>;

export interface ConsoleRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the console's prefix. */
  readonly path: string;
  readonly handler: Handler;
}

export interface ConsoleRouteOptions {
  /** Who asks; null or an error when nobody has signed in. */
  readonly actorOf: (ctx: HostContext) => Promise<Actor | null>;
  readonly log: ErrorLog;
}

const EXPOSED = 'Content-Range, X-Total-Estimated, X-Search, X-Request-Id';
const REQUEST_ID = /^[\w.-]{1,64}$/;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (segment: string | undefined): segment is string =>
  segment !== undefined && /^\d{1,10}$/.test(segment) && Number(segment) <= 2_147_483_647;

function idOf(ctx: HostContext): number {
  const segment = ctx.params['id'];
  if (!isId(segment)) throw notFound();
  return Number(segment);
}

const methodOf = (ctx: HostContext): VerbMethod => (ctx.method === 'GET' || ctx.method === 'HEAD' ? 'GET' : 'POST');
const inputOf = (ctx: HostContext): unknown => (methodOf(ctx) === 'GET' ? { ...ctx.query } : (ctx.request.body ?? {}));

async function list(gateway: ResourceGateway, request: GateRequest, resource: string, ctx: HostContext): Promise<unknown> {
  const result = await gateway.list(request, resource, ctx.query);
  const span = result.rows.length === 0 ? '*' : `${result.offset}-${result.offset + result.rows.length - 1}`;
  ctx.set('Content-Range', `${resource} ${span}/${result.total}`);
  if (result.estimated) ctx.set('X-Total-Estimated', 'true');
  if (result.searched === 'beginnings') ctx.set('X-Search', 'beginnings');
  return result.rows;
}

async function overResource(
  gateway: ResourceGateway,
  request: GateRequest,
  resource: string,
  ctx: HostContext,
  name: string,
): Promise<unknown> {
  const method = methodOf(ctx);
  const verb = findVerb(gateway.get(resource), name, method);
  if (!verb) throw notFound();
  const input = inputOf(ctx);
  if (verb.target === 'collection') return gateway.verb(request, resource, name, { method, ids: null, input });
  if (method === 'GET') throw notFound();
  const { ids, ...rest } = isRecord(input) ? input : { ids: undefined };
  const checked = bulkIds.safeParse(ids);
  if (!checked.success) throw new AppError('VALIDATION', 400, '"ids" must be a list of 1 to 10,000 ids.', { errors: [{ path: ['ids'] }] });
  return gateway.verb(request, resource, name, { method, ids: checked.data, input: rest });
}

/**
 * Routes for the host's router as plain handlers, to be bound in this order. GET `/:resource/:id` also answers collection verbs read with GET, and
 * `/:resource/:id/:verb/:part` verbs named `verb/part`. Each resolves the actor, asks the gateway and answers in the dialect of ra-data-simple-rest.
 */
export function createConsoleRoutes(gateway: ResourceGateway, { actorOf, log }: ConsoleRouteOptions): readonly ConsoleRoute[] {
  const handle =
    (answer: (request: GateRequest, resource: string, ctx: HostContext) => Promise<unknown>): Handler =>
    async (ctx) => {
      const sent = ctx.get('X-Request-Id');
      const requestId = REQUEST_ID.test(sent) ? sent : randomUUID();
      ctx.set('X-Request-Id', requestId);
      ctx.set('Access-Control-Expose-Headers', EXPOSED);
      try {
        const actor = await actorOf(ctx);
        if (!actor) throw new AppError('UNAUTHENTICATED', 401, 'Sign in first.');
        const body = await answer({ actor, requestId }, ctx.params['resource'] ?? '', ctx);
        ctx.status = 200;
        ctx.body = body ?? {};
      } catch (error) {
        renderError(ctx, error, log, requestId);
      }
    };

  const getOne = handle((request, resource, ctx) =>
    isId(ctx.params['id'])
      ? gateway.getOne(request, resource, idOf(ctx))
      : overResource(gateway, request, resource, ctx, ctx.params['id'] ?? ''),
  );
  const recordVerb = handle((request, resource, ctx) => {
    const { verb = '', part } = ctx.params;
    const name = part === undefined ? verb : `${verb}/${part}`;
    return gateway.verb(request, resource, name, { method: methodOf(ctx), ids: idOf(ctx), input: inputOf(ctx) });
  });
  return [
    { method: 'GET', path: '/:resource', handler: handle((request, resource, ctx) => list(gateway, request, resource, ctx)) },
    { method: 'GET', path: '/:resource/:id', handler: getOne },
    {
      method: 'POST',
      path: '/:resource',
      handler: handle((request, resource, ctx) => gateway.create(request, resource, ctx.request.body)),
    },
    {
      method: 'PUT',
      path: '/:resource/:id',
      handler: handle((request, resource, ctx) => gateway.update(request, resource, idOf(ctx), ctx.request.body)),
    },
    { method: 'DELETE', path: '/:resource/:id', handler: handle((request, resource, ctx) => gateway.remove(request, resource, idOf(ctx))) },
    {
      method: 'POST',
      path: '/:resource/:verb',
      handler: handle((request, resource, ctx) => overResource(gateway, request, resource, ctx, ctx.params['verb'] ?? '')),
    },
    ...(['GET', 'POST'] as const).flatMap((method): ConsoleRoute[] => [
      { method, path: '/:resource/:id/:verb', handler: recordVerb },
      { method, path: '/:resource/:id/:verb/:part', handler: recordVerb },
    ]),
  ];
}
