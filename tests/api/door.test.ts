import type { Actor, Kit } from '@leadsea/crm-core';
import { GRADING_TEMPLATES } from '@leadsea/lead-grading';
import { routingPolicySchema, routingTemplate } from '@leadsea/lead-routing';
import { FIRST_RESPONSE_CONTRACT } from '@leadsea/lead-sla';
import { REACTOR_STAGES, type LeadChange, type ReactorStage } from '@leadsea/leads';
import { CALENDAR, poolBody, someone, startCompany, type Company, type Person } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';

const NOW = new Date('2026-03-02T02:00:00Z');
const TABLES = [
  'crm_leads',
  'crm_lead_keys',
  'crm_events',
  'crm_timers',
  'crm_jobs',
  'crm_decisions',
  'crm_tasks',
  'crm_engagements',
  'crm_activities',
  'crm_ledger',
  'crm_notifications',
  'crm_sla_clocks',
  'crm_routing_shares',
];

let company: Company;
let product: InProcess;
let kit: Kit;
let system: Actor;
let capture: Actor;
let reps: Person[];

/** What the recording reactors saw, and what they do next. */
const seen: { stage: ReactorStage; transaction: string; entries: number }[] = [];
let failAt: ReactorStage | 'flush' | null = null;

const creates = (count: number, more: Record<string, unknown> = {}): LeadChange[] =>
  Array.from({ length: count }, () => {
    const values = someone({ title: 'CEO', country: 'CN', ...more });
    return {
      op: 'create',
      values,
      external: { source: 'test', id: String(values['email']) },
      engagement: { kind: 'form', asset: 'contact' },
    };
  });

const apply = (changes: readonly LeadChange[], actor = capture) =>
  product.leads.apply({ changes, actor, cause: { type: 'test' }, now: NOW });

async function counts(): Promise<Record<string, number>> {
  const rows = await Promise.all(
    TABLES.map(async (table) => [table, Number((await company.db(table).count<{ count: string }[]>('* as count'))[0]?.count)] as const),
  );
  return Object.fromEntries(rows);
}

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(NOW.toISOString());
  reps = [];
  for (const name of ['one', 'two', 'three'])
    reps.push(await company.person(name, { roles: ['sales'], team: company.teams.east, calendar: 'office' }));
  await company.publish('calendars', 'office', CALENDAR);
  await company.publish(
    'pools',
    'china',
    poolBody('east', {
      isDefault: true,
      calendar: 'office',
      recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, after: 'P7BD' }], warns: ['P1BD'] },
    }),
  );
  await company.publish('grading-models', 'standard', GRADING_TEMPLATES[0]!.body);
  await company.publish(
    'routing-policies',
    'all',
    routingPolicySchema.parse(
      routingTemplate({ desk: reps.map((rep) => ({ member: rep.email, weight: 1 })), team: 'east', pool: 'china' }),
    ),
  );
  await company.publish('sla-contracts', 'first', { ...FIRST_RESPONSE_CONTRACT, calendar: 'office', signing: 'none' });
  await company.server.stop();
  product = await openInProcess(company.server.database);
  kit = product.core.kit;
  product.core.clock.moveTo(NOW);
  system = kit.actors.system();
  capture = { ...system, kind: 'capture' };
  for (const stage of [...REACTOR_STAGES].reverse()) {
    product.leads.reactors.add({
      stage,
      name: `record-${stage}`,
      run: async (set) => {
        const { rows } = await set.trx.raw<{ rows: { id: string }[] }>('SELECT txid_current()::text AS id');
        seen.push({ stage, transaction: rows[0]!.id, entries: set.entries.length });
        if (failAt === stage) throw new Error(`The ${stage} reactor fails.`);
        if (failAt === 'flush' && stage === 'tasks') {
          set.defer(() => Promise.reject(new Error('The flush fails.')));
        }
      },
    });
  }
}, 300_000);
afterAll(async () => {
  await product?.close();
  await company?.server.close();
}, 60_000);
beforeEach(() => {
  seen.length = 0;
  failAt = null;
});

test('the reactors run once each for the whole set, in the stated order, in one transaction, whatever the order they registered in', async () => {
  const { outcomes } = await apply(creates(5));
  expect(outcomes.every((outcome) => outcome.ok && outcome.status === 'created')).toBe(true);
  expect(seen.map(({ stage }) => stage)).toEqual(['identify', 'grade', 'lifecycle', 'route', 'hold', 'clocks', 'tasks']);
  expect(new Set(seen.map(({ transaction }) => transaction)).size).toBe(1);
  expect(seen.every(({ entries }) => entries === 5)).toBe(true);
});

test('one lead goes the whole way in one commit: keys, grade, stage, owner, clock, timers, task, decisions and events', async () => {
  const before = await counts();
  const { outcomes } = await apply(creates(1));
  const id = outcomes[0]!.id!;
  const after = await counts();
  const lead = await company.lead(id);
  expect(lead['grade']).not.toBeNull();
  expect(lead['owner_id'] ?? lead['pool_id']).not.toBeNull();
  expect(after['crm_leads']! - before['crm_leads']!).toBe(1);
  expect(after['crm_lead_keys']! - before['crm_lead_keys']!).toBe(2);
  for (const table of ['crm_events', 'crm_decisions', 'crm_engagements'])
    expect({ table, grew: after[table]! > before[table]! }).toEqual({ table, grew: true });
  const types = (await company.events()).filter((event) => event.subject_id === id).map((event) => event.type);
  expect(types[0]).toBe('lead.created');
  expect(types).toEqual(expect.arrayContaining(['lead.graded', 'lead.routed']));
  expect(types.indexOf('lead.graded')).toBeLessThan(types.indexOf('lead.routed'));
});

describe('a failure anywhere leaves no trace', () => {
  test.each([...REACTOR_STAGES, 'flush' as const])('when it happens at %s', async (place) => {
    const [known] = (await apply(creates(1))).outcomes;
    const row = await company.lead(known!.id!);
    const before = await counts();
    failAt = place;
    const changes: LeadChange[] = [
      ...creates(3),
      { op: 'activity', id: known!.id!, activity: { kind: 'call', outcome: 'connected', nextActionAt: new Date('2026-03-04T02:00:00Z') } },
      { op: 'update', id: known!.id!, values: { email: 'somebody.else@new-firm.example', title: 'CTO' } },
      { op: 'stage', id: known!.id!, to: 'disqualified', reason: 'no_need' },
    ];
    await expect(apply(changes)).rejects.toThrow(/fails/);
    expect(await counts()).toEqual(before);
    expect(await company.lead(known!.id!)).toEqual(row);
    failAt = null;
    expect((await apply(changes)).outcomes.every((outcome) => outcome.ok)).toBe(true);
  });
});

test('a simulation decides and writes nothing', async () => {
  const before = await counts();
  const result = await product.leads.simulate({ changes: creates(2), actor: capture, cause: { type: 'test' }, now: NOW });
  expect(result.rows).toHaveLength(2);
  expect(result.events.length).toBeGreaterThan(2);
  expect(await counts()).toEqual(before);
});

test('an expectation that no longer holds refuses that change only', async () => {
  const made = (await apply(creates(4))).outcomes.map((outcome) => outcome.id!);
  const rows = await Promise.all(made.map((id) => company.lead(id)));
  const changes: LeadChange[] = [
    { op: 'update', id: made[0]!, values: { title: 'VP' }, expect: { version: Number(rows[0]!['version']) } },
    { op: 'update', id: made[1]!, values: { title: 'VP' }, expect: { version: Number(rows[1]!['version']) + 7 } },
    { op: 'hold', id: made[2]!, to: { ownerId: reps[0]!.id, poolId: null }, event: 'lead.assigned', expect: { ownerId: 987_654 } },
    { op: 'stage', id: made[3]!, to: 'srl', expect: { stage: 'won' } },
  ];
  const before = await company.db('crm_events').max('id as id').first();
  const { outcomes } = await apply(changes, system);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.status : [outcome.code, outcome.details?.['what']]))).toEqual([
    'updated',
    ['STALE', 'version'],
    ['STALE', 'owner'],
    ['STALE', 'stage'],
  ]);
  expect((await company.lead(made[0]!))['title']).toBe('VP');
  for (const index of [1, 2, 3]) expect(await company.lead(made[index]!)).toEqual(rows[index]);
  const later = await company
    .db('crm_events')
    .where('id', '>', before?.['id'] ?? 0)
    .whereIn('subject_id', made.slice(1));
  expect(later).toEqual([]);
});

test('changes to a lead that is gone or merged are refused by name and leave the others alone', async () => {
  const [kept, merged] = (await apply(creates(2))).outcomes.map((outcome) => outcome.id!);
  await company.db('crm_leads').where({ id: merged }).update({ merged_into: kept });
  const { outcomes } = await apply(
    [
      { op: 'update', id: merged!, values: { title: 'X' } },
      { op: 'update', id: 99_999_999, values: { title: 'X' } },
      { op: 'update', id: kept!, values: { title: 'X' } },
    ],
    system,
  );
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual(['LEAD_MERGED', 'NOT_FOUND', 'ok']);
});

test('the same person twice in one change set is one lead, and a value that cannot be is refused by field', async () => {
  const values = someone();
  const { outcomes } = await apply(
    [
      { op: 'create', values },
      { op: 'create', values: { ...values, title: 'CFO' } },
      { op: 'create', values: { name: 'No', employees: 'many' } },
    ],
    system,
  );
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.status : outcome.code))).toEqual(['created', 'merged', 'VALUE_INVALID']);
  expect(outcomes[0]!.id).toBe(outcomes[1]!.id);
  expect((await company.lead(outcomes[0]!.id!))['title']).toBe('CFO');
});

test('a refused duplicate leaves nothing behind: its other keys do not become those of the lead that is here', async () => {
  const mine = someone();
  const [first] = (await apply([{ op: 'create', values: mine }])).outcomes;
  const { outcomes } = await apply(
    [{ op: 'create', values: { ...someone(), email: mine['email'], phone: '+8613800001111' }, onDuplicate: 'skip' }],
    system,
  );
  expect(outcomes[0]).toMatchObject({ ok: true, status: 'skipped', id: first!.id });
  expect(await company.db('crm_lead_keys').where({ kind: 'phone', value: '+8613800001111' })).toEqual([]);
});

describe('the number of SQL statements does not grow with the set', () => {
  /** Statements of the change set's own transaction: what pollers ask meanwhile is not its doing. */
  async function statements(changes: readonly LeadChange[], actor?: Actor): Promise<number> {
    const counts = new Map<string, number>();
    const note = ({ __knexTxId: id }: { __knexTxId?: string }): void => void (id && counts.set(id, (counts.get(id) ?? 0) + 1));
    kit.db.on('query', note);
    try {
      const { outcomes } = await apply(changes, actor);
      expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    } finally {
      kit.db.off('query', note);
    }
    return Math.max(...counts.values());
  }

  test('2 and 2,000 new leads through the whole pipeline', async () => {
    await statements(creates(2));
    const few = await statements(creates(2));
    const many = await statements(creates(2000));
    expect({ few, many }).toEqual({ few, many: few });
  }, 120_000);

  test('2 and 2,000 edits with a changed mail address', async () => {
    const ids = (await apply(creates(2002))).outcomes.map((outcome) => outcome.id!);
    const edits = (some: number[]): LeadChange[] =>
      some.map((id) => ({ op: 'update', id, values: { email: `changed${id}@firm.example`, industry: 'Software' } }));
    const few = await statements(edits(ids.slice(0, 2)), system);
    const many = await statements(edits(ids.slice(2)), system);
    expect({ few, many }).toEqual({ few, many: few });
  }, 120_000);

  test('30 and 2,000 calls, moves of stage and moves of owner', async () => {
    const ids = (await apply(creates(2030))).outcomes.map((outcome) => outcome.id!);
    const moves = (some: number[]): LeadChange[] =>
      some.flatMap((id): LeadChange[] => [
        { op: 'hold', id, to: { ownerId: reps[id % 3]!.id, poolId: null }, event: 'lead.assigned' },
        { op: 'activity', id, activity: { kind: 'call', outcome: 'connected' } },
        { op: 'stage', id, to: 'srl' },
      ]);
    // Both held and lying in a pool, in either set.
    const sample = ids.filter((_id, index) => index % 70 === 0);
    // What the product keeps for a while (the settings of notices) is read by the first who needs it: by neither of the two.
    await statements(moves(ids.filter((_id, index) => index % 70 === 1)), system);
    const few = await statements(moves(sample), system);
    const many = await statements(moves(ids.filter((_id, index) => index % 70 > 1)), system);
    expect({ few, many }).toEqual({ few, many: few });
  }, 120_000);
});
