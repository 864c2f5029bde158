import type { Actor, Kit } from '@leadsea/crm-core';
import { CALENDAR, poolBody, startCompany, type Company } from '../support/fixtures';
import { poolBoard } from '../../plugins/lead-pools/server/src/services/board';
import { createClaims, type Claims } from '../../plugins/lead-pools/server/src/services/claim';
import { createPoolDirectory, type PoolDirectory } from '../../plugins/lead-pools/server/src/services/pools';
import { openInProcess, type InProcess } from '../support/in-process';

/** How many statements the pools send, and how the database answers them, on a table large enough that a scan would show. */
const LEADS = 120_000;
const PEOPLE = 40;
const NOW = new Date('2026-03-02T02:00:00Z');

let company: Company;
let product: InProcess;
let kit: Kit;
let poolId: number;
let rep: Actor;
let pools: PoolDirectory;
let claims: Claims;

interface Sent {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

/** What `work` sends to the database. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const note = (query: { sql: string; bindings?: readonly unknown[] }): void =>
    void sent.push({ sql: query.sql, bindings: query.bindings ?? [] });
  kit.db.on('query', note);
  try {
    await work();
  } finally {
    kit.db.off('query', note);
  }
  return sent.filter(({ sql }) => !/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/i.test(sql));
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}
const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Large tables a statement reads from end to end. */
async function scans({ sql, bindings }: Sent): Promise<readonly string[]> {
  const client = (await kit.db.client.acquireConnection()) as {
    query(sql: string, values: readonly unknown[]): Promise<{ rows: Record<string, [{ Plan: PlanNode }]>[] }>;
  };
  try {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`, bindings);
    const plan = rows[0]!['QUERY PLAN']![0].Plan;
    return nodes(plan).flatMap((node) =>
      node['Node Type'] === 'Seq Scan' && ['crm_leads', 'crm_events', 'crm_ledger', 'crm_tasks'].includes(node['Relation Name'] ?? '')
        ? [node['Relation Name']!]
        : [],
    );
  } finally {
    await kit.db.client.releaseConnection(client);
  }
}

const best = async (count: number): Promise<unknown> => claims.claimNext(rep, count, (await pools.byId(poolId))!, NOW);
const readable = (sent: readonly Sent[]): readonly Sent[] =>
  sent.filter(({ sql }) => /^\s*(WITH|SELECT)/i.test(sql) && !sql.includes('nextval'));

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(NOW.toISOString());
  await company.publish('calendars', 'office', CALENDAR);
  const body = poolBody('east', {
    isDefault: true,
    group: 'main',
    cooling: { after: 'P7D', owners: 3, team: true },
    limits: [
      { kind: 'claims', per: 'hour', max: 500 },
      { kind: 'claims', per: 'day', max: 500 },
      { kind: 'claims', per: 'week', scope: 'group', max: 5000 },
      { kind: 'claims', per: 'month', scope: 'everywhere', max: 50_000 },
      { kind: 'held', max: 100_000 },
      { kind: 'untouched', max: 100_000 },
    ],
    recycle: { rules: [{ key: 'idle', label: { zh: '闲置', en: 'Idle' }, after: 'P7BD' }], warns: ['P1BD'] },
  });
  poolId = await company.publish('pools', 'large', body);
  const people: number[] = [];
  for (let index = 0; index < PEOPLE; index += 1)
    people.push((await company.person(`holder-${index}`, { roles: ['sales'], team: company.teams.east })).id);
  await company.server.stop();
  await company.db.raw(
    `INSERT INTO crm_leads (document_id, name, company, stage, stage_entered_at, captured_at, status, custom, version, cycle, recycle_count, is_test, score, pool_id, home_pool_id, pool_entered_at, owner_id, held_since)
     SELECT 'doc' || g, 'Lead ' || g, 'Firm ' || g, 'lead', ?::timestamptz, ?::timestamptz, 'open', '{}', 1, 1, 0, FALSE, g % 100,
            CASE WHEN g % 3 > 0 THEN ?::int END, ?::int, CASE WHEN g % 3 > 0 THEN ?::timestamptz - interval '1 day' END,
            CASE WHEN g % 3 = 0 THEN (?::int[])[1 + (g / 3) % ?::int] END, CASE WHEN g % 3 = 0 THEN ?::timestamptz - interval '1 day' END
     FROM generate_series(1, ?::int) g`,
    [NOW, NOW, poolId, poolId, NOW, people, PEOPLE, NOW, LEADS],
  );
  await company.db.raw(
    `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at)
     SELECT 'claim:' || ?::int, (?::int[])[1 + g % ?::int], g, 1, 'claim', ?::timestamptz - make_interval(mins => g) FROM generate_series(1, ?::int) g`,
    [poolId, people, PEOPLE, NOW, LEADS],
  );
  await company.db.raw(
    `INSERT INTO crm_events (subject, subject_id, type, before, after, data, actor_kind, actor_name, cause_type, at)
     SELECT 'lead', 1 + g % ?::int, 'lead.released', jsonb_build_object('owner', 1, 'team', 1), jsonb_build_object('owner', NULL), '{}', 'member', 'x', 'release',
            ?::timestamptz - make_interval(mins => g) FROM generate_series(1, ?::int) g`,
    [LEADS, NOW, LEADS],
  );
  await company.db.raw('ANALYZE crm_leads; ANALYZE crm_ledger; ANALYZE crm_events');
  product = await openInProcess(company.server.database);
  kit = product.core.kit;
  product.core.clock.moveTo(NOW);
  rep = await kit.actors.member(people[0]!);
  pools = createPoolDirectory(kit);
  claims = createClaims(kit, product.leads, pools);
  await best(1);
}, 300_000);
afterAll(async () => {
  await product?.close();
  await company?.server.close();
}, 60_000);

test('a claim sends a constant number of statements and reads no large table from end to end', async () => {
  const counts: number[] = [];
  for (const count of [1, 50]) {
    const sent = await statementsOf(() => best(count));
    counts.push(sent.length);
    for (const one of readable(sent))
      expect({ sql: one.sql.slice(0, 160), scans: await scans(one) }).toEqual({ sql: one.sql.slice(0, 160), scans: [] });
  }
  expect(counts[1]).toBe(counts[0]);
  // Measured: 19 with cooling, six limits and a recycle plan; room for one more, not for one per lead or limit.
  expect(counts[0]).toBeLessThanOrEqual(24);
});

test('§5.3: the person’s lock goes out before anything that is decided under it', async () => {
  const { rows } = await company.db.raw<{ rows: { id: number }[] }>(
    'SELECT id FROM crm_leads WHERE pool_id = ? AND owner_id IS NULL LIMIT 1',
    [poolId],
  );
  const pool = (await pools.byId(poolId))!;
  const sent = await statementsOf(() => claims.claim(rep, [rows[0]!.id], pool, NOW));
  const first = (what: RegExp): number => sent.findIndex(({ sql }) => what.test(sql));
  expect(first(/pg_advisory_xact_lock/)).toBe(0);
  expect(first(/FROM crm_ledger/)).toBeGreaterThan(0);
  expect(first(/FOR NO KEY UPDATE OF l/)).toBeGreaterThan(0);
});

test('claims of eight people at once commit together, and each is told, counted and answered as if it had been alone', async () => {
  const people = await Promise.all(
    (await company.db('crm_members').where('name', 'like', 'holder-%').orderBy('id').limit(8).select<{ id: number }[]>('id')).map(
      ({ id }) => kit.actors.member(id),
    ),
  );
  const { rows } = await company.db.raw<{ rows: { id: number }[] }>(
    'SELECT id FROM crm_leads WHERE pool_id = ? AND owner_id IS NULL ORDER BY id DESC LIMIT 7',
    [poolId],
  );
  const held = await company.db('crm_leads').whereNotNull('owner_id').first<{ id: number }>('id');
  const pool = (await pools.byId(poolId))!;
  // Seven ask for a lead each, the last for one that somebody holds and for the one the first is taking.
  const wanted = [...rows.map(({ id }) => [id]), [held.id, rows[0]!.id]];
  let answers: readonly (readonly { id: number; ok: boolean; code?: string }[])[] = [];
  const sent = await statementsOf(async () => {
    answers = await Promise.all(people.map((person, index) => claims.claim(person, wanted[index]!, pool, NOW)));
  });
  expect(answers.slice(0, 7)).toEqual(rows.map(({ id }) => [{ id, ok: true }]));
  expect(answers[7]!.map(({ code }) => code)).toEqual(['ALREADY_CLAIMED', 'ALREADY_CLAIMED']);
  // Into how many sets they fall is the machine's; each for itself there would be one for every person.
  expect(sent.filter(({ sql }) => sql.includes('FOR NO KEY UPDATE OF l')).length).toBeLessThan(people.length);

  const ids = rows.map(({ id }) => id);
  const pairs = people.slice(0, 7).map(({ memberId, name }, index) => ({ lead: ids[index], member: memberId, name }));
  const byLead = <Row extends { lead: number }>(list: readonly Row[]): Row[] =>
    [...list].sort((a, b) => ids.indexOf(a.lead) - ids.indexOf(b.lead));
  const events = await company
    .db('crm_events')
    .where({ type: 'lead.claimed', cause_id: String(poolId) })
    .whereIn('subject_id', ids)
    .select<{ lead: number; member: number; name: string; actor_kind: string }[]>(
      'subject_id as lead',
      'actor_id as member',
      'actor_name as name',
      'actor_kind',
    );
  expect(byLead(events)).toEqual(pairs.map((pair) => ({ ...pair, actor_kind: 'member' })));
  const ledger = await company
    .db('crm_ledger')
    .whereIn('lead_id', ids)
    .where({ cause: 'claim', at: NOW })
    .select<{ lead: number; member: number }[]>('lead_id as lead', 'member_id as member');
  expect(byLead(ledger)).toEqual(pairs.map(({ lead, member }) => ({ lead, member })));
  const owners = await company
    .db('crm_leads')
    .whereIn('id', ids)
    .select<{ lead: number; member: number }[]>('id as lead', 'owner_id as member');
  expect(byLead(owners)).toEqual(pairs.map(({ lead, member }) => ({ lead, member })));
  // Nobody is told of a lead he took himself.
  const told = await company.db('crm_notifications').where({ type: 'lead.assigned' }).whereIn('subject_id', ids);
  expect(told).toEqual([]);
}, 60_000);

test('the board asks as often for thirty pools as for one', async () => {
  const ask = (): Promise<unknown[]> => poolBoard(kit, pools, rep, NOW);
  await ask();
  const one = await statementsOf(ask);
  const body = poolBody('east', { limits: [{ kind: 'claims', per: 'day', max: 5 }] });
  for (let index = 0; index < 29; index += 1)
    await kit.policies.upsert(
      { kind: 'pool', key: `extra-${index}`, name: `Extra ${index}`, body, publish: true },
      kit.actors.system(),
      NOW,
    );
  product.core.actors.invalidate();
  rep = await kit.actors.member(rep.memberId!);
  expect(await ask()).toHaveLength(30);
  const many = await statementsOf(ask);
  expect(many.length).toBe(one.length);
  expect(many.length).toBeLessThanOrEqual(3);
});
