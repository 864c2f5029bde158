import type { Knex } from 'knex';
import { z } from 'zod';
import {
  AppError,
  badRequest,
  type ConfigSection,
  type NoticeSettings,
  type EventService,
  type HostContext,
  type Kit,
  type ResourceDefinition,
  type VerbContext,
} from '../../../contracts';
import { CHAT_KINDS, SIGNED_KINDS, type ChatKind } from '../domain/notices/chat';
import type { RouteHandler } from '../services/compose';
import {
  noticeChoicesSchema,
  noticeSettingsSchema,
  readChoices,
  readSettings,
  retryFailed,
  writeChoices,
  writeSettings,
  type FullNoticeService,
} from '../services/notices';
import { checkOutboundUrl } from '../services/outbound';
import { recordResource, secretField } from './record-resource';

const KEY = /^[a-z0-9][a-z0-9-]{0,59}$/;

function checkBot(values: Record<string, unknown>, current: Record<string, unknown> | null): void {
  const value = (name: string): unknown => (values[name] === undefined ? current?.[name] : values[name]);
  for (const field of ['key', 'name', 'kind', 'url'])
    if (typeof value(field) !== 'string' || value(field) === '')
      throw badRequest('VALUE_REQUIRED', `A chat bot needs "${field}".`, { field });
  if (!KEY.test(String(value('key'))))
    throw badRequest('KEY_INVALID', 'A key has lower-case letters, digits and hyphens.', { field: 'key' });
  const kind = String(value('kind'));
  if (!(CHAT_KINDS as readonly string[]).includes(kind))
    throw badRequest('VALUE_INVALID', `The kind is one of: ${CHAT_KINDS.join(', ')}.`, { field: 'kind', allowed: CHAT_KINDS });
  if (typeof values['secret'] === 'string' && values['secret'] !== '' && !SIGNED_KINDS.includes(kind as ChatKind))
    throw badRequest('SECRET_UNUSED', 'Posts to this kind of bot are not signed: leave the secret empty.', { field: 'secret' });
  checkOutboundUrl(String(value('url')));
}

/** Bots that post into chat groups. Their addresses hold keys: written, never shown. */
export const chatBots = (db: Knex, events: EventService, notices: FullNoticeService): ResourceDefinition =>
  recordResource(db, events, {
    name: 'chat-bots',
    table: 'crm_chat_bots',
    subject: 'chat-bot',
    channel: 'crm_notice_settings',
    search: ['name', 'key'],
    defaultSort: ['name', 'ASC'],
    removable: true,
    secrets: ['url', 'secret'],
    check: checkBot,
    fields: [
      { name: 'id', type: 'id' },
      { name: 'key', type: 'text', writable: true },
      { name: 'name', type: 'text', writable: true },
      { name: 'kind', type: 'select', writable: true },
      secretField('url'),
      {
        name: 'address',
        type: 'text',
        sortable: false,
        filterable: false,
        sql: (alias) => `regexp_replace(${alias}.url, '^(https\\?://[^/\\?#]+).*$', '\\1/…')`,
      },
      secretField('secret'),
      { name: 'signed', type: 'boolean', sortable: false, filterable: false, sql: (alias) => `coalesce(${alias}.secret, '') <> ''` },
      { name: 'team', type: 'reference', reference: 'teams', column: 'team_id', writable: true },
      { name: 'locale', type: 'select', writable: true },
      { name: 'active', type: 'boolean', writable: true },
    ],
    verbs: [
      {
        name: 'test',
        target: 'record',
        input: z.object({}),
        summary: 'Post a test message into the group now.',
        access: 'update',
        run: async ({ actor }, ids) => {
          await notices.test({ channel: 'chat', botId: ids[0] ?? null }, memberOf(actor.memberId));
          return { sent: true };
        },
      },
    ],
  });

/** What left the product: which message, to whom, whether it arrived. Never what it said. */
export const deliveries = (db: Knex, kit: Pick<Kit, 'jobs'>): ResourceDefinition => ({
  name: 'deliveries',
  table: 'crm_deliveries',
  rows: { owner: null, team: null, pool: null },
  fields: [
    { name: 'id', type: 'id' },
    { name: 'channel', type: 'select' },
    { name: 'bot', type: 'reference', reference: 'chat-bots', column: 'bot_id' },
    { name: 'members', type: 'json', sql: (alias) => `to_jsonb(${alias}.member_ids)`, filterable: false },
    { name: 'type', type: 'text' },
    { name: 'count', type: 'number', sql: (alias) => `jsonb_array_length(${alias}.items)`, filterable: false, sortable: false },
    { name: 'state', type: 'select' },
    { name: 'held', type: 'select' },
    { name: 'dueAt', type: 'datetime' },
    { name: 'attempts', type: 'number' },
    { name: 'error', type: 'text' },
    { name: 'at', type: 'datetime' },
    { name: 'sentAt', type: 'datetime' },
  ],
  defaultSort: ['id', 'DESC'],
  verbs: [
    {
      name: 'retry',
      target: 'record',
      input: z.object({}),
      summary: 'Send a failed message again.',
      access: 'update',
      run: async (_context, ids) => {
        const again = await db.transaction((trx) => retryFailed(trx, kit.jobs, ids));
        const refused = { ok: false, code: 'NOT_FAILED', message: 'Only a failed message is sent again.' };
        if (ids.length === 1 && again.length === 0) throw new AppError(refused.code, 409, refused.message);
        return { results: ids.map((id) => (again.includes(id) ? { id, ok: true } : { id, ...refused })) };
      },
    },
  ],
});

function memberOf(memberId: number | null): number {
  if (memberId === null) throw new AppError('MEMBER_NEEDED', 400, 'Only a member has an inbox.');
  return memberId;
}

export interface NoticeRoute {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly handler: RouteHandler;
}

/** Stores what the company decides, with before and after in the history. */
async function saveSettings(
  { db, events }: Pick<Kit, 'db' | 'events'>,
  notices: FullNoticeService,
  settings: NoticeSettings,
  { actor, now }: Pick<VerbContext, 'actor' | 'now'>,
): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_notice_settings'))`);
    const before = await readSettings(trx);
    await writeSettings(trx, settings);
    await events.append(
      trx,
      [{ subject: 'notice-settings', subjectId: 0, type: 'notice-settings.updated', before: { ...before }, after: { ...settings } }],
      actor,
      { type: 'edit' },
      now,
    );
    await trx.raw(`SELECT pg_notify('crm_notice_settings', '')`);
  });
  notices.invalidate();
}

/** The matrix and quiet hours as text: one object, `company`. */
export const noticeSection = (kit: Kit, notices: FullNoticeService): ConfigSection => ({
  key: 'notices',
  order: 40,
  resource: 'notice-settings',
  keyOf: () => 'company',
  normalise: (value) => ({ ...noticeSettingsSchema.parse(value) }),
  read: async () => [{ key: 'company', id: null, value: { ...(await readSettings(kit.db)) } }],
  write: (context, value) => saveSettings(kit, notices, noticeSettingsSchema.parse(value), context),
});

/** The matrix (company), the choices of the member who asks, a test message to himself. */
export function noticeRoutes(kit: Kit, notices: FullNoticeService): readonly NoticeRoute[] {
  const { db, access } = kit;
  const described = async (): Promise<Record<string, unknown>> => ({ types: notices.types(), channels: notices.channels() });

  const read = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'notice-settings', 'read');
    const roles = await db('crm_roles').select('key', 'label').orderBy('key');
    ctx.body = { settings: await readSettings(db), roles, ...(await described()) };
  };
  const write = async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    access.assert(actor, 'notice-settings', 'update');
    const settings = noticeSettingsSchema.parse(ctx.request.body ?? {});
    const known = new Set(notices.channels().map(({ key }) => key));
    for (const [type, row] of Object.entries(settings.matrix)) {
      const wrong = Object.values(row)
        .flat()
        .find((channel) => !known.has(channel));
      if (wrong !== undefined) throw badRequest('CHANNEL_UNKNOWN', `There is no channel "${wrong}".`, { type, channel: wrong });
    }
    await saveSettings(kit, notices, settings, { actor, now });
    ctx.body = { settings };
  };
  const mine = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    const memberId = memberOf(actor.memberId);
    ctx.body = { choices: await readChoices(db, memberId), company: await readSettings(db), ...(await described()) };
  };
  const choose = async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    const memberId = memberOf(actor.memberId);
    const choices = noticeChoicesSchema.parse(ctx.request.body ?? {});
    await db.transaction(async (trx) => {
      await writeChoices(trx, memberId, choices, now);
      await trx.raw(`SELECT pg_notify('crm_notice_settings', '')`);
    });
    notices.invalidate();
    ctx.body = { choices };
  };
  const test = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'notice-settings', 'update');
    const { channel } = z.object({ channel: z.string() }).parse(ctx.request.body ?? {});
    await notices.test({ channel }, memberOf(actor.memberId));
    ctx.body = { sent: true };
  };
  return [
    { method: 'GET', path: '/notice-settings', handler: read },
    { method: 'PUT', path: '/notice-settings', handler: write },
    { method: 'POST', path: '/notice-settings/test', handler: test },
    { method: 'GET', path: '/notice-choices', handler: mine },
    { method: 'PUT', path: '/notice-choices', handler: choose },
  ];
}
