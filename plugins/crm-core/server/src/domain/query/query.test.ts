import { AppError, type ResourceField } from '../../../../contracts';
import { conditionFields, fieldSql, orderSql, parseFilter, parseListParams, termSql } from '.';

const fields: ResourceField[] = [
  { name: 'id', type: 'id' },
  { name: 'name', type: 'text' },
  { name: 'score', type: 'number', nullable: false },
  { name: 'hot', type: 'boolean' },
  { name: 'stage', type: 'select' },
  { name: 'tags', type: 'multiselect' },
  { name: 'body', type: 'json' },
  { name: 'owner', type: 'reference', column: 'owner_id' },
  { name: 'createdAt', type: 'datetime' },
  { name: 'born', type: 'date' },
  { name: 'secretNote', type: 'text', filterable: false },
  { name: 'custom.budget', type: 'number' },
];
const find = (name: string): ResourceField | undefined => fields.find((field) => field.name === name);
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
};

describe('list parameters as react-admin sends them', () => {
  test('a list', () => {
    expect(parseListParams({ filter: '{"q":"x"}', range: '[0,24]', sort: '["name","ASC"]' })).toEqual({
      filter: { q: 'x' },
      offset: 0,
      limit: 25,
      sort: { field: 'name', direction: 'ASC' },
    });
  });
  test('getMany has no range: as many rows as ids', () => {
    expect(parseListParams({ filter: `{"id":${JSON.stringify(Array.from({ length: 60 }, (_, i) => i + 1))}}` })).toMatchObject({
      offset: 0,
      limit: 60,
      sort: null,
    });
  });
  test('nothing at all gives the first 25', () => {
    expect(parseListParams({})).toEqual({ filter: {}, offset: 0, limit: 25, sort: null });
  });
  test('exactly 1,000 rows pass', () => {
    expect(parseListParams({ range: '[1000,1999]' })).toMatchObject({ offset: 1000, limit: 1000 });
  });
  test.each([
    ['broken JSON', { filter: '{"a"' }],
    ['a list as filter', { filter: '[1]' }],
    ['null as filter text', { filter: '3' }],
    ['the same parameter twice', { sort: ['["a","ASC"]', '["b","ASC"]'] }],
    ['1,001 rows', { range: '[0,1000]' }],
    ['a negative range', { range: '[-1,5]' }],
    ['a reversed range', { range: '[5,4]' }],
    ['a range of text', { range: '["0","9"]' }],
    ['a sort without direction', { sort: '["name"]' }],
    ['a sort with SQL', { sort: '["name","ASC; drop table x"]' }],
    ['1,001 ids', { filter: JSON.stringify({ id: Array.from({ length: 1001 }, (_, i) => i) }) }],
  ])('%s is QUERY_INVALID', (_name, query) => {
    expect(codeOf(() => parseListParams(query))).toBe('QUERY_INVALID');
  });
});

describe('filter keys', () => {
  test.each([
    [{ score_gte: 5 }, [['score', 'gte', 5]]],
    [{ stage: ['a', 'b'] }, [['stage', 'in', ['a', 'b']]]],
    [{ owner: null }, [['owner', 'null', true]]],
    [{ owner_null: false }, [['owner', 'null', false]]],
    [{ 'custom.budget_gte': 5 }, [['custom.budget', 'gte', 5]]],
    [
      { custom: { budget_lt: 9, budget: 1 } },
      [
        ['custom.budget', 'lt', 9],
        ['custom.budget', 'eq', 1],
      ],
    ],
  ])('%j', (filter, expected) => {
    expect(parseFilter(filter, find).terms.map((term) => [term.field.name, term.operator, term.value])).toEqual(expected);
  });
  test('q and where are set apart, blank q is none', () => {
    expect(parseFilter({ q: '  ', where: { rules: [] } }, find)).toEqual({ terms: [], q: null, where: { rules: [] } });
  });
  test.each([
    [{ nope: 1 }],
    [{ score_between: 1 }],
    [{ nope_gte: 1 }],
    [{ _gte: 1 }],
    [{ custom: { other: 1 } }],
    [{ __proto__x: 1 }],
    [{ constructor: 1 }],
  ])('%j is FIELD_UNKNOWN', (filter) => {
    expect(codeOf(() => parseFilter(filter, find))).toBe('FIELD_UNKNOWN');
  });
});

describe('filter terms as SQL', () => {
  const sql = (filter: Record<string, unknown>) => termSql(parseFilter(filter, find).terms[0]!, 't', 'Asia/Shanghai');
  test.each<[Record<string, unknown>, string, unknown[]]>([
    [{ name: 'x' }, '"t"."name" = ?', ['x']],
    [{ name_ne: 'x' }, 'NOT COALESCE("t"."name" = ?, FALSE)', ['x']],
    [{ name_like: '50%_\\' }, '"t"."name" ILIKE ?', ['%50\\%\\_\\\\%']],
    [{ score: '5' }, '"t"."score" = ?', [5]],
    [{ score_gte: 1.5 }, '"t"."score" >= ?::numeric', [1.5]],
    [{ owner_in: [1, '2'] }, '"t"."owner_id" = ANY(?)', [[1, 2]]],
    [{ owner_nin: [] }, 'NOT COALESCE("t"."owner_id" = ANY(?), FALSE)', [[]]],
    [{ hot: 'true' }, '"t"."hot" = ?', [true]],
    [{ tags: 'vip' }, 'COALESCE(jsonb_exists_any("t"."tags", ?::text[]), FALSE)', [['vip']]],
    [{ born_gte: '2026-02-28' }, '"t"."born" >= ?::date', ['2026-02-28']],
    [{ createdAt_lte: '2026-05-01' }, '"t"."created_at" < ((?::date + 1)::timestamp AT TIME ZONE ?)', ['2026-05-01', 'Asia/Shanghai']],
    [{ createdAt_gt: '2026-05-01' }, '"t"."created_at" >= ((?::date + 1)::timestamp AT TIME ZONE ?)', ['2026-05-01', 'Asia/Shanghai']],
    [{ createdAt_gte: '2026-05-01T08:00:00Z' }, '"t"."created_at" >= ?::timestamptz', ['2026-05-01T08:00:00Z']],
    [{ createdAt_gte: '2026-05-01T08:00' }, '"t"."created_at" >= (?::timestamp AT TIME ZONE ?)', ['2026-05-01T08:00', 'Asia/Shanghai']],
    [{ 'custom.budget_gte': 5 }, `("t"."custom"->>'budget')::numeric >= ?`, [5]],
    [{ body_null: true }, '"t"."body" IS NULL', []],
  ])('%j', (filter, text, bindings) => {
    expect(sql(filter)).toEqual({ sql: text, bindings });
  });
  test.each([
    [{ score: 'many' }],
    [{ score: '' }],
    [{ score: { $gt: 1 } }],
    [{ owner: 1.5 }],
    [{ owner: 3_000_000_000 }],
    [{ hot: 'maybe' }],
    [{ hot_gte: true }],
    [{ name: ['a', {}] }],
    [{ score_like: '1' }],
    [{ body: 'x' }],
    [{ body_like: 'x' }],
    [{ born: '2026-02-30' }],
    [{ createdAt_gte: 'yesterday' }],
    [{ name_null: 'x' }],
    [{ secretNote: 'x' }],
    [{ name: 'nul\u0000' }],
    [{ tags_gte: 'x' }],
  ])('%j is refused', (filter) => {
    expect(['QUERY_INVALID', 'FIELD_UNKNOWN']).toContain(codeOf(() => sql(filter)));
  });
});

describe('sorting', () => {
  test('adds the id in the same direction and puts empty values last', () => {
    expect(orderSql(find('name')!, 'DESC', 't')).toBe('"t"."name" DESC NULLS LAST, "t"."id" ASC');
  });
  test('a column without empty values leaves the index usable both ways', () => {
    expect(orderSql(find('score')!, 'ASC', 't')).toBe('"t"."score" ASC, "t"."id" ASC');
  });
  test('json and lists are not sortable', () => {
    expect(codeOf(() => orderSql(find('body')!, 'ASC', 't'))).toBe('QUERY_INVALID');
  });
});

describe('facts of a condition tree', () => {
  const rule = (field: string, more: object = {}) => ({ field, operator: '=', value: 1, ...more });
  test('both sides of comparisons, at any depth, each once', () => {
    const tree = {
      combinator: 'and',
      rules: [
        rule('a'),
        { combinator: 'or', rules: [rule('b', { value: { field: 'c' } }), rule('a', { value: [{ field: 'd' }, 2] })] },
        rule('e', { value: 'f,g', valueSource: 'field' }),
      ],
    };
    expect([...conditionFields(tree)].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });
  test.each([
    [null],
    ['x'],
    [{ rules: 'x' }],
    [{ rules: ['and'] }],
    [{ rules: [{ field: 'a', rules: [] }] }],
    [{ rules: Array.from({ length: 201 }, () => rule('a')) }],
  ])('%j is refused', (tree) => {
    expect(codeOf(() => conditionFields(tree))).toBe('QUERY_INVALID');
  });
});

test('a custom key that is not plain cannot reach SQL', () => {
  expect(() => fieldSql({ name: "custom.x'--", type: 'text' }, 't')).toThrow(/custom field key/);
});
