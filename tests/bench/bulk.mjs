/** Work on many leads at once: re-grading all of them, giving 10,000 to 20 people, 10,000 timers due together among a million. */
import { createRequire } from 'node:module';
import { call, login, row } from './support/load.mjs';
import { addReps, connect, fillLeads, openPool, publishPolicy } from './support/world.mjs';

export const name = 'bulk';
const LEADS = Number(process.env.LEADSEA_BENCH_LEADS ?? 1_000_000);
const BATCH = 10_000;
const require = createRequire(import.meta.url);

const elapsed = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

async function until(check, seconds) {
  for (let waited = 0; waited < seconds * 4; waited += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Not done after ${seconds} s.`);
}

const number = async (db, sql, values = []) => Number((await db.query(sql, values)).rows[0].n);

/** The standard model with further fit rules, until there are forty. */
function fortyRules() {
  const { GRADING_TEMPLATES } = require('@leadsea/lead-grading');
  const model = structuredClone(GRADING_TEMPLATES[0].body);
  for (let index = model.fit.rules.length; index < 40; index += 1) {
    model.fit.rules.push({
      type: 'condition',
      key: `bench-${index}`,
      label: { zh: `规则 ${index}`, en: `Rule ${index}` },
      points: (index % 5) + 1,
      when: {
        combinator: 'and',
        rules: [
          { field: 'lead.employees', operator: '>=', value: index * 100 },
          { field: 'lead.country', operator: '!=', value: 'XX' },
        ],
      },
    });
  }
  return model;
}

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  const rows = [];
  try {
    const reps = await addReps(db, 20);
    const pool = await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    await fillLeads(db, LEADS, pool, log);

    const plain = await elapsed(() =>
      db.query(
        `UPDATE crm_leads SET fit_score = fit_score + 1, engagement = engagement + 1, score = score + 1, grade = 'C3', label = 'cold'`,
      ),
    );
    await db.query('VACUUM ANALYZE crm_leads');
    await publishPolicy(url, jwt, 'grading-models', 'forty', 'Forty rules', fortyRules());
    const regrade = await elapsed(() =>
      until(
        async () =>
          (await number(db, `SELECT count(*) AS n FROM crm_jobs WHERE kind = 'grading.regrade' AND state IN ('queued', 'running')`)) === 0,
        1800,
      ),
    );
    const graded = await number(db, 'SELECT count(*) AS n FROM crm_leads WHERE graded_at IS NOT NULL');
    log(`${graded.toLocaleString('en-US')} leads graded`);
    rows.push(
      row(
        `re-grade ${LEADS.toLocaleString('en-US')} leads with 40 rules, against one plain UPDATE`,
        regrade,
        's',
        plain,
        regrade / plain,
        '≤ 2',
        regrade / plain <= 2 && graded === LEADS,
      ),
    );

    await publishPolicy(url, jwt, 'routing-policies', 'bench', 'Bench', {
      rules: [
        {
          key: 'desk',
          label: { zh: '轮流', en: 'Desk' },
          destination: { kind: 'group', members: reps.map((rep) => ({ member: rep.email, weight: 1 })) },
        },
      ],
      otherwise: { kind: 'pool', key: 'open' },
    });
    const free = (
      await db.query('SELECT id FROM crm_leads WHERE owner_id IS NULL AND pool_id = $1 ORDER BY id LIMIT $2', [pool, BATCH])
    ).rows.map((one) => one.id);
    await db.query('UPDATE crm_leads SET pool_id = NULL, pool_entered_at = NULL WHERE id = ANY($1)', [free]);
    const update = await elapsed(() => db.query('UPDATE crm_leads SET note = $2 WHERE id = ANY($1)', [free, 'bench']));
    const assign = await elapsed(() => call(url, jwt, 'POST', '/leads/route', { ids: free }));
    const shares = (
      await db.query('SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY($1) AND owner_id IS NOT NULL GROUP BY owner_id', [free])
    ).rows.map((one) => one.n);
    log(`shares ${Math.min(...shares)}–${Math.max(...shares)} over ${shares.length} people`);
    rows.push(
      row(
        `assign ${BATCH.toLocaleString('en-US')} leads to 20 people, against one plain UPDATE`,
        assign,
        's',
        update,
        assign / update,
        '< 3 s',
        assign < 3 && Math.max(...shares) - Math.min(...shares) <= 1,
      ),
    );

    await db.query(`INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, state, attempts, armed_at)
      SELECT 'pools.recycle', 'bench:' || n, 'lead', 0, now() + interval '30 days' + n * interval '1 second', now(), '{}', 'armed', 0, now() FROM generate_series(1, 1000000) n`);
    await db.query('ANALYZE crm_timers');
    await db.query(`UPDATE crm_leads SET recycle_at = now() - interval '1 minute' WHERE id = ANY($1)`, [free]);
    const start = performance.now();
    await db.query(
      `INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, state, attempts, armed_at)
      SELECT 'pools.recycle', 'bench-due:' || id, 'lead', id, now(), now(), '{}', 'armed', 0, now() FROM unnest($1::int[]) id`,
      [free],
    );
    await db.query(`SELECT pg_notify('crm_timers', '')`);
    await until(
      async () => (await number(db, `SELECT count(*) AS n FROM crm_timers WHERE key LIKE 'bench-due:%' AND state = 'armed'`)) === 0,
      300,
    );
    const fired = (performance.now() - start) / 1000;
    const moved = await number(db, 'SELECT count(*) AS n FROM crm_leads WHERE id = ANY($1) AND pool_id IS NOT NULL AND owner_id IS NULL', [
      free,
    ]);
    log(`${moved.toLocaleString('en-US')} leads taken back`);
    rows.push(
      row(
        '10,000 recycle timers due at once among 1,000,000 armed, leads moved',
        fired,
        's',
        update,
        fired / update,
        '< 20 s',
        fired < 20 && moved === BATCH,
      ),
    );
    return rows;
  } finally {
    await db.end();
  }
}
