import fc from 'fast-check';
import { CONDITION_OPERATORS, type Condition, type ConditionRule, type FactType, type Sql } from '../../plugins/crm-core/contracts';
import { createConditionService } from '../../plugins/crm-core/server/src/services/conditions';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { CUSTOM_DATES, NOW, SCHEMA, actor, expected, facts, type Thing } from './conditions-support';

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

// ---------------------------------------------------------------- arbitraries
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 });
const letters = fc.constantFrom('a', 'A', 'b', '%', '_', '\\', "'", '"', '?', '$1', '中', '文', '😀', ' ', ';', '--', '{', '}', ',');
const words = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const text = fc.oneof(fc.constantFrom('a', 'A', 'ab', '%', 'a%b', '\\', "'", 'Steel', '5', 'true'), words);
const stage = fc.constantFrom('mql', 'sql', "s'ql");
const option = fc.constantFrom('x', 'y', "z'", 'w"\\');
const instant = fc.integer({ min: -20, max: 20 }).map((quarter) => new Date(NOW.getTime() + quarter * 6 * 3_600_000).toISOString());
const anything = fc.constantFrom(
  5,
  -2.5,
  '5',
  '1e3',
  'true',
  'false',
  true,
  false,
  null,
  '',
  'x',
  ['x'],
  ['x', 5, null],
  [],
  {},
  { x: 1 },
  1e25,
  '٣',
  ...Object.keys(CUSTOM_DATES),
);

const thing = (id: number): fc.Arbitrary<Thing> =>
  fc.record({
    id: fc.constant(id),
    name: maybe(fc.oneof(text, fc.constant(''))),
    alias: maybe(fc.oneof(text, fc.constant(''))),
    stage: maybe(fc.oneof(stage, fc.constant(''))),
    n: maybe(fc.integer({ min: -3, max: 6 })),
    price: maybe(fc.integer({ min: -12, max: 24 }).map((quarters) => quarters / 4)),
    at: maybe(instant),
    flag: maybe(fc.boolean()),
    tags: maybe(fc.oneof(fc.subarray(['x', 'y', "z'", 'w"\\']), fc.constantFrom<unknown>('x', { x: 1 }, 5))),
    owner_id: maybe(fc.integer({ min: 1, max: 3 })),
    team_id: maybe(fc.integer({ min: 1, max: 3 })),
    account_id: maybe(fc.integer({ min: 1, max: 5 })),
    custom: maybe(fc.dictionary(fc.constantFrom('word', 'size', 'on', 'yes', 'many', 'ref'), anything, { noNullPrototype: true })),
  });
const things = fc.tuple(...[1, 2, 3, 4, 5, 6].map(thing));

const sameType: Partial<Record<FactType, fc.Arbitrary<unknown>>> = {
  text: fc.constantFrom('thing.name', 'thing.alias', 'thing.stage', 'account.industry', 'thing.custom.word').map((field) => ({ field })),
  number: fc.constantFrom('thing.n', 'thing.price', 'thing.custom.size').map((field) => ({ field })),
  date: fc.oneof(
    fc.constantFrom('thing.at', 'thing.custom.on').map((field) => ({ field })),
    fc.constantFrom('PT0S', 'P1D', '-P3D', '-PT6H').map((now) => ({ now })),
  ),
  boolean: fc.constantFrom('thing.flag', 'thing.custom.yes').map((field) => ({ field })),
};
sameType.select = sameType.text;
const literals: Readonly<Record<FactType, fc.Arbitrary<unknown>>> = {
  text,
  select: stage,
  number: fc.oneof(
    fc.integer({ min: -3, max: 6 }),
    fc.integer({ min: -12, max: 24 }).map((quarters) => quarters / 4),
  ),
  count: fc.integer({ min: 0, max: 2 }),
  duration: fc.oneof(fc.constantFrom('P1D', 'P3D', 'PT6H'), fc.constantFrom(0, 21_600, -86_400)),
  date: fc.oneof(instant, fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-03', '2024-02-29')),
  boolean: fc.boolean(),
  multiselect: option,
  reference: fc.integer({ min: 1, max: 3 }),
};

const rule: fc.Arbitrary<ConditionRule> = fc.constantFrom(...facts).chain((fact) =>
  fc.constantFrom(...CONDITION_OPERATORS[fact.type]).chain(({ key, operand }) => {
    const literal = literals[fact.type];
    const other =
      sameType[fact.type] ??
      (fact.key === 'thing.owner'
        ? fc.constant({ actor: 'memberId' })
        : fact.key === 'thing.team'
          ? fc.constant({ actor: 'teamId' })
          : literal);
    const one = fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: other });
    const list: fc.Arbitrary<unknown> = fc.array(literal, { minLength: 1, maxLength: 4 });
    const many = fact.key === 'thing.team' ? fc.oneof(list, fc.constant({ actor: 'teamIds' })) : list;
    const value = { none: fc.constant(undefined), one, two: fc.tuple(one, one), many, span: fc.constantFrom('P1D', 'P3D', 'PT6H', 'PT0S') }[
      operand
    ];
    const args = fact.args ? { args: { kind: 'visit', match: '/pricing', ...(fact.type === 'count' ? { within: 'P7D' } : {}) } } : {};
    return value.map((right): ConditionRule => ({
      field: fact.key,
      operator: key,
      ...(right === undefined ? {} : { value: right }),
      ...args,
    }));
  }),
);

const { tree } = fc.letrec<{ tree: Condition; node: Condition | ConditionRule }>((tie) => ({
  tree: fc.record({
    combinator: fc.constantFrom('and' as const, 'or' as const),
    not: fc.boolean(),
    rules: fc.array(tie('node'), { maxLength: 4 }),
  }),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, rule, tie('tree')),
}));

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
