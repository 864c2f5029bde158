/** One event as told to live listeners: enough to decide who may see it and what to reload, never its content. */
export interface LiveEvent {
  readonly subject: string;
  readonly id: number;
  readonly type: string;
  readonly eventId: number;
}

/** Payload of channel `crm_live`: single events, or a range of event ids of one subject when a batch is too large to list. */
export type LiveMessage =
  { readonly e: readonly LiveEvent[] } | { readonly bulk: true; readonly subject: string; readonly fromId: number; readonly toId: number };

/** A PostgreSQL notification payload must be shorter than 8000 bytes. */
export const MAX_PAYLOAD_BYTES = 7900;
/** Beyond this many events in one batch, listeners are told ranges. */
export const MAX_LISTED_EVENTS = 200;

const PREFIX = '{"e":[';
const SUFFIX = ']}';

function bulkMessages(events: readonly LiveEvent[]): string[] {
  const ranges = new Map<string, { fromId: number; toId: number }>();
  for (const { subject, eventId } of events) {
    const range = ranges.get(subject) ?? { fromId: eventId, toId: eventId };
    ranges.set(subject, { fromId: Math.min(range.fromId, eventId), toId: Math.max(range.toId, eventId) });
  }
  return [...ranges].map(([subject, range]) => JSON.stringify({ bulk: true, subject, ...range } satisfies LiveMessage));
}

/** Notification payloads that announce the events, in order, each within PostgreSQL's size limit. */
export function announcements(events: readonly LiveEvent[], maxBytes = MAX_PAYLOAD_BYTES): string[] {
  if (events.length > MAX_LISTED_EVENTS) return bulkMessages(events);
  const payloads: string[] = [];
  let items: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (items.length > 0) payloads.push(PREFIX + items.join(',') + SUFFIX);
    items = [];
    bytes = PREFIX.length + SUFFIX.length;
  };
  flush();
  for (const { subject, id, type, eventId } of events) {
    const item = JSON.stringify({ subject, id, type, eventId } satisfies LiveEvent);
    const size = Buffer.byteLength(item) + 1;
    if (bytes + size > maxBytes) flush();
    items.push(item);
    bytes += size;
  }
  flush();
  return payloads;
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';

/** Reads a payload of `crm_live`; null when it is not one of ours. */
export function readAnnouncement(payload: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  if (Array.isArray(value['e'])) return { e: value['e'] as LiveEvent[] };
  const { bulk, subject, fromId, toId } = value;
  if (bulk !== true || typeof subject !== 'string' || typeof fromId !== 'number' || typeof toId !== 'number') return null;
  return { bulk, subject, fromId, toId };
}
