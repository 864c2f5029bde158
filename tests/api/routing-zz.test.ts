import { insertRow } from '@leadsea/crm-core';
import { api as client, type Api } from '../support/api';
import { addPerson, CALENDAR, expectStatus, inLanes, poolBody, signIn, someone, startCompany, until, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { startServer, type TestServer } from '../support/server';

let company: Company;
let poolId: number;
let made = 0;

const label = { zh: '规则', en: 'The rule' };
const OPEN = { key: 'open', tz: 'UTC', alwaysOpen: true, week: {} };
/** Policies are for the leads of one source each, so that tests do not meet. */
const forSource = (source: string) => ({ combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: source }] });

async function policy(campaign: string, rules: readonly Record<string, unknown>[], more: Record<string, unknown> = {}): Promise<number> {
  const id = await company.publish('routing-policies', campaign, {
    when: forSource(campaign),
    rules: rules.map((rule, index) => ({ key: `rule-${index + 1}`, label, ...rule })),
    otherwise: { kind: 'pool', key: 'rest' },
    ...more,
  });
  return id;
}

type Member = Pick<Person, 'id' | 'email'>;

async function rep(more: Record<string, unknown> = {}): Promise<Member> {
  made += 1;
  return addPerson(company.db, `router-${made}`, { roles: ['sales'], team_id: company.teams.east, ...more });
}
const as = async (person: Member): Promise<{ api: Api }> => ({ api: await signIn(company.server.url, person.email) });

const group = (people: readonly Member[], weights: readonly number[] = []) => ({
  kind: 'group',
  members: people.map((person, index) => ({ member: person.email, weight: weights[index] ?? 1 })),
});

const capture = (campaign: string, count: number, more: Record<string, unknown> = {}) =>
  company.capture(Array.from({ length: count }, () => someone({ campaign, ...more })));

async function ownersOf(ids: readonly number[]): Promise<(number | null)[]> {
  const rows = await company.db<{ id: number; owner_id: number | null }>('crm_leads').whereIn('id', [...ids]).select('id', 'owner_id');
  const owners = new Map(rows.map((row) => [row.id, row.owner_id]));
  return ids.map((id) => owners.get(id) ?? null);
}
const decisions = (lead: number) => company.db<{ result: Record<string, unknown>; candidates: Record<string, unknown>[]; cause: string }>('crm_decisions').where({ kind: 'route', subject_id: lead } as never).orderBy('id');

interface Explanation {
  readonly text: { readonly en: string };
  readonly rule: { readonly label: { readonly en: string } } | null;
  readonly policy: { readonly version: number } | null;
  readonly result: { readonly owner: { readonly id: number; readonly name: string } | null; readonly pool: unknown; readonly reason: string };
  readonly candidates: readonly { readonly member: number | null; readonly name: string | null; readonly eligible: boolean; readonly chosen: boolean; readonly codes: readonly { code: string; text: { en: string } }[] }[];
}
const explain = async (person: { api: Company['admin'] }, lead: number) => expectStatus(await person.api.get<Explanation>(`/api/console/leads/${lead}/explain/owner`), 200);

beforeAll(async () => {
  company = await startCompany({ env: { NODE_OPTIONS: '--require=/tmp/rb/prof.js' } });
  await company.moveClock('2026-03-02T02:00:00Z');
  await company.publish('calendars', 'open', OPEN);
  await company.publish('calendars', 'office', CALENDAR);
  poolId = await company.publish('pools', 'rest', poolBody('east'));
}, 300_000);
afterAll(() => company?.server.close());

describe('10,000 leads to 20 people', () => {
  it('are shared within one lead in a few seconds, grades alike', async () => {
    const people: Member[] = [];
    for (let index = 0; index < 20; index += 1) people.push(await rep());
    const { rows } = await company.db.raw<{ rows: { id: number }[] }>(
      `INSERT INTO crm_leads (document_id, name, campaign, captured_at, stage, stage_entered_at, status, is_test, cycle, recycle_count, custom, version, score, grade, created_at, updated_at, published_at)
       SELECT 'bulk' || n, 'Bulk ' || n, 'bulk', now(), 'lead', now(), 'open', false, 1, 0, '{}', 1, n % 100, (ARRAY['A1','B2','C3','D4'])[1 + n % 4], now(), now(), now() FROM generate_series(1, 10000) n RETURNING id`,
    );
    const ids = rows.map((row) => row.id);
    await policy('bulk', [{ destination: group(people) }]);
    await company.db.raw(`ALTER SYSTEM SET log_min_duration_statement = 50`); await company.db.raw('SELECT pg_reload_conf()');
    const pid = Number(require('child_process').execSync(`lsof -t -iTCP:${new URL(company.server.url).port} -sTCP:LISTEN || ss -ltnp | grep ':${new URL(company.server.url).port} ' | sed 's/.*pid=\\([0-9]*\\).*/\\1/'`).toString().trim()); process.kill(pid, 'SIGUSR2');
    const start = performance.now();
    expectStatus(await company.admin.post('/api/console/leads/route', { ids }), 200);
    await company.db.raw(`ALTER SYSTEM RESET log_min_duration_statement`); await company.db.raw('SELECT pg_reload_conf()');
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`  10,000 leads to 20 people over HTTP, whole pipeline: ${seconds.toFixed(2)} s\n`);
    process.kill(pid, 'SIGUSR2'); await new Promise((r) => setTimeout(r, 3000));
    const owners = await ownersOf(ids);
    for (const person of people) expect(owners.filter((owner) => owner === person.id)).toHaveLength(500);
    expect(seconds).toBeLessThan(15);
  }, 120_000);
});
