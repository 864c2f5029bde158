/** Clocks in the tens of thousands: a calendar is revised under 100,000 of them, 10,000 miss their deadline together, a million timers are armed. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, login, row } from './support/load.mjs';
import { addReps, connect, fillLeads, openPool, publishPolicy } from './support/world.mjs';

export const name = 'sla';
const CLOCKS = Number(process.env.LEADSEA_BENCH_CLOCKS ?? 100_000);
const DUE = Math.min(10_000, Math.floor(CLOCKS * 0.3));
const ARMED = Number(process.env.LEADSEA_BENCH_TIMERS ?? 1_000_000);
const POLLS = 200;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);

const text = (count) => count.toLocaleString('en-US');
const number = async (db, sql, values = []) => Number((await db.query(sql, values)).rows[0].n);

const elapsed = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

async function until(check, seconds) {
  for (let waited = 0; waited < seconds * 10; waited += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Not done after ${seconds} s.`);
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MS = 86_400_000;
const office = (more = {}) => ({
  key: 'office',
  tz: 'Asia/Shanghai',
  week: Object.fromEntries(
    DAYS.map((day) => [
      day,
      [
        { start: '00:00', end: '12:00' },
        { start: '13:30', end: '23:30' },
      ],
    ]),
  ),
  ...more,
});

/** A desk of reps under one manager, a calendar, and a contract of two clocks: one per owner that passes a missed lead on, one of the lead. */
async function company(db, url, jwt) {
  const reps = await addReps(db, 20);
  await db.query('UPDATE crm_members SET manager_id = $1 WHERE id = ANY($2) AND id <> $1', [reps[0].id, reps.map((rep) => rep.id)]);
  await db.query(`SELECT pg_notify('crm_members', '')`);
  const calendar = await publishPolicy(url, jwt, 'calendars', 'office', 'Office', office());
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
  const { FIRST_RESPONSE_CONTRACT } = require('@leadsea/lead-sla');
  const metrics = FIRST_RESPONSE_CONTRACT.metrics.map((metric) => ({ ...metric, targets: [{ duration: 'PT100H' }] }));
  await publishPolicy(url, jwt, 'sla-contracts', 'first-response', 'First response', {
    ...FIRST_RESPONSE_CONTRACT,
    calendar: 'office',
    metrics,
    signing: 'none',
  });
  return calendar;
}

/** One lead comes in and the engine opens its clocks; the leads of the others get the same clocks, each with a start of its own. */
async function multiply(db, url, jwt, log) {
  const made = await call(url, jwt, 'POST', '/leads', { name: 'The first', email: 'first@example.com' });
  await until(async () => (await number(db, 'SELECT count(*) AS n FROM crm_sla_clocks WHERE lead_id = $1', [made.id])) === 2, 30);
  const columns = (
    await db.query(`SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'crm_sla_clocks' AND column_name <> 'id'`)
  ).rows.map((one) => one.name);
  const own = {
    lead_id: 'l.id',
    owner_id: 'l.owner_id',
    started_at: `c.started_at - (l.id % 3000) * interval '1 second'`,
    segment_since: `c.started_at - (l.id % 3000) * interval '1 second'`,
  };
  const copy = (metric, where, limit) =>
    db.query(
      `INSERT INTO crm_sla_clocks (${columns.join(', ')})
       SELECT ${columns.map((column) => own[column] ?? `c.${column}`).join(', ')} FROM crm_sla_clocks c,
         (SELECT id, owner_id FROM crm_leads WHERE id <> $1 AND stage NOT IN ('won', 'lost') ${where} ORDER BY id LIMIT $3) l
       WHERE c.lead_id = $1 AND c.metric = $2`,
      [made.id, metric, limit],
    );
  const owned = await copy('first-response', 'AND owner_id IS NOT NULL', DUE);
  const all = await copy('speed-to-lead', '', CLOCKS - DUE - 2);
  await db.query('ANALYZE crm_sla_clocks');
  log(`${text(owned.rowCount)} clocks of owners, ${text(all.rowCount)} of leads`);
}

async function replan({ db, url, jwt, calendar, log }) {
  const total = await number(db, `SELECT count(*) AS n FROM crm_sla_clocks WHERE state = 'running'`);
  const plain = await elapsed(() =>
    db.query(
      `UPDATE crm_sla_clocks SET elapsed_seconds = elapsed_seconds + 1, segments = segments + 1, due_at = due_at + interval '1 second', warns = warns || '[]' WHERE state = 'running'`,
    ),
  );
  await db.query('VACUUM ANALYZE crm_sla_clocks');
  const off = new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10);
  const current = await call(url, jwt, 'GET', `/calendars/${calendar}`);
  await call(url, jwt, 'PUT', `/calendars/${calendar}`, { ...current, draft: office({ exceptions: [{ from: off, kind: 'off' }] }) });
  let preview;
  const shown = await elapsed(async () => {
    preview = await call(url, jwt, 'POST', `/calendars/${calendar}/preview`, {});
  });
  log(`preview in ${shown.toFixed(1)} s: ${JSON.stringify(preview.clocks?.replan ?? preview)}`);
  const before = await number(db, `SELECT count(DISTINCT calendar_revision) AS n FROM crm_sla_clocks WHERE state = 'running'`);
  const took = await elapsed(async () => {
    await call(url, jwt, 'POST', `/calendars/${calendar}/publish`, { clocks: 'replan' });
    await until(
      async () =>
        (await number(db, `SELECT count(*) AS n FROM crm_jobs WHERE kind = 'sla.replan' AND state IN ('queued', 'running')`)) === 0,
      600,
    );
  });
  const revisions = (
    await db.query(`SELECT calendar_revision AS revision, count(*)::int AS n FROM crm_sla_clocks WHERE state = 'running' GROUP BY 1`)
  ).rows;
  log(`${text(total)} clocks on ${before} revision before, now ${JSON.stringify(revisions)}`);
  const moved = revisions.length === 1 && revisions[0].n === total;
  return [
    row(
      `re-plan ${text(total)} running clocks by a new calendar, against one plain UPDATE`,
      took,
      's',
      plain,
      took / plain,
      '< 120 s',
      took < 120 && moved,
    ),
    row(`show first what it would move`, shown, 's', plain, shown / plain, '< 60 s', shown < 60),
  ];
}

/** What an idle poller asks: when the next timer is due. */
async function poll(databaseUrl, kinds) {
  const { nextDue } = require(path.join(root, 'plugins/crm-core/dist/server/src/services/timer-store.js'));
  const knex = require('knex')({ client: 'pg', connection: databaseUrl, pool: { min: 1, max: 1 } });
  try {
    const times = [];
    for (let index = 0; index < POLLS; index += 1) {
      const start = performance.now();
      await nextDue(knex, kinds);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  } finally {
    await knex.destroy();
  }
}

async function breaches({ db, databaseUrl, log }) {
  await db.query(
    `INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, state, attempts, armed_at)
     SELECT 'sla.breach', 'bench:' || n, 'sla-clock', 0, now() + interval '30 days' + n * interval '1 second', now(), '{}', 'armed', 0, now() FROM generate_series(1, $1::int) n`,
    [ARMED],
  );
  await db.query('ANALYZE crm_timers');
  const armed = await number(db, `SELECT count(*) AS n FROM crm_timers WHERE state = 'armed'`);
  const empty = await elapsed(() => db.query('SELECT 1'));
  const polls = await poll(databaseUrl, ['sla.breach', 'sla.warn', 'sla.pause']);
  const p95 = polls[Math.floor(POLLS * 0.95)];

  const ids = (
    await db.query(`SELECT id FROM crm_sla_clocks WHERE metric = 'first-response' AND state = 'running' ORDER BY id LIMIT $1`, [DUE])
  ).rows.map((one) => one.id);
  const plain = await elapsed(() => db.query(`UPDATE crm_sla_clocks SET due_at = now() - interval '1 second' WHERE id = ANY($1)`, [ids]));
  const owners = 'SELECT l.id, l.owner_id FROM crm_leads l JOIN crm_sla_clocks c ON c.lead_id = l.id WHERE c.id = ANY($1)';
  const before = new Map((await db.query(owners, [ids])).rows.map((one) => [one.id, one.owner_id]));
  const notices = await number(db, 'SELECT count(*) AS n FROM crm_notifications');
  const took = await elapsed(async () => {
    await db.query(
      `WITH moved AS (UPDATE crm_timers SET due_at = now() - interval '1 second', planned_at = now() - interval '1 second'
         WHERE state = 'armed' AND key IN (SELECT 'sla:' || id || ':due' FROM unnest($1::int[]) id) RETURNING 1)
       INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, state, attempts, armed_at)
       SELECT 'sla.breach', 'sla:' || c.id || ':due', 'sla-clock', c.id, c.due_at, c.due_at, jsonb_build_object('lead', c.lead_id), 'armed', 0, now()
       FROM crm_sla_clocks c WHERE c.id = ANY($1) AND NOT EXISTS (SELECT 1 FROM crm_timers t WHERE t.key = 'sla:' || c.id || ':due' AND t.state = 'armed')`,
      [ids],
    );
    await db.query(`SELECT pg_notify('crm_timers', '')`);
    await until(
      async () =>
        (await number(db, `SELECT count(*) AS n FROM crm_timers WHERE state = 'armed' AND kind = 'sla.breach' AND due_at <= now()`)) === 0,
      300,
    );
  });
  const missed = await number(db, 'SELECT count(*) AS n FROM crm_sla_clocks WHERE id = ANY($1) AND breached_at IS NOT NULL', [ids]);
  const passedOn = (await db.query(owners, [ids])).rows.filter((one) => one.owner_id !== before.get(one.id)).length;
  const told = (await number(db, 'SELECT count(*) AS n FROM crm_notifications')) - notices;
  log(`${text(missed)} missed, ${text(passedOn)} leads passed on, ${text(told)} notices`);
  return [
    row(
      `${text(ids.length)} deadlines missed together among ${text(armed)} armed timers: told, passed on, new clocks`,
      took,
      's',
      plain,
      took / plain,
      '< 20 s',
      took < 20 && missed === ids.length && passedOn >= ids.length * 0.9,
    ),
    row(`idle poll of the timers among ${text(armed)} armed (p95)`, p95, 'ms', empty * 1000, p95 / (empty * 1000), '< 5 ms', p95 < 5),
  ];
}

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  try {
    const pool = await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    const calendar = await company(db, url, jwt);
    await fillLeads(db, CLOCKS + Math.ceil(CLOCKS / 2), pool, log);
    await multiply(db, url, jwt, log);
    const replanned = await replan({ db, url, jwt, calendar, log });
    return [...replanned, ...(await breaches({ db, databaseUrl, log }))];
  } finally {
    await db.end();
  }
}
