import path from 'node:path';
import type { Host } from '../../contracts';
import { contentTypes } from './content-types';
import { coreMigrations } from './migrations/core';
import { machineMigrations } from './migrations/machine';
import { runMigrations } from './migrations/runner';
import { placeVerb } from './resources/field-place';
import { fieldsResource } from './resources/fields';
import { personalResources } from './resources/personal';
import { createLayoutService, layoutsResource } from './resources/layouts';
import { sealDays } from './services/audit/chain';
import { accessRoutes } from './resources/access';
import { auditRoutes, redactEvents } from './resources/audit';
import { configRoutes } from './resources/config';
import { chatBots, deliveries, noticeRoutes, noticeSection } from './resources/notices';
import { lintRoute } from './resources/lint';
import { reviewRoutes, reviewSection } from './resources/reviews';
import { policyResource } from './resources/policies';
import { shadowVerbs } from './resources/policy-shadows';
import { settingsResources } from './resources/settings';
import { consoleRouter } from './routes/console';
import { peopleVerbs } from './resources/people';
import { createInvitations, type Invitations } from './services/invitations';
import { createConsoleUsers } from './services/users';
import { serveConsole } from './services/console-files';
import { coreOf } from './services/core-of';
import type { Core } from './services/compose';
import { readNames } from './services/config/names';
import { coreLintSources } from './services/linter';
import { policySection } from './services/config/policy-sections';
import { recordSections } from './services/config/record-sections';

/** Tables of this kit and of the plugins above it are written through the kit; Strapi's own API and panel only read them. */
const GUARDED = /^plugin::(crm-core|leads|lead-[a-z]+)\./;
const WRITES = new Set(['create', 'update', 'delete', 'publish', 'unpublish', 'discardDraft', 'clone']);

const invitationsOf = (strapi: Host): Invitations => {
  const { kit, notices } = coreOf(strapi);
  return createInvitations(kit, createConsoleUsers(strapi), notices);
};

function register({ strapi }: { strapi: Host }): void {
  const core = coreOf(strapi);
  for (const { method, path: at, handler } of [
    ...noticeRoutes(core.kit, core.notices),
    ...configRoutes(core.kit, core.config),
    ...auditRoutes(core.kit, core.gateway),
    ...accessRoutes(core),
    ...reviewRoutes(core),
    lintRoute(core),
  ])
    core.kit.addRoute(method, at, handler);
  strapi.server.use(serveConsole(path.resolve(strapi.config.get<string>('plugin::crm-core.consoleDir'))));
  const guard = strapi.config.get<boolean>('plugin::crm-core.guardDocuments', true);
  strapi.documents.use(async (context, next) => {
    if (guard && GUARDED.test(context.uid) && WRITES.has(context.action)) {
      throw new Error('This data is changed through the console API, where permissions, history and rules apply.');
    }
    return next();
  });
}

/** Sealing is not tied to an instant: any time after a day's end will do, on any node. */
const SEAL_MS = 3_600_000;
let sealing: NodeJS.Timeout | null = null;

const ORDER = ['crm-core', 'leads'];
const inOrder = <Item extends { plugin: string }>(items: readonly Item[]): Item[] => {
  const rank = (plugin: string): number => (ORDER.includes(plugin) ? ORDER.indexOf(plugin) : ORDER.length);
  return [...items].sort((a, b) => rank(a.plugin) - rank(b.plugin));
};

/** What users-permissions itself starts with, for when it has not started yet. */
const USER_DEFAULTS = {
  unique_email: true,
  email_confirmation: false,
  email_reset_password: null,
  email_confirmation_redirection: null,
  default_role: 'authenticated',
};

/** Console users are invited, never self-registered: closed once at installation; an administrator may open it again in Strapi. */
async function closeRegistration(strapi: Host): Promise<void> {
  const db = strapi.db.connection;
  const done = await db<{ key: string }>('crm_settings').where({ key: 'registration-closed' }).first();
  if (done) return;
  const store = strapi.store({ type: 'plugin', name: 'users-permissions', key: 'advanced' });
  await store.set({ value: { ...USER_DEFAULTS, ...(await store.get()), allow_register: false } });
  await db('crm_settings').insert({ key: 'registration-closed', value: 'true' }).onConflict('key').ignore();
}

/** What this plugin lets people configure, as text. */
function registerSections({ kit, config, gateway, policies, notices, reviews }: Core): void {
  const names = (): ReturnType<typeof readNames> => readNames(kit.db, kit.conditions);
  const sections = [
    ...recordSections({ db: kit.db, names, definition: gateway.get }),
    noticeSection(kit, notices),
    reviewSection(kit, reviews),
    ...policies.kinds().map((kind) => policySection(kit.db, policies, names, kind)),
  ];
  for (const section of sections) config.addSection(section);
}

async function bootstrap({ strapi }: { strapi: Host }): Promise<void> {
  const core = coreOf(strapi);
  const { kit, policies, gateway, bus } = core;
  const migrations = [{ plugin: 'crm-core', list: [...machineMigrations, ...coreMigrations] }, ...core.migrations];
  await runMigrations(
    kit.db,
    inOrder(migrations).flatMap((entry) => entry.list),
    kit.log.info,
  );
  await closeRegistration(strapi);
  gateway.extend('events', { redact: redactEvents(kit) });
  registerSections(core);
  for (const source of coreLintSources(kit, policies, gateway)) kit.linter.addSource(source);
  const layouts = createLayoutService(kit, gateway);
  kit.addMeta(async (actor) => ({ layouts: await layouts.of(actor), fourEyes: await core.reviews.guarded() }));
  bus.on('crm_layouts', layouts.invalidate);
  for (const kind of policies.kinds()) gateway.define(policyResource(kind, policies, kit.clock.now, shadowVerbs(kind, kit)));
  const users = createConsoleUsers(strapi);
  for (const resource of [
    ...settingsResources(kit.db, kit.events, users, core.refreshRoles, core.reviews, peopleVerbs(kit, invitationsOf(strapi), core.leavers)),
    fieldsResource(kit),
    layoutsResource(kit, gateway, layouts.invalidate),
    ...personalResources(kit.db),
    chatBots(kit.db, kit.events, core.notices),
    deliveries(kit.db, kit),
  ])
    gateway.define(resource);
  gateway.extend('fields', { verbs: [placeVerb(kit, gateway)] });

  const reload = (): void => {
    kit.custom.refresh().catch((error: unknown) => kit.log.error('Field definitions could not be read.', error));
    core.refreshRoles().catch((error: unknown) => kit.log.error('Roles could not be read.', error));
    policies.invalidate();
    core.shadows.invalidate();
    core.actors.invalidate();
    core.notices.invalidate();
    layouts.invalidate();
  };
  bus.on('crm_policies', () => {
    policies.invalidate();
    core.shadows.invalidate();
    core.actors.invalidate();
  });
  bus.on('crm_members', () => {
    core.actors.invalidate();
    core.notices.invalidate();
  });
  bus.on('crm_notice_settings', () => core.notices.invalidate());
  bus.on('crm_fields', reload);
  bus.on('crm_roles', reload);
  bus.onGap(reload);
  await bus.start();
  await Promise.all([kit.custom.refresh(), core.refreshRoles()]);
  for (const { run } of inOrder(core.ready)) await run();
  const role = process.env['LEADSEA_ROLE'] ?? 'all';
  if (role !== 'web') {
    await core.jobs.start();
    await core.timers.start();
    sealing = setInterval(() => {
      sealDays(kit.db, kit.clock.now()).catch((error: unknown) => kit.log.error('Days of history could not be sealed.', error));
    }, SEAL_MS);
    sealing.unref();
  }
}

async function destroy({ strapi }: { strapi: Host }): Promise<void> {
  const core = coreOf(strapi);
  if (sealing) clearInterval(sealing);
  await core.timers.stop();
  await core.jobs.stop();
  await core.bus.stop();
  await core.kit.db.destroy();
}

export default {
  register,
  bootstrap,
  destroy,
  config: {
    /** `guardDocuments: false` lets Strapi's own API write the plugins' tables, past permissions, history and rules. */
    default: { consoleDir: path.join(__dirname, '../../console'), guardDocuments: true },
    validator: (config: { consoleDir?: unknown }): void => {
      if (typeof config.consoleDir !== 'string') throw new Error('crm-core: `consoleDir` must be a folder.');
    },
  },
  contentTypes,
  services: { kit: ({ strapi }: { strapi: Host }) => coreOf(strapi).kit, core: ({ strapi }: { strapi: Host }) => coreOf(strapi) },
  routes: { console: ({ strapi }: { strapi: Host }) => consoleRouter({ strapi, invitations: invitationsOf(strapi) }) },
  controllers: {},
  policies: {},
  middlewares: {},
};
