import type {
  Actor,
  CalendarRevisionListener,
  Host,
  HostContext,
  Kit,
  LeaverHandler,
  LocalisedText,
  Migration,
  NoticeType,
  PolicyKind,
  RoleSpec,
  VerbContext,
} from '../../../contracts';
import { calendarKind } from '../policies/calendar-kind';
import { calendarVerbs } from '../resources/calendar-verbs';
import { createAccessService, type AccessGate } from './access';
import { createCalendars } from './calendars';
import { createClock, type MovableClock } from './clock';
import { createConfigService, type FullConfigService } from './config';
import { createConditionService } from './conditions';
import { createCustomFieldService } from './custom-fields';
import { connectionStringOf, openPool } from './database';
import { createDecisionStore, createEventService } from './events';
import { INDEX_JOB, reconcileIndex } from './fields/indexes';
import { renameOption } from './fields/merge-names';
import { createBullEngine, createGraphileEngine, createJobService, type RunningJobService } from './jobs';
import { createLintService, type FullLintService } from './linter';
import { createLiveBus, type LiveBus } from './live';
import { createActorService, type ActorService } from './members';
import { createNoticeService, type FullNoticeService } from './notices';
import { createPolicyService, type FullPolicyService } from './policies';
import { createShadowService, SHADOW_NOTICE, type FullShadowService } from './policy-shadows';
import { createReviewService, FOUR_EYES, type FullReviewService } from './reviews';
import { createResourceGateway, type ResourceGateway } from './resources';
import { many } from './rows';
import { createTimerService, type RunningTimerService } from './timers';

export type RouteHandler = (ctx: HostContext, context: VerbContext) => Promise<void>;
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly handler: RouteHandler;
}

/** The kit and the parts of it that only this plugin uses. */
export interface Core {
  readonly kit: Kit;
  readonly clock: MovableClock;
  readonly access: AccessGate;
  readonly actors: ActorService;
  readonly policies: FullPolicyService;
  readonly shadows: FullShadowService;
  readonly reviews: FullReviewService;
  readonly linter: FullLintService;
  readonly leavers: readonly LeaverHandler[];
  readonly gateway: ResourceGateway;
  readonly bus: LiveBus;
  readonly timers: RunningTimerService;
  readonly jobs: RunningJobService;
  readonly notices: FullNoticeService;
  readonly config: FullConfigService;
  readonly routes: ConsoleRoute[];
  readonly migrations: { plugin: string; list: readonly Migration[] }[];
  readonly ready: { plugin: string; run: () => Promise<void> }[];
  meta(actor: Actor): Promise<Record<string, unknown>>;
  refreshRoles(): Promise<void>;
}

const ROLE_COLUMNS = `key, coalesce(label, '{}'::jsonb) AS label, coalesce(resources, '{}'::jsonb) AS resources, coalesce(fields, '{}'::jsonb) AS fields, coalesce(reveal_pool, false) AS "revealPool", reveal_per_day AS "revealPerDay", only_rows AS only`;

const POOL_SIZE = 16;

const REVIEW_NOTICES: readonly NoticeType[] = [
  { type: 'review.asked', label: { zh: '有变更待复核', en: 'A change waits for a second person' }, channels: ['inbox', 'mail'] },
  { type: 'review.decided', label: { zh: '变更复核结果', en: 'A change was agreed to or sent back' } },
];
const PERMISSION_AREAS: Readonly<Record<string, LocalisedText>> = {
  roles: { zh: '角色与成员的角色', en: 'Roles, and who holds them' },
  [FOUR_EYES]: { zh: '双人复核本身', en: 'Four eyes itself' },
};

export function composeCore(strapi: Host): Core {
  const db = openPool(strapi.db.connection, Number(process.env['LEADSEA_POOL'] ?? POOL_SIZE));
  const log: Kit['log'] = {
    info: (message) => strapi.log.info(message),
    warn: (message) => strapi.log.warn(message),
    error: (message, error) => strapi.log.error(error instanceof Error ? `${message} ${error.stack ?? error.message}` : message),
  };
  const clock = createClock();
  const connection = connectionStringOf(strapi.db.connection);
  const bus = createLiveBus({ connection, log });
  const events = createEventService(db);
  const decisions = createDecisionStore(db);
  const timers = createTimerService({ db, clock, log, live: bus });
  const redisUrl = process.env['REDIS_URL'];
  const engine = redisUrl
    ? createBullEngine({ redisUrl, namespace: new URL(connection).pathname.slice(1), log })
    : createGraphileEngine({ connectionString: connection, log });
  const jobs = createJobService({ db, log, engine });
  const notices = createNoticeService({ db, jobs, timers, log, clock });
  const reviews = createReviewService({ db, events, notify: notices.notify });
  const policies = createPolicyService({ db, events, clock, reviews });
  const conditions = createConditionService();
  const actors = createActorService(db);
  const shadows = createShadowService({
    db,
    events,
    timers,
    log,
    notify: notices.notify,
    system: actors.system('Silent run'),
    kindOf: policies.kind,
    soundBody: policies.sound,
  });
  const custom = createCustomFieldService(db);
  const access = createAccessService({ loadRoles: () => many<RoleSpec>(db, `SELECT ${ROLE_COLUMNS} FROM crm_roles ORDER BY key`) });
  const config = createConfigService({ db, access, events });
  const linter = createLintService(access);
  const gateway = createResourceGateway({ db, access, conditions, clock });
  const routes: ConsoleRoute[] = [];
  const migrations: Core['migrations'] = [];
  const ready: Core['ready'] = [];
  const metaSources: ((actor: Actor) => Promise<Record<string, unknown>>)[] = [];

  const leavers: LeaverHandler[] = [];
  const calendars = createCalendars(policies);
  const revisions: CalendarRevisionListener[] = [];

  const kit: Kit = {
    db,
    clock,
    log,
    events,
    decisions,
    timers,
    jobs,
    policies,
    shadows,
    conditions,
    access,
    actors,
    custom: { ...custom, renameOption: (merged, by, at) => renameOption({ db, events, access, policies }, merged, by, at) },
    resources: { define: gateway.define, extend: gateway.extend },
    migrations: { add: (plugin, list) => void migrations.push({ plugin, list }) },
    onReady: (plugin, run) => void ready.push({ plugin, run }),
    addMeta: (source) => void metaSources.push(source),
    addRoute: (method, path, handler) => void routes.push({ method, path, handler }),
    live: { on: bus.on },
    notify: notices.notify,
    people: { onLeave: (handler) => void leavers.push(handler) },
    linter: { addSource: linter.addSource },
    config: { addSection: config.addSection },
    notices: { addTypes: notices.addTypes, addChannel: notices.addChannel },
    calendar: calendars.live,
    calendarRevision: calendars.revision,
    calendarDraft: calendars.draft,
    onCalendarRevision: (listener) => void revisions.push(listener),
  };
  notices.addTypes([...REVIEW_NOTICES, SHADOW_NOTICE]);
  for (const [area, label] of Object.entries(PERMISSION_AREAS)) reviews.addArea({ area, label, resource: 'roles', verb: 'update' });
  jobs.handle(INDEX_JOB, async (job) => void (await reconcileIndex(db, Number(job.payload['field']))));
  gateway.extend('calendars', { verbs: calendarVerbs(calendars, policies) });
  policies.define(calendarKind({ calendars, policies, listeners: revisions }) as PolicyKind<never>);

  return {
    kit,
    clock,
    access,
    actors,
    policies,
    shadows,
    reviews,
    linter,
    leavers,
    gateway,
    bus,
    timers,
    jobs,
    notices,
    config,
    routes,
    migrations,
    ready,
    meta: async (actor) => Object.assign({}, ...(await Promise.all(metaSources.map((source) => source(actor))))) as Record<string, unknown>,
    refreshRoles: () => access.refresh(),
  };
}
