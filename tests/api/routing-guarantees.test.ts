import { gunzipSync, gzipSync } from 'node:zlib';
import type { LeadChange } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { BackTest } from '../../plugins/lead-routing/contracts';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { expectStatus, someone, until } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';
import {
  as,
  capture,
  company,
  decisions,
  forSource,
  group,
  label,
  ownersOf,
  policy,
  rep,
  startRouting,
  type Member,
} from './routing-support';

let product: InProcess;
const NOW = new Date('2026-03-02T02:00:00Z');

beforeAll(async () => {
  await startRouting();
  product = await openInProcess(company.server.database);
}, 300_000);
afterAll(async () => {
  await product?.close();
  await company?.server.close();
});

interface Finding {
  readonly code: string;
  readonly path?: string;
}
interface Refusal {
  readonly error: { readonly details: { readonly code: string; readonly findings: readonly Finding[] } };
}

describe('R-57 weights as they are entered', () => {
  const seats = (campaign: string) =>
    company
      .db<{ member_id: number; weight: string; units: string }>('crm_routing_shares')
      .where({ group_key: `route:${campaign}:rule-1` } as never)
      .orderBy('member_id');

  it('share by six decimals, and keep them to the last one', async () => {
    const people = [await rep(), await rep()];
    await policy('sixths', [{ destination: group(people, [1.004, 2.996]) }]);
    const owners = await ownersOf(await capture('sixths', 250));
    // 62.75 of 250; by hundredths it would be 62.5.
    expect(owners.filter((owner) => owner === people[0]!.id).length).toBe(63);
    expect((await seats('sixths')).map(({ weight }) => Number(weight) / 1e8)).toEqual([1.004, 2.996]);
    const after = await ownersOf(await capture('sixths', 750));
    expect([...owners, ...after].filter((owner) => owner === people[0]!.id).length).toBe(251);
  });

  it('are refused when they are finer, with what to do, and the live version stays', async () => {
    const people = [await rep(), await rep()];
    const id = await policy('finer', [{ destination: group(people, [1, 3]) }]);
    const draft = (weights: readonly number[], capacity: Record<string, unknown> = {}) => ({
      when: forSource('finer'),
      rules: [{ key: 'rule-1', label, destination: group(people, weights) }],
      otherwise: { kind: 'pool', key: 'rest' },
      capacity,
    });
    const findings = async (body: unknown): Promise<readonly (readonly [string, string | undefined])[]> => {
      expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft: body }), 200);
      const { details } = expectStatus(await company.admin.post<Refusal>(`/api/console/routing-policies/${id}/publish`), 400).error;
      expect(details.code).toBe('POLICY_LINT');
      return details.findings.map(({ code, path }) => [code, path] as const);
    };
    expect(await findings(draft([1 / 3, 1]))).toEqual([['WEIGHT_TOO_FINE', 'rules[0].destination.members[0].weight']]);
    const counting = { weights: [{ when: forSource('finer'), weight: 0.333 }], pausedWeight: 0.125 };
    expect(await findings(draft([1, 3], counting))).toEqual([
      ['COUNT_TOO_FINE', 'capacity.weights[0].weight'],
      ['COUNT_TOO_FINE', 'capacity.pausedWeight'],
    ]);
    const owners = await ownersOf(await capture('finer', 8));
    expect(people.map((one) => owners.filter((owner) => owner === one.id).length)).toEqual([2, 6]);
  });
});

describe('the vectors of R-57 and R-58, one lead at a time, through the ledger', () => {
  /** Who gets so many leads that arrive one after the other, as letters, after so many lines of the ledger each. */
  async function order(
    campaign: string,
    weights: readonly number[],
    had: readonly number[],
    leads: number,
    more: Record<string, unknown> = {},
  ) {
    const people: Member[] = [];
    for (const _ of weights) people.push(await rep());
    const rule = { key: 'rule-1', label, destination: group(people, weights), filters: { capacity: false }, ...more };
    const body = { when: forSource(campaign), rules: [rule], otherwise: { kind: 'pool', key: 'rest' } };
    const { kit } = product.core;
    await kit.policies.upsert({ kind: 'routing-policy', key: campaign, name: campaign, body, publish: true }, kit.actors.system(), NOW);
    const at = new Date(NOW.getTime() - 86_400_000);
    const lines = people.flatMap(({ id }, index) =>
      Array.from({ length: had[index] ?? 0 }, () => ({
        group_key: `route:${campaign}:rule-1`,
        member_id: id,
        lead_id: 0,
        value: 1,
        cause: 'test',
        at,
      })),
    );
    if (lines.length > 0) await company.db('crm_ledger').insert(lines);
    const seats = people.flatMap(({ id }, index) =>
      had[index] ? [{ group_key: `route:${campaign}:rule-1`, member_id: id, units: 0, weight: weights[index]! * 1e8 }] : [],
    );
    if (seats.length > 0) await company.db('crm_routing_shares').insert(seats);
    const ids: number[] = [];
    for (let lead = 0; lead < leads; lead += 1) {
      const changes: LeadChange[] = [{ op: 'create', values: someone({ campaign }) }];
      const { outcomes } = await product.leads.apply({ changes, actor: kit.actors.system(), cause: { type: 'test' }, now: NOW });
      ids.push(outcomes[0]?.id ?? 0);
    }
    const owners = await ownersOf(ids);
    return { letters: owners.map((owner) => 'ABC'[people.findIndex(({ id }) => id === owner)]).join(''), people };
  }

  it('weights 3:2:1, also as hundredths and thousandfold, and 5:1:1', async () => {
    expect((await order('vector-321', [3, 2, 1], [], 12)).letters).toBe('ABCABAABCABA');
    expect((await order('vector-small', [0.03, 0.02, 0.01], [], 6)).letters).toBe('ABCABA');
    expect((await order('vector-large', [3000, 2000, 1000], [], 6)).letters).toBe('ABCABA');
    expect((await order('vector-511', [5, 1, 1], [], 7)).letters).toBe('AABCAAA');
  });

  it('counts 20, 20 and 0: all to the one who is back, every second one, or level from now on', async () => {
    expect((await order('vector-full', [1, 1, 1], [20, 20, 0], 5, { catchUp: 'full' })).letters).toBe('CCCCC');
    expect((await order('vector-capped', [1, 1, 1], [20, 20, 0], 6, { catchUp: 'capped' })).letters).toBe('CACBCA');
    const { letters } = await order('vector-none', [1, 1, 1], [20, 20, 0], 6);
    for (const round of [letters.slice(0, 3), letters.slice(3)]) expect([...round].sort().join('')).toBe('ABC');
  });

  it('counts 20 and 30 of weights 100: who joins starts at 25', async () => {
    const { people } = await order('vector-start', [100, 100, 100], [20, 30, 0], 1);
    const seat = await company
      .db<{ units: string }>('crm_routing_shares')
      .where({ member_id: people[2]!.id } as never)
      .first();
    expect(Number(seat?.units) / 5040).toBe(25);
  });
});

describe('R-69 facts that were kept before weights had six decimals', () => {
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  /** Candidates (with a place) and seats (with a count) in hundredths again; the weight of a member himself was always a plain number. */
  function inHundredths(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(inHundredths);
    if (!isObject(value)) return value;
    const weighed = 'weight' in value && ('place' in value || 'counted' in value);
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, item]): [string, unknown][] =>
        name === 'weightParts' ? [] : [[name, weighed && name === 'weight' && item !== null ? Number(item) / 1e6 : inHundredths(item)]],
      ),
    );
  }

  it('replay to the same, and the back-test says of them what it said before', async () => {
    const people = [await rep(), await rep({ capacity: 9 }), await rep()];
    const id = await policy('kept', [{ destination: group(people, [2, 0.5, 1.25]) }]);
    const [first, second] = [await capture('kept', 11), await capture('kept', 5)];
    // Changed weights leave seats behind that are not those of the list.
    const rules = [{ key: 'rule-1', label, destination: group(people, [2, 3.33, 1]) }];
    const draft = { when: forSource('kept'), rules, otherwise: { kind: 'pool', key: 'rest' } };
    expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft }), 200);
    expectStatus(await company.admin.post(`/api/console/routing-policies/${id}/publish`), 200);
    const third = await capture('kept', 7);
    const asked = (await Promise.all([...first, ...second, ...third].map(decisions))).flat() as unknown as { id: number }[];
    const backTest = async (): Promise<BackTest> =>
      expectStatus(await company.admin.post<BackTest>(`/api/console/routing-policies/${id}/backtest`, { days: 30, version: 'live' }), 200);
    const before = await backTest();
    expect(before.leads).toBe(23);
    const kept = await company.db<{ id: string; packed: Buffer }>('crm_routing_facts').select('id', 'packed');
    for (const facts of kept) {
      const old = inHundredths(JSON.parse(gunzipSync(facts.packed).toString('utf8')));
      expect(JSON.stringify(old)).not.toContain('weightParts');
      await company
        .db('crm_routing_facts')
        .where({ id: facts.id })
        .update({ packed: gzipSync(JSON.stringify(old)) });
    }
    expect(asked).toHaveLength(23);
    for (const { id: decision } of asked) {
      const { same } = expectStatus(await company.admin.get<{ same: boolean }>(`/api/console/routing/decisions/${decision}/replay`), 200);
      expect(same).toBe(true);
    }
    expect(await backTest()).toEqual(before);
  });
});

describe('what only looks leaves nothing behind', () => {
  /**
   * Every row of every table by where it lies and which transaction wrote it: any write at all changes it. Left out are Strapi's own
   * settings, which it writes when it likes.
   */
  async function written(db: Knex): Promise<Record<string, string>> {
    const { rows } = await db.raw<{ rows: { name: string }[] }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'strapi\\_%' ORDER BY 1`,
    );
    const marks: Record<string, string> = {};
    for (const { name } of rows) {
      const { rows: marked } = await db.raw<{ rows: { mark: string }[] }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)), '') AS mark FROM ??`,
        [name],
      );
      marks[name] = marked[0]?.mark ?? '';
    }
    return marks;
  }
  const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
    Object.keys(after).filter((table) => before[table] !== after[table]);

  it('simulation, preview, back-test, batch preview, explanation, replay, checks and reports write not one row', async () => {
    const people = [await rep({ capacity: 3 }), await rep()];
    const rules = (weights: readonly number[]) => [
      { destination: group(people, weights), ranking: 'performance-weighted', caps: [{ scope: 'person', per: 'day', max: 4 }] },
      { destination: group(people, weights), ranking: 'quality-balanced', onEmpty: 'hold', tellWhenEmpty: true },
      {
        destination: {
          kind: 'webhook',
          url: 'https://decide.example.com/lead',
          timeoutMs: 500,
          fallback: { kind: 'member', email: people[1]!.email },
        },
      },
    ];
    const id = await policy('looking', rules([1, 2]));
    const ids = await capture('looking', 5);
    const body = { when: forSource('looking'), rules: rules([3, 1]).map((rule, index) => ({ key: `rule-${index + 1}`, label, ...rule })) };
    const draft = { ...body, otherwise: { kind: 'pool', key: 'rest' } };
    expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft }), 200);
    const [decision] = (await decisions(ids[0]!)) as unknown as { id: number }[];
    // A month in which nobody's factor has been used yet: looking must not freeze it.
    await company.moveClock('2026-04-01T02:00:00Z');
    const own = `/api/console/routing-policies/${id}`;
    const looks: readonly (readonly [string, () => Promise<{ status: number }>])[] = [
      ['simulate a lead', () => company.admin.post(`${own}/simulate`, { lead: ids[0], values: { score: 99 }, version: 'draft' })],
      ['simulate a new one', () => company.admin.post(`${own}/simulate`, { values: someone({ campaign: 'looking' }), version: 'live' })],
      ['preview', () => company.admin.post(`${own}/preview`, {})],
      ['lint', () => company.admin.post(`${own}/lint`, {})],
      ['back-test', () => company.admin.post(`${own}/backtest`, { days: 60, version: 'draft' })],
      ['batch of leads', () => company.admin.post('/api/console/routing/preview', { ids })],
      [
        'batch of new ones',
        () => company.admin.post('/api/console/routing/preview', { values: [someone({ campaign: 'looking' }), someone()] }),
      ],
      ['explain', () => company.admin.get(`/api/console/leads/${ids[0]}/explain/owner`)],
      ['replay', () => company.admin.get(`/api/console/routing/decisions/${decision?.id}/replay`)],
      ['fairness', () => company.admin.get('/api/console/routing/fairness?month=2026-03')],
      ['monitor', () => company.admin.get('/api/console/routing/monitor?state=processed')],
    ];
    let before = await written(company.db);
    // What follows the captures (jobs, notices) ends first.
    await until('the company is at rest', async () => {
      const now = await written(company.db);
      const still = changed(before, now).length === 0;
      before = now;
      return still;
    });
    for (const [what, look] of looks) {
      expect([what, (await look()).status]).toEqual([what, 200]);
      const after = await written(company.db);
      expect([what, changed(before, after)]).toEqual([what, []]);
    }
    // The mark does tell: one line of the ledger, touched without changing it, shows.
    await company.db.raw('UPDATE crm_ledger SET cause = cause WHERE id = (SELECT min(id) FROM crm_ledger)');
    expect(changed(before, await written(company.db))).toEqual(['crm_ledger']);
  });
});

describe('R-59 each lock alone', () => {
  const publish = async (campaign: string, rule: Record<string, unknown>): Promise<void> => {
    const { kit } = product.core;
    const rules = [{ key: 'rule-1', label, ...rule }];
    const body = { when: forSource(campaign), rules, otherwise: { kind: 'pool', key: 'rest' } };
    await kit.policies.upsert({ kind: 'routing-policy', key: campaign, name: campaign, body, publish: true }, kit.actors.system(), NOW);
  };
  const apply = async (change: LeadChange): Promise<number> => {
    const { outcomes } = await product.leads.apply({
      changes: [change],
      actor: product.core.kit.actors.system(),
      cause: { type: 'test' },
      now: NOW,
    });
    return outcomes[0]?.id ?? 0;
  };
  const arrives = (campaign: string): Promise<number> => apply({ op: 'create', values: someone({ campaign }) });

  const WAITING = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  /**
   * Two change sets at once: the first has decided and is about to write its line of the ledger, which it may not, when the second begins; only
   * when the second waits as well (for whatever keeps it, or for the ledger too) both may go on.
   */
  async function together<One, Other>(
    first: () => Promise<One>,
    second: () => Promise<Other>,
    table: 'crm_ledger' | 'crm_activities' = 'crm_ledger',
  ): Promise<readonly [One, Other]> {
    const waiting = (wanted: number) =>
      until(`${wanted} wait`, async () => (await company.db.raw<{ rows: { count: number }[] }>(WAITING)).rows[0]?.count === wanted);
    const held = await company.db.transaction();
    try {
      await held.raw('LOCK TABLE ?? IN SHARE MODE', [table]);
      const one = first();
      await waiting(1);
      const other = second();
      await waiting(2);
      await held.rollback();
      return [await one, await other];
    } finally {
      if (!held.isCompleted()) await held.rollback();
    }
  }
  const lines = async (campaign: string): Promise<number> =>
    (await company.db('crm_ledger').where({ group_key: `route:${campaign}:rule-1` })).length;

  it('of a group: the second of two leads goes to the second of two people', async () => {
    const people = [await rep(), await rep()];
    await publish('lock-group', { destination: group(people), filters: { capacity: false } });
    const ids = await together(
      () => arrives('lock-group'),
      () => arrives('lock-group'),
    );
    expect((await ownersOf(ids)).sort()).toEqual(people.map(({ id }) => id).sort());
  });

  it('of a person: two groups that name the same one do not both fill his last place', async () => {
    const one = await rep({ capacity: 1 });
    for (const campaign of ['lock-north', 'lock-south']) await publish(campaign, { destination: group([one]), onEmpty: { pool: 'rest' } });
    const ids = await together(
      () => arrives('lock-north'),
      () => arrives('lock-south'),
    );
    expect((await ownersOf(ids)).filter((owner) => owner === one.id)).toHaveLength(1);
    expect((await lines('lock-north')) + (await lines('lock-south'))).toBe(1);
  });

  it('of a person: a cap over all rules is not passed by two groups either', async () => {
    const one = await rep();
    const caps = [{ scope: 'person', per: 'day', max: 1 }];
    for (const campaign of ['cap-north', 'cap-south'])
      await publish(campaign, { destination: group([one]), caps, filters: { capacity: false }, onEmpty: { pool: 'rest' } });
    const ids = await together(
      () => arrives('cap-north'),
      () => arrives('cap-south'),
    );
    expect((await ownersOf(ids)).filter((owner) => owner === one.id)).toHaveLength(1);
  });

  it('of a lead: routed twice at once it is given once', async () => {
    const lead = await arrives('nobody-routes-this');
    await company.db('crm_leads').where({ id: lead }).update({ owner_id: null, pool_id: null });
    await company.db('crm_leads').where({ id: lead }).update({ campaign: 'lock-lead' });
    const people = [await rep(), await rep()];
    await publish('lock-lead', { destination: group(people), filters: { capacity: false } });
    const route = (): Promise<number> => apply({ op: 'touch', id: lead, ask: ['route'] });
    await together(route, route);
    expect(await lines('lock-lead')).toBe(1);
    const [owner] = await ownersOf([lead]);
    expect(await company.db('crm_ledger').where({ lead_id: lead }).pluck('member_id')).toEqual([owner]);
    expect((await decisions(lead)).filter(({ result }) => result['owner'] !== null)).toHaveLength(1);
  });

  it('R-64 of a lead: a follow-up that is being stored when the deadline passes keeps the lead with its owner', async () => {
    const people = [await rep(), await rep()];
    await policy('touch-race', [{ destination: group(people) }]);
    const [metric] = FIRST_RESPONSE_CONTRACT.metrics;
    const start = { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }, ...forSource('touch-race').rules] };
    const contract = { ...FIRST_RESPONSE_CONTRACT, signing: 'none', calendar: 'open', metrics: [{ ...metric, start }] };
    await company.publish('sla-contracts', 'touch-race', contract);
    const [raced, late] = await capture('touch-race', 2);
    const owners = await ownersOf([raced!, late!]);
    const { api } = await as(people.find(({ id }) => id === owners[0])!);
    const { now } = (await company.admin.get<{ now: string }>('/api/console/ping')).body;
    const call = { kind: 'call', direction: 'outbound', outcome: 'connected' };
    const [logged] = await together(
      () => api.post(`/api/console/leads/${raced}/activities`, call),
      () => company.moveClock(new Date(Date.parse(now) + 2_400_000).toISOString()),
      'crm_activities',
    );
    expectStatus(logged, 200);
    const [kept, moved] = await ownersOf([raced!, late!]);
    expect(kept).toBe(owners[0]);
    // The other lead of the same moment, which nobody touched, goes on: the deadline did pass.
    expect(moved).not.toBe(owners[1]);
  });
});
