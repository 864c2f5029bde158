/** Work on many leads at once: re-grading all of them, giving 10,000 to 20 people, 10,000 timers due together among a million. */
import { call, login, row } from './support/load.mjs';
import { fortyRules } from './support/policies.mjs';
import { addReps, connect, fillLeads, openPool, publishPolicy } from './support/world.mjs';

export const name = 'bulk';
const LEADS = Number(process.env.LEADSEA_BENCH_LEADS ?? 1_000_000);
const BATCH = 10_000;
const PEOPLE = 20;
/** Long enough to give the leads out and look at the shares, short enough to wait for. */
const HELD_SECONDS = 30;

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

/** An open pool that takes back what nobody has followed up. Leads held when it was published would have its grace; those given later have none. */
const recyclingPool = {
  ...openPool,
  recycle: {
    rules: [
      {
        key: 'idle',
        label: { zh: '未跟进', en: 'Not followed up' },
        since: 'follow-up',
        after: `PT${HELD_SECONDS}S`,
        time: 'calendar',
        outsideHours: true,
        leave: 'ignore',
      },
    ],
    warns: [],
  },
};

async function regradeAll(db, url, jwt, log) {
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
  const ratio = regrade / plain;
  const work = `re-grade ${LEADS.toLocaleString('en-US')} leads with 40 rules, against one plain UPDATE`;
  return row(work, regrade, 's', plain, ratio, '≤ 2', ratio <= 2 && graded === LEADS);
}

/** Ids of open leads without an owner beyond `above`, taken out of the pool: closed ones are not routed. */
async function freeLeads(db, pool, above = 0) {
  const { rows } = await db.query(
    `UPDATE crm_leads SET pool_id = NULL, pool_entered_at = NULL WHERE id IN (
       SELECT id FROM crm_leads WHERE owner_id IS NULL AND pool_id = $1 AND id > $3 AND stage NOT IN ('won', 'lost') ORDER BY id LIMIT $2)
     RETURNING id`,
    [pool, BATCH, above],
  );
  if (rows.length < BATCH) throw new Error(`Only ${rows.length} open leads are free: set LEADSEA_BENCH_LEADS to 50,000 or more.`);
  return rows.map((one) => one.id).sort((a, b) => a - b);
}

const inTurn = (reps) => ({
  rules: [
    {
      key: 'desk',
      label: { zh: '轮流', en: 'Desk' },
      destination: { kind: 'group', members: reps.map((rep) => ({ member: rep.email, weight: 1 })) },
    },
  ],
  otherwise: { kind: 'pool', key: 'open' },
});

async function assign(db, url, jwt, { free, update, when, log }) {
  const seconds = await elapsed(() => call(url, jwt, 'POST', '/leads/route', { ids: free }));
  const shares = (
    await db.query('SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY($1) AND owner_id IS NOT NULL GROUP BY owner_id', [free])
  ).rows.map((one) => one.n);
  log(`shares ${Math.min(...shares)}–${Math.max(...shares)} over ${shares.length} people`);
  const fair = shares.length === PEOPLE && shares.every((share) => share === BATCH / PEOPLE);
  const work = `assign ${BATCH.toLocaleString('en-US')} leads to ${PEOPLE} people${when}, against one plain UPDATE`;
  return row(work, seconds, 's', update, seconds / update, '< 3 s', seconds < 3 && fair);
}

/** The leads just given out come due together by the rule of their pool; counted is from that moment until all of them lie in the pool. */
async function takeBack(db, { free, pool, update, log }) {
  const due = await db.query(
    `SELECT count(*)::int AS n, extract(epoch FROM max(due_at) - now()) * 1000 AS wait FROM crm_timers
     WHERE kind = 'pools.recycle' AND state = 'armed' AND subject_id = ANY($1)`,
    [free],
  );
  const { n, wait } = due.rows[0];
  log(`${n.toLocaleString('en-US')} recycle timers of these leads are armed, due in ${Math.round(wait / 100) / 10} s`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(wait))));
  // Looked for is the last timer: counting the leads every time would be work of its own.
  const waiting = () =>
    number(db, `SELECT count(*) AS n FROM (SELECT FROM crm_timers WHERE state = 'armed' AND due_at <= now() LIMIT 1) one`);
  const fired = await elapsed(() => until(async () => (await waiting()) === 0, 300));
  const moved = await number(db, 'SELECT count(*) AS n FROM crm_leads WHERE id = ANY($1) AND pool_id = $2 AND owner_id IS NULL', [
    free,
    pool,
  ]);
  log(`${moved.toLocaleString('en-US')} leads taken back`);
  const work = `${BATCH.toLocaleString('en-US')} recycle timers due at once among 1,000,000 armed, leads moved`;
  return row(work, fired, 's', update, fired / update, '< 20 s', n === BATCH && fired < 20 && moved === BATCH);
}

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  try {
    const reps = await addReps(db, PEOPLE);
    const pool = await publishPolicy(url, jwt, 'pools', 'open', 'Open', recyclingPool);
    await fillLeads(db, LEADS, pool, log);
    const rows = [];
    if (process.env.LEADSEA_BENCH_REGRADE !== '0') rows.push(await regradeAll(db, url, jwt, log));
    const free = await freeLeads(db, pool);
    await db.query(`INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, state, attempts, armed_at)
      SELECT 'pools.recycle', 'bench:' || n, 'lead', 0, now() + interval '30 days' + n * interval '1 second', now(), '{}', 'armed', 0, now() FROM generate_series(1, 1000000) n`);
    await db.query('VACUUM ANALYZE crm_leads');
    await db.query('VACUUM ANALYZE crm_timers');
    const update = await elapsed(() => db.query('UPDATE crm_leads SET note = $2 WHERE id = ANY($1)', [free, 'bench']));
    await publishPolicy(url, jwt, 'routing-policies', 'bench', 'Bench', inTurn(reps));
    rows.push(await assign(db, url, jwt, { free, update, when: ', the first work of a server just started', log }));
    rows.push(await takeBack(db, { free, pool, update, log }));
    const more = await freeLeads(db, pool, free.at(-1));
    rows.push(await assign(db, url, jwt, { free: more, update, when: ', of a server at work', log }));
    return rows;
  } finally {
    await db.end();
  }
}
