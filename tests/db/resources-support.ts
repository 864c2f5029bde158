import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Actor, HostContext } from '@leadsea/crm-core/contracts';
import { createAccessService } from '../../plugins/crm-core/server/src/services/access';
import { createConsoleRoutes, createResourceGateway, type ResourceGateway } from '../../plugins/crm-core/server/src/services/resources';
import { conditions } from '../../plugins/crm-core/server/src/services/resources/__fixtures__/conditions';
import { calls, leadsDefinition, MANAGER, ROLES, TASKS } from '../../plugins/crm-core/server/src/services/resources/__fixtures__/demo';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

export * from '../../plugins/crm-core/server/src/services/resources/__fixtures__/demo';

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
