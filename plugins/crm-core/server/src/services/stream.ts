import type { Knex } from 'knex';
import type { AccessService, Actor, HostContext, Kit, ResourceDefinition } from '../../../contracts';
import type { LiveBus, LiveEvent, LiveMessage } from './live';
import { rowShape, valuesSql } from '../domain/access';
import { many } from './rows';

/** What a browser is told: which rows of which resource to read again, or that they are out of its sight now. Never their content. */
interface Told {
  readonly resource: string;
  readonly ids: readonly number[];
  readonly type: 'changed' | 'gone' | 'bulk';
}

export interface StreamDeps {
  readonly db: Knex;
  readonly bus: LiveBus;
  readonly access: AccessService;
  readonly log: Kit['log'];
  /** Console resource of an event's subject (`lead` → `leads`), null when the console has none. */
  resourceOf(subject: string): ResourceDefinition | null;
}

const GATHER_MS = 120;
const BEAT_MS = 20_000;
const MAX_STREAMS = 500;

/** A row before its change: what the event kept of it, and of the values by which roles limit rows those that did not change. */
function asItWas(before: Readonly<Record<string, unknown>>, has: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
  return { ...before, has: { ...has, ...before, custom: { ...own(has['custom']), ...own(before['custom']) } } };
}

/** Rows of a batch the actor may read now; of the others, those he could read before the change. */
async function split({ db, access, resourceOf }: StreamDeps, actor: Actor, subject: string, events: readonly LiveEvent[]): Promise<Told[]> {
  const resource = resourceOf(subject);
  if (!resource || !access.can(actor, resource.access ?? resource.name, 'read')) return [];
  const ids = [...new Set(events.map((event) => event.id))];
  const scope = access.scope(actor, resource.name, 'read', 't');
  const seen = await many<{ id: number }>(db, `SELECT t.id FROM ${resource.table} t WHERE t.id = ANY(?::int[]) AND ${scope.sql}`, [
    ids,
    ...scope.bindings,
  ]);
  const visible = new Set(seen.map((row) => Number(row.id)));
  const told: Told[] = visible.size > 0 ? [{ resource: resource.name, ids: [...visible], type: 'changed' }] : [];
  const rest = events.filter((event) => !visible.has(event.id));
  if (rest.length === 0) return told;
  const limits = access.limitedBy(resource.name);
  const has =
    limits.length === 0
      ? `'{}'::jsonb`
      : `coalesce((SELECT ${valuesSql(rowShape(resource), 't', limits)} FROM ${resource.table} t WHERE t.id = e.subject_id), '{}')`;
  const before = await many<{ subject_id: number; before: Record<string, unknown> | null; has: Record<string, unknown> }>(
    db,
    `SELECT e.subject_id, e.before, ${has} AS has FROM crm_events e
     WHERE e.id = ANY(?::bigint[]) AND e.before IS NOT NULL AND jsonb_exists_any(e.before, ?::text[])`,
    [rest.map((event) => event.eventId), ['owner', ...new Set(limits.map((field) => field.replace(/\..*/, '')))]],
  );
  const gone = before
    .filter((row) => row.before !== null && access.canRow(actor, resource.name, 'read', asItWas(row.before, row.has)))
    .map((row) => row.subject_id);
  return gone.length > 0 ? [...told, { resource: resource.name, ids: [...new Set(gone)], type: 'gone' }] : told;
}

/** Server-sent events for one signed-in person, through the same permission gate as everything else. */
export function createStream(deps: StreamDeps): (ctx: HostContext, actor: Actor) => void {
  let open = 0;
  return (ctx, actor) => {
    if (open >= MAX_STREAMS) {
      ctx.status = 503;
      ctx.body = {
        error: { status: 503, name: 'AppError', message: 'Too many live connections on this node.', details: { code: 'LIVE_FULL' } },
      };
      return;
    }
    open += 1;
    ctx.respond = false;
    const { res } = ctx;
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      'X-Accel-Buffering': 'no',
    });
    res.write('retry: 3000\nevent: ready\ndata: {}\n\n');

    let waiting: LiveMessage[] = [];
    let timer: NodeJS.Timeout | null = null;
    const send = (told: Told): void => {
      res.write(`data: ${JSON.stringify(told)}\n\n`);
    };
    const deliver = async (): Promise<void> => {
      const messages = waiting;
      waiting = [];
      timer = null;
      const bySubject = new Map<string, LiveEvent[]>();
      for (const message of messages) {
        if ('bulk' in message) {
          const resource = deps.resourceOf(message.subject);
          if (resource && deps.access.can(actor, resource.access ?? resource.name, 'read'))
            send({ resource: resource.name, ids: [], type: 'bulk' });
        } else {
          for (const event of message.e) bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event]);
        }
      }
      for (const [subject, events] of bySubject) for (const told of await split(deps, actor, subject, events)) send(told);
    };
    const unsubscribe = deps.bus.subscribe((message) => {
      waiting.push(message);
      timer ??= setTimeout(() => {
        deliver().catch((error: unknown) => deps.log.error('A live message could not be delivered.', error));
      }, GATHER_MS);
    });
    const unnotice = deps.bus.on('crm_notices', (payload) => {
      if (actor.memberId !== null && (JSON.parse(payload) as number[]).includes(actor.memberId))
        send({ resource: 'notifications', ids: [], type: 'changed' });
    });
    const beat = setInterval(() => res.write(': beat\n\n'), BEAT_MS);
    res.on('close', () => {
      open -= 1;
      clearInterval(beat);
      if (timer) clearTimeout(timer);
      unsubscribe();
      unnotice();
    });
  };
}
