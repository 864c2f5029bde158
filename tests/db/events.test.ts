import type { Knex } from 'knex';
import type { Actor, EventInput } from '../../plugins/crm-core/contracts';
import { createDecisionStore, createEventService } from '../../plugins/crm-core/server/src/services/events';
import { createLiveBus, type LiveBus, type LiveMessage } from '../../plugins/crm-core/server/src/services/live';
import { countStatements, openMachineDatabase, pause, recordLog, until } from '../jobs/support/machine';
import type { TestDatabase } from '../support/postgres';

const NOW = new Date('2024-06-03T09:00:00.123Z');
const ANNA: Actor = {
  kind: 'member',
  memberId: 7,
  name: 'Anna 安娜',
  teamId: 1,
  teamIds: [1],
  roles: ['sales'],
  poolIds: [],
  timeZone: 'Asia/Shanghai',
  locale: 'zh',
};
const CLAIM = { type: 'claim', id: '12', note: 'from pool North' };

let database: TestDatabase;
let db: Knex;
let live: LiveBus;
const { log, lines } = recordLog();

const lead = (subjectId: number, over: Partial<EventInput> = {}): EventInput => ({
  subject: 'lead',
  subjectId,
  type: 'lead.claimed',
  ...over,
});
const append = (events: readonly EventInput[]): Promise<number[]> =>
  db.transaction((trx) => createEventService(db).append(trx, events, ANNA, CLAIM, NOW));

beforeAll(async () => {
  database = await openMachineDatabase();
  db = database.knex;
  live = createLiveBus({ connection: database.url, log });
  await live.start();
});
afterAll(async () => {
  await live.stop();
  await database.close();
});
beforeEach(async () => {
  await db.raw(`BEGIN; SET LOCAL leadsea.erasure = 'on'; DELETE FROM crm_events; COMMIT`);
  await db.raw('DELETE FROM crm_decisions');
});

test('events of people who acted together each name their own person, the others the one who acts for all', async () => {
  const ben: Actor = { ...ANNA, memberId: 8, name: 'Ben' };
  await append([lead(1, { actor: ben }), lead(2), lead(3, { actor: { ...ben, kind: 'system', memberId: null, name: 'Claims' } })]);
  const rows = await db('crm_events').select('subject_id', 'actor_kind', 'actor_id', 'actor_name', 'cause_id').orderBy('id');
  expect(rows).toEqual([
    { subject_id: 1, actor_kind: 'member', actor_id: 8, actor_name: 'Ben', cause_id: '12' },
    { subject_id: 2, actor_kind: 'member', actor_id: 7, actor_name: 'Anna 安娜', cause_id: '12' },
    { subject_id: 3, actor_kind: 'system', actor_id: null, actor_name: 'Claims', cause_id: '12' },
  ]);
});

test('an event keeps subject, before, after, actor, cause, version and time', async () => {
  const [id] = await append([
    lead(5, { before: { owner: null }, after: { owner: 7 }, data: { reason: '客户很急 😀' }, policyVersionId: 3 }),
  ]);
  const rows = await db('crm_events').select('*');
  expect(rows).toEqual([
    {
      id: String(id),
      subject: 'lead',
      subject_id: 5,
      type: 'lead.claimed',
      before: { owner: null },
      after: { owner: 7 },
      data: { reason: '客户很急 😀' },
      actor_kind: 'member',
      actor_id: 7,
      actor_name: 'Anna 安娜',
      cause_type: 'claim',
      cause_id: '12',
      cause_note: 'from pool North',
      policy_version_id: 3,
      at: NOW,
    },
  ]);
});

test('what is not given is null, not JSON null', async () => {
  await append([lead(1, { before: null }), lead(2)]);
  const { rows } = await db.raw<{ rows: { n: string }[] }>(
    'SELECT count(*) AS n FROM crm_events WHERE before IS NULL AND after IS NULL AND data IS NULL',
  );
  expect(rows[0]?.n).toBe('2');
});

test('ids come back in the order given, for five thousand events and two statements', async () => {
  const events = Array.from({ length: 5000 }, (_, index) => lead(5000 - index));
  let ids: number[] = [];
  const count = await countStatements(db, async (trx) => void (ids = await createEventService(db).append(trx, events, ANNA, CLAIM, NOW)));
  expect(count).toBe(2);
  const rows = await db('crm_events').select('id', 'subject_id');
  const subjects = new Map(rows.map((row: { id: string; subject_id: number }) => [Number(row.id), row.subject_id]));
  expect(ids.map((id) => subjects.get(id))).toEqual(events.map((event) => event.subjectId));
});

test('no events need no statement', async () => {
  expect(await countStatements(db, (trx) => createEventService(db).append(trx, [], ANNA, CLAIM, NOW))).toBe(0);
});

test('text that PostgreSQL would refuse does not fail the batch', async () => {
  await append([lead(1, { data: { note: 'a\u0000b', half: '\ud83d' } }), lead(2, { data: { note: 'fine \\u0000' } })]);
  expect(await db('crm_events').orderBy('id').pluck('data')).toEqual([{ note: 'ab', half: '\uFFFD' }, { note: 'fine \\u0000' }]);
});

test.each(["UPDATE crm_events SET type = 'x'", 'DELETE FROM crm_events', 'TRUNCATE crm_events', 'DELETE FROM crm_events WHERE false'])(
  'history refuses %s',
  async (sql) => {
    await append([lead(1)]);
    await expect(db.raw(sql)).rejects.toThrow(/append-only/);
    expect(await db('crm_events').pluck('type')).toEqual(['lead.claimed']);
  },
);

test('erasure may rewrite a row in its own transaction, but nothing may truncate, and the setting ends with it', async () => {
  await append([lead(1, { after: { phone: '138' } })]);
  await db.transaction(async (trx) => {
    await trx.raw(`SET LOCAL leadsea.erasure = 'on'`);
    await trx.raw(`UPDATE crm_events SET after = NULL`);
    await expect(trx.transaction((inner) => inner.raw('TRUNCATE crm_events'))).rejects.toThrow(/append-only/);
  });
  expect(await db('crm_events').pluck('after')).toEqual([null]);
  await expect(db.raw('DELETE FROM crm_events')).rejects.toThrow(/append-only/);
});

test('the newest events of a subject are read through the index', async () => {
  await append(Array.from({ length: 3000 }, (_, index) => lead(index % 300)));
  await db.raw('ANALYZE crm_events');
  const { rows } = await db.raw<{ rows: Record<string, string>[] }>(
    `EXPLAIN SELECT * FROM crm_events WHERE subject = 'lead' AND subject_id = 5 ORDER BY id DESC LIMIT 20`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('crm_events_subject');
});

describe('live listeners', () => {
  const heard: LiveMessage[] = [];
  let off: () => void;
  beforeEach(async () => {
    heard.length = 0;
    off = live.subscribe((message) => void heard.push(message));
    await live.ready();
  });
  afterEach(() => off());

  test('hear of events when they commit, not before', async () => {
    const [id] = await db.transaction(async (trx) => {
      const ids = await createEventService(db).append(trx, [lead(5)], ANNA, CLAIM, NOW);
      await pause(100);
      expect(heard).toEqual([]);
      return ids;
    });
    await until('the event is heard', () => heard.length > 0);
    expect(heard).toEqual([{ e: [{ subject: 'lead', id: 5, type: 'lead.claimed', eventId: id }] }]);
  });

  test('never hear of a change that was rolled back', async () => {
    await expect(
      db.transaction(async (trx) => {
        await createEventService(db).append(trx, [lead(666)], ANNA, CLAIM, NOW);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    const [id] = await append([lead(1)]);
    await until('the next event is heard', () => heard.length > 0);
    expect(heard).toEqual([{ e: [{ subject: 'lead', id: 1, type: 'lead.claimed', eventId: id }] }]);
  });

  test('hear a large batch as one range of event ids', async () => {
    const ids = await append(Array.from({ length: 1000 }, (_, index) => lead(index + 1)));
    await until('the range is heard', () => heard.length > 0);
    expect(heard).toEqual([{ bulk: true, subject: 'lead', fromId: ids[0], toId: ids.at(-1) }]);
  });

  test('one that throws does not silence the others', async () => {
    const offBad = live.on('crm_live', () => {
      throw new Error('bad listener');
    });
    await append([lead(1)]);
    await until('the event is heard', () => heard.length === 1);
    await until('the failure is logged', () => lines.some((line) => line.includes('bad listener')));
    offBad();
  });

  test('are told of a gap after the connection was lost, and hear again', async () => {
    let gaps = 0;
    const offGap = live.onGap(() => void (gaps += 1));
    const other: string[] = [];
    const offOther = live.on('crm_policies', (payload) => void other.push(payload));
    await live.ready();
    await db.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leadsea live' AND datname = current_database()`,
    );
    await until('the bus is back', () => gaps === 1);
    await append([lead(9)]);
    await db.raw(`SELECT pg_notify('crm_policies', 'calendar')`);
    await until('both channels are heard again', () => heard.length === 1 && other.length === 1);
    expect(other).toEqual(['calendar']);
    offGap();
    offOther();
  });
});

test('a bus that cannot connect at the start says so', async () => {
  const bus = createLiveBus({ connection: 'postgres://nobody@127.0.0.1:1/none', log });
  await expect(bus.start()).rejects.toThrow(/ECONNREFUSED/);
  await bus.stop();
});

describe('decisions', () => {
  test('are written in order in one statement and the newest of a kind is found', async () => {
    const store = createDecisionStore(db);
    const decision = (subjectId: number, result: unknown): Parameters<typeof store.insert>[1][number] => ({
      kind: 'route',
      subject: 'lead',
      subjectId,
      result,
    });
    let ids: number[] = [];
    const count = await countStatements(db, async (trx) => {
      ids = await store.insert(
        trx,
        [
          decision(1, 'first'),
          decision(2, 'other'),
          { ...decision(1, { owner: 3 }), candidates: [{ id: 3, why: ['FAIR'] }], eventId: 99, cause: 'capture' },
        ],
        NOW,
      );
    });
    expect(count).toBe(1);
    expect(await store.latest('route', 'lead', 1)).toEqual({
      id: ids[2],
      kind: 'route',
      subject: 'lead',
      subjectId: 1,
      eventId: 99,
      policyVersionId: null,
      inputs: null,
      candidates: [{ id: 3, why: ['FAIR'] }],
      result: { owner: 3 },
      cause: 'capture',
      at: NOW,
    });
    expect((await store.latest('route', 'lead', 2))?.result).toBe('other');
    expect(await store.latest('grade', 'lead', 1)).toBeNull();
  });
});
