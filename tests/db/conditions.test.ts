import fc from 'fast-check';
import { CONDITION_OPERATORS, type Condition, type ConditionRule, type FactType, type Sql } from '../../plugins/crm-core/contracts';
import { createConditionService } from '../../plugins/crm-core/server/src/services/conditions';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { rule, things, tree } from './conditions-arbitraries';
import { NOW, SCHEMA, actor, expected, facts, type Thing } from './conditions-support';

const service = createConditionService();
service.addFacts(facts.filter((fact) => !fact.key.includes('.custom.')));
service.addFactSource('thing', () => facts.filter((fact) => fact.key.includes('.custom.')));
const compile = (condition: Condition): Sql => service.compile(condition, 'thing', 'l', { now: NOW, actor });
const group = (...rules: Condition['rules']): Condition => ({ combinator: 'and', rules });

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.knex.raw(SCHEMA);
});
afterAll(() => database.close());

type Answer = Readonly<Record<number, boolean | null>>;

async function ask(from: string, fromBindings: readonly unknown[], { sql, bindings }: Sql): Promise<Answer> {
  const { rows } = await database.knex.raw<{ rows: { id: number; hit: boolean | null }[] }>(
    `SELECT l.id, (${sql}) AS hit FROM ${from} l ORDER BY l.id`,
    [...bindings, ...fromBindings] as string[],
  );
  return Object.fromEntries(rows.map((row) => [row.id, row.hit]));
}

async function store(rows: readonly Thing[]): Promise<void> {
  await database.knex.raw('TRUNCATE things');
  await database.knex.raw('INSERT INTO things SELECT * FROM jsonb_populate_recordset(NULL::things, ?::jsonb)', [JSON.stringify(rows)]);
}

const overTable = (condition: Condition): Promise<Answer> => ask('things', [], compile(condition));
const overRecords = (condition: Condition, rows: readonly Thing[]): Promise<Answer> =>
  ask('(SELECT * FROM jsonb_populate_recordset(NULL::things, ?::jsonb))', [JSON.stringify(rows)], compile(condition));

const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns });

describe('conditions on the real engine', () => {
  test('a rule holds for exactly the rows an independent evaluator says, never NULL, in the table and in memory alike', async () => {
    await fc.assert(
      fc.asyncProperty(things, fc.array(rule, { minLength: 25, maxLength: 25 }), async (rows, rules) => {
        await store(rows);
        for (const one of rules) {
          const condition = group(one);
          const wanted = Object.fromEntries(rows.map((row) => [row.id, expected(condition, row)]));
          expect({ one, answer: await overTable(condition) }).toEqual({ one, answer: wanted });
          expect({ one, answer: await overRecords(condition, rows) }).toEqual({ one, answer: wanted });
        }
      }),
      runs(60),
    );
  });

  test('trees of rules agree with the evaluator and not is their exact complement', async () => {
    await fc.assert(
      fc.asyncProperty(things, fc.array(tree, { minLength: 5, maxLength: 5 }), async (rows, trees) => {
        await store(rows);
        for (const condition of trees) {
          const wanted = Object.fromEntries(rows.map((row) => [row.id, expected(condition, row)]));
          const opposite = Object.fromEntries(rows.map((row) => [row.id, !expected(condition, row)]));
          expect(await overTable(condition)).toEqual(wanted);
          expect(await overRecords(condition, rows)).toEqual(wanted);
          expect(await overTable({ ...condition, not: condition.not !== true })).toEqual(opposite);
        }
      }),
      runs(60),
    );
  });

  test('the table of operators tells the truth about null, for every fact', async () => {
    const blank: Thing = {
      id: 9,
      name: null,
      alias: null,
      stage: null,
      n: null,
      price: null,
      at: null,
      flag: null,
      tags: null,
      owner_id: null,
      team_id: null,
      account_id: null,
      custom: null,
    };
    await store([blank]);
    const value: Readonly<Record<FactType, unknown>> = {
      text: 'a',
      select: 'a',
      number: 1,
      count: 1,
      duration: 'P1D',
      date: '2026-03-01',
      boolean: true,
      multiselect: 'a',
      reference: 1,
    };
    for (const fact of facts.filter(({ type }) => type !== 'count')) {
      for (const { key, operand, whenNull } of CONDITION_OPERATORS[fact.type]) {
        const one = value[fact.type];
        const right = { none: undefined, one, two: [one, one], many: [one], span: 'P1D' }[operand];
        expect([fact.key, key, await overTable(group({ field: fact.key, operator: key, value: right }))]).toEqual([
          fact.key,
          key,
          { 9: whenNull },
        ]);
      }
    }
  });

  test('text that looks like SQL finds only itself', async () => {
    const attacks = [
      "' OR '1'='1",
      "'; DROP TABLE things; --",
      '" OR ""="',
      '\\',
      "\\' OR 1=1 --",
      '$1',
      '??',
      '?',
      ':name',
      '%',
      '_',
      '/*',
      "E'\\x27'",
      '{field}',
    ];
    await store(
      attacks.map((attack, index) => ({
        id: index,
        name: attack,
        alias: 'plain',
        stage: attack,
        n: null,
        price: null,
        at: null,
        flag: null,
        tags: [attack],
        owner_id: null,
        team_id: null,
        account_id: null,
        custom: { word: attack, many: [attack] },
      })),
    );
    for (const [index, attack] of attacks.entries()) {
      const only = Object.fromEntries(attacks.map((_, id) => [id, id === index]));
      for (const field of ['thing.name', 'thing.stage', 'thing.custom.word']) {
        expect(await overTable(group({ field, operator: '=', value: attack }))).toEqual(only);
        expect(await overTable(group({ field, operator: 'in', value: [attack] }))).toEqual(only);
        const containing = Object.fromEntries(attacks.map((other, id) => [id, other.toLowerCase().includes(attack.toLowerCase())]));
        expect(await overTable(group({ field, operator: 'contains', value: attack }))).toEqual(containing);
        expect(await overTable(group({ field, operator: 'matchesAny', value: [attack] }))).toEqual(containing);
      }
      for (const field of ['thing.tags', 'thing.custom.many'])
        expect(await overTable(group({ field, operator: 'hasAny', value: [attack] }))).toEqual(only);
    }
    const { rows } = await database.knex.raw<{ rows: unknown[] }>('SELECT 1 FROM things');
    expect(rows).toHaveLength(attacks.length);
  });

  test('indexes on plain columns serve equality, lists, ranges and days', async () => {
    await database.knex.raw(
      `TRUNCATE things; INSERT INTO things (id, stage, n, at) SELECT i, 's' || i, i, timestamptz '2020-01-01' + i * interval '1 hour' FROM generate_series(1, 20000) i; ANALYZE things`,
    );
    const rules: readonly [string, ConditionRule][] = [
      ['things_stage', { field: 'thing.stage', operator: '=', value: 's7' }],
      ['things_stage', { field: 'thing.stage', operator: 'in', value: ['s7', 's8'] }],
      ['things_n', { field: 'thing.n', operator: '>=', value: 19990 }],
      ['things_n', { field: 'thing.n', operator: 'between', value: [5, 9] }],
      ['things_at', { field: 'thing.at', operator: '=', value: '2020-03-01' }],
    ];
    for (const [index, one] of rules) {
      const { sql, bindings } = compile(group(one));
      const { rows } = await database.knex.raw<{ rows: Record<string, string>[] }>(
        `EXPLAIN SELECT 1 FROM things l WHERE ${sql}`,
        bindings as string[],
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
    }
  });

  test('numbers beyond a type compare, they do not fail', async () => {
    await store([]);
    await database.knex.raw('INSERT INTO things (id, n, owner_id, price) VALUES (1, 5, 5, 5)');
    for (const [value, hit] of [
      [1e300, true],
      [9_007_199_254_740_991, true],
      ['99999999999999999999', true],
      [-1e300, false],
      [4.5, false],
    ] as const) {
      expect(await overTable(group({ field: 'thing.n', operator: '<', value }))).toEqual({ 1: hit });
      expect(await overTable(group({ field: 'thing.price', operator: '<', value }))).toEqual({ 1: hit });
    }
    expect(await overTable(group({ field: 'thing.owner', operator: '=', value: 9_007_199_254_740_991 }))).toEqual({ 1: false });
  });
});

describe('the service', () => {
  test('describes declared and dynamic facts without their SQL', () => {
    const described = service.describe('thing');
    expect(described.map((fact) => fact.key)).toEqual(facts.map((fact) => fact.key));
    expect(described.some((fact) => 'sql' in fact || 'subject' in fact)).toBe(false);
    expect(service.describe('nothing')).toEqual([]);
  });

  test('a fact declared twice is a mistake at start-up', () => {
    expect(() => service.addFacts(facts.slice(0, 1))).toThrow('declared twice');
  });

  test('checks in words with the place, and facts of another subject are unknown', () => {
    expect(service.check(group({ field: 'thing.n', operator: '~', value: 1 }), 'thing')).toEqual([
      { level: 'error', code: 'CONDITION_INVALID', message: '"thing.n" (number) has no operator "~".', path: 'rules[0]' },
    ]);
    expect(service.check(null, 'thing')).toHaveLength(1);
    expect(service.check(group({ field: 'thing.n', operator: '=', value: 1 }), 'other')).toMatchObject([{ path: 'rules[0]' }]);
    expect(service.check(group(), 'thing')).toEqual([]);
  });
});
