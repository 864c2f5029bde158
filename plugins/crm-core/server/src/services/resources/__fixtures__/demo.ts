import type { Knex } from 'knex';
import { z } from 'zod';
import type { Actor, ResourceDefinition, ResourceVerb, RoleSpec } from '../../../../../contracts';

interface WithKnex {
  readonly knex: Knex;
}

const label = { zh: '', en: '' };

/** Roles that differ in rows, verbs and fields. */
export const ROLES: readonly RoleSpec[] = [
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
export function leadsDefinition(database: WithKnex): ResourceDefinition {
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
        .returning<{ id: number }[]>('id');
      return Number(row?.id);
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

export const TASKS = (database: WithKnex): ResourceDefinition => ({
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
      .returning<{ id: number }[]>('id');
    return Number(row?.id);
  },
  update: async (_context, id, values) => void (await database.knex('demo_tasks').where({ id }).update({ lead_id: values['lead'] })),
});
