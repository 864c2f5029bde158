import type { Knex } from 'knex';
import { pullSchema } from '../../plugins/lead-pools';
import { FAIR_PLAY_DEFAULTS, FAIR_PLAY_PATTERNS } from '../../plugins/lead-pools/contracts';
import { fairPlayStatement } from '../../plugins/lead-pools/server/src/services/fair-play-sql';
import { pullCandidates } from '../../plugins/lead-pools/server/src/services/pull-candidates';
import { startCompany, type Company } from '../support/fixtures';

/** Many leads in one pool: what a queue, a look-up and an undo ask must go by an index, whatever the size. */
const LEADS = 200_000;
const NOW = new Date('2026-03-02T02:00:00Z');
const POOL = 900_001;

let company: Company;
let db: Knex;

beforeAll(async () => {
  company = await startCompany();
  db = company.db;
  await db.raw('ALTER TABLE crm_leads DISABLE TRIGGER ALL');
  await db.raw(
    `INSERT INTO crm_leads (document_id, name, stage, status, pool_id, pool_entered_at, captured_at, grade, score, phone_key, email_key, company_key, created_at, updated_at, published_at)
     SELECT 'p' || n, 'Lead ' || n, 'lead', 'open', ?, ?::timestamptz - make_interval(mins => n), ?::timestamptz - make_interval(mins => n), chr(65 + n % 5), n % 100,
            '+86138' || lpad(n::text, 8, '0'), 'p' || n || '@x.example', 'company ' || (n % 1000), now(), now(), now() FROM generate_series(1, ?) AS n`,
    [POOL, NOW, NOW, LEADS],
  );
  await db.raw('VACUUM ANALYZE crm_leads');
}, 300_000);
afterAll(() => company?.server.close());

/** The plan of the last statement that `work` sends, as it was carried out. */
async function planOf(work: (trx: Knex.Transaction) => Promise<unknown>): Promise<string> {
  const sent: { sql: string; bindings: unknown[] }[] = [];
  const listen = ({ sql, bindings }: { sql: string; bindings: unknown[] }): void => void sent.push({ sql, bindings });
  db.on('query', listen);
  await db.transaction(work);
  db.off('query', listen);
  const last = sent.filter(({ sql }) => /^\s*(SELECT|WITH)/i.test(sql)).at(-1);
  if (!last) throw new Error('Nothing was asked.');
  const plain = last.sql.replace(/\$\d+/g, '?');
  const { rows } = await db.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS OFF) ${plain}`,
    last.bindings as Knex.RawBinding[],
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test.each([
  ['urgency, grade, age', ['urgency', 'grade', 'age'], 'crm_leads_pool_grade'],
  ['age', ['age'], 'crm_leads_pool_entered'],
  ['score', ['score', 'age'], 'crm_leads_pool'],
] as const)('the next lead of a queue of %s is found by an index, not by sorting the pool', async (_name, order, index) => {
  const pull = pullSchema.parse({ order: [...order] });
  const question = { poolId: POOL, memberId: 1, pull, embargoSeconds: 0, closed: ['won', 'lost'], without: [], count: 1 };
  const plan = await planOf((trx) => pullCandidates(trx, question, NOW));
  expect(plan).toContain(`using ${index} `);
  expect(plan).not.toContain('Seq Scan on crm_leads');
});

test('every pattern of fair play is one statement over a window of events and never reads the table of leads from end to end', async () => {
  const question = { from: new Date(NOW.getTime() - 30 * 86_400_000), to: NOW, pools: [POOL], settings: FAIR_PLAY_DEFAULTS };
  for (const pattern of FAIR_PLAY_PATTERNS) {
    const { sql, bindings } = fairPlayStatement(pattern, question);
    const plan = await planOf((trx) => trx.raw(sql, bindings as Record<string, Knex.RawBinding>));
    expect({ pattern, scans: plan.includes('Seq Scan on crm_leads') }).toEqual({ pattern, scans: false });
  }
});
