/** A file of 100,000 rows through the whole pipeline, against COPY of the same rows into a table with five indexes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lead } from './support/leadgen.mjs';
import { bearer, call, login, row } from './support/load.mjs';
import { addReps, connect, openPool, publishPolicy } from './support/world.mjs';
import { publishStandard } from './support/policies.mjs';

export const name = 'import';
const ROWS = Number(process.env.LEADSEA_BENCH_ROWS ?? 100_000);
const COLUMNS = ['name', 'email', 'phone', 'company', 'city', 'country', 'website', 'employees', 'source'];

const quoted = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** What a plain load of the rows costs this database: a multi-row insert into a table with five indexes. */
async function plainLoad(db, rows) {
  await db.query(`CREATE TABLE bench_plain (id serial PRIMARY KEY, ${COLUMNS.map((column) => `${column} text`).join(', ')})`);
  for (const column of ['email', 'phone', 'company', 'city', 'source']) await db.query(`CREATE INDEX ON bench_plain (${column})`);
  const start = performance.now();
  for (let from = 0; from < rows.length; from += 10_000) {
    await db.query(
      `INSERT INTO bench_plain (${COLUMNS.join(', ')}) SELECT ${COLUMNS.join(', ')} FROM jsonb_populate_recordset(NULL::bench_plain, $1::jsonb)`,
      [JSON.stringify(rows.slice(from, from + 10_000))],
    );
  }
  return rows.length / ((performance.now() - start) / 1000);
}

/** Megabytes the process holds in memory; null where the system does not say (it is asked the way of Linux). */
async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  return kb ? Number(kb) / 1024 : null;
}

/** Flat means: hardly more at the end than after a quarter of the rows. */
function memoryRow(idle, samples) {
  const most = Math.max(...samples);
  const early = Math.max(...samples.slice(0, Math.ceil(samples.length / 4)));
  return row(
    'memory of the server above idle during the import, against its first quarter',
    most - idle,
    'MB',
    early - idle,
    (most - idle) / (early - idle),
    '< 300 MB',
    most - idle < 300,
  );
}

export async function run({ url, databaseUrl, accounts, pid, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'leadsea-import-'));
  try {
    const reps = await addReps(db, 20);
    await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    await publishStandard(url, jwt, reps);
    const rows = Array.from({ length: ROWS }, (_, index) => {
      const made = lead(index);
      return Object.fromEntries(COLUMNS.map((column) => [column, made[column] ?? '']));
    });
    const text = [COLUMNS.join(','), ...rows.map((one) => COLUMNS.map((column) => quoted(one[column])).join(','))].join('\n');
    await writeFile(path.join(folder, 'leads.csv'), text);
    const form = new FormData();
    form.set('file', new Blob([text], { type: 'text/csv' }), 'leads.csv');
    form.set('options', JSON.stringify({ mode: 'upsert', clocks: 'none' }));
    const response = await fetch(`${url}/api/console/imports`, { method: 'POST', headers: bearer(jwt), body: form });
    const made = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(made));
    const idle = await residentMb(pid);
    const held = [];
    const start = performance.now();
    await call(url, jwt, 'POST', `/imports/${made.id}/start`, {});
    let record = await call(url, jwt, 'GET', `/imports/${made.id}`);
    while (['draft', 'queued', 'running'].includes(record.status)) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      held.push(await residentMb(pid));
      record = await call(url, jwt, 'GET', `/imports/${made.id}`);
    }
    const rate = ROWS / ((performance.now() - start) / 1000);
    log(`${record.status}: ${JSON.stringify(record.counts)}`);
    const plain = await plainLoad(db, rows);
    return [
      row(
        `import of ${ROWS.toLocaleString('en-US')} rows, whole pipeline, against a plain load`,
        rate,
        'rows/s',
        plain,
        rate / plain,
        '≥ 5,000 rows/s',
        rate >= 5000,
      ),
      ...(idle === null ? [] : [memoryRow(idle, held)]),
    ];
  } finally {
    await db.end();
    await rm(folder, { recursive: true, force: true });
  }
}
