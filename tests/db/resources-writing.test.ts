import type { Actor } from '@leadsea/crm-core/contracts';
import { AUDITOR, calls, codeOf, DESK, fillDemo, idsOf, MANAGER, openDemo, SALES, type Demo } from './resources-support';

let demo: Demo;
const send: Demo['send'] = (...args) => demo.send(...args);
const one: Demo['one'] = (...args) => demo.one(...args);
const put = (actor: Actor, id: number, body: unknown) => send(actor, 'PUT', '/:resource/:id', { params: { id: String(id) }, body });
beforeAll(async () => {
  demo = await openDemo();
});
beforeEach(() => fillDemo(demo.database));
afterAll(() => demo.database.close());

describe('writing', () => {
  test('a whole record sent back passes on only what changed and may be written', async () => {
    const record = await one(SALES, 1);
    const answer = await put(SALES, 1, { ...record, name: 'renamed', score: 999, custom: { ...(record['custom'] as object), budget: 7 } });
    expect(calls).toEqual([{ verb: 'update', ids: [1], input: { name: 'renamed', custom: { budget: 7 } } }]);
    expect(answer.body).toMatchObject({ id: 1, name: 'renamed', phone: '138****1234', custom: { budget: 7, hint: '***' } });
    expect(await demo.database.knex('demo_leads').where({ id: 1 })).toMatchObject([
      { phone: '13812341234', score: 50, custom: { budget: 7, secret: 'HIDDEN-own', hint: 'MASKED-own' } },
    ]);
  });

  test('an unchanged record is no change', async () => {
    expect((await put(SALES, 1, await one(SALES, 1))).status).toBe(200);
    expect(calls).toEqual([]);
  });

  test.each<[string, Actor, number, unknown, string]>([
    ['an unknown field', SALES, 1, { nope: 1 }, '400 FIELD_NOT_WRITABLE'],
    ['a hidden field, as if unknown', SALES, 1, { salary: 1 }, '400 FIELD_NOT_WRITABLE'],
    ['a hidden custom field', SALES, 1, { custom: { secret: 'x' } }, '400 FIELD_NOT_WRITABLE'],
    ['a computed field', SALES, 1, { score: 1 }, '400 FIELD_NOT_WRITABLE'],
    ['a field the role may only read', SALES, 1, { stage: 'won' }, '403 FIELD_NOT_WRITABLE'],
    ['a masked field', SALES, 1, { phone: '110' }, '403 FIELD_NOT_WRITABLE'],
    ['a lead in sight but not in the scope of update', SALES, 2, { name: 'x' }, '403 FORBIDDEN'],
    ['a lead out of sight', SALES, 3, { name: 'x' }, '404 NOT_FOUND'],
    ['a merged lead', SALES, 7, { name: 'x' }, '404 NOT_FOUND'],
    ['a role without update', AUDITOR, 1, { name: 'x' }, '403 FORBIDDEN'],
    ['a body that is no object', SALES, 1, [1], '400 VALIDATION'],
  ])('%s is refused and nothing is written', async (_name, actor, id, body, expected) => {
    const before = await demo.database.knex('demo_leads').orderBy('id');
    expect(codeOf(await put(actor, id, body))).toBe(expected);
    expect(await demo.database.knex('demo_leads').orderBy('id')).toEqual(before);
  });

  test('a mask on this row keeps the field from being written there, and echoed back it is no change', async () => {
    expect(codeOf(await put(DESK, 2, { email: 'new@mail.example' }))).toBe('403 FIELD_NOT_WRITABLE');
    expect((await put(DESK, 2, { email: 'p***@mail.example', name: 'seen' })).status).toBe(200);
    expect(await demo.database.knex('demo_leads').where({ id: 2 })).toMatchObject([{ email: 'pooled@mail.example', name: 'seen' }]);
  });

  test('creating passes the same gate, and not for somebody else', async () => {
    const created = await send(SALES, 'POST', '/:resource', { body: { name: 'fresh', email: 'f@x.example' } });
    expect([created.status, created.body]).toMatchObject([200, { name: 'fresh', email: 'f@x.example', owner: 1 }]);
    for (const [body, expected] of [
      [{ name: 'x', salary: 1 }, '400 FIELD_NOT_WRITABLE'],
      [{ name: 'x', stage: 'won' }, '403 FIELD_NOT_WRITABLE'],
      [{ name: 'x', score: 1 }, '400 FIELD_NOT_WRITABLE'],
      [{ name: 'x', email: 'own@mail.example' }, '409 CONFLICT'],
    ] as const)
      expect([body, codeOf(await send(SALES, 'POST', '/:resource', { body }))]).toEqual([body, expected]);
    expect(codeOf(await send(MANAGER, 'POST', '/:resource', { body: { name: 'x', team: 7 } }))).toBe('403 FORBIDDEN');
    expect(codeOf(await send(AUDITOR, 'POST', '/:resource', { body: { name: 'x' } }))).toBe('403 FORBIDDEN');
  });

  test('a change that takes the record out of sight answers with its id only', async () => {
    expect((await put(MANAGER, 3, { team: 7 })).body).toEqual({ id: 3 });
  });

  test('deleting needs the scope of delete and answers with the record', async () => {
    expect(codeOf(await send(SALES, 'DELETE', '/:resource/:id', { params: { id: '1' } }))).toBe('403 FORBIDDEN');
    expect(codeOf(await send(MANAGER, 'DELETE', '/:resource/:id', { params: { id: '4' } }))).toBe('404 NOT_FOUND');
    expect((await send(MANAGER, 'DELETE', '/:resource/:id', { params: { id: '3' } })).body).toMatchObject({ id: 3, name: 'mate' });
    expect(await demo.database.knex('demo_leads').where({ id: 3 })).toEqual([]);
  });

  test('records under a parent follow it when read, created and moved', async () => {
    const tasks = { resource: 'tasks' };
    const listed = await send(SALES, 'GET', '/:resource', { params: tasks, query: { sort: ['id', 'ASC'] } });
    expect(idsOf(listed)).toEqual([1, 3]);
    expect((await send(SALES, 'POST', '/:resource', { params: tasks, body: { title: 'ok', lead: 1 } })).status).toBe(200);
    for (const lead of [4, 99, 'x'])
      expect([lead, codeOf(await send(SALES, 'POST', '/:resource', { params: tasks, body: { title: 'no', lead, owner: 8 } }))]).toEqual([
        lead,
        '400 REFERENCE_NOT_FOUND',
      ]);
    expect(codeOf(await send(SALES, 'POST', '/:resource', { params: tasks, body: { title: 'no', lead: 2, owner: 8 } }))).toBe(
      '403 FORBIDDEN',
    );
    expect(codeOf(await send(SALES, 'PUT', '/:resource/:id', { params: { ...tasks, id: '1' }, body: { lead: 4 } }))).toBe(
      '400 REFERENCE_NOT_FOUND',
    );
  });
});

describe('verbs', () => {
  test('one record: in scope it runs, in sight it is FORBIDDEN, out of sight NOT_FOUND', async () => {
    const claim = (id: string, body: unknown = {}) => send(SALES, 'POST', '/:resource/:id/:verb', { params: { id, verb: 'claim' }, body });
    expect((await claim('2', { reason: 'mine' })).status).toBe(200);
    expect(calls).toEqual([{ verb: 'claim', ids: [2], input: { reason: 'mine' } }]);
    expect([codeOf(await claim('1')), codeOf(await claim('5')), codeOf(await claim('7')), codeOf(await claim('99'))]).toEqual([
      '403 FORBIDDEN',
      '404 NOT_FOUND',
      '404 NOT_FOUND',
      '404 NOT_FOUND',
    ]);
    expect(await claim('2', { reason: 'much too long a reason' })).toMatchObject({
      status: 400,
      body: { error: { name: 'ValidationError', details: { code: 'VALIDATION', errors: [{ path: ['reason'] }] } } },
    });
    expect(calls).toHaveLength(1);
  });

  test('in bulk every id has its own answer, and only rows in scope reach the verb', async () => {
    const answer = await send(SALES, 'POST', '/:resource/:verb', {
      params: { verb: 'claim' },
      body: { ids: [5, 2, 1, 99, 2], reason: 'x' },
    });
    expect(calls).toEqual([{ verb: 'claim', ids: [2], input: { reason: 'x' } }]);
    expect(answer.body).toMatchObject({
      results: [
        { id: 5, ok: false, code: 'NOT_FOUND' },
        { id: 2, ok: true },
        { id: 1, ok: false, code: 'FORBIDDEN' },
        { id: 99, ok: false, code: 'NOT_FOUND' },
      ],
    });
    const [hidden, missing] = [0, 3].map((index) => (answer.body as { results: Record<string, unknown>[] }).results[index]);
    expect({ ...hidden, id: 0 }).toEqual({ ...missing, id: 0 });
    expect(codeOf(await send(SALES, 'POST', '/:resource/:verb', { params: { verb: 'claim' }, body: { ids: [] } }))).toBe('400 VALIDATION');
    expect(codeOf(await send(SALES, 'POST', '/:resource/:verb', { params: { verb: 'claim' }, body: { ids: ['1; --'] } }))).toBe(
      '400 VALIDATION',
    );
  });

  test('results that a verb reports per id are passed on, on tombstones too where the verb says so', async () => {
    const answer = await send(MANAGER, 'POST', '/:resource/:verb', { params: { verb: 'unmerge' }, body: { ids: [7, 8] } });
    expect(answer.body).toEqual({
      results: [
        { id: 7, ok: false, code: 'ODD' },
        { id: 8, ok: true, code: 'ODD' },
      ],
    });
  });

  test('reading verbs take their input from the query, names may hold a slash', async () => {
    const explain = (id: string) =>
      send(SALES, 'GET', '/:resource/:id/:verb/:part', { params: { id, verb: 'explain', part: 'score' }, query: { depth: '3' } });
    expect((await explain('1')).body).toEqual({ ids: [1], input: { depth: 3 } });
    expect([codeOf(await explain('2')), codeOf(await explain('3'))]).toEqual(['403 FORBIDDEN', '404 NOT_FOUND']);
  });

  test('collection verbs take no ids, and a verb is not reachable by the other method', async () => {
    expect((await send(MANAGER, 'POST', '/:resource/:verb', { params: { verb: 'start' }, body: { note: 'go' } })).body).toEqual({
      started: true,
    });
    expect((await send(MANAGER, 'GET', '/:resource/:id', { params: { id: 'stats' } })).body).toEqual({ count: 3 });
    expect(codeOf(await send(MANAGER, 'GET', '/:resource/:id', { params: { id: 'start' } }))).toBe('404 NOT_FOUND');
    expect(codeOf(await send(MANAGER, 'GET', '/:resource/:id', { params: { id: 'claim' } }))).toBe('404 NOT_FOUND');
    expect(codeOf(await send(MANAGER, 'POST', '/:resource/:id/:verb', { params: { id: '1', verb: 'start' }, body: { note: 'x' } }))).toBe(
      '404 NOT_FOUND',
    );
  });

  test('what nobody foresaw is logged with the request id and tells the caller nothing', async () => {
    demo.logged.length = 0;
    const answer = await send(MANAGER, 'POST', '/:resource/:verb', { params: { verb: 'boom' }, body: {} });
    expect(answer).toMatchObject({
      status: 500,
      body: {
        data: null,
        error: { status: 500, name: 'InternalServerError', details: { code: 'INTERNAL', requestId: answer.headers['X-Request-Id'] } },
      },
    });
    expect(demo.logged).toEqual([expect.stringMatching(new RegExp(`${answer.headers['X-Request-Id']}.*HIDDEN-connection`))]);
  });
});
