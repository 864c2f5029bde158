import { Client, type ClientConfig } from 'pg';
import type { Kit } from '../../../contracts';
import { readAnnouncement, type LiveMessage } from '../domain/machine/announcement';

export type { LiveEvent, LiveMessage } from '../domain/machine/announcement';

export const LIVE_CHANNEL = 'crm_live';

export interface LiveBus {
  /** Calls `listener` with the payload of each notification on a channel, for as long as the bus runs. Returns the way to stop. */
  on(channel: string, listener: (payload: string) => void): () => void;
  /** Events as they commit on any node (channel `crm_live`). Returns the way to stop. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** Called after a lost connection is back: notifications in between are gone, so caches and screens must reload. */
  onGap(listener: () => void): () => void;
  /** Resolves when every channel asked for so far is listened to. */
  ready(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface LiveBusOptions {
  readonly connection: string | ClientConfig;
  readonly log: Kit['log'];
  /** A dead connection is noticed within this time even when the network says nothing. */
  readonly probeMs?: number;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** One LISTEN connection per node, shared by everything that waits for news from the database; it reconnects by itself. */
export function createLiveBus({ connection, log, probeMs = 30_000 }: LiveBusOptions): LiveBus {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const gapListeners = new Set<() => void>();
  let client: Client | null = null;
  let running = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | null = null;
  let probe: NodeJS.Timeout | null = null;
  let listening: Promise<void> = Promise.resolve();

  const call = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.error('A live listener failed.', error);
    }
  };

  const listen = (target: Client, channel: string): void => {
    listening = listening
      .then(() => target.query(`LISTEN ${target.escapeIdentifier(channel)}`))
      .then(() => undefined)
      .catch((error: unknown) => lost(target, error));
  };

  async function connect(): Promise<void> {
    const config: ClientConfig = typeof connection === 'string' ? { connectionString: connection } : connection;
    const next = new Client({ ...config, keepAlive: true, application_name: 'leadsea live' });
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, null));
    next.on('notification', ({ channel, payload }) => {
      for (const listener of listeners.get(channel) ?? []) call(() => listener(payload ?? ''));
    });
    await next.connect();
    client = next;
    retryMs = FIRST_RETRY_MS;
    for (const channel of listeners.keys()) listen(next, channel);
    await listening;
  }

  function lost(which: Client, error: unknown): void {
    if (which !== client) return;
    client = null;
    which.end().catch(() => undefined);
    if (!running) return;
    log.warn(`The live connection was lost${error instanceof Error ? `: ${error.message}` : ''}. Reconnecting.`);
    scheduleRetry();
  }

  function scheduleRetry(): void {
    retry = setTimeout(() => {
      reconnect().catch((error: unknown) => log.error('Reconnecting the live connection failed.', error));
    }, retryMs);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  async function reconnect(): Promise<void> {
    if (!running) return;
    try {
      await connect();
    } catch {
      scheduleRetry();
      return;
    }
    if (!running) return void (await close());
    for (const listener of gapListeners) call(listener);
  }

  function check(): void {
    const current = client;
    if (!current) return;
    const timeout = setTimeout(() => lost(current, new Error('no answer')), Math.min(probeMs, 5000));
    current
      .query('SELECT 1')
      .catch((error: unknown) => lost(current, error))
      .finally(() => clearTimeout(timeout));
  }

  async function close(): Promise<void> {
    const current = client;
    client = null;
    await current?.end().catch(() => undefined);
  }

  const on: LiveBus['on'] = (channel, listener) => {
    const set = listeners.get(channel);
    if (set) set.add(listener);
    else {
      listeners.set(channel, new Set([listener]));
      if (client) listen(client, channel);
    }
    return () => void listeners.get(channel)?.delete(listener);
  };

  return {
    on,
    subscribe: (listener) =>
      on(LIVE_CHANNEL, (payload) => {
        const message = readAnnouncement(payload);
        if (message) listener(message);
      }),
    onGap: (listener) => {
      gapListeners.add(listener);
      return () => void gapListeners.delete(listener);
    },
    ready: async () => await listening,
    start: async () => {
      if (running) return;
      running = true;
      try {
        await connect();
      } catch (error) {
        running = false;
        throw error;
      }
      probe = setInterval(check, probeMs);
      probe.unref();
    },
    stop: async () => {
      running = false;
      if (retry) clearTimeout(retry);
      if (probe) clearInterval(probe);
      await close();
    },
  };
}
