import { AppError, getKit } from '@leadsea/crm-core';
import type { Host, HostContext } from '@leadsea/crm-core';
import { createCapture } from '../services/capture';
import { getLeads } from '../../../contracts';

const first = (value: string | string[] | undefined): string | null => (Array.isArray(value) ? (value[0] ?? null) : (value ?? null));

/** `POST /api/capture/:key`: the public entrance. No session; the key names the source, and a browser's origin must be on its list. */
export function captureRouter({ strapi }: { strapi: Host }): { type: string; prefix: string; routes: unknown[] } {
  const kit = getKit(strapi);
  const capture = createCapture(kit, getLeads(strapi));
  const handler = async (ctx: HostContext): Promise<void> => {
    try {
      const header = ctx.request.header;
      ctx.body = await capture({
        key: ctx.params['key'] ?? '',
        payload: ctx.request.body,
        idempotencyKey: first(header['idempotency-key']),
        ip: ctx.request.ip,
        origin: first(header['origin']),
      });
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
  return { type: 'content-api', prefix: '/capture', routes: [{ method: 'POST', path: '/:key', handler, config: { auth: false } }] };
}
