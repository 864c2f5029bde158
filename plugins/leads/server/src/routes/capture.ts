import { AppError, getKit } from '@leadsea/crm-core';
import type { Host, HostContext } from '@leadsea/crm-core';
import { createCapture, type CaptureAnswer, type CaptureRequest } from '../services/capture';
import { getLeads } from '../../../contracts';
import { readJson } from './read-json';

const first = (value: string | string[] | undefined): string | null => (Array.isArray(value) ? (value[0] ?? null) : (value ?? null));

type Entrance = (ctx: HostContext, key: string, payload: () => unknown) => Promise<void>;

const entrances = new WeakMap<object, Entrance>();

/** Takes a request and answers it. One for each Strapi instance: what arrives together commits together, whichever way it came. */
function entranceOf(strapi: Host): Entrance {
  const known = entrances.get(strapi);
  if (known) return known;
  const kit = getKit(strapi);
  const capture: (request: CaptureRequest) => Promise<CaptureAnswer> = createCapture(kit, getLeads(strapi));
  const entrance: Entrance = async (ctx, key, payload) => {
    try {
      const { header, ip } = ctx.request;
      const idempotencyKey = first(header['idempotency-key']);
      ctx.body = await capture({ key, payload: await payload(), idempotencyKey, ip, origin: first(header['origin']) });
      ctx.status = 202;
    } catch (error) {
      const known =
        error instanceof AppError
          ? error
          : new AppError('INTERNAL', 500, 'The lead could not be taken. Send it again with the same Idempotency-Key.');
      if (!(error instanceof AppError)) kit.log.error('A capture failed.', error);
      ctx.status = known.status;
      ctx.body = {
        data: null,
        error: { status: known.status, name: 'AppError', message: known.message, details: { code: known.code, ...known.details } },
      };
    }
  };
  entrances.set(strapi, entrance);
  return entrance;
}

/** `POST /api/capture/:key`: the public entrance. No session; the key names the source, and a browser's origin must be on its list. */
export function captureRouter({ strapi }: { strapi: Host }): { type: string; prefix: string; routes: unknown[] } {
  const entrance = entranceOf(strapi);
  const handler = (ctx: HostContext): Promise<void> => entrance(ctx, ctx.params['key'] ?? '', () => ctx.request.body);
  return { type: 'content-api', prefix: '/capture', routes: [{ method: 'POST', path: '/:key', handler, config: { auth: false } }] };
}

/** Keys without an escape, which all keys are that the product makes; what needs decoding is left to the router. */
const PATH = /^\/capture\/([^/%]+)\/?$/;

/**
 * The same entrance as a middleware, `plugin::leads.capture` in the project's list of middlewares: a lead sent as JSON is taken where the
 * list names it, past what a capture does not need (session, files, the search through all routes). What stands before it in the list
 * (errors, security headers, CORS, a rate limit) holds for captures; everything but plain JSON goes on to the route.
 */
export function captureMiddleware(
  _config: unknown,
  { strapi }: { strapi: Host },
): (ctx: HostContext, next: () => Promise<void>) => Promise<void> {
  const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
  return async (ctx, next) => {
    const match = ctx.method === 'POST' && ctx.path.startsWith(prefix) ? PATH.exec(ctx.path.slice(prefix.length)) : null;
    const read = match ? readJson(ctx) : null;
    if (!match || !read) return next();
    await entranceOf(strapi)(ctx, match[1]!, read);
  };
}
