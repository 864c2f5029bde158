import { AppError } from '@leadsea/crm-core';
import type { HostContext } from '@leadsea/crm-core';

/** As much as the host's own parser is set to take. */
const LIMIT = 8 * 1024 * 1024;
const PLAIN = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

const tooLarge = (): AppError => new AppError('CAPTURE_TOO_LARGE', 413, 'A request holds 8 MB at most.', { limit: LIMIT });

async function textOf(req: HostContext['req']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LIMIT) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * A reader of the body, for requests that send plain JSON in UTF-8 and were not read before; null for all others.
 * The reader @throws AppError CAPTURE_TOO_LARGE, BODY_INVALID
 */
export function readJson(ctx: HostContext): (() => Promise<unknown>) | null {
  const { header } = ctx.request;
  if (!PLAIN.test(String(header['content-type'] ?? '')) || header['content-encoding'] !== undefined || ctx.req.readableEnded) return null;
  return async () => {
    if (Number(header['content-length'] ?? 0) > LIMIT) throw tooLarge();
    const text = await textOf(ctx.req);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new AppError('BODY_INVALID', 400, 'The body is not valid JSON.');
    }
  };
}
