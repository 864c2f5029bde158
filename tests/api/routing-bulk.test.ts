import { api as client } from '../support/api';
import { expectStatus, inLanes, someone, until } from '../support/fixtures';
import { startServer, type TestServer } from '../support/server';
import { company, explain, group, ownersOf, policy, rep, startRouting, type Member } from './routing-support';

beforeAll(startRouting, 300_000);
afterAll(() => company?.server.close());

describe('leads that arrive at two servers at once', () => {
  let second: TestServer;
  beforeAll(async () => {
    second = await startServer({ beside: company.server });
  }, 120_000);
  afterAll(() => second?.stop());

  const captureAnywhere = async (campaign: string, calls: number, size: number): Promise<number[]> => {
    const ids: number[] = [];
    await inLanes(
      Array.from({ length: calls }, (_, index) => index),
      8,
      async (index) => {
        const api = client(index % 2 === 0 ? company.server.url : second.url);
        const leads = Array.from({ length: 1 + (index % size) }, () => someone({ campaign }));
        const body = expectStatus(await api.post<{ results: { lead: number }[] }>('/api/capture/web', leads), 202);
        ids.push(...body.results.map((result) => result.lead));
      },
    );
    return ids;
  };

  it('are shared within one lead of each weight, each given exactly once', async () => {
    const people = [await rep(), await rep(), await rep(), await rep()];
    const weights = [3, 2, 1, 0.5];
    await policy('race', [{ destination: group(people, weights) }]);
    await until('both servers know the policy', async () => (await captureAnywhere('race-not', 2, 1)).length === 2);
    const ids = await captureAnywhere('race', 120, 5);
    const owners = await ownersOf(ids);
    people.forEach((person, index) => {
      const got = owners.filter((owner) => owner === person.id).length;
      expect(Math.abs(got - (ids.length * weights[index]!) / 6.5)).toBeLessThan(1);
    });
    const events = (await company.events('lead.routed')).filter((event) => ids.includes(event.subject_id));
    expect(new Set(events.map((event) => event.subject_id)).size).toBe(events.length);
    expect(events).toHaveLength(ids.length);
    expect(await company.db('crm_ledger').where('group_key', 'route:race:rule-1')).toHaveLength(ids.length);
  });

  it('never pass the capacity of people whom two rules share', async () => {
    const people = [await rep({ capacity: 7 }), await rep({ capacity: 7 }), await rep({ capacity: 7 })];
    const odd = { combinator: 'and', rules: [{ field: 'lead.name', operator: 'contains', value: '1' }] };
    await policy('full', [
      { destination: group(people.slice(0, 2)), when: odd },
      { destination: group(people.slice(1)) },
      { destination: group(people, [1, 1, 1]) },
    ]);
    await captureAnywhere('full-not', 2, 1);
    const owners = await ownersOf(await captureAnywhere('full', 40, 3));
    for (const person of people) expect(owners.filter((owner) => owner === person.id)).toHaveLength(7);
    expect(owners.filter((owner) => owner === null).length).toBe(owners.length - 21);
  });
});

describe('10,000 leads to 20 people', () => {
  it('are shared within one lead in a few seconds, grades alike', async () => {
    const people: Member[] = [];
    for (let index = 0; index < 20; index += 1) people.push(await rep());
    const { rows } = await company.db.raw<{ rows: { id: number }[] }>(
      `INSERT INTO crm_leads (document_id, name, campaign, captured_at, stage, stage_entered_at, status, is_test, cycle, recycle_count, custom, version, score, grade, created_at, updated_at, published_at)
       SELECT 'bulk' || n, 'Bulk ' || n, 'bulk', now(), 'lead', now(), 'open', false, 1, 0, '{}', 1, n % 100, (ARRAY['A1','B2','C3','D4'])[1 + n % 4], now(), now(), now() FROM generate_series(1, 10000) n RETURNING id`,
    );
    const ids = rows.map((row) => row.id).sort((a, b) => a - b);
    await policy('bulk', [{ destination: group(people) }]);
    const start = performance.now();
    expectStatus(await company.admin.post('/api/console/leads/route', { ids }), 200);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`  10,000 leads to 20 people over HTTP, whole pipeline: ${seconds.toFixed(2)} s\n`);
    const owners = await ownersOf(ids);
    for (const person of people) expect(owners.filter((owner) => owner === person.id)).toHaveLength(500);
    const why = await explain({ api: company.admin }, ids[0]!);
    expect(why.candidates).toHaveLength(20);
    expect(why.candidates.filter((row) => row.chosen).map((row) => row.member)).toEqual([owners[0]]);
    for (const grade of ['A1', 'B2', 'C3', 'D4']) {
      const mix = await company
        .db('crm_leads')
        .whereIn(
          'owner_id',
          people.map((person) => person.id),
        )
        .where({ grade })
        .groupBy('owner_id')
        .count('* as n');
      expect(mix.map((row) => Number(row['n']))).toEqual(people.map(() => 125));
    }
    // Five hundred leads at once are one message, not five hundred.
    const told = await company
      .db('crm_notifications')
      .where({ type: 'lead.assigned' })
      .whereIn(
        'member_id',
        people.map((person) => person.id),
      )
      .select<{ title: { en: string }; subject_id: number | null }[]>('title', 'subject_id');
    expect(told.map(({ title, subject_id: subject }) => [title.en, subject])).toEqual(people.map(() => ['500 new leads', null]));
  }, 120_000);
});
