import { createHmac } from 'node:crypto';
import { insertRow } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { api, type Api } from './api';
import { JWT_SECRET, startServer, type StartOptions, type TestServer } from './server';

const PASSWORD = 'Test-password-1';
/** Of the password, with the least rounds bcrypt has. */
const HASH = '$2a$04$FzYVHFSUMeGB65dzWG4yl.B70kdlzR5ziKFY60QqJvyZbFs.vuA4e';
const NOW = new Date('2026-01-05T00:00:00Z');

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly api: Api;
}

export interface PersonInput {
  readonly roles: readonly string[];
  readonly team?: number | null;
  readonly timeZone?: string;
  readonly calendar?: string;
}

export interface EventRow {
  readonly id: string;
  readonly subject_id: number;
  readonly type: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly data: Record<string, unknown> | null;
  readonly actor_id: number | null;
  readonly at: Date;
}

export interface ErrorBody {
  readonly error: {
    readonly status: number;
    readonly message: string;
    readonly details: Record<string, unknown> & { readonly code: string };
  };
}

export interface VerbAnswer {
  readonly results: readonly {
    readonly id: number;
    readonly ok: boolean;
    readonly code?: string;
    readonly details?: Record<string, unknown>;
  }[];
}

/** A small company on an otherwise empty product: two teams, people with any roles, pools, capture sources. */
export interface Company {
  readonly server: TestServer;
  readonly db: Knex;
  readonly admin: Api;
  readonly teams: { readonly east: number; readonly south: number };
  /** Teams below nothing: `east` and `south` are both below `sales`. */
  readonly salesTeam: number;
  person(name: string, input: PersonInput): Promise<Person>;
  /** Publishes a policy through the console API; returns its id. */
  publish(resource: string, key: string, body: unknown): Promise<number>;
  source(key: string, more?: Record<string, unknown>): Promise<void>;
  /** New leads through the public entrance; returns their ids. */
  capture(leads: readonly Record<string, unknown>[], source?: string): Promise<number[]>;
  /** New leads lying in a pool. */
  stock(poolId: number, count: number, more?: (index: number) => Record<string, unknown>): Promise<number[]>;
  events(type?: string): Promise<EventRow[]>;
  lead(id: number): Promise<Record<string, unknown>>;
  moveClock(instant: string): Promise<number>;
}

/** A console user and its member profile, as the product's own set-up makes them. */
export async function addPerson(
  db: Knex,
  name: string,
  member: Record<string, unknown>,
): Promise<{ id: number; email: string; token: string }> {
  const email = `${name}@test.example`;
  const role = await db('up_roles').where({ type: 'authenticated' }).first<{ id: number }>('id');
  const user = await insertRow(
    db,
    'up_users',
    { username: email, email, provider: 'local', password: HASH, confirmed: true, blocked: false },
    NOW,
  );
  await db('up_users_role_lnk').insert({ user_id: user, role_id: role?.id });
  const id = await insertRow(
    db,
    'crm_members',
    { name, email, user_id: user, active: true, presence: 'online', weight: 1, locale: 'en', ...member },
    NOW,
  );
  await db.raw(`SELECT pg_notify('crm_members', '')`);
  return { id, email, token: tokenOf(user) };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token a login would give; signing in for real is limited to a few people per minute. */
function tokenOf(userId: number): string {
  const issued = Math.floor(Date.now() / 1000);
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ id: userId, iat: issued, exp: issued + 86_400 })}`;
  return `${body}.${createHmac('sha256', JWT_SECRET).update(body).digest('base64url')}`;
}

/** A real login; only a few people per minute may sign in. */
export const signIn = (url: string, email: string): Promise<Api> => api(url).login(email, PASSWORD);

/** Asks until the answer is there; fails with what was last seen. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>, seconds = 15): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Runs `work` over all items, at most `lanes` at a time. */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Fails loudly when an answer is not the one expected, with the body that says why. */
export function expectStatus<T>(answer: { status: number; body: T }, status: number): T {
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body).slice(0, 800)}`);
  return answer.body;
}

let serial = 0;
/** Values of a lead nobody has seen before. */
export const someone = (more: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1;
  return { name: `Person ${serial}`, email: `person${serial}.${process.pid}@firm${serial}.example`, company: `Firm ${serial}`, ...more };
};

export const CALENDAR = {
  key: 'office',
  tz: 'Asia/Shanghai',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]])),
  holidays: 'cn_statutory',
  standardDaySeconds: 32_400,
};

/** The body of a pool everybody of a team may claim from. */
export const poolBody = (team: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  kind: 'claimable',
  members: [{ type: 'team', ref: team, rights: ['claim'] }],
  ...more,
});

export async function startCompany(options: StartOptions = {}): Promise<Company> {
  const server = await startServer(options);
  const db = server.database.knex;
  const [first] = server.accounts;
  if (!first) throw new Error('The server has no administrator.');
  const admin = await api(server.url).login(first.identifier, first.password);
  const salesTeam = await insertRow(db, 'crm_teams', { key: 'sales', name: 'Sales' }, NOW);
  const teams = {
    east: await insertRow(db, 'crm_teams', { key: 'east', name: 'East', parent_id: salesTeam }, NOW),
    south: await insertRow(db, 'crm_teams', { key: 'south', name: 'South', parent_id: salesTeam }, NOW),
  };
  const source = async (key: string, more: Record<string, unknown> = {}): Promise<void> => {
    await insertRow(db, 'crm_sources', { key, name: key, adapter: 'auto', defaults: {}, allowed_origins: [], active: true, ...more }, NOW);
  };
  await source('web');

  const company: Company = {
    server,
    db,
    admin,
    teams,
    salesTeam,
    source,
    person: async (name, { roles, team = null, timeZone = 'Asia/Shanghai', calendar = null }) => {
      const { id, email, token } = await addPerson(db, name, { roles, team_id: team, time_zone: timeZone, calendar_key: calendar });
      return { id, email, api: api(server.url, token) };
    },
    publish: async (resource, key, body) => {
      const policy = expectStatus(await admin.post<{ id: number }>(`/api/console/${resource}`, { key, name: key, draft: body }), 200);
      expectStatus(await admin.post(`/api/console/${resource}/${policy.id}/publish`), 200);
      return policy.id;
    },
    capture: async (leads, key = 'web') => {
      const ids: number[] = [];
      for (let from = 0; from < leads.length; from += 500) {
        const body = expectStatus(
          await api(server.url).post<{ results: { lead: number | null }[] }>(`/api/capture/${key}`, leads.slice(from, from + 500)),
          202,
        );
        ids.push(...body.results.map((result) => result.lead ?? -1));
      }
      return ids;
    },
    stock: async (poolId, count, more = () => ({})) => {
      const ids = await company.capture(Array.from({ length: count }, (_, index) => someone(more(index))));
      expectStatus(await admin.post('/api/console/leads/recycle', { ids, pool: poolId }), 200);
      return ids;
    },
    events: async (type) => {
      const query = db<EventRow>('crm_events')
        .where({ subject: 'lead' } as never)
        .orderBy('id');
      return type === undefined ? query : query.where({ type });
    },
    lead: async (id) => {
      const row = await db<Record<string, unknown>>('crm_leads').where({ id }).first();
      if (!row) throw new Error(`There is no lead ${id}.`);
      return row;
    },
    moveClock: async (instant) => expectStatus(await admin.put<{ fired: number }>('/api/console/clock', { now: instant }), 200).fired,
  };
  return company;
}

export interface Told {
  readonly resource: string;
  readonly ids: readonly number[];
  readonly type: 'changed' | 'gone' | 'bulk';
}

export interface LiveStream {
  readonly told: Told[];
  /** Everything that came over the wire. */
  raw(): string;
  close(): void;
}

/** The live stream of one person, open and ready. */
export async function openLive(person: Api): Promise<LiveStream> {
  const stop = new AbortController();
  const response = await fetch(`${person.url}/api/console/live`, {
    headers: { authorization: `Bearer ${person.token}` },
    signal: stop.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(`The live stream answered ${response.status}.`);
  const told: Told[] = [];
  const decoder = new TextDecoder();
  let text = '';
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    let done = 0;
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n', done); end >= 0; end = text.indexOf('\n\n', done)) {
        const data = /^data: (.*)$/m.exec(text.slice(done, end))?.[1];
        done = end + 2;
        if (data && data !== '{}') told.push(JSON.parse(data) as Told);
      }
    }
  };
  read(response.body as unknown as AsyncIterable<Uint8Array>).catch(() => undefined);
  await until('the stream is ready', async () => text.includes('event: ready'));
  return { told, raw: () => text, close: () => stop.abort() };
}
