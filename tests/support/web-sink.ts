import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPost {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface WebSink {
  readonly url: string;
  readonly host: string;
  readonly received: ReceivedPost[];
  /** What the next posts to a path are answered: status and body; the default is 200 and `{"errcode":0,"code":0}`. */
  readonly answers: Map<string, readonly [number, string]>;
  close(): Promise<void>;
}

/** A web server that keeps what is posted to it. */
export async function startWebSink(): Promise<WebSink> {
  const received: ReceivedPost[] = [];
  const answers = new Map<string, readonly [number, string]>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://sink');
      const text = Buffer.concat(parts).toString('utf8');
      received.push({
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      });
      const [status, body] = answers.get(url.pathname) ?? [200, '{"errcode":0,"code":0}'];
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    received,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
