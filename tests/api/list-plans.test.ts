import type { Actor } from '@leadsea/crm-core';
import { loadCounts, OWN_QUERY } from '../../plugins/lead-routing/server/src/services/counts';
import { startCompany, type Company } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';

/** How the database answers the lists that people open, on a table large enough that a scan would show. */
const LEADS = 60_000;

let company: Company;
let product: InProcess;
let admin: Actor;
let rep: Actor;

interface Sent {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly Plans?: readonly PlanNode[];
}
const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

const list = (actor: Actor, filter: Record<string, unknown>, sort?: readonly [string, string], resource = 'leads') =>
  product.core.gateway.list({ actor }, resource, {
    filter: JSON.stringify(filter),
    ...(sort ? { sort: JSON.stringify(sort) } : {}),
    range: '[0,49]',
  });

async function statementsOf(work: () => Promise<unknown>): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const note = ({ sql, bindings }: { sql: string; bindings?: readonly unknown[] }): void =>
    void sent.push({ sql, bindings: bindings ?? [] });
  const { db } = product.core.kit;
  db.on('query', note);
  try {
    await work();
  } finally {
    db.off('query', note);
  }
  return sent;
}

/** The nodes of the plan by which the page of a list was read. */
async function pagePlan(
  actor: Actor,
  filter: Record<string, unknown>,
  sort?: readonly [string, string],
  resource?: string,
): Promise<PlanNode[]> {
  const [page] = await statementsOf(() => list(actor, filter, sort, resource));
  return planOf(page!);
}

async function planOf({ sql, bindings }: Sent): Promise<PlanNode[]> {
  const { client } = product.core.kit.db;
  const connection = (await client.acquireConnection()) as {
    query(sql: string, values: readonly unknown[]): Promise<{ rows: Record<string, [{ Plan: PlanNode }]>[] }>;
  };
  try {
    const { rows } = await connection.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, bindings);
    return nodes(rows[0]!['QUERY PLAN']![0].Plan);
  } finally {
    await client.releaseConnection(connection);
  }
}
const typesOf = (plan: readonly PlanNode[]): string[] => plan.map((node) => node['Node Type']);
/** Text is looked up in a table of its own, the leads it names by their id. */
const SEARCH = ['crm_lead_search_text', 'crm_leads_pkey'];
const indexesOf = (plan: readonly PlanNode[]): string[] => [...new Set(plan.flatMap((node) => node['Index Name'] ?? []))];
const readRows = (plan: readonly PlanNode[]): number => Math.max(...plan.map((node) => node['Actual Rows'] ?? 0));

beforeAll(async () => {
  company = await startCompany();
  const { id } = await company.person('reader', { roles: ['sales'], team: company.teams.east });
  await company.server.stop();
  // Three scores only: twenty thousand leads stand equal with each other. Names are Chinese, companies are not.
  await company.db.raw(
    `INSERT INTO crm_leads (document_id, name, company, email, stage, stage_entered_at, captured_at, status, custom, version, cycle, recycle_count, is_test, score, owner_id)
     SELECT 'list' || g, (ARRAY['张','李','王','赵','欧阳'])[1 + g % 5] || chr(20013 + g % 4000) || chr(22269 + g % 37), 'Firm ' || md5(g::text), 'e' || md5('x' || g) || '@x.example', (ARRAY['lead','mql'])[1 + g % 2],
            now(), now() - make_interval(mins => g % 500), 'open', '{}', 1, 1, 0, FALSE, g % 3, CASE WHEN g % 10 = 0 THEN ?::int END FROM generate_series(1, ?::int) g`,
    [id, LEADS],
  );
  await company.db.raw(
    `INSERT INTO crm_activities (document_id, kind, occurred_at, custom, lead_id, member_id)
     SELECT 'act' || id, (ARRAY['call','mail'])[1 + id % 2], now() - make_interval(mins => id % 5000), '{}', id, owner_id FROM crm_leads`,
  );
  await company.db.raw('VACUUM ANALYZE crm_leads, crm_lead_search, crm_activities');
  product = await openInProcess(company.server.database);
  const first = await company.db('crm_members').orderBy('id').first<{ id: number }>('id');
  admin = await product.core.kit.actors.member(first.id);
  rep = await product.core.kit.actors.member(id);
}, 300_000);
afterAll(async () => {
  await product?.close();
  await company?.server.close();
}, 60_000);

test.each([
  ['by score, all', {}, ['score', 'DESC'], 'crm_leads_open_score'],
  ['by score, one stage', { stage: 'mql' }, ['score', 'DESC'], 'crm_leads_stage_score'],
  ['by time', {}, ['capturedAt', 'DESC'], 'crm_leads_captured'],
] as const)('a page %s is read off an index, as many rows as it shows, however many are equal', async (_name, filter, sort, index) => {
  const plan = await pagePlan(admin, filter, sort);
  expect(indexesOf(plan)).toEqual([index]);
  expect(typesOf(plan).filter((type) => type.includes('Sort'))).toEqual([]);
  expect(readRows(plan)).toBe(50);
});

test('a rep’s own list is read off an index too', async () => {
  const plan = await pagePlan(rep, { owner: rep.memberId! }, ['score', 'DESC']);
  expect(indexesOf(plan)).toEqual(['crm_leads_owner_score']);
  expect(readRows(plan)).toBe(50);
});

test('follow-ups of all leads are read newest first off an index, those of a rep off the index of his own', async () => {
  const all = await pagePlan(admin, {}, ['occurredAt', 'DESC'], 'activities');
  expect(indexesOf(all)).toEqual(['crm_activities_at']);
  expect(typesOf(all).filter((type) => type.includes('Sort'))).toEqual([]);
  expect(readRows(all)).toBe(50);
  const mine = await pagePlan(rep, { member: rep.memberId! }, ['occurredAt', 'DESC'], 'activities');
  expect(typesOf(mine)).not.toContain('Seq Scan');
  expect((await list(rep, { member: rep.memberId! }, ['occurredAt', 'DESC'], 'activities')).rows).toHaveLength(50);
});

test('a Chinese name is looked up in the index of the search, at any place from three characters on', async () => {
  const name = (await company.db('crm_leads').where('name', 'like', '欧阳%').first<{ name: string }>('name')).name;
  expect([...name]).toHaveLength(4);
  for (const q of [name, [...name].slice(1).join('')]) {
    expect(indexesOf(await pagePlan(admin, { q }))).toEqual(SEARCH);
    const found = await list(admin, { q });
    expect(found.rows.length).toBeGreaterThan(0);
    expect(found.rows.every((row) => String(row['name']).includes(q))).toBe(true);
    expect(found.searched).toBe('anywhere');
  }
});

test('one or two letters find the beginnings of words, by the index, and the answer says so', async () => {
  await company.db('crm_leads').insert({ name: 'Zoë Quist', company: 'Vrij Qx', stage: 'lead', status: 'open', custom: '{}', version: 1 });
  for (const [q, count] of [
    ['qx', 1],
    ['QU', 1],
    ['zo', 1],
    ['ui', 0],
  ] as const) {
    expect(indexesOf(await pagePlan(admin, { q }))).toEqual(SEARCH);
    const found = await list(admin, { q });
    expect({ q, count: found.rows.length, searched: found.searched }).toEqual({ q, count, searched: 'beginnings' });
  }
  expect((await list(admin, { q: '100%' })).rows).toEqual([]);
  expect((await list(admin, {})).searched).toBeNull();
});

test.each([
  ['a filter', { name_like: '欧阳丝围' }],
  ['a condition', { where: { combinator: 'and', rules: [{ field: 'lead.email', operator: 'contains', value: '@nowhere.example' }] } }],
] as const)('%s that looks for text within a value uses that index', async (_name, filter) => {
  expect(indexesOf(await pagePlan(admin, filter))).toEqual(SEARCH);
  const email = `${String((await list(admin, filter)).rows.length)}@nowhere.example`;
  const [one] = await company
    .db('crm_leads')
    .insert({ name: '欧阳丝围', email, stage: 'lead', status: 'open', custom: '{}', version: 1 }, 'id');
  expect((await list(admin, filter)).rows.map((row) => row['id'])).toContain(one.id);
});

test('what is searched follows the lead: changed, changed in something else, deleted', async () => {
  const [one] = await company
    .db('crm_leads')
    .insert({ name: 'Quokka Brüning', stage: 'lead', status: 'open', custom: '{}', version: 1 }, 'id');
  const search = async (q: string): Promise<unknown[]> => (await list(admin, { q })).rows.map((row) => row['id']);
  const kept = async (): Promise<unknown> => company.db('crm_lead_search').where({ id: one.id }).first('name', 'company', 'email', 'phone');
  expect(await search('brüning')).toEqual([one.id]);
  await company.db('crm_leads').where({ id: one.id }).update({ stage: 'mql' });
  expect(await search('quokka')).toEqual([one.id]);
  await company
    .db('crm_leads')
    .where({ id: one.id })
    .update({ name: 'Wombat', company: 'Brüning & Söhne', email: null, phone: '+4930555' });
  expect(await kept()).toEqual({ name: 'Wombat', company: 'Brüning & Söhne', email: null, phone: '+4930555' });
  expect([await search('quokka'), await search('söhne'), await search('+49305')]).toEqual([[], [one.id], [one.id]]);
  await company.db('crm_leads').where({ id: one.id }).delete();
  expect([await search('wombat'), await kept()]).toEqual([[], undefined]);
});

test('a long list is counted once for the pages of it; a short one is counted each time', async () => {
  const counts = async (filter: Record<string, unknown>): Promise<number> =>
    (await statementsOf(() => list(admin, filter))).filter(({ sql }) => /count\(\*\)/.test(sql)).length;
  expect([await counts({ stage: 'lead' }), await counts({ stage: 'lead' })]).toEqual([1, 0]);
  const [first, second] = [await list(admin, { stage: 'lead' }), await list(rep, { stage: 'lead' })];
  expect(first.estimated).toBe(true);
  expect(first.total).toBeGreaterThan(10_000);
  // What one may see is part of the question: the other's total is his own.
  expect(second).toMatchObject({ estimated: false, total: LEADS / 10 });
  expect([await counts({ owner: rep.memberId! }), await counts({ owner: rep.memberId! })]).toEqual([1, 1]);
  const before = (await list(admin, { owner: rep.memberId! })).total;
  await company.db.raw('UPDATE crm_leads SET owner_id = NULL WHERE id = (SELECT min(id) FROM crm_leads WHERE owner_id = ?)', [
    rep.memberId,
  ]);
  expect((await list(admin, { owner: rep.memberId! })).total).toBe(before - 1);
});

test('what people hold is counted without looking at a lead (R-53)', async () => {
  const { kit } = product.core;
  const [sent] = await statementsOf(() =>
    loadCounts(kit, kit.db, [rep.memberId!], ['won', 'lost'], [OWN_QUERY], kit.clock.now(), new Map()),
  );
  const plan = (await planOf(sent!)).filter((node) => (node['Actual Rows'] ?? 0) > 1);
  expect(indexesOf(plan)).toEqual(['crm_leads_held']);
  expect(typesOf(plan)).toContain('Index Only Scan');
});
