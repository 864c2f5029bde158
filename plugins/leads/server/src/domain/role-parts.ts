import type { FieldAccess, RowScope } from '@leadsea/crm-core';

type Verbs = Readonly<Record<string, readonly RowScope[]>>;

const POLICIES = ['pools', 'grading-models', 'routing-policies', 'sla-contracts', 'calendars', 'lifecycles', 'account-matching'];
const PEOPLE = ['roles', 'teams', 'members'];
export const CONFIG = [
  ...POLICIES,
  ...PEOPLE,
  'fields',
  'sources',
  'campaigns',
  'notice-settings',
  'chat-bots',
  'deliveries',
  'layouts',
  'config',
  'audit',
  'erasures',
];
export const all: readonly RowScope[] = ['all'];
export const own: readonly RowScope[] = ['own'];

export const every = (names: readonly string[], verbs: Verbs): Record<string, Verbs> =>
  Object.fromEntries(names.map((name) => [name, verbs]));
export const scoped = (scopes: readonly RowScope[], verbs: readonly string[]): Verbs =>
  Object.fromEntries(verbs.map((verb) => [verb, scopes]));

export const FULL: Verbs = scoped(all, ['read', 'create', 'update', 'delete', 'publish', 'approve', 'simulate', 'export']);
export const LEAD_VERBS = [
  'read',
  'create',
  'update',
  'delete',
  'export',
  'import',
  'log',
  'claim',
  'release',
  'assign',
  'transfer',
  'recycle',
  'merge',
  'reveal',
  'revealPool',
  'pause',
  'overrideLimit',
  'erase',
];
export const PERSONAL: Record<string, Verbs> = {
  notifications: { read: own },
  'saved-views': scoped(own, ['read', 'create', 'update', 'delete']),
  leaves: scoped(own, ['read', 'create', 'update', 'delete']),
  'shared-views': { read: all },
};
/** What everybody has to read to make sense of a lead: who works here, which pools and stages there are. */
export const DIRECTORY = every(['members', 'teams', 'pools', 'lifecycles'], { read: all });
export const followers = (scopes: readonly RowScope[], verbs: readonly string[] = ['read']): Record<string, Verbs> =>
  every(['activities', 'engagements', 'tasks', 'sla-clocks', 'sla-disputes', 'sla-obligations', 'sla-hand-offs'], scoped(scopes, verbs));
/** What people do with promises: pause and dispute their own, answer offers; managers waive and decide. */
export const promises = (read: readonly RowScope[], work: readonly RowScope[], lead: readonly RowScope[]): Record<string, Verbs> => ({
  'sla-clocks': { read, pause: work, dispute: work, waive: lead },
  'sla-disputes': { read, decide: lead },
  'sla-hand-offs': { read, accept: work, reject: work, reply: ['none'] },
});

export const label = (zh: string, en: string): { zh: string; en: string } => ({ zh, en });
export const writeAll: Record<string, FieldAccess> = { '*': 'write' };
export const readAll: Record<string, FieldAccess> = { '*': 'read' };
export const directoryFields: Record<string, Record<string, FieldAccess>> = {
  members: { id: 'read', name: 'read', team: 'read', presence: 'read', active: 'read' },
  teams: { id: 'read', name: 'read', key: 'read', parent: 'read' },
  pools: { id: 'read', name: 'read', key: 'read', state: 'read' },
  lifecycles: readAll,
  notifications: readAll,
  'saved-views': writeAll,
  leaves: writeAll,
  'shared-views': readAll,
};
export const seen: Record<string, Record<string, FieldAccess>> = {
  opportunities: writeAll,
  activities: readAll,
  engagements: readAll,
  tasks: readAll,
  'sla-clocks': readAll,
  'sla-disputes': readAll,
  'sla-obligations': readAll,
  'sla-hand-offs': readAll,
};
/** What machines write about a lead is read, never typed in; the door refuses it too. */
export const leadWrite: Record<string, FieldAccess> = { '*': 'write', ip: 'hidden', utm: 'read' };

const WORK = ['accounts', 'activities', 'engagements', 'tasks', 'opportunities', 'events', 'decisions'];
export const ADMIN_RESOURCES = [
  ...CONFIG,
  ...WORK,
  'sla-clocks',
  'sla-disputes',
  'sla-obligations',
  'sla-hand-offs',
  'imports',
  'jobs',
  'captures',
  'clock',
];
