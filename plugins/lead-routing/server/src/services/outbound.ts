import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';

/** Addresses inside the company, on this machine, or not for the public internet: never asked. */
const INTERNAL = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  INTERNAL.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(net, bits, 'ipv6');

/** True for an address that a decision service on the public internet cannot have. */
export function isInternalAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIP(plain);
  if (family === 0) return true;
  return INTERNAL.check(plain, family === 4 ? 'ipv4' : 'ipv6') || /^::ffff:/i.test(plain);
}

/** Hosts that may be asked although they are internal: comma-separated `host` or `host:port`, for a service in the same network. */
const allowed = (url: URL): boolean =>
  (process.env['LEADSEA_OUTBOUND_ALLOW'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .some((one) => one !== '' && (one === url.hostname || one === url.host));

export class OutboundRefused extends Error {}

/** The address to connect to: looked up once, checked, and used as it is, so that a second answer of the name server changes nothing. */
async function addressOf(url: URL): Promise<{ address: string; family: number }> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundRefused('Only http and https can be asked.');
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('An address with a password is not asked.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true, verbatim: true });
  const [first] = found;
  if (!first) throw new OutboundRefused('The host has no address.');
  if (!allowed(url) && found.some(({ address }) => isInternalAddress(address)))
    throw new OutboundRefused('The host has an internal address.');
  return first;
}

const MOST_BYTES = 65_536;

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MOST_BYTES) throw new OutboundRefused('The answer is too large.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

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
 * @throws OutboundRefused, or the network's own error.
 */
export async function postSigned({ url: given, body, secret, timeoutMs, at }: SignedPost): Promise<{ status: number; body: string }> {
  const url = new URL(given);
  const { address, family } = await addressOf(url);
  const signal = AbortSignal.timeout(timeoutMs);
  const options: RequestOptions & { servername?: string } = {
    method: 'POST',
    host: address,
    family,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Leadsea-Routing',
      'x-leadsea-signature': signatureOf(secret, body, at),
    },
    signal,
    ...(url.protocol === 'https:' ? { servername: url.hostname } : {}),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options, resolve);
    sent.once('error', reject);
    sent.end(body);
  });
  return { status: response.statusCode ?? 0, body: await bodyOf(response) };
}
