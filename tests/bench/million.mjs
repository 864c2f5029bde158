/** What has to stay fast at 1,000,000 leads: list pages, claims, the duplicate check. */
import { bearer, emptyRoute, load, login, ping, row } from './support/load.mjs';
import { addReps, connect, fillLeads, openPool, publishPolicy } from './support/world.mjs';

export const name = 'million';
/** Claims, and empty requests, in one turn. */
const TURN = 350;
const LEADS = Number(process.env.LEADSEA_BENCH_LEADS ?? 1_000_000);

const page = (filter, sort, start = 0) =>
  `/api/console/leads?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=${encodeURIComponent(JSON.stringify(sort))}&range=${encodeURIComponent(JSON.stringify([start, start + 49]))}`;

const PAGES = [
  page({}, ['score', 'DESC']),
  page({ stage: 'mql' }, ['score', 'DESC']),
  page({ stage_in: ['mql', 'srl'], score_gte: 70 }, ['capturedAt', 'DESC']),
  page({ label: 'hot' }, ['capturedAt', 'DESC']),
  page({ country: 'DE' }, ['score', 'DESC'], 100),
];

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  try {
    const reps = await addReps(db, 20);
    const pool = await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    await fillLeads(db, LEADS, pool, log);
    const tokens = await Promise.all(reps.slice(0, 8).map((rep) => login(url, { identifier: rep.email, password: accounts[0].password })));
    const rows = [];

    for (const [who, token] of [
      ['administrator', jwt],
      ['rep', tokens[0]],
    ]) {
      await load({ url, clients: 1, count: 10, request: (index) => ({ path: PAGES[index % PAGES.length], headers: bearer(token) }) });
      const lists = await load({
        url,
        clients: 1,
        count: 100,
        request: (index) => ({ path: PAGES[index % PAGES.length], headers: bearer(token) }),
      });
      log(`lists of the ${who}: p50 ${lists.p50.toFixed(1)} ms, p95 ${lists.p95.toFixed(1)} ms ${JSON.stringify(lists.statuses)}`);
      const raw = await timed(50, () =>
        db.query('SELECT * FROM crm_leads WHERE merged_into IS NULL ORDER BY score DESC NULLS LAST, id LIMIT 50'),
      );
      rows.push(
        row(
          `list page of the ${who}, filtered and sorted, with its count (p95)`,
          lists.p95,
          'ms',
          raw,
          lists.p95 / raw,
          '< 60 ms',
          lists.p95 < 60,
        ),
      );
    }

    // Closed leads are refused before any work: a claim that counts is one that is granted.
    const free = (
      await db.query(
        `SELECT id FROM crm_leads WHERE pool_id = $1 AND owner_id IS NULL AND stage NOT IN ('won', 'lost') ORDER BY id LIMIT 4000`,
        [pool],
      )
    ).rows;
    let next = 0;
    const claim = (count) => {
      const from = next;
      next += count;
      return load({
        url,
        clients: 8,
        count,
        request: (index) => ({
          method: 'POST',
          path: `/api/console/leads/${free[index + from].id}/claim`,
          headers: bearer(tokens[index % 8]),
          body: { pool },
        }),
      });
    };
    await claim(400);
    await emptyRoute(url, tokens[0], 8, 400);
    // In turns, so that both meet the same machine.
    const spent = { claims: 0, empty: 0 };
    const statuses = {};
    for (let turn = 0; turn < 6; turn += 1) {
      const claims = await claim(TURN);
      spent.claims += claims.seconds;
      for (const [status, n] of Object.entries(claims.statuses)) statuses[status] = (statuses[status] ?? 0) + n;
      spent.empty += (await ping(url, tokens[0], 8, TURN)).seconds;
    }
    log(`claims ${JSON.stringify(statuses)}`);
    if (statuses[200] !== 6 * TURN) throw new Error(`Not every claim was granted: ${JSON.stringify(statuses)}`);
    const [claims, empty] = [spent.claims, spent.empty].map((seconds) => (6 * TURN) / seconds);
    rows.push(
      row(
        'claim over HTTP, 8 clients, against an empty authenticated route',
        claims,
        'claims/s',
        empty,
        claims / empty,
        '≥ 0.4',
        claims / empty >= 0.4,
      ),
    );

    const check = await timed(
      200,
      (index) =>
        db.query(
          `SELECT kind, value, lead_id FROM crm_lead_keys WHERE (kind = 'email' AND value = $1) OR (kind = 'phone' AND value = $2)`,
          [`lead${index * 977}@firm${(index * 977) % 200000}.example.com`, `+4930${String(index * 977).padStart(8, '0')}`],
        ),
      0.95,
    );
    rows.push(row('duplicate check by keys, one lead (p95)', check, 'ms', null, null, '< 5 ms', check < 5));
    return rows;
  } finally {
    await db.end();
  }
}

/** Milliseconds at a share of the runs (default the median). */
async function timed(count, work, share = 0.5) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await work(index);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(count * share)];
}
