import { z } from 'zod';
import type { HostContext, Kit, ResourceDefinition, VerbContext } from '../../../contracts';
import { stringify as csvCell } from '../services/audit/csv';
import { sealDays, verifyDays } from '../services/audit/chain';
import type { ResourceGateway } from '../services/resources';
import { many } from '../services/rows';
import type { NoticeRoute } from './notices';

/** Console resource of an event's subject, where before and after hold its fields. Leads see to themselves. */
const RESOURCES: Readonly<Record<string, string>> = {
  account: 'accounts',
  opportunity: 'opportunities',
  member: 'members',
  team: 'teams',
  role: 'roles',
  field: 'fields',
  source: 'sources',
  'chat-bot': 'chat-bots',
  layout: 'layouts',
};

type Row = Record<string, unknown>;
const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of fields that this actor may not read on the resource itself, custom ones included, are not read in its history either. */
export function redactEvents(kit: Pick<Kit, 'access'>): NonNullable<ResourceDefinition['redact']> {
  return async ({ actor }, rows) => {
    if (actor.kind === 'system') return;
    const readable = (resource: string, field: string): boolean => ['read', 'write'].includes(kit.access.field(actor, resource, field));
    const kept = (resource: string, values: unknown): unknown => {
      if (!isRecord(values)) return values;
      const entries = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
        if (name === 'custom' && isRecord(value))
          return [[name, Object.fromEntries(Object.entries(value).filter(([key]) => readable(resource, `custom.${key}`)))]];
        return readable(resource, name) ? [[name, value]] : [];
      });
      return Object.fromEntries(entries);
    };
    for (const row of rows) {
      const resource = RESOURCES[String(row['subject'])];
      if (!resource) continue;
      for (const column of ['before', 'after']) if (row[column] !== undefined) row[column] = kept(resource, row[column]);
      // What else an event of such a record tells may quote its values.
      if (row['data'] !== undefined && !kit.access.can(actor, resource, 'read')) row['data'] = null;
    }
  };
}

const COLUMNS = [
  'id',
  'at',
  'actorName',
  'actorKind',
  'subject',
  'subjectId',
  'type',
  'causeType',
  'causeId',
  'before',
  'after',
  'data',
] as const;
const PAGE = 1000;
const MOST_ROWS = 100_000;

/** `GET /audit/days`, `GET /audit/verify?from=`, `GET /audit/export?filter=` (CSV of what the list shows, through the same gate). */
export function auditRoutes(kit: Kit, gateway: ResourceGateway): readonly NoticeRoute[] {
  const { access, db } = kit;
  const days = async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    access.assert(actor, 'audit', 'read');
    await sealDays(db, now);
    ctx.body = await many(
      db,
      `SELECT day::text, events, hash, previous, first_id::int AS "firstId", last_id::int AS "lastId", sealed_at AS "sealedAt"
       FROM crm_audit_days ORDER BY day DESC LIMIT 400`,
    );
  };
  const verify = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'audit', 'read');
    const { from } = z.object({ from: z.iso.date().optional() }).parse(ctx.query);
    ctx.body = await verifyDays(db, from ?? null);
  };
  const download = async (ctx: HostContext, context: VerbContext): Promise<void> => {
    const { actor, now } = context;
    access.assert(actor, 'audit', 'export');
    const { filter } = z.object({ filter: z.string().optional() }).parse(ctx.query);
    const lines = [COLUMNS.join(',')];
    for (let from = 0; from < MOST_ROWS; from += PAGE) {
      const query = { sort: '["id","DESC"]', range: JSON.stringify([from, from + PAGE - 1]), ...(filter ? { filter } : {}) };
      const { rows } = await gateway.list({ actor, requestId: context.requestId }, 'events', query);
      for (const row of rows) lines.push(COLUMNS.map((name) => csvCell(row[name])).join(','));
      if (rows.length < PAGE) break;
    }
    await db.transaction((trx) =>
      kit.events.append(
        trx,
        [{ subject: 'audit', subjectId: 0, type: 'audit.exported', data: { rows: lines.length - 1, filter: filter ?? null } }],
        actor,
        { type: 'export', id: context.requestId },
        now,
      ),
    );
    ctx.set('Content-Disposition', 'attachment; filename="leadsea-audit.csv"');
    ctx.body = `\uFEFF${lines.join('\r\n')}\r\n`;
    ctx.type = 'text/csv; charset=utf-8';
  };
  return [
    { method: 'GET', path: '/audit/days', handler: days },
    { method: 'GET', path: '/audit/verify', handler: verify },
    { method: 'GET', path: '/audit/export', handler: download },
  ];
}
