import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { z } from 'zod';
import type {
  Actor,
  Condition,
  ConditionGroup,
  ConditionRule,
  ConditionService,
  HostContext,
  ResourceDefinition,
  ResourceVerb,
  RoleSpec,
  Sql,
} from '@leadsea/crm-core/contracts';
import { AppError } from '@leadsea/crm-core/contracts';
import { createAccessService } from '../../plugins/crm-core/server/src/services/access';
import { createConsoleRoutes, createResourceGateway, type ResourceGateway } from '../../plugins/crm-core/server/src/services/resources';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const label = { zh: '', en: '' };

/** Roles that differ in rows, verbs and fields. */
const ROLES: readonly RoleSpec[] = [
  {
    key: 'sales',
    label,
    resources: {
      leads: { read: ['own', 'pool'], update: ['own'], create: ['own'], claim: ['pool'], 'explain/score': ['own'] },
      tasks: { read: ['own'], create: ['own'], update: ['own'] },
    },
    fields: {
      leads: {
        '*': 'read',
        name: 'write',
        email: 'write',
        phone: 'masked',
        salary: 'hidden',
        margin: 'hidden',
        'custom.secret': 'hidden',
        'custom.budget': 'write',
        'custom.hint': 'masked',
      },
      tasks: { '*': 'write' },
    },
  },
  {
    key: 'manager',
    label,
    resources: {
      leads: {
        read: ['teamBelow'],
        update: ['teamBelow'],
        delete: ['teamBelow'],
        create: ['teamBelow'],
        claim: ['teamBelow'],
        start: ['all'],
        stats: ['all'],
        boom: ['all'],
        unmerge: ['all'],
      },
    },
    fields: { leads: { '*': 'write' } },
  },
  {
    key: 'desk',
    label,
    resources: { leads: { read: ['pool'], update: ['pool'] } },
    fields: { leads: { '*': 'write', salary: 'hidden', margin: 'hidden', 'custom.secret': 'hidden' } },
  },
  {
    key: 'auditor',
    label,
    resources: { leads: { read: ['all'] } },
    fields: { leads: { '*': 'masked', name: 'read', score: 'read', stage: 'read', salary: 'hidden', 'custom.secret': 'hidden' } },
  },
];

const actor = (memberId: number, roles: readonly string[], teamIds: readonly number[], poolIds: readonly number[]): Actor => ({
  kind: 'member',
  memberId,
  name: `m${memberId}`,
  teamId: teamIds[0] ?? null,
  teamIds,
  roles,
  poolIds,
  timeZone: 'Asia/Shanghai',
  locale: 'en',
});
export const SALES = actor(1, ['sales'], [1], [5]);
export const MANAGER = actor(2, ['manager'], [1, 2], []);
export const AUDITOR = actor(3, ['auditor'], [], []);
/** Works the pool without seeing whom it holds. */
export const DESK = actor(5, ['desk'], [], [5]);
export const STRANGER = actor(4, [], [1], [5]);

export const calls: { verb: string; ids: readonly number[]; input: unknown }[] = [];
const verb = <Input>(
  name: string,
  target: 'record' | 'collection',
  input: z.ZodType<Input>,
  more: Partial<Omit<ResourceVerb, 'input'>> = {},
): ResourceVerb => ({
  name,
  target,
  input,
  summary: name,
  run: async (_context, ids, value) => {
    calls.push({ verb: name, ids, input: value });
    return undefined;
  },
  ...more,
});

/** The demo resource, writing straight to its table. */
function leadsDefinition(database: TestDatabase): ResourceDefinition {
  const columns: Record<string, string> = {
    name: 'name',
    email: 'email',
    phone: 'phone',
    salary: 'salary',
    stage: 'stage',
    owner: 'owner_id',
    team: 'team_id',
    pool: 'pool_id',
    custom: 'custom',
  };
  const asColumns = (values: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [columns[name] ?? name, value]));
  return {
    name: 'leads',
    table: 'demo_leads',
    subject: 'lead',
    fields: [
      { name: 'name', type: 'text', writable: true },
      { name: 'email', type: 'text', mask: 'email', writable: true },
      { name: 'phone', type: 'text', mask: 'phone', writable: true },
      { name: 'salary', type: 'money', writable: true },
      { name: 'margin', type: 'number', sql: (alias) => `${alias}.salary / 10` },
      { name: 'score', type: 'number', nullable: false },
      { name: 'stage', type: 'select', writable: true },
      { name: 'tags', type: 'multiselect', writable: true },
      { name: 'owner', type: 'reference', column: 'owner_id', writable: true },
      { name: 'team', type: 'reference', column: 'team_id', writable: true },
      { name: 'pool', type: 'reference', column: 'pool_id', writable: true },
      { name: 'createdAt', type: 'datetime' },
      { name: 'born', type: 'date' },
    ],
    dynamicFields: () => [
      { name: 'custom.budget', type: 'number', writable: true },
      { name: 'custom.secret', type: 'text', writable: true },
      { name: 'custom.hint', type: 'text', writable: true },
    ],
    base: (alias) => ({ sql: `${alias}.merged = ?`, bindings: [false] }),
    search: ['name', 'email', 'phone'],
    defaultSort: ['score', 'DESC'],
    rowMask: (who, alias) =>
      who.roles.includes('manager') ? null : { sql: `${alias}.pool_id IS NOT NULL AND ${alias}.owner_id IS NULL`, bindings: [] },
    decorate: async (_context, rows) =>
      rows.forEach((row) => Object.assign(row, { rank: `#${String(row['id'])}`, email: 'HIDDEN-overwritten', salary: 'HIDDEN-added' })),
    create: async (_context, values) => {
      const [row] = await database
        .knex('demo_leads')
        .insert({ owner_id: 1, team_id: 1, ...asColumns(values), score: 0 })
        .returning('id');
      return Number((row as { id: number }).id);
    },
    update: async (_context, id, values) => {
      calls.push({ verb: 'update', ids: [id], input: values });
      const { custom, ...rest } = asColumns(values);
      if (Object.keys(rest).length > 0) await database.knex('demo_leads').where({ id }).update(rest);
      if (custom !== undefined)
        await database.knex.raw('UPDATE demo_leads SET custom = custom || ?::jsonb WHERE id = ?', [JSON.stringify(custom), id]);
    },
    remove: async (_context, id) => void (await database.knex('demo_leads').where({ id }).delete()),
    verbs: [
      verb('claim', 'record', z.object({ reason: z.string().max(10).optional() })),
      verb('explain/score', 'record', z.object({ depth: z.coerce.number().default(1) }), {
        method: 'GET',
        run: async (_context, ids, input) => ({ ids, input }),
      }),
      verb('start', 'collection', z.object({ note: z.string() }), { run: async () => ({ started: true }) }),
      verb('stats', 'collection', z.object({}), { method: 'GET', run: async () => ({ count: 3 }) }),
      verb('boom', 'collection', z.object({}), { run: () => Promise.reject(new Error('HIDDEN-connection string')) }),
      verb('unmerge', 'record', z.object({}), {
        ignoreBase: true,
        run: async (_context, ids) => ({ results: ids.map((id) => ({ id, ok: id % 2 === 0, code: 'ODD' })) }),
      }),
    ],
  };
}

const TASKS = (database: TestDatabase): ResourceDefinition => ({
  name: 'tasks',
  table: 'demo_tasks',
  rows: { owner: 'owner_id', via: { column: 'lead_id', resource: 'leads' } },
  fields: [
    { name: 'title', type: 'text', writable: true },
    { name: 'lead', type: 'reference', column: 'lead_id', writable: true },
    { name: 'owner', type: 'reference', column: 'owner_id', writable: true },
  ],
  create: async (_context, values) => {
    const [row] = await database
      .knex('demo_tasks')
      .insert({ title: values['title'], lead_id: values['lead'], owner_id: values['owner'] })
      .returning('id');
    return Number((row as { id: number }).id);
  },
  update: async (_context, id, values) => void (await database.knex('demo_tasks').where({ id }).update({ lead_id: values['lead'] })),
});

async function createDemo({ knex }: TestDatabase): Promise<void> {
  await knex.raw(`
    CREATE TABLE demo_leads (
      id serial PRIMARY KEY, name text, email text UNIQUE, phone text, salary numeric(12,2), score int NOT NULL, stage text, tags jsonb,
      owner_id int, team_id int, pool_id int, merged boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT '2026-05-01T00:00:00Z', born date,
      custom jsonb NOT NULL DEFAULT '{}'
    );
    CREATE TABLE demo_tasks (id serial PRIMARY KEY, title text, lead_id int, owner_id int);
  `);
}

/** Leads 1–8: own, pool of the rep, team-mate's, other team's, other pool's, pool lead that has an owner, merged away, own without values. */
export async function fillDemo({ knex }: TestDatabase): Promise<void> {
  await knex.raw('TRUNCATE demo_leads, demo_tasks RESTART IDENTITY');
  const row = (
    name: string,
    owner: number | null,
    team: number | null,
    pool: number | null,
    more: Record<string, unknown> = {},
  ): Record<string, unknown> => ({
    name,
    email: `${name}@mail.example`,
    phone: '13812341234',
    salary: 1234.5,
    score: 10,
    stage: 'new',
    tags: JSON.stringify(['vip', name]),
    owner_id: owner,
    team_id: team,
    pool_id: pool,
    merged: false,
    born: '1990-02-03',
    custom: JSON.stringify({ budget: 100, secret: `HIDDEN-${name}`, hint: `MASKED-${name}` }),
    ...more,
  });
  await knex('demo_leads').insert([
    row('own', 1, 1, null, { score: 50 }),
    row('pooled', null, 1, 5, { score: 40 }),
    row('mate', 9, 1, null, { score: 30 }),
    row('far', 8, 7, null, { score: 20 }),
    row('elsewhere', null, 7, 6, { score: 15 }),
    row('taken', 9, 2, 5, { score: 14 }),
    row('merged', 1, 1, null, { merged: true }),
    row('bare', 1, 1, null, { score: 5, email: null, phone: null, salary: null, tags: null, born: null, stage: null, custom: '{}' }),
  ]);
  await knex('demo_tasks').insert([
    { title: 'mine', lead_id: 1, owner_id: 1 },
    { title: 'others', lead_id: 4, owner_id: 8 },
    { title: 'lent', lead_id: 4, owner_id: 1 },
  ]);
  calls.length = 0;
}

const FACTS = [
  { key: 'lead.name', column: 'name' },
  { key: 'lead.salary', column: 'salary' },
  { key: 'lead.mail', column: 'email', accessField: 'email' },
  { key: 'lead.tel', column: 'phone', accessField: 'phone' },
  { key: 'lead.score', column: 'score' },
];
const isGroup = (node: ConditionGroup | ConditionRule): node is ConditionGroup => 'rules' in node;

/** A port of the condition compiler that knows equality on five facts: what is tested here is the gate around it. */
const conditions: Pick<ConditionService, 'compile' | 'describe'> = {
  describe: () => FACTS.map(({ key, column: _column, ...rest }) => ({ key, label, type: 'text', operators: ['='], ...rest })),
  compile: (condition: Condition, _subject, alias) => {
    const node = (one: ConditionGroup | ConditionRule): Sql => {
      if (isGroup(one)) {
        const parts = one.rules.map(node);
        return {
          sql: `(${parts.map((part) => part.sql).join(` ${one.combinator} `)})`,
          bindings: parts.flatMap((part) => [...part.bindings]),
        };
      }
      const fact = FACTS.find((candidate) => candidate.key === one.field);
      if (!fact || one.operator !== '=') throw new AppError('CONDITION_INVALID', 400, 'No such rule.');
      return { sql: `${alias}.${fact.column} = ?`, bindings: [one.value] };
    };
    return node(condition);
  },
};

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** A host context for one request. */
function contextOf(
  method: string,
  params: Record<string, string>,
  query: Record<string, string>,
  body: unknown,
): HostContext & { readonly headers: Record<string, string> } {
  const req = new IncomingMessage(new Socket());
  const headers: Record<string, string> = {};
  return {
    params,
    query,
    method,
    path: `/${Object.values(params).join('/')}`,
    req,
    res: new ServerResponse(req),
    headers,
    status: 404,
    body: undefined,
    type: '',
    request: { body, header: {}, ip: '127.0.0.1' },
    set: (name, value) => void (headers[name] = value),
    get: () => '',
  };
}

export interface Call {
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly params?: Record<string, string>;
}

export interface Demo {
  readonly database: TestDatabase;
  readonly gateway: ResourceGateway;
  readonly logged: string[];
  /** One request through the handlers, with JSON query parameters as the console sends them. Fails when an answer holds what nobody below a manager may see. */
  send(actor: Actor | null, method: string, path: string, call?: Call): Promise<Answer>;
  list(actor: Actor, query?: Record<string, unknown>): Promise<Answer>;
  one(actor: Actor, id: number): Promise<Record<string, unknown>>;
}

/** A fresh database with the demo resources behind a gateway and its routes. */
export async function openDemo(): Promise<Demo> {
  const database = await openTestDatabase();
  await createDemo(database);
  const gateway = createResourceGateway({
    db: database.knex,
    access: createAccessService({ loadRoles: () => ROLES }),
    conditions,
    clock: { now: () => new Date('2026-06-01T00:00:00Z') },
  });
  gateway.define(leadsDefinition(database));
  gateway.define(TASKS(database));
  const logged: string[] = [];
  const send: Demo['send'] = async (actor, method, path, { query = {}, body, params = {} } = {}) => {
    const routes = createConsoleRoutes(gateway, {
      actorOf: async () => actor,
      log: { error: (message, error) => void logged.push(`${message} ${String(error)}`) },
    });
    const route = routes.find((candidate) => candidate.method === method && candidate.path === path);
    if (!route) throw new Error(`No route ${method} ${path}`);
    const texts = Object.fromEntries(
      Object.entries(query).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    const ctx = contextOf(method, { resource: 'leads', ...params }, texts, body);
    await route.handler(ctx);
    const text = JSON.stringify(ctx.body);
    if (actor !== MANAGER) expect(text).not.toMatch(/HIDDEN|1234\.5|123\.45/);
    expect(text).not.toMatch(/HIDDEN-connection|HIDDEN-overwritten|HIDDEN-added/);
    return { status: ctx.status, body: JSON.parse(text) as unknown, headers: ctx.headers };
  };
  return {
    database,
    gateway,
    logged,
    send,
    list: (actor, query = {}) => send(actor, 'GET', '/:resource', { query }),
    one: async (actor, id) => (await send(actor, 'GET', '/:resource/:id', { params: { id: String(id) } })).body as Record<string, unknown>,
  };
}

/** Ids of a page, or the error body when there is none. */
export const idsOf = (answer: Answer): unknown =>
  answer.status === 200 ? (answer.body as { id: number }[]).map((row) => row.id) : answer.body;

/** `403 FORBIDDEN`, or the bare status of a success. */
export function codeOf(answer: Answer): string {
  const { error } = answer.body as { error?: { status: number; details: { code: string } } };
  return error ? `${error.status} ${error.details.code}` : `${answer.status}`;
}
