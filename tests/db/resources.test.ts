import type { Actor } from '@leadsea/crm-core/contracts';
import { AUDITOR, calls, codeOf, fillDemo, idsOf, MANAGER, openDemo, SALES, STRANGER, type Call, type Demo } from './resources-support';

let demo: Demo;
const list: Demo['list'] = (...args) => demo.list(...args);
const send: Demo['send'] = (...args) => demo.send(...args);
const one: Demo['one'] = (...args) => demo.one(...args);

beforeAll(async () => {
  demo = await openDemo();
});
beforeEach(() => fillDemo(demo.database));
afterAll(() => demo.database.close());

describe('rows', () => {
  test.each<[string, Actor, number[]]>([
    ['sales sees own leads and unowned leads of own pools', SALES, [1, 2, 8]],
    ['a manager sees the teams below', MANAGER, [1, 2, 3, 6, 8]],
    ['an auditor sees all that are not merged away', AUDITOR, [1, 2, 3, 4, 5, 6, 8]],
  ])('%s: in lists, counts, getMany and one by one', async (_name, actor, expected) => {
    const all = await list(actor, { sort: ['id', 'ASC'], range: [0, 99] });
    expect(idsOf(all)).toEqual(expected);
    expect(all.headers).toMatchObject({
      'Content-Range': `leads 0-${expected.length - 1}/${expected.length}`,
      'Access-Control-Expose-Headers': expect.stringContaining('Content-Range') as string,
    });
    const paged = await list(actor, { sort: ['id', 'ASC'], range: [1, 1] });
    expect([idsOf(paged), paged.headers['Content-Range']]).toEqual([[expected[1]], `leads 1-1/${expected.length}`]);
    expect(
      ((await list(actor, { filter: { id: [1, 2, 3, 4, 5, 6, 7, 8, 99] } })).body as { id: number }[]).map((row) => row.id).sort(),
    ).toEqual(expected);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const answer = await send(actor, 'GET', '/:resource/:id', { params: { id: String(id) } });
      expect([id, answer.status]).toEqual([id, expected.includes(id) ? 200 : 404]);
    }
  });

  test('someone without roles gets nothing from any path, someone unknown is asked to sign in', async () => {
    const paths: [string, string, Call?][] = [
      ['GET', '/:resource'],
      ['GET', '/:resource/:id', { params: { id: '1' } }],
      ['POST', '/:resource', { body: {} }],
      ['PUT', '/:resource/:id', { params: { id: '1' }, body: {} }],
      ['DELETE', '/:resource/:id', { params: { id: '1' } }],
      ['POST', '/:resource/:id/:verb', { params: { id: '1', verb: 'claim' }, body: {} }],
      ['POST', '/:resource/:verb', { params: { verb: 'claim' }, body: { ids: [1] } }],
      ['POST', '/:resource/:verb', { params: { verb: 'start' }, body: { note: 'x' } }],
      ['GET', '/:resource/:id', { params: { id: 'stats' } }],
      ['GET', '/:resource/:id/:verb/:part', { params: { id: '1', verb: 'explain', part: 'score' } }],
    ];
    for (const [method, path, call] of paths) {
      expect([path, codeOf(await send(STRANGER, method, path, call))]).toEqual([path, '403 FORBIDDEN']);
      expect([path, codeOf(await send(null, method, path, call))]).toEqual([path, '401 UNAUTHENTICATED']);
    }
    expect(calls).toEqual([]);
    expect(await demo.database.knex('demo_leads').count()).toEqual([{ count: '8' }]);
  });

  test('resources and ids that do not exist are NOT_FOUND', async () => {
    expect(codeOf(await send(SALES, 'GET', '/:resource', { params: { resource: 'nope' } }))).toBe('404 NOT_FOUND');
    for (const id of ['99', '0', '-1', '1e3', '99999999999', "1' OR '1", 'constructor'])
      expect([id, codeOf(await send(SALES, 'GET', '/:resource/:id', { params: { id } }))]).toEqual([id, '404 NOT_FOUND']);
  });
});

describe('fields', () => {
  test('hidden fields are absent, masked ones are masked, computed ones pass, the gate has the last word over decorations', async () => {
    expect(await one(SALES, 1)).toEqual({
      id: 1,
      name: 'own',
      email: 'own@mail.example',
      phone: '138****1234',
      score: 50,
      stage: 'new',
      tags: ['vip', 'own'],
      owner: 1,
      team: 1,
      pool: null,
      createdAt: '2026-05-01T00:00:00.000Z',
      born: '1990-02-03',
      custom: { budget: 100, hint: '***' },
      rank: '#1',
      _masked: ['phone', 'custom.hint'],
    });
    expect(await one(MANAGER, 1)).toMatchObject({
      email: 'own@mail.example',
      phone: '13812341234',
      salary: 1234.5,
      margin: 123.45,
      custom: { secret: 'HIDDEN-own' },
    });
    expect(await one(MANAGER, 1)).not.toHaveProperty('_masked');
  });

  test('mail of unclaimed pool leads is masked for those the row rule names, and only there', async () => {
    expect(await one(SALES, 2)).toMatchObject({ email: 'p***@mail.example', _masked: ['email', 'phone', 'custom.hint'] });
    expect(await one(MANAGER, 2)).toMatchObject({ email: 'pooled@mail.example' });
  });

  test('what is masked and not text is left out', async () => {
    expect(await one(AUDITOR, 3)).toMatchObject({
      name: 'mate',
      email: 'm***@mail.example',
      owner: null,
      tags: null,
      born: null,
      custom: { budget: null },
    });
  });
});

describe('searching cannot betray what may not be seen', () => {
  test.each<[string, Actor, Record<string, unknown>, string]>([
    ['a hidden filter', SALES, { filter: { salary_gte: 1 } }, '400 FIELD_UNKNOWN'],
    ['a hidden emptiness test', SALES, { filter: { salary_null: true } }, '400 FIELD_UNKNOWN'],
    ['a hidden custom filter', SALES, { filter: { custom: { secret_like: 'x' } } }, '400 FIELD_UNKNOWN'],
    ['a hidden sort', SALES, { sort: ['salary', 'ASC'] }, '400 FIELD_UNKNOWN'],
    ['a masked filter', SALES, { filter: { phone_like: '138' } }, '403 FIELD_NOT_SEARCHABLE'],
    ['a masked custom filter', SALES, { filter: { 'custom.hint': 'x' } }, '403 FIELD_NOT_SEARCHABLE'],
    ['a masked emptiness test', AUDITOR, { filter: { email_null: true } }, '403 FIELD_NOT_SEARCHABLE'],
    ['a masked sort', SALES, { sort: ['phone', 'ASC'] }, '403 FIELD_NOT_SEARCHABLE'],
    ['a sort by a field masked on some rows', SALES, { sort: ['email', 'ASC'] }, '403 FIELD_NOT_SEARCHABLE'],
    [
      'a hidden fact',
      SALES,
      { filter: { where: { combinator: 'or', rules: [{ field: 'lead.salary', operator: '=', value: 1 }] } } },
      '400 FIELD_UNKNOWN',
    ],
    [
      'a masked fact',
      SALES,
      { filter: { where: { combinator: 'or', rules: [{ field: 'lead.tel', operator: '=', value: 1 }] } } },
      '403 FIELD_NOT_SEARCHABLE',
    ],
    [
      'a masked fact on the right side',
      SALES,
      { filter: { where: { combinator: 'or', rules: [{ field: 'lead.name', operator: '=', value: { field: 'lead.tel' } }] } } },
      '403 FIELD_NOT_SEARCHABLE',
    ],
    [
      'an unknown fact',
      SALES,
      { filter: { where: { combinator: 'or', rules: [{ field: 'lead.x', operator: '=', value: 1 }] } } },
      '400 FIELD_UNKNOWN',
    ],
    [
      'an unknown operator in where',
      SALES,
      { filter: { where: { combinator: 'or', rules: [{ field: 'lead.name', operator: 'xx', value: 1 }] } } },
      '400 CONDITION_INVALID',
    ],
    ['a column that is no field', SALES, { filter: { merged: true } }, '400 FIELD_UNKNOWN'],
    ['a column name in snake case', SALES, { sort: ['owner_id', 'ASC'] }, '400 FIELD_UNKNOWN'],
    ['SQL in a sort', SALES, { sort: ['id; DROP TABLE demo_leads', 'ASC'] }, '400 FIELD_UNKNOWN'],
    ['broken JSON', SALES, { filter: '{' }, '400 QUERY_INVALID'],
    ['too many rows', SALES, { range: [0, 1000] }, '400 QUERY_INVALID'],
    ['where without facts', SALES, { filter: { where: 'x' } }, '400 QUERY_INVALID'],
  ])('%s', async (_name, actor, query, expected) => {
    expect(codeOf(await list(actor, query))).toBe(expected);
  });

  test('hidden and unknown fields answer alike', async () => {
    const message = async (field: string) => JSON.stringify((await list(SALES, { filter: { [field]: 1 } })).body).replaceAll(field, '*');
    expect(await message('salary')).toBe(await message('nothing'));
  });

  test('fields masked on some rows are searched on the others only', async () => {
    expect(idsOf(await list(SALES, { filter: { email_like: 'mail.example' } }))).toEqual([1]);
    expect(idsOf(await list(SALES, { filter: { email_ne: 'zzz' } }))).toEqual([1, 8]);
    expect(idsOf(await list(SALES, { filter: { email_null: true } }))).toEqual([8]);
    expect(idsOf(await list(SALES, { filter: { q: 'mail.example' } }))).toEqual([1]);
    expect(idsOf(await list(SALES, { filter: { q: 'pooled' } }))).toEqual([2]);
    const where = {
      combinator: 'or',
      rules: [
        { field: 'lead.mail', operator: '=', value: 'pooled@mail.example' },
        { field: 'lead.name', operator: '=', value: 'own' },
      ],
    };
    expect(idsOf(await list(SALES, { filter: { where } }))).toEqual([1]);
    expect(idsOf(await list(MANAGER, { filter: { where } }))).toEqual([1, 2]);
  });

  test('q leaves masked fields out', async () => {
    expect(idsOf(await list(SALES, { filter: { q: '138123' } }))).toEqual([]);
    expect(idsOf(await list(MANAGER, { filter: { q: '138123' }, sort: ['id', 'ASC'] }))).toEqual([1, 2, 3, 6]);
    expect(idsOf(await list(MANAGER, { filter: { q: '%' } }))).toEqual([]);
  });
});

describe('filters and sorting on a real database', () => {
  test.each<[Record<string, unknown>, number[]]>([
    [{ score_gte: 30 }, [1, 2, 3]],
    [{ score_gt: 30.5 }, [1, 2]],
    [{ score_lt: 14.5, stage: 'new' }, [6]],
    [{ score_in: [50, 5] }, [1, 8]],
    [{ score_nin: [50, 5] }, [2, 3, 6]],
    [{ owner_null: true }, [2]],
    [{ owner: null }, [2]],
    [{ owner_ne: 1 }, [2, 3, 6]],
    [{ stage_ne: 'new' }, [8]],
    [{ name_like: 'OW' }, [1]],
    [{ tags: 'mate' }, [3]],
    [{ tags_in: ['own', 'mate'] }, [1, 3]],
    [{ tags_nin: ['vip'] }, [8]],
    [{ 'custom.budget_gte': 100 }, [1, 2, 3, 6]],
    [{ custom: { budget_null: true } }, [8]],
    [{ 'custom.budget_in': [100, 100.5] }, [1, 2, 3, 6]],
    [{ createdAt: '2026-05-01' }, [1, 2, 3, 6, 8]],
    [{ createdAt_lte: '2026-05-01' }, [1, 2, 3, 6, 8]],
    [{ createdAt_lt: '2026-05-01' }, []],
    [{ createdAt_lt: '2026-05-01T08:00' }, []],
    [{ createdAt_in: ['2026-05-01T00:00:00Z'] }, [1, 2, 3, 6, 8]],
    [{ born_lte: '1990-02-03' }, [1, 2, 3, 6]],
    [{ born_in: ['1990-02-03'] }, [1, 2, 3, 6]],
    [{ id: [] }, []],
  ])('%j', async (filter, expected) => {
    expect(idsOf(await list(MANAGER, { filter, sort: ['id', 'ASC'] }))).toEqual(expected);
  });

  test('ties are broken by id, empty values come last in both directions, the default sort applies', async () => {
    expect(idsOf(await list(MANAGER, { sort: ['salary', 'ASC'] }))).toEqual([1, 2, 3, 6, 8]);
    // Of equals the older comes first in both directions, as the indexes of descending lists have it.
    expect(idsOf(await list(MANAGER, { sort: ['salary', 'DESC'] }))).toEqual([1, 2, 3, 6, 8]);
    expect(idsOf(await list(MANAGER))).toEqual([1, 2, 3, 6, 8]);
  });

  test('a page beyond the end keeps the total', async () => {
    const answer = await list(MANAGER, { range: [50, 59] });
    expect([idsOf(answer), answer.headers['Content-Range']]).toEqual([[], 'leads */5']);
  });

  test('up to 10,000 rows the total is exact, beyond it is an estimate that says so', async () => {
    await demo.database.knex.raw(
      `INSERT INTO demo_leads (name, score, team_id) SELECT 'bulk', i % 100, 1 FROM generate_series(1, 30000) i`,
    );
    await demo.database.knex.raw('ANALYZE demo_leads');
    const large = await list(MANAGER, { range: [0, 9] });
    const total = Number(large.headers['Content-Range']?.split('/')[1]);
    expect(large.headers['X-Total-Estimated']).toBe('true');
    expect(total).toBeGreaterThan(20_000);
    expect(total).toBeLessThan(40_000);
    const small = await list(MANAGER, { range: [0, 9], filter: { score_lt: 20, name: 'bulk' } });
    expect([small.headers['Content-Range'], small.headers['X-Total-Estimated']]).toEqual(['leads 0-9/6000', undefined]);
  });
});
