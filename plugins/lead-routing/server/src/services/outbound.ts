import { createHmac } from 'node:crypto';
import { postOutside } from '@leadsea/crm-core';

export interface SignedPost {
  readonly url: string;
  readonly body: string;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly at: Date;
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`, so that an old request cannot be sent again as new. */
export function signatureOf(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Posts JSON to another system: signed, only to public addresses, no redirects followed, the whole exchange inside `timeoutMs`.
 * @throws AppError URL_INVALID, URL_BLOCKED; Error when the other side cannot be reached in time
 */
export async function postSigned({ url, body, secret, timeoutMs, at }: SignedPost): Promise<{ status: number; body: string }> {
  const headers = { 'content-type': 'application/json', 'x-leadsea-signature': signatureOf(secret, body, at) };
  const { status, text } = await postOutside(url, body, headers, { timeoutMs });
  return { status, body: text };
}
