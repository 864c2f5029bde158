import fc from 'fast-check';
import { createAccess } from '../../admin/src/api/access';
import type { Me } from '../../admin/src/api/types';
import { ROW_SCOPES, type Actor, type FieldAccess, type RoleSpec, type RowScope } from '../../plugins/crm-core/contracts';
import { createAccessService } from '../../plugins/crm-core/server/src/services/access';
import { createResourceGateway, type ResourceGateway } from '../../plugins/crm-core/server/src/services/resources';
import { conditions } from '../../plugins/crm-core/server/src/services/resources/__fixtures__/conditions';
import { leadsDefinition, openDemo, TASKS, fillDemo, type Demo } from './resources-support';

/**
 * For any roles and any request: no answer holds a row or a value that the matrix does not give. What the matrix gives is worked out here from its
 * words alone, row by row in JavaScript, without the gate, its SQL or its rules.
 */
const RUNS = Number(process.env['LEADSEA_LAW_RUNS'] ?? 150);
const FIELDS = ['name', 'email', 'phone', 'salary', 'score', 'stage', 'owner', 'custom.budget', 'custom.secret'] as const;
/** Values by which roles limit rows: of a column, of one's own field, and one nobody has. */
const LIMITS = [
  ['stage', ['new', 'won']],
  ['custom.hint', ['MASKED-own', 'MASKED-far', 'MASKED-pooled']],
  ['name', ['nobody']],
] as const;
const COLUMN: Readonly<Record<string, string>> = { owner: 'owner_id' };

interface Row {
  readonly id: number;
  readonly owner_id: number | null;
  readonly team_id: number | null;
  readonly pool_id: number | null;
  readonly merged: boolean;
  readonly custom: Record<string, unknown>;
  readonly [column: string]: unknown;
}

let demo: Demo;
let rows: Row[];
beforeAll(async () => {
  demo = await openDemo();
  await fillDemo(demo.database);
  rows = await demo.database.knex<Row>('demo_leads').orderBy('id');
});
afterAll(() => demo.database.close());

const scopes = fc.uniqueArray(fc.constantFrom<RowScope>(...ROW_SCOPES), { maxLength: 3 });
const access = fc.constantFrom<FieldAccess>('hidden', 'masked', 'read', 'write');
const role = (key: string): fc.Arbitrary<RoleSpec> =>
  fc
    .record({
      verbs: fc.record({ read: scopes, update: scopes, claim: scopes, delete: scopes }, { requiredKeys: [] }),
      fields: fc.dictionary(fc.constantFrom(...FIELDS, '*'), access),
      limits: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray([...LIMITS], { minLength: 1, maxLength: 2 })),
    })
    .map(({ verbs, fields, limits }) => ({
      key,
      label: { zh: '', en: '' },
      resources: { leads: verbs },
      fields: { leads: fields },
      ...(limits.length > 0 ? { only: { leads: Object.fromEntries(limits) } } : {}),
    }));
const roles = fc.tuple(role('a'), role('b'));
const who: fc.Arbitrary<Actor> = fc
  .record({
    memberId: fc.constantFrom(1, 8, 9),
    teamIds: fc.constantFrom([], [1], [7], [1, 2], [2]),
    poolIds: fc.constantFrom([], [5], [5, 6]),
    held: fc.subarray(['a', 'b']),
  })
  .map(({ memberId, teamIds, poolIds, held }) => ({
    kind: 'member',
    memberId,
    name: 'm',
    teamId: teamIds[0] ?? null,
    teamIds,
    roles: held,
    poolIds,
    timeZone: 'UTC',
    locale: 'en',
  }));

const heldBy = (actor: Actor, all: readonly RoleSpec[]): readonly RoleSpec[] => all.filter(({ key }) => actor.roles.includes(key));
const reaches = (scope: RowScope, row: Row, actor: Actor): boolean => {
  if (scope === 'all') return true;
  if (scope === 'own') return row.owner_id === actor.memberId;
  if (scope === 'team') return row.team_id !== null && row.team_id === actor.teamId;
  if (scope === 'teamBelow') return row.team_id !== null && actor.teamIds.includes(row.team_id);
  if (scope === 'pool') return row.owner_id === null && row.pool_id !== null && actor.poolIds.includes(row.pool_id);
  return false;
};
const fits = (role: RoleSpec, row: Row): boolean =>
  Object.entries(role.only?.['leads'] ?? {}).every(([field, values]) => values.includes(String(stored(row, field))));
const may = (actor: Actor, all: readonly RoleSpec[], verb: string, row: Row): boolean =>
  heldBy(actor, all).some((one) =>
    (one.resources['leads']?.[verb] ?? []).some((scope) => reaches(scope, row, actor) && (scope === 'own' || fits(one, row))),
  );
const ORDER: readonly FieldAccess[] = ['hidden', 'masked', 'read', 'write'];
const level = (actor: Actor, all: readonly RoleSpec[], field: string): FieldAccess =>
  heldBy(actor, all)
    .map(({ fields }) => fields['leads']?.[field] ?? fields['leads']?.['*'] ?? 'hidden')
    .reduce<FieldAccess>((best, one) => (ORDER.indexOf(one) > ORDER.indexOf(best) ? one : best), 'hidden');

/** The demo's own rule: phone and mail of pool leads nobody owns. */
const rowMasked = (row: Row, field: string): boolean => row.pool_id !== null && row.owner_id === null && ['email', 'phone'].includes(field);
const stored = (row: Row, field: string): unknown =>
  field.startsWith('custom.') ? row.custom[field.slice('custom.'.length)] : row[COLUMN[field] ?? field];
const shown = (answer: Record<string, unknown>, field: string): unknown =>
  field.startsWith('custom.') ? (answer['custom'] as Record<string, unknown> | undefined)?.[field.slice('custom.'.length)] : answer[field];

function gatewayOf(all: readonly RoleSpec[]): { gateway: ResourceGateway; service: ReturnType<typeof createAccessService> } {
  const service = createAccessService({ loadRoles: () => all });
  const { knex } = demo.database;
  const gateway = createResourceGateway({ db: knex, access: service, conditions, clock: { now: () => new Date('2026-06-01T00:00:00Z') } });
  gateway.define(leadsDefinition(demo.database));
  gateway.define(TASKS(demo.database));
  return { gateway, service };
}

/** Of every row and field in an answer: the row may be read, and the value is not one the matrix withholds. */
function assertWithin(actor: Actor, all: readonly RoleSpec[], answers: readonly Record<string, unknown>[]): void {
  for (const answer of answers) {
    const row = rows.find(({ id }) => id === answer['id']);
    if (!row) throw new Error(`A row that does not exist was returned: ${JSON.stringify(answer)}`);
    expect({ row: row.id, readable: may(actor, all, 'read', row) && !row.merged }).toEqual({ row: row.id, readable: true });
    for (const field of FIELDS) {
      const access = level(actor, all, field);
      const value = shown(answer, field);
      if (access === 'hidden') expect({ field, value }).toEqual({ field, value: undefined });
      const secret = stored(row, field);
      if ((access === 'masked' || rowMasked(row, field)) && typeof secret === 'string' && secret !== '')
        expect({ field, open: value === secret }).toEqual({ field, open: false });
    }
  }
}

const filter = fc.oneof(
  fc.constant({}),
  fc
    .constantFrom(...FIELDS)
    .chain((field) =>
      fc
        .constantFrom('', '_like', '_gte', '_null', '_ne')
        .map((op) => ({ [`${field}${op}`]: op === '_null' ? false : op === '_gte' ? 1 : 'a' })),
    ),
  fc.constantFrom('own', '138', 'mail.example', 'pooled').map((q) => ({ q })),
);
const sort = fc.tuple(fc.constantFrom(...FIELDS, 'id'), fc.constantFrom('ASC', 'DESC'));

test('no list, with any filter, search and order, returns more than the matrix says; its total counts nothing else', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(roles, who, filter, sort, async (all, actor, wanted, order) => {
      const { gateway } = gatewayOf(all);
      const query = { filter: JSON.stringify(wanted), sort: JSON.stringify(order), range: '[0,99]' };
      const result = await gateway.list({ actor }, 'leads', query).catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(result).toMatchObject({ status: expect.any(Number) as number });
        return;
      }
      const { rows: page, total } = result as { rows: Record<string, unknown>[]; total: number };
      answered += 1;
      assertWithin(actor, all, page);
      const readable = rows.filter((row) => !row.merged && may(actor, all, 'read', row));
      expect(total).toBe(page.length);
      if (Object.keys(wanted).length === 0) expect(page.map(({ id }) => id).sort()).toEqual(readable.map(({ id }) => id).sort());
      // A field one may not read decides neither which rows come nor in which order.
      const asked = [...Object.keys(wanted).filter((name) => name !== 'q'), order[0]].map((name) =>
        name.replace(/_(like|gte|null|ne)$/, ''),
      );
      for (const field of asked.filter((name) => name !== 'id')) expect(['read', 'write']).toContain(level(actor, all, field));
    }),
    { numRuns: RUNS * 2 },
  );
  expect(answered).toBeGreaterThan(RUNS / 10);
});

test('no single read and no verb, alone or in bulk, reaches a row beyond the scopes of its verb', async () => {
  await fc.assert(
    fc.asyncProperty(roles, who, fc.constantFrom(...Array.from({ length: 9 }, (_, index) => index + 1)), async (all, actor, id) => {
      const { gateway } = gatewayOf(all);
      const row = rows.find((one) => one.id === id);
      const readable = row !== undefined && !row.merged && may(actor, all, 'read', row);
      const one = await gateway.getOne({ actor }, 'leads', id).catch((error: unknown) => error);
      expect({ id, found: !(one instanceof Error) }).toEqual({ id, found: readable });
      if (!(one instanceof Error)) assertWithin(actor, all, [one as Record<string, unknown>]);
      const everything = rows.map((each) => each.id);
      const bulk = await gateway
        .verb({ actor }, 'leads', 'claim', { method: 'POST', ids: everything, input: {} })
        .catch((error: unknown) => error);
      if (bulk instanceof Error) return;
      for (const result of (bulk as { results: { id: number; ok: boolean }[] }).results) {
        const target = rows.find((each) => each.id === result.id);
        const allowed = target !== undefined && !target.merged && may(actor, all, 'read', target) && may(actor, all, 'claim', target);
        expect({ id: result.id, ok: result.ok }).toEqual({ id: result.id, ok: allowed });
      }
    }),
    { numRuns: RUNS },
  );
});

test('the console, from the rules it is given, shows exactly what the server allows: per verb, row and field', () => {
  fc.assert(
    fc.property(roles, who, (all, actor) => {
      const { service } = gatewayOf(all);
      const me = JSON.parse(JSON.stringify({ rules: service.rulesFor(actor), fields: service.fieldsFor(actor) })) as Me;
      const console = createAccess(me);
      for (const verb of ['read', 'update', 'claim', 'delete', 'export']) {
        expect({ verb, can: console.can(verb, 'leads') }).toEqual({ verb, can: service.can(actor, 'leads', verb) });
        for (const row of rows) {
          const shown = { ...row, owner: row.owner_id, team: row.team_id, pool: row.pool_id };
          const server = service.canRow(actor, 'leads', verb, { ...shown, has: row });
          expect({ verb, id: row.id, can: console.can(verb, 'leads', shown) }).toEqual({ verb, id: row.id, can: server });
          expect(server).toBe(may(actor, all, verb, row));
        }
      }
      for (const field of [...FIELDS, 'stage', 'tags'])
        expect({ field, access: console.field('leads', field) }).toEqual({ field, access: service.field(actor, 'leads', field) });
    }),
    { numRuns: RUNS },
  );
});
