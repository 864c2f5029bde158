import type { QueryClient } from '@tanstack/react-query';
import { API } from './http-client';
import { session } from './session';

export interface LiveEvent {
  resource: string;
  ids?: number[];
  type?: string;
}
export type LiveState = 'connecting' | 'online' | 'offline';

/** Splits a server-sent event stream into the JSON of its `data:` lines; keeps an unfinished block for the next chunk. */
export const readBlocks = (buffer: string): { events: LiveEvent[]; rest: string } => {
  const blocks = buffer.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events: LiveEvent[] = [];
  for (const block of blocks) {
    const data = block
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n');
    if (!data) continue;
    try {
      const parsed = JSON.parse(data) as LiveEvent;
      if (typeof parsed?.resource === 'string') events.push(parsed);
    } catch {
      // A block that is not JSON is a heartbeat of a proxy, not an event.
    }
  }
  return { events, rest };
};

/** The server says something at least every twenty seconds; after so long a silence the connection is gone, whatever the browser believes. */
const SILENCE_MS = 50_000;

/** Ends with the outer signal, when the browser has lost the network, and after a silence; `heard` begins the silence anew. */
const connection = (outer: AbortSignal): { readonly signal: AbortSignal; heard: () => void; close: () => void } => {
  const own = new AbortController();
  const end = (): void => own.abort();
  let timer = setTimeout(end, SILENCE_MS);
  outer.addEventListener('abort', end);
  window.addEventListener('offline', end);
  return {
    signal: own.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE_MS);
    },
    close: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', end);
      window.removeEventListener('offline', end);
    },
  };
};

const readStream = async (outer: AbortSignal, onOpen: () => void, onEvents: (events: LiveEvent[]) => void): Promise<void> => {
  const line = connection(outer);
  try {
    await readLine(line, onOpen, onEvents);
  } finally {
    line.close();
  }
};

const readLine = async (
  { signal, heard }: Pick<ReturnType<typeof connection>, 'signal' | 'heard'>,
  onOpen: () => void,
  onEvents: (events: LiveEvent[]) => void,
): Promise<void> => {
  const response = await fetch(`${API}/live`, {
    headers: { Authorization: `Bearer ${session.token() ?? ''}`, Accept: 'text/event-stream' },
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`live stream answered ${response.status}`);
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const { events, rest } = readBlocks(buffer + value);
    buffer = rest;
    if (events.length > 0) onEvents(events);
  }
};

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
    // Back on the network: nobody waits for the rest of the pause.
    window.addEventListener('online', wake);
  });

/** Queries that show a resource under another name. */
const ALSO: Record<string, string[]> = {
  leads: ['work', 'pools-board', 'timeline', 'explain', 'sla-clocks', 'tasks', 'pool-requests'],
  tasks: ['work'],
  activities: ['work', 'timeline'],
  events: ['timeline'],
  'sla-clocks': ['work', 'explain'],
  pools: ['pools-board'],
  fields: ['meta'],
  layouts: ['meta'],
  stages: ['meta'],
  members: ['meta', 'me'],
  roles: ['me'],
  'grading-models': ['meta'],
};

/** Gathers what changed and asks for it again at most once in `everyMs`, so that a burst of events is one refetch. */
export const createInvalidator = (client: QueryClient, everyMs: number): ((events: readonly LiveEvent[]) => void) => {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastRun = 0;
  const run = (): void => {
    timer = undefined;
    lastRun = Date.now();
    for (const name of waiting) void client.invalidateQueries({ queryKey: [name] });
    waiting.clear();
  };
  return (events) => {
    for (const event of events) {
      waiting.add(event.resource);
      for (const other of ALSO[event.resource] ?? []) waiting.add(other);
    }
    timer ??= setTimeout(run, Math.max(150, lastRun + everyMs - Date.now()));
  };
};

/**
 * Follows the live stream until the signal aborts. Reconnects with growing pauses (1 s to 30 s) and asks for everything
 * again after a gap, because events may have been missed.
 */
export const followLive = async (client: QueryClient, onState: (state: LiveState) => void, signal: AbortSignal): Promise<void> => {
  const invalidate = createInvalidator(client, 1500);
  let pause = 1000;
  let gap = false;
  while (!signal.aborted) {
    try {
      await readStream(
        signal,
        () => {
          pause = 1000;
          onState('online');
          if (gap) void client.invalidateQueries();
        },
        invalidate,
      );
    } catch {
      // The reason does not matter here: the loop tries again and the state says so.
    }
    if (signal.aborted) return;
    gap = true;
    onState('offline');
    await sleep(pause, signal);
    pause = Math.min(pause * 2, 30_000);
  }
};
