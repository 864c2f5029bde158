import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly body: Record<string, unknown>;
  /** As it came over the wire, and its signature. */
  readonly raw: string;
  readonly signature: string;
}

export interface Webhook {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): void;
}

/** Another system that is asked; `answer` gives what it says, null = it never answers. The product may call it until it is closed. */
export async function startWebhook(answer: (body: Record<string, unknown>) => unknown): Promise<Webhook> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const body = JSON.parse(raw) as Record<string, unknown>;
      asked.push({ body, raw, signature: String(request.headers['x-leadsea-signature']) });
      const reply = answer(body);
      if (reply !== null) response.end(JSON.stringify(reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['LEADSEA_OUTBOUND_ALLOW'] = host;
  return {
    url: `http://${host}/decide`,
    asked,
    close: () => {
      delete process.env['LEADSEA_OUTBOUND_ALLOW'];
      server.closeAllConnections();
      server.close();
    },
  };
}
