import type { FieldAccess, RoleSpec, RowScope } from '@leadsea/crm-core';

type Verbs = Readonly<Record<string, readonly RowScope[]>>;

const POLICIES = ['pools', 'grading-models', 'routing-policies', 'sla-contracts', 'calendars', 'lifecycles', 'account-matching'];
const PEOPLE = ['roles', 'teams', 'members'];
const CONFIG = [
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
];
const all: readonly RowScope[] = ['all'];
const own: readonly RowScope[] = ['own'];

const every = (names: readonly string[], verbs: Verbs): Record<string, Verbs> => Object.fromEntries(names.map((name) => [name, verbs]));
const scoped = (scopes: readonly RowScope[], verbs: readonly string[]): Verbs => Object.fromEntries(verbs.map((verb) => [verb, scopes]));

const FULL: Verbs = scoped(all, ['read', 'create', 'update', 'delete', 'publish', 'approve', 'simulate', 'export']);
const LEAD_VERBS = [
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
];
const PERSONAL: Record<string, Verbs> = {
  notifications: { read: own },
  'saved-views': scoped(own, ['read', 'create', 'update', 'delete']),
  leaves: scoped(own, ['read', 'create', 'update', 'delete']),
  'shared-views': { read: all },
};
/** What everybody has to read to make sense of a lead: who works here, which pools and stages there are. */
const DIRECTORY = every(['members', 'teams', 'pools', 'lifecycles'], { read: all });
const followers = (scopes: readonly RowScope[], verbs: readonly string[] = ['read']): Record<string, Verbs> =>
  every(['activities', 'engagements', 'tasks', 'sla-clocks', 'sla-disputes', 'sla-obligations', 'sla-hand-offs'], scoped(scopes, verbs));
/** What people do with promises: pause and dispute their own, answer offers; managers waive and decide. */
const promises = (read: readonly RowScope[], work: readonly RowScope[], lead: readonly RowScope[]): Record<string, Verbs> => ({
  'sla-clocks': { read, pause: work, dispute: work, waive: lead },
  'sla-disputes': { read, decide: lead },
  'sla-hand-offs': { read, accept: work, reject: work, reply: ['none'] },
});

const label = (zh: string, en: string): { zh: string; en: string } => ({ zh, en });
const writeAll: Record<string, FieldAccess> = { '*': 'write' };
const readAll: Record<string, FieldAccess> = { '*': 'read' };
const directoryFields: Record<string, Record<string, FieldAccess>> = {
  members: { id: 'read', name: 'read', team: 'read', presence: 'read', active: 'read' },
  teams: { id: 'read', name: 'read', key: 'read', parent: 'read' },
  pools: { id: 'read', name: 'read', key: 'read', state: 'read' },
  lifecycles: readAll,
  notifications: readAll,
  'saved-views': writeAll,
  leaves: writeAll,
  'shared-views': readAll,
};
const seen: Record<string, Record<string, FieldAccess>> = {
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
const leadWrite: Record<string, FieldAccess> = { '*': 'write', ip: 'hidden', utm: 'read' };

const WORK = ['accounts', 'activities', 'engagements', 'tasks', 'opportunities', 'events', 'decisions'];
const ADMIN_RESOURCES = [
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

/** The roles a new installation starts with; every one of them can be changed. */
export const SHIPPED_ROLES: readonly RoleSpec[] = [
  {
    key: 'crm-admin',
    label: label('系统管理员', 'CRM administrator'),
    resources: {
      ...every(ADMIN_RESOURCES, FULL),
      'sla-clocks': { ...FULL, ...scoped(all, ['pause', 'dispute', 'waive']) },
      'sla-disputes': { ...FULL, decide: all },
      'sla-hand-offs': { ...FULL, ...scoped(all, ['accept', 'reject', 'reply']) },
      'sla-contracts': { ...FULL, sign: all },
      leads: scoped(all, LEAD_VERBS),
      leaves: FULL,
      ...PERSONAL,
    },
    fields: { ...fieldsOf([...ADMIN_RESOURCES, 'leads', 'leaves', 'notifications', 'saved-views', 'shared-views'], writeAll) },
    revealPool: true,
  },
  {
    key: 'pool-admin',
    label: label('公海管理员', 'Pool administrator'),
    resources: {
      ...DIRECTORY,
      ...PERSONAL,
      ...followers(['pool', 'teamBelow']),
      pools: scoped(all, ['read', 'create', 'update', 'publish']),
      calendars: { read: all },
      accounts: { read: all },
      leads: scoped(
        ['pool', 'teamBelow'],
        [
          'read',
          'create',
          'update',
          'export',
          'import',
          'log',
          'claim',
          'release',
          'assign',
          'transfer',
          'recycle',
          'reveal',
          'overrideLimit',
        ],
      ),
      imports: scoped(own, ['read', 'create', 'update']),
    },
    fields: { ...directoryFields, ...seen, pools: writeAll, calendars: readAll, accounts: readAll, leads: leadWrite, imports: writeAll },
  },
  {
    key: 'marketing',
    label: label('市场', 'Marketing'),
    resources: {
      ...DIRECTORY,
      ...PERSONAL,
      ...followers(all),
      opportunities: { read: all },
      'grading-models': scoped(all, ['read', 'create', 'update', 'publish', 'simulate']),
      'sla-contracts': { read: all, sign: all },
      'sla-clocks': { read: all, dispute: all },
      'sla-hand-offs': { read: all, reply: all },
      sources: { read: all },
      campaigns: scoped(all, ['read', 'create', 'update', 'delete']),
      fields: { read: all },
      accounts: { read: all },
      leads: scoped(all, ['read', 'create', 'update', 'import', 'export']),
      imports: scoped(own, ['read', 'create', 'update']),
    },
    fields: {
      ...directoryFields,
      ...seen,
      'grading-models': writeAll,
      'sla-contracts': readAll,
      sources: readAll,
      campaigns: writeAll,
      fields: readAll,
      accounts: readAll,
      leads: { ...leadWrite, phone: 'masked', email: 'masked', wechat: 'masked' },
      imports: writeAll,
    },
  },
  {
    key: 'sdr',
    label: label('SDR', 'SDR'),
    resources: {
      ...DIRECTORY,
      ...PERSONAL,
      ...followers(['own', 'team', 'pool']),
      ...promises(['own', 'team', 'pool'], own, ['none']),
      'sla-contracts': { read: all },
      tasks: scoped(own, ['read', 'update']),
      opportunities: scoped(own, ['read', 'update']),
      accounts: { read: all },
      leads: {
        ...scoped(['own', 'team', 'pool'], ['read']),
        ...scoped(['own', 'pool'], ['update', 'log', 'transfer']),
        ...scoped(['pool'], ['assign', 'export', 'claim']),
        release: own,
        create: own,
        reveal: ['own', 'pool'],
      },
    },
    fields: { ...directoryFields, ...seen, 'sla-contracts': readAll, accounts: readAll, leads: leadWrite },
  },
  {
    key: 'sales',
    label: label('销售', 'Sales'),
    resources: {
      ...DIRECTORY,
      ...PERSONAL,
      ...followers(['own', 'pool']),
      ...promises(['own', 'pool'], own, ['none']),
      'sla-contracts': { read: all },
      tasks: scoped(own, ['read', 'update']),
      opportunities: scoped(own, ['read', 'update']),
      accounts: { read: all, create: own, update: own },
      leads: {
        ...scoped(['own', 'pool'], ['read']),
        ...scoped(['own', 'pool'], ['update', 'log', 'transfer']),
        ...scoped(['pool'], ['assign', 'export', 'claim']),
        release: own,
        create: own,
        reveal: own,
      },
    },
    fields: { ...directoryFields, ...seen, 'sla-contracts': readAll, accounts: writeAll, leads: { ...leadWrite, annualRevenue: 'read' } },
  },
  {
    key: 'sales-manager',
    label: label('销售经理', 'Sales manager'),
    resources: {
      ...DIRECTORY,
      ...PERSONAL,
      ...followers(['own', 'teamBelow', 'pool']),
      ...promises(['own', 'teamBelow', 'pool'], ['own', 'teamBelow'], ['teamBelow']),
      leaves: { ...scoped(['own', 'teamBelow'], ['read', 'update', 'delete']), create: own },
      tasks: scoped(['own', 'teamBelow'], ['read', 'update']),
      opportunities: scoped(['own', 'teamBelow'], ['read', 'update']),
      'routing-policies': { read: all },
      'sla-contracts': { read: all, sign: all },
      decisions: { read: ['none'] },
      accounts: scoped(all, ['read', 'create', 'update']),
      campaigns: { read: all },
      leads: {
        ...scoped(['own', 'teamBelow', 'pool'], ['read', 'export']),
        ...scoped(['own', 'teamBelow'], ['update', 'log', 'release', 'transfer', 'recycle', 'pause']),
        assign: ['own', 'teamBelow', 'pool'],
        claim: ['pool'],
        create: own,
        reveal: ['own', 'teamBelow', 'pool'],
      },
    },
    fields: {
      ...directoryFields,
      ...seen,
      'routing-policies': readAll,
      campaigns: readAll,
      'sla-contracts': readAll,
      accounts: writeAll,
      leads: leadWrite,
    },
  },
  {
    key: 'auditor',
    label: label('审计', 'Auditor'),
    resources: {
      ...every(
        [
          ...CONFIG,
          'accounts',
          'activities',
          'engagements',
          'tasks',
          'events',
          'decisions',
          'sla-clocks',
          'sla-disputes',
          'sla-obligations',
          'sla-hand-offs',
          'imports',
          'jobs',
          'leads',
        ],
        { read: all },
      ),
      ...PERSONAL,
    },
    fields: {
      ...fieldsOf(
        [
          ...CONFIG,
          'accounts',
          'activities',
          'engagements',
          'tasks',
          'events',
          'decisions',
          'sla-clocks',
          'sla-disputes',
          'sla-obligations',
          'sla-hand-offs',
          'imports',
          'jobs',
        ],
        readAll,
      ),
      leads: { '*': 'read', email: 'masked', phone: 'masked', wechat: 'masked', address: 'masked' },
      notifications: readAll,
      'saved-views': writeAll,
      leaves: writeAll,
      'shared-views': readAll,
    },
  },
];

function fieldsOf(names: readonly string[], fields: Record<string, FieldAccess>): Record<string, Record<string, FieldAccess>> {
  return Object.fromEntries(names.map((name) => [name, fields]));
}
