/** What grading adds to one change of a lead, in the same transaction: the same edit over HTTP with a model of forty rules and without any. */
import { bearer, load, login, call, row } from './support/load.mjs';
import { fortyRules } from './support/policies.mjs';
import { addReps, connect, fillLeads, openPool, publishPolicy } from './support/world.mjs';

export const name = 'grading';
const LEADS = Number(process.env.LEADSEA_BENCH_LEADS ?? 100_000);
/** Edits in one turn, of as many leads; with and without a model in turns, so that both meet the same machine. */
const TURN = 150;
const TURNS = 4;
const ENGAGEMENTS = 40;
const MOST_MS = 10;

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(count, work) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await work(index);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Each of these leads has done something forty times. */
const engage = (db, ids) =>
  db.query(
    `INSERT INTO crm_engagements (lead_id, kind, asset, occurred_at, human)
     SELECT id, (ARRAY['visit', 'form', 'download', 'mail-click'])[1 + n % 4], '/page/' || n, now() - n * interval '1 day', TRUE FROM unnest($1::int[]) id, generate_series(1, $2::int) n`,
    [ids, ENGAGEMENTS],
  );

async function idle(db) {
  for (let waited = 0; waited < 4800; waited += 1) {
    const { rows } = await db.query(
      `SELECT count(*)::int AS n FROM crm_jobs WHERE kind LIKE 'grading.%' AND state IN ('queued', 'running') AND run_at <= now()`,
    );
    if (rows[0].n === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('The grading jobs did not end.');
}

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  try {
    await addReps(db, 20);
    const pool = await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    await fillLeads(db, LEADS, pool, log);
    await db.query('SET synchronous_commit = on');
    const ids = (await db.query(`SELECT id FROM crm_leads WHERE stage = 'srl' ORDER BY id LIMIT $1`, [TURN])).rows.map((one) => one.id);
    await engage(db, ids);
    await db.query('ANALYZE crm_engagements');

    let employees = 0;
    const edits = async () => {
      employees = employees === 4900 ? 100 : 4900;
      const { p50, statuses } = await load({
        url,
        clients: 1,
        count: TURN,
        request: (index) => ({ method: 'PUT', path: `/api/console/leads/${ids[index]}`, headers: bearer(jwt), body: { employees } }),
      });
      if (statuses[200] !== TURN) throw new Error(`Edits were refused: ${JSON.stringify(statuses)}`);
      return p50;
    };
    const live = (await call(url, jwt, 'GET', '/grading-models?range=[0,99]')).filter((one) => one.state === 'live');
    for (const one of live) await call(url, jwt, 'DELETE', `/grading-models/${one.id}`);
    await edits();
    const spent = { without: [], with: [], plain: [] };
    for (let turn = 0; turn < TURNS; turn += 1) {
      await idle(db);
      await edits();
      spent.without.push(await edits());
      spent.plain.push(await timed(TURN, (index) => db.query('UPDATE crm_leads SET employees = $2 WHERE id = $1', [ids[index], turn])));
      const model = await publishPolicy(url, jwt, 'grading-models', `forty-${turn}`, 'Forty rules', fortyRules());
      await idle(db);
      await edits();
      spent.with.push(await edits());
      const { rows } = await db.query('SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY($1) AND graded_at IS NOT NULL', [ids]);
      if (rows[0].n !== TURN) throw new Error(`${rows[0].n} of ${TURN} edited leads were graded.`);
      await call(url, jwt, 'DELETE', `/grading-models/${model}`);
    }
    const [without, graded, plain] = [median(spent.without), median(spent.with), median(spent.plain)];
    const added = graded - without;
    log(`one edit: ${without.toFixed(1)} ms without a model, ${graded.toFixed(1)} ms with one; a plain UPDATE ${plain.toFixed(2)} ms`);
    return [
      row('one lead edited and graded by 40 rules, against the edit alone', graded, 'ms', without, graded / without, '', true),
      row('of this the grading, against a plain UPDATE of the row', added, 'ms', plain, added / plain, `< ${MOST_MS} ms`, added < MOST_MS),
    ];
  } finally {
    await db.end();
  }
}
