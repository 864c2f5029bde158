import fc from 'fast-check';
import type { Condition, FactDefinition, MatchAnswer } from '../../plugins/crm-core/contracts';
import { createAccessService } from '../../plugins/crm-core/server/src/services/access';
import { createConditionService } from '../../plugins/crm-core/server/src/services/conditions';
import { createResourceGateway, type ResourceGateway } from '../../plugins/crm-core/server/src/services/resources';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { things, tree } from './conditions-arbitraries';
import { actor, expected, facts, NOW, SCHEMA, type Thing } from './conditions-support';
import { AUDITOR, codeOf, DESK, fillDemo, MANAGER, openDemo, SALES, STRANGER, type Demo } from './resources-support';

const group = (...rules: Condition['rules']): Condition => ({ combinator: 'and', rules });
const is = (field: string, value: unknown): Condition['rules'][number] => ({ field, operator: '=', value });
const exactly = (total: number): { total: number; estimated: boolean } => ({ total, estimated: false });

describe('counting a condition against another version of it', () => {
  /** A fact that takes so long that no table is read in time. */
  const slow: FactDefinition = {
    key: 'thing.slow',
    subject: 'thing',
    type: 'number',
    label: { zh: '', en: '' },
    operators: ['='],
    sql: (alias) => ({ sql: `(SELECT ${alias}.n FROM pg_sleep(0.02))`, bindings: [] }),
  };
  const service = createConditionService();
  service.addFacts([...facts, slow]);
  const role = {
    key: 'all',
    label: { zh: '', en: '' },
    resources: { things: { read: ['all' as const] } },
    fields: { things: { '*': 'read' as const }, accounts: { '*': 'read' as const }, engagements: { '*': 'read' as const } },
  };
  const reader = { ...actor, roles: ['all'] };
  let database: TestDatabase;
  const gatewayOf = (limits?: { countMs: number; partRows: number }): ResourceGateway => {
    const access = createAccessService({ loadRoles: () => [role] });
    const gateway = createResourceGateway({ db: database.knex, access, conditions: service, clock: { now: () => NOW }, limits });
    gateway.define({ name: 'things', table: 'things', subject: 'thing', fields: [{ name: 'name', type: 'text' }] });
    return gateway;
  };
  const match = async (input: Record<string, unknown>, gateway = gatewayOf()): Promise<MatchAnswer> =>
    (await gateway.verb({ actor: reader }, 'things', 'match', { method: 'POST', ids: null, input })) as MatchAnswer;
  const store = async (rows: readonly Record<string, unknown>[]): Promise<void> => {
    await database.knex.raw('TRUNCATE things');
    await database.knex.raw('INSERT INTO things SELECT * FROM jsonb_populate_recordset(NULL::things, ?::jsonb)', [JSON.stringify(rows)]);
  };

  beforeAll(async () => {
    database = await openTestDatabase();
    await database.knex.raw(SCHEMA);
  });
  afterAll(() => database.close());

  test('of any two conditions over any rows, nulls included: newly in, newly out and the samples are what an independent evaluator says', async () => {
    await fc.assert(
      fc.asyncProperty(things, fc.array(fc.tuple(tree, tree), { minLength: 4, maxLength: 4 }), async (rows, pairs) => {
        await store(rows as unknown as Record<string, unknown>[]);
        for (const [draft, live] of pairs) {
          const holds = (condition: Condition, row: Thing): boolean => expected(condition, row) === true;
          const idsWhere = (test: (row: Thing) => boolean): number[] =>
            rows
              .filter(test)
              .map(({ id }) => id)
              .sort((a, b) => b - a);
          const wanted = {
            matching: idsWhere((row) => holds(draft, row)),
            added: idsWhere((row) => holds(draft, row) && !holds(live, row)),
            removed: idsWhere((row) => holds(live, row) && !holds(draft, row)),
          };
          for (const side of ['matching', 'added', 'removed'] as const) {
            const answer = await match({ where: draft, against: live, sample: side });
            expect(answer).toMatchObject({
              matching: exactly(wanted.matching.length),
              added: exactly(wanted.added.length),
              removed: exactly(wanted.removed.length),
              refused: null,
            });
            expect([draft, live, side, answer.sample?.map(({ id }) => id)]).toEqual([draft, live, side, wanted[side]]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a row without a value moves to the other side when a rule is turned round, and is lost by neither count', async () => {
    await store([
      { id: 1, n: 5 },
      { id: 2, n: null },
      { id: 3, n: 7 },
    ]);
    const live = group(is('thing.n', 5));
    const answer = await match({ where: { ...live, not: true }, against: live, sample: 'added' });
    expect(answer).toMatchObject({ matching: exactly(2), added: exactly(2), removed: exactly(1) });
    expect(answer.sample?.map(({ id }) => id)).toEqual([3, 2]);
  });

  test('without another version there is nothing new and nothing gone', async () => {
    await store([{ id: 1, n: 5 }]);
    expect(await match({ where: group(is('thing.n', 5)) })).toEqual({
      matching: exactly(1),
      added: null,
      removed: null,
      refused: null,
      sample: null,
      parts: null,
    });
  });

  test('what is wrong with the other version is said and keeps nobody from counting this one', async () => {
    await store([{ id: 1, n: 5 }]);
    const answer = await match({ where: group(is('thing.n', 5)), against: group(is('thing.gone', 1)), sample: 'added' });
    expect(answer).toMatchObject({ matching: exactly(1), added: null, removed: null, refused: { code: 'FIELD_UNKNOWN' }, sample: [] });
  });

  test('the parts tell which rule keeps everybody out, and what each finds alone', async () => {
    await store([
      { id: 1, n: 5, name: 'a' },
      { id: 2, n: 5, name: 'b' },
      { id: 3, n: 6, name: 'a' },
    ]);
    const rules = [is('thing.n', 5), is('thing.name', 'a'), is('thing.name', 'z')];
    expect((await match({ where: group(...rules), parts: true })).parts).toEqual([
      { alone: exactly(2), without: exactly(0) },
      { alone: exactly(2), without: exactly(0) },
      { alone: exactly(0), without: exactly(1) },
    ]);
    expect((await match({ where: { combinator: 'or', rules }, parts: true })).parts).toEqual([
      { alone: exactly(2), without: exactly(2) },
      { alone: exactly(2), without: exactly(2) },
      { alone: exactly(0), without: exactly(3) },
    ]);
    expect((await match({ where: group(is('thing.n', 9)), parts: true })).parts).toEqual([{ alone: exactly(0), without: exactly(3) }]);
  });

  test('a table that cannot be read in time is counted by a part of it, and says so', async () => {
    const rows = Array.from({ length: 2000 }, (_row, index) => ({ id: index + 1, n: index % 2, name: 'x'.repeat(400) }));
    await store(rows);
    await database.knex.raw('ANALYZE things');
    const answer = await match(
      { where: group(is('thing.slow', 1)), against: group(is('thing.n', 0)) },
      gatewayOf({ countMs: 5, partRows: 100 }),
    );
    for (const side of [answer.matching, answer.added, answer.removed]) {
      expect(side?.estimated).toBe(true);
      expect(side?.total).toBeGreaterThan(300);
      expect(side?.total).toBeLessThan(3000);
    }
  });

  test('the conditions of both versions are read in one pass over the table', async () => {
    await store([{ id: 1, n: 5 }]);
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }): void => void statements.push(sql);
    database.knex.on('query', note);
    await match({ where: group(is('thing.n', 5)), against: group(is('thing.n', 6)) });
    database.knex.off('query', note);
    const counting = statements.filter((sql) => sql.includes('count('));
    expect(counting).toHaveLength(1);
    expect(counting[0]?.match(/FROM "?things"?/g)).toHaveLength(1);
  });
});

describe('the gate before the counts', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await openDemo();
    await fillDemo(demo.database);
  });
  afterAll(() => demo.database.close());
  const ask = (who: Parameters<Demo['send']>[0], body: Record<string, unknown>, resource = 'leads') =>
    demo.send(who, 'POST', '/:resource/:verb', { params: { resource, verb: 'match' }, body });
  const tenths = group(is('lead.score', 10));
  const born = { combinator: 'or', rules: [is('lead.score', 50), is('lead.score', 40), is('lead.score', 30)] } as const;

  test('counts and samples hold only what the reader may list, with masked values masked', async () => {
    const all = await ask(MANAGER, { where: born, against: tenths, sample: 'added' });
    expect(all.body).toMatchObject({ matching: exactly(3), added: exactly(3), removed: exactly(0) });
    const own = await ask(SALES, { where: born, against: tenths, sample: 'added' });
    expect(own.body).toMatchObject({ matching: exactly(2), added: exactly(2) });
    const { sample } = own.body as { sample: { id: number; phone: string; email: string }[] };
    expect(sample.map(({ id, phone }) => [id, phone])).toEqual([
      [2, '138****1234'],
      [1, '138****1234'],
    ]);
    expect(sample[0]?.email).toBe('p***@mail.example');
  });

  test('a condition over a masked or hidden field is refused; in the other version it is refused without a number', async () => {
    expect(codeOf(await ask(SALES, { where: group(is('lead.tel', '13812341234')) }))).toBe('403 FIELD_NOT_SEARCHABLE');
    expect(codeOf(await ask(SALES, { where: group(is('lead.salary', 1)) }))).toBe('400 FIELD_UNKNOWN');
    const answer = await ask(SALES, { where: born, against: group(is('lead.tel', '13812341234')), sample: 'removed' });
    expect(answer.body).toMatchObject({
      matching: exactly(2),
      added: null,
      removed: null,
      refused: { code: 'FIELD_NOT_SEARCHABLE' },
      sample: [],
    });
  });

  test('rows on which a field is covered answer to neither side', async () => {
    const mail = group(is('lead.mail', 'pooled@mail.example'));
    expect((await ask(MANAGER, { where: mail })).body).toMatchObject({ matching: exactly(1) });
    const scored = (...scores: number[]): Condition => ({ combinator: 'or', rules: scores.map((score) => is('lead.score', score)) });
    expect((await ask(SALES, { where: mail, against: scored(50, 40, 5) })).body).toMatchObject({
      matching: exactly(0),
      added: exactly(0),
      removed: exactly(2),
    });
    expect((await ask(DESK, { where: scored(40, 14), against: mail })).body).toMatchObject({
      matching: exactly(0),
      added: exactly(0),
      removed: exactly(0),
    });
  });

  test('whoever may not list the resource may not count it, and a resource without facts has no such verb', async () => {
    expect(codeOf(await ask(STRANGER, { where: born }))).toBe('403 FORBIDDEN');
    expect(codeOf(await ask(null, { where: born }))).toBe('401 UNAUTHENTICATED');
    expect(codeOf(await ask(SALES, { where: born }, 'tasks'))).toBe('404 NOT_FOUND');
    expect(codeOf(await ask(AUDITOR, {}))).toBe('400 VALIDATION');
    expect(codeOf(await ask(AUDITOR, { where: { rules: 'x' } }))).toBe('400 QUERY_INVALID');
  });
});
