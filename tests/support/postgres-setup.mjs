/** Jest global set-up: one embedded PostgreSQL for all test files, started on first use and shared by runs until it is stopped. */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(root, '.data/test');
const urlFile = path.join(folder, 'url');
const pidFile = path.join(folder, 'pid');

async function answers(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function startTestPostgres() {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL;
  if (existsSync(urlFile)) {
    const url = readFileSync(urlFile, 'utf8').trim();
    if (url && (await answers(url))) return url;
  }
  mkdirSync(folder, { recursive: true });
  rmSync(path.join(folder, 'pg'), { recursive: true, force: true });
  const out = path.join(folder, 'server.log');
  const log = openSync(out, 'w');
  const child = spawn(process.execPath, [path.join(root, 'database/embedded.mjs'), path.join(folder, 'pg')], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      LEADSEA_PG_FLAGS:
        '-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=512MB -c max_wal_size=4GB',
    },
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
  for (let i = 0; i < 120; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const url = /postgres:\/\/\S+/.exec(readFileSync(out, 'utf8'))?.[0];
    if (url && (await answers(url))) {
      writeFileSync(urlFile, url);
      return url;
    }
  }
  throw new Error(`The test PostgreSQL did not start: ${readFileSync(out, 'utf8')}`);
}

export async function isTestPostgresRunning() {
  if (process.env.TEST_DATABASE_URL) return true;
  return existsSync(urlFile) && (await answers(readFileSync(urlFile, 'utf8').trim()));
}

/** Stops the shared server and waits until it is gone. */
export async function stopTestPostgres() {
  if (process.env.TEST_DATABASE_URL || !existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  rmSync(urlFile, { force: true });
  rmSync(pidFile, { force: true });
  try {
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 50; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(pid, 0);
    }
  } catch {
    // gone
  }
}

export default async function setup() {
  process.env.LEADSEA_TEST_PG = await startTestPostgres();
}
