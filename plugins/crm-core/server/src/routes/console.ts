import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError, badRequest, ENTITY_OF_LAYOUT } from '../../../contracts';
import type { Actor, Host, HostContext } from '../../../contracts';
import { VIEW_AS, viewAs } from '../resources/access';
import type { Invitations } from '../services/invitations';
import { buildOpenApi } from '../services/openapi';
import type { Core } from '../services/compose';
import { coreOf } from '../services/core-of';
import { createConsoleRoutes, renderError } from '../services/resources';
import { one } from '../services/rows';
import { ownSettings, saveOwnSettings } from '../services/own-settings';
import { createStream } from '../services/stream';

type Handler = (ctx: HostContext) => Promise<void>;
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: Handler;
  readonly config: { readonly auth: false };
}

const bearer = (ctx: HostContext): string | null => {
  const header = ctx.request.header['authorization'];
  return typeof header === 'string' && /^bearer /i.test(header) ? header.slice(7).trim() : null;
};

/** Who asks: the bearer token of a console user with an active member profile. Nothing else is let in. */
function actorResolver(strapi: Host, core: Core): (ctx: HostContext) => Promise<Actor> {
  const jwt = strapi.plugin('users-permissions').service('jwt') as { verify(token: string): Promise<{ id: number }> };
  return async (ctx) => {
    const token = bearer(ctx);
    const refused = new AppError('UNAUTHENTICATED', 401, 'Sign in first.');
    if (!token) throw refused;
    const payload = await jwt.verify(token).catch(() => {
      throw refused;
    });
    const actor = await core.actors.byUser(Number(payload.id));
    const asked = ctx.request.header[VIEW_AS];
    return typeof asked === 'string' && asked !== '' ? viewAs(core, actor, asked, ctx.method) : actor;
  };
}

const SUBJECTS: Readonly<Record<string, string>> = {
  lead: 'leads',
  account: 'accounts',
  member: 'members',
  team: 'teams',
  field: 'fields',
  role: 'roles',
};

/** Policies that give something to roles: whoever writes them has to know what the roles are called. */
const NAMING_ROLES = ['pools', 'routing-policies', 'sla-contracts'];

/** All console routes: the fixed ones, those the plugins added, then the generic resource routes. Built after every plugin has registered. */
export function consoleRouter({ strapi, invitations }: { strapi: Host; invitations: Invitations }): {
  type: string;
  prefix: string;
  routes: Route[];
} {
  const core = coreOf(strapi);
  const { kit, gateway, access } = core;
  const actorOf = actorResolver(strapi, core);
  const stream = createStream({
    db: kit.db,
    bus: core.bus,
    access,
    log: kit.log,
    resourceOf: (subject) => (SUBJECTS[subject] ? (gateway.find(SUBJECTS[subject]) ?? null) : null),
  });
  const guarded =
    (run: (ctx: HostContext, actor: Actor) => Promise<void>): Handler =>
    async (ctx) => {
      try {
        await run(ctx, await actorOf(ctx));
      } catch (error) {
        renderError(ctx, error, kit.log);
      }
    };
  const route = (method: string, path: string, handler: Handler): Route => ({ method, path, handler, config: { auth: false } });

  const me = guarded(async (ctx, actor) => {
    const row = await one<{ email: string; presence: string | null; teamName: string | null }>(
      kit.db,
      'SELECT m.email, m.presence, t.name AS "teamName" FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id WHERE m.id = ?',
      [actor.memberId],
    );
    ctx.body = {
      member: {
        id: actor.memberId,
        name: actor.name,
        email: row?.email,
        teamId: actor.teamId,
        teamName: row?.teamName ?? null,
        roles: actor.roles,
        roleLabels: access.rolesOf(actor).map(({ key, label }) => ({ key, label })),
        timeZone: actor.timeZone,
        presence: row?.presence ?? 'online',
        locale: actor.locale,
      },
      rules: access.rulesFor(actor),
      fields: access.fieldsFor(actor),
    };
  });
  const saveMe = guarded(async (ctx, actor) => {
    if (actor.memberId === null) throw new AppError('UNAUTHENTICATED', 401, 'Sign in first.');
    const parsed = ownSettings.safeParse(ctx.request.body);
    if (!parsed.success)
      throw badRequest('VALUE_INVALID', parsed.error.issues.map(({ message }) => message).join(' '), { issues: parsed.error.issues });
    await saveOwnSettings(kit, actor, parsed.data, kit.clock.now());
    await me(ctx);
  });
  const meta = guarded(async (ctx, actor) => {
    const namesRoles = access.can(actor, 'roles', 'read') || NAMING_ROLES.some((resource) => access.can(actor, resource, 'update'));
    const [members, teams, roles] = await Promise.all([
      access.can(actor, 'members', 'read') ? kit.db('crm_members').select('id', 'name', 'team_id as teamId', 'active').orderBy('name') : [],
      access.can(actor, 'teams', 'read') ? kit.db('crm_teams').select('id', 'key', 'name', 'parent_id as parent').orderBy('name') : [],
      namesRoles ? kit.db('crm_roles').select('key', 'label').orderBy('key') : [],
    ]);
    ctx.body = {
      now: kit.clock.now(),
      testClock: process.env['LEADSEA_TEST_CLOCK'] === '1',
      facts: Object.fromEntries(
        ['lead', 'account', 'opportunity', 'member', 'activity'].map((subject) => [subject, kit.conditions.describe(subject)]),
      ),
      customFields: Object.entries(ENTITY_OF_LAYOUT).flatMap(([resource, entity]) =>
        kit.custom.fields(entity).filter((field) => access.field(actor, resource, `custom.${field.key}`) !== 'hidden'),
      ),
      members,
      teams,
      roles,
      ...(await core.meta(actor)),
    };
  });
  const ping = guarded(async (ctx) => {
    ctx.body = { now: kit.clock.now() };
  });
  const live = guarded(async (ctx, actor) => stream(ctx, actor));
  const moveClock = guarded(async (ctx, actor) => {
    if (process.env['LEADSEA_TEST_CLOCK'] !== '1') throw new AppError('NOT_FOUND', 404, 'Not found.');
    access.assert(actor, 'clock', 'update');
    const given = (ctx.request.body as { now?: unknown } | null)?.now;
    const now = new Date(typeof given === 'string' ? given : NaN);
    if (Number.isNaN(now.getTime())) throw badRequest('VALUE_INVALID', '`now` must be an ISO 8601 date and time.', { field: 'now' });
    core.clock.moveTo(now);
    ctx.body = { now: core.clock.now(), fired: await core.timers.drain(now) };
  });
  const openapi: Handler = async (ctx) => {
    ctx.body = buildOpenApi(gateway.all());
  };

  /** Open to everybody: whoever has the token is whom it was mailed to. */
  const open =
    <Body>(schema: z.ZodType<Body>, run: (body: Body) => Promise<unknown>): Handler =>
    async (ctx) => {
      try {
        ctx.body = await run(schema.parse(ctx.request.body ?? {}));
      } catch (error) {
        renderError(ctx, error, kit.log);
      }
    };
  const token = z.string().min(20).max(200);

  const own = core.routes.map(({ method, path, handler }) =>
    route(
      method,
      path,
      guarded((ctx, actor) => handler(ctx, { actor, now: kit.clock.now(), requestId: randomUUID() })),
    ),
  );
  const generic = createConsoleRoutes(gateway, { actorOf, log: kit.log });
  return {
    type: 'content-api',
    prefix: '/console',
    routes: [
      route('GET', '/me', me),
      route('PUT', '/me', saveMe),
      route('GET', '/ping', ping),
      route('GET', '/meta', meta),
      route('GET', '/live', live),
      route('PUT', '/clock', moveClock),
      route('GET', '/openapi.json', openapi),
      route(
        'POST',
        '/join/look',
        open(z.object({ token }), (body) => invitations.look(body.token)),
      ),
      route(
        'POST',
        '/join',
        open(z.object({ token, password: z.string().max(200) }), (body) => invitations.accept(body.token, body.password)),
      ),
      ...own,
      ...generic.map(({ method, path, handler }) => route(method, path, handler)),
    ],
  };
}
