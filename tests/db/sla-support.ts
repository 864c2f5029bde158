import knexFactory, { type Knex } from 'knex';
import { insertRow, snake, type Actor, type Host, type Kit } from '../../plugins/crm-core';
import { contentTypes as coreTypes } from '../../plugins/crm-core/server/src/content-types';
import { coreMigrations } from '../../plugins/crm-core/server/src/migrations/core';
import { machineMigrations } from '../../plugins/crm-core/server/src/migrations/machine';
import { coreOf } from '../../plugins/crm-core/server/src/services/core-of';
import { gradingFacts } from '../../plugins/lead-grading/server/src/services/facts';
import { registerFacts } from '../../plugins/leads/server/src/services/facts';
import { createLeads } from '../../plugins/leads/server/src/services/leads';
import { contentTypes as leadTypes } from '../../plugins/leads/server/src/content-types';
import { leadsMigrations } from '../../plugins/leads/server/src/migrations';
import type { ApplyInput, ApplyResult, LeadChange, Leads, Reactor } from '../../plugins/leads';
import sla from '../../plugins/lead-sla/server/src';
import type { Clocks, ContractInput } from '../../plugins/lead-sla';
import { slaMigrations } from '../../plugins/lead-sla/server/src/migrations';
import { openTestDatabase } from '../support/postgres';

/** `cn('2026-03-06 17:50')` is that wall time in Shanghai. */
export const cn = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`);
export const wall = (at: Date | null): string | null =>
  at === null ? null : new Date(at.getTime() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16);

export interface ClockRow {
  readonly id: number;
  readonly lead_id: number;
  readonly metric: string;
  readonly cycle: number;
  readonly state: string;
  readonly owner_id: number | null;
  readonly started_at: Date;
  readonly due_at: Date | null;
  readonly breached_at: Date | null;
  readonly breach_cause: string | null;
  readonly stopped_at: Date | null;
  readonly end_reason: string | null;
  readonly hops: number;
  readonly target_seconds: number;
  readonly elapsed_seconds: number;
  readonly latest: boolean;
  readonly provisional: boolean;
}

export interface World {
  readonly kit: Kit;
  readonly db: Knex;
  readonly leads: Leads;
  readonly clocks: Clocks;
  readonly people: { readonly ann: number; readonly bob: number; readonly boss: number; readonly admin: number };
  /** To whom the next re-route goes; null: routing finds nobody. */
  next: number | null;
  apply(changes: readonly LeadChange[], now: Date, by?: Actor | null, more?: Partial<ApplyInput>): Promise<ApplyResult>;
  create(now: Date, values?: Record<string, unknown>, ownerId?: number | null, more?: Partial<ApplyInput>): Promise<number>;
  contract(body: ContractInput, now: Date): Promise<void>;
  of(leadId: number, metric?: string): Promise<ClockRow[]>;
  events(leadId: number): Promise<string[]>;
  armed(): Promise<string[]>;
  /** Statements the clocks stage sent in the last change set, deferred ones included. */
  statements(): number;
  close(): Promise<void>;
}

const hours = [
  { start: '09:00', end: '12:00' },
  { start: '13:30', end: '18:00' },
];
const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, hours]));

function hostOf(db: Knex, leads: () => Leads): Host {
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: unknown) => void process.stderr.write(`${String(message)}\n`),
    debug: () => undefined,
  };
  const services: Record<string, (strapi: Host) => unknown> = {
    'crm-core.kit': (strapi) => coreOf(strapi).kit,
    'leads.leads': () => leads(),
    'lead-sla.clocks': (strapi) => sla.services.clocks({ strapi }),
  };
  const host: Partial<Host> = {
    db: { connection: db, query: () => ({}) as never },
    log,
    config: { get: <T>(_key: string, fallback?: T) => fallback as T },
    plugin: (name) => ({ service: (service) => services[`${name}.${service}`]?.(host as Host) }),
  };
  return host as Host;
}

interface Schema {
  readonly collectionName: string;
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly column?: { readonly type?: string } }>>;
}

const COLUMN_TYPES: Readonly<Record<string, string>> = {
  text: 'text',
  string: 'varchar(255)',
  integer: 'int',
  boolean: 'boolean',
  json: 'jsonb',
  datetime: 'timestamptz',
  date: 'date',
  float: 'double precision',
  decimal: 'numeric(18,2)',
};

/** The tables of content types as Strapi makes them, and the machine tables of the migrations. */
async function createTables(db: Knex): Promise<void> {
  for (const { schema } of [...Object.values(coreTypes), ...Object.values(leadTypes)]) {
    const { collectionName, attributes } = schema as Partial<Schema> as Schema;
    const columns = Object.entries(attributes).map(([name, { type }]) =>
      type === 'relation' ? `${snake(name)}_id int` : `${snake(name)} ${COLUMN_TYPES[type]!}`,
    );
    await db.raw(
      `CREATE TABLE ${collectionName} (id serial PRIMARY KEY, document_id varchar(255), created_at timestamp, updated_at timestamp, published_at timestamp, ${columns.join(', ')})`,
    );
  }
  for (const migration of [...machineMigrations, ...coreMigrations, ...leadsMigrations, ...slaMigrations]) await migration.up(db);
}

async function fillPeople(kit: Kit, now: Date): Promise<World['people']> {
  const team = await insertRow(kit.db, 'crm_teams', { key: 'east', name: 'East' }, now);
  const person = (name: string, more: Record<string, unknown> = {}): Promise<number> =>
    insertRow(kit.db, 'crm_members', { name, email: `${name}@example.com`, team_id: team, roles: ['sales'], active: true, ...more }, now);
  const boss = await person('boss');
  const bob = await person('bob', { manager_id: boss, calendar_key: 'short' });
  return { boss, bob, ann: await person('ann', { manager_id: boss }), admin: await person('root', { roles: ['crm-admin'] }) };
}

/** The tables of a real product, with kit, leads and this plugin on them; routing is one line here, so that each test says who is next. */
export async function openSlaWorld(): Promise<World> {
  const database = await openTestDatabase();
  await createTables(database.knex);
  const strapiDb = knexFactory({ client: 'pg', connection: { connectionString: database.url }, pool: { min: 0, max: 1 } });
  const host = hostOf(strapiDb, () => leads);
  const { kit, timers } = coreOf(host);
  const leads = createLeads(kit, { country: () => null });
  registerFacts(kit);
  // The standard stage graph asks for the label that grading gives.
  kit.conditions.addFacts(gradingFacts);
  let counting = false;
  let count = 0;
  const counter = (name: string, on: boolean): Reactor => ({
    stage: 'clocks',
    name,
    run: async (set) => {
      if (on) {
        count = 0;
        set.trx.on('query', ({ sql }: { sql: string }) => {
          if (counting || sql.includes('crm_sla_')) count += 1;
        });
      }
      counting = on;
    },
  });
  leads.reactors.add(counter('before', true));
  sla.register({ strapi: host });
  leads.reactors.add(counter('after', false));
  const start = cn('2026-03-02 09:00');
  const people = await fillPeople(kit, start);
  for (const [key, spec] of [
    ['c', { key: 'c', tz: 'Asia/Shanghai', week }],
    ['short', { key: 'short', tz: 'Asia/Shanghai', week: { ...week, wed: [{ start: '09:00', end: '10:00' }] } }],
  ] as const) {
    await kit.policies.upsert({ kind: 'calendar', key, name: key, body: spec, publish: true }, kit.actors.system(), start);
  }
  const world: World = {
    kit,
    db: kit.db,
    leads,
    clocks: sla.services.clocks({ strapi: host }),
    people,
    next: null,
    apply: (changes, now, by = null, more = {}) =>
      leads.apply({ changes, actor: by ?? kit.actors.system(), cause: { type: 'test' }, now, ...more }),
    create: async (now, values = {}, ownerId = null, more = {}) => {
      const { outcomes } = await world.apply(
        [{ op: 'create', values: { name: 'Li Wei', ...values }, ...(ownerId === null ? {} : { holding: { ownerId } }) }],
        now,
        null,
        more,
      );
      const [outcome] = outcomes;
      if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
      return outcome.id;
    },
    contract: async (body, now) => {
      await kit.policies.upsert(
        { kind: 'sla-contract', key: 'contract', name: 'Contract', body: { signing: 'none', ...body }, publish: true },
        kit.actors.system(),
        now,
      );
    },
    of: (leadId, metric) => {
      const found = kit.db<ClockRow>('crm_sla_clocks').where({ lead_id: leadId }).orderBy('id');
      return metric === undefined ? found : found.where({ metric });
    },
    events: async (leadId) => {
      const rows = await kit
        .db('crm_events')
        .where({ subject: 'lead', subject_id: leadId })
        .andWhere('type', 'like', 'clock.%')
        .andWhereNot('type', 'clock.observed')
        .orderBy('id')
        .select('type', 'data');
      return rows.map((row: { type: string; data: { metric: string } }) => `${row.data.metric} ${row.type.slice(6)}`);
    },
    armed: () => kit.db('crm_timers').where({ state: 'armed' }).orderBy('key').pluck('key'),
    statements: () => count,
    close: async () => {
      await timers.stop();
      await kit.db.destroy();
      await strapiDb.destroy();
      await database.close();
    },
  };
  leads.reactors.add({
    stage: 'route',
    name: 'next in line',
    run: async (set) => {
      for (const { id, asks } of set.entries)
        if (asks.has('reroute:sla-breach') && world.next !== null) set.set(id, { owner_id: world.next });
    },
  });
  return world;
}

export const act = async (world: World, member: number): Promise<Actor> => world.kit.actors.member(member);
