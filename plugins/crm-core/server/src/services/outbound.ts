import { lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AppError } from '../../../contracts';
import { badRequest } from '../../../contracts';
import { isInternalAddress } from '../domain/outbound/address';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

export interface OutboundAnswer {
  readonly status: number;
  readonly text: string;
}

/** `LEADSEA_OUTBOUND_ALLOW`: hosts (`chat.intranet:8443`, without port: any) that may be inside; for self-hosted receivers. */
const allowed = (url: URL): boolean => {
  const list = (process.env['LEADSEA_OUTBOUND_ALLOW'] ?? '').split(',').map((host) => host.trim().toLowerCase());
  return list.includes(url.hostname) || list.includes(url.host);
};

const blocked = (): AppError =>
  badRequest('URL_BLOCKED', 'This address is inside the network of the server. Only addresses of the public internet are called.');

/**
 * Checks what somebody typed as the address of another system: https, no credentials, no address inside.
 * @throws AppError URL_INVALID, URL_BLOCKED
 */
export function checkOutboundUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw badRequest('URL_INVALID', 'This is not a web address.');
  if (url.username !== '' || url.password !== '') throw badRequest('URL_INVALID', 'A web address must not carry a user or password.');
  if (allowed(url)) return url;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:') throw badRequest('URL_INVALID', 'The address must begin with https://.');
  if (
    isIP(literal) !== 0
      ? isInternalAddress(literal)
      : !literal.includes('.') || /\.(?:local|localhost|internal|home\.arpa)\.?$/i.test(literal)
  )
    throw blocked();
  return url;
}

/** Resolves for the socket itself, so that the address checked is the address called, whatever the name says a moment later. */
const guardedLookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 4);
    const inside = addresses.find(({ address }) => isInternalAddress(address));
    const [first] = addresses;
    if (inside || !first) return done(blocked(), '', 4);
    if (options.all) return done(null, addresses);
    return done(null, first.address, first.family);
  });
};

/**
 * Posts to a system outside. Follows no redirect, waits at most ten seconds (or `timeoutMs`), reads at most 64 kB.
 * @throws AppError URL_INVALID, URL_BLOCKED; Error when the other side cannot be reached
 */
export function postOutside(
  text: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<OutboundAnswer> {
  const url = checkOutboundUrl(text);
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((fulfil, reject) => {
    const request = client.request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Leadsea' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(allowed(url) ? {} : { lookup: guardedLookup }),
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes <= MAX_ANSWER_BYTES) parts.push(part);
          else response.destroy();
        });
        response.on('error', reject);
        response.on('close', () => fulfil({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
