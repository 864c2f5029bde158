/** The database of a run: the embedded PostgreSQL in the data folder, or the one DATABASE_URL names. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { writeWhole } from './files.mjs';
import { dataDir, fromRoot } from './paths.mjs';
import { eachLine, endChild, Refusal } from './run.mjs';

/** For a small machine; durability stays on. */
export const PRODUCT_FLAGS = '-c shared_buffers=256MB -c max_connections=120 -c jit=off -c max_wal_size=2GB -c random_page_cost=1.1';
/** For throw-away databases. */
export const THROWAWAY_FLAGS = `${PRODUCT_FLAGS} -c fsync=off -c synchronous_commit=off -c full_page_writes=off`;

const WHY = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up',
  ETIMEDOUT: 'it does not answer',
  ENETUNREACH: 'the network is unreachable',
  '28P01': 'the user name or password is wrong',
  28000: 'the user may not log in',
  '3D000': 'the database does not exist',
};
const TRANSIENT = new Set(['ECONNREFUSED', 'ETIMEDOUT', '57P03']);

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const at = (url, database) => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};
const codeOf = (error) => error.code ?? error.errors?.[0]?.code ?? (/timeout/i.test(error.message) ? 'ETIMEDOUT' : '');

/** Locales with the letters of all languages, first found first. */
const UNICODE = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8'];

/**
 * A server set up without a locale knows the letters of ASCII only: Chinese characters would be none, and the index of the search (pg_trgm)
 * would leave them out. There the database gets letters of its own; text goes on being sorted by code points, which is fastest.
 */
async function createIn(client, name) {
  const plain = `CREATE DATABASE ${pg.escapeIdentifier(name)}`;
  const { rows } = await client.query(`SELECT datctype FROM pg_database WHERE datname = 'template1'`);
  for (const locale of /^(?:C|POSIX)$/.test(rows[0]?.datctype) ? UNICODE : []) {
    try {
      await client.query(`${plain} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE '${locale}'`);
      return;
    } catch (error) {
      if (!/locale/i.test(error.message)) throw error;
    }
  }
  await client.query(plain);
}

/** Creates the database a URL names unless it is there. */
export async function createDatabase(url) {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  await withClient(at(url, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await createIn(client, name);
  });
}

export const dropDatabase = (url) => {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  return withClient(at(url, 'postgres'), (client) => client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`));
};

/**
 * Waits up to `patience` ms for the server, makes the database if it is missing, checks the version.
 * @throws Refusal in one sentence, without the password
 */
export async function verifyDatabase(url, patience = 15_000) {
  let target;
  try {
    target = new URL(url);
  } catch {
    throw new Refusal('DATABASE_URL is not a URL such as postgres://user:password@host:5432/leadsea.');
  }
  const where = `${target.hostname}:${target.port || 5432}${target.pathname}`;
  const start = Date.now();
  for (;;) {
    try {
      const version = await withClient(url, async (client) =>
        Number((await client.query('SHOW server_version_num')).rows[0].server_version_num),
      );
      if (version < 140_000)
        throw new Refusal(`The database at ${where} is PostgreSQL ${Math.floor(version / 10_000)}; Leadsea needs 14 or later.`);
      return;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const code = codeOf(error);
      if (code === '3D000') {
        await createDatabase(url).catch((reason) => {
          throw new Refusal(`The database at ${where} does not exist and could not be created: ${reason.message}.`);
        });
        continue;
      }
      if (!TRANSIENT.has(code) || Date.now() - start > patience) {
        throw new Refusal(
          `The database at ${where} cannot be reached: ${WHY[code] ?? error.message}. Check DATABASE_URL, or unset it to use the built-in PostgreSQL.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/**
 * Starts the embedded PostgreSQL as a child with its own process group, so that Ctrl-C reaches Leadsea first.
 * @returns {Promise<{ url: string, child: import('node:child_process').ChildProcess, stop(): Promise<void> }>} `url` without a database
 */
export async function startEmbedded({ dir = path.join(dataDir, 'pg'), flags = PRODUCT_FLAGS } = {}) {
  const child = spawn(process.execPath, [fromRoot('database/embedded.mjs'), dir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, LEADSEA_PG_FLAGS: flags },
  });
  const errors = [];
  const url = await new Promise((resolve, reject) => {
    eachLine(child.stdout, (line) => line.startsWith('postgres://') && resolve(line.trim()));
    eachLine(child.stderr, (line) => errors.push(line));
    child.once('error', reject);
    child.once('close', () => reject(new Refusal(errors.join('\n') || 'The embedded PostgreSQL ended at once.')));
  });
  return { url, child, stop: () => endChild(child, { grace: 6000 }) };
}

/**
 * The product's database, ready for connections.
 * @returns {Promise<{ url: string, embedded: boolean, child?: import('node:child_process').ChildProcess, stop(): Promise<void> }>}
 */
export async function openDatabase() {
  const given = process.env.DATABASE_URL;
  if (given) {
    await verifyDatabase(given);
    return { url: given, embedded: false, stop: async () => undefined };
  }
  const server = await startEmbedded();
  const url = at(server.url, 'leadsea');
  await createDatabase(url);
  await writeWhole(path.join(dataDir, 'database-url'), `${url}\n`, { mode: 0o600 });
  return { ...server, url, embedded: true };
}
