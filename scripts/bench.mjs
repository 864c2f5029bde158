/**
 * Runs the benchmarks one after the other and prints their rows. `npm run bench [-- NAME …]`
 *
 * A benchmark is `tests/bench/<name>.mjs` and exports
 *   name: string
 *   run({ url, databaseUrl, accounts, pid, log }) → rows { work, measured, unit, baseline, ratio, budget, ok }
 * `url`, `databaseUrl` and `pid` are of a server of its own over an empty database with full durability.
 */
import { mkdtemp, readdir, rm, chmod } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installIfNeeded } from './lib/install.mjs';
import { fromRoot } from './lib/paths.mjs';
import { main, Refusal, say, seconds } from './lib/run.mjs';

const COLUMNS = ['work', 'measured', 'baseline', 'ratio', 'budget', 'ok'];
const number = (value) => (typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : (value ?? ''));
const cells = (row) => [
  row.work,
  `${number(row.measured)} ${row.unit ?? ''}`.trim(),
  number(row.baseline),
  number(row.ratio),
  number(row.budget),
  row.ok ? 'yes' : 'NO',
];

function print(rows) {
  const table = [COLUMNS, ...rows.map(cells)].map((line) => line.map(String));
  const widths = COLUMNS.map((_column, i) => Math.max(...table.map((line) => line[i].length)));
  for (const line of table) say(line.map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
}

async function runOne(file, { startEmbedded, createDatabase, freshSecrets, startServerProcess, freePort }) {
  const bench = await import(pathToFileURL(file).href);
  const dir = await mkdtemp(path.join(os.tmpdir(), 'leadsea-bench-'));
  await chmod(dir, 0o755);
  const database = await startEmbedded({ dir: path.join(dir, 'pg') });
  let server;
  try {
    const databaseUrl = database.url.replace(/\/postgres$/, '/leadsea');
    await createDatabase(databaseUrl);
    server = startServerProcess({
      env: {
        ...freshSecrets(),
        DATABASE_URL: databaseUrl,
        HOST: '127.0.0.1',
        PORT: String(await freePort()),
        LEADSEA_NO_PANEL: '1',
        LEADSEA_DEMO: '0',
      },
    });
    const { url, accounts } = await server.ready;
    return await bench.run({ url, databaseUrl, accounts, pid: server.child.pid, log: (line) => say(`  ${line}`) });
  } finally {
    await server?.stop();
    await database.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

await main(async () => {
  await installIfNeeded();
  const { buildAll } = await import('./build.mjs');
  await buildAll({ console: false, panel: false });
  const tools = {
    ...(await import('./lib/database.mjs')),
    ...(await import('./lib/secrets.mjs')),
    ...(await import('./lib/server-process.mjs')),
    ...(await import('../database/embedded.mjs')),
    startEmbedded: (await import('./lib/database.mjs')).startEmbedded,
  };
  const asked = process.argv.slice(2);
  const files = (await readdir(fromRoot('tests/bench')).catch(() => []))
    .filter((name) => name.endsWith('.mjs') && (asked.length === 0 || asked.includes(name.replace(/\.mjs$/, ''))))
    .sort();
  if (files.length === 0) throw new Refusal(`There is no benchmark ${asked.join(', ')} in tests/bench.`.replace('  ', ' '));
  const rows = [];
  for (const name of files) {
    const start = performance.now();
    say(`${name} …`);
    rows.push(...(await runOne(fromRoot('tests/bench', name), tools)));
    say(`  ${seconds(start)}`);
  }
  say();
  print(rows);
  return rows.every((row) => row.ok) ? 0 : 1;
});
