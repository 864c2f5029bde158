import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { LIKE_THE_PRODUCT, openTestDatabase, type TestDatabase } from './postgres';

export interface Account {
  readonly identifier: string;
  readonly password: string;
  readonly role?: string;
}

export interface TestServer {
  readonly url: string;
  readonly database: TestDatabase;
  readonly databaseUrl: string;
  /** Who can log in: the demo people, or the one administrator of an empty product. */
  readonly accounts: readonly Account[];
  /** What the server printed so far. */
  readonly logs: readonly string[];
  /** An orderly stop; the database stays, for a restart. */
  stop(): Promise<void>;
  /** The end no program can prepare for. */
  kill9(): Promise<void>;
  /** Boots again on the same database and port. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops the server and drops its database. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** With the demo company; otherwise an empty product with one administrator. */
  readonly demo?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** A second server on the database of another one, which stays its owner. */
  readonly beside?: TestServer;
}

const root = path.resolve(__dirname, '../..');

export const JWT_SECRET = 'test-jwt-secret';

/** Fixed, so that a token outlives a restart and is good on a second server. */
const SECRETS = {
  APP_KEYS: 'test-key-one,test-key-two',
  API_TOKEN_SALT: 'test-api-token-salt',
  ADMIN_JWT_SECRET: 'test-admin-secret',
  TRANSFER_TOKEN_SALT: 'test-transfer-salt',
  JWT_SECRET,
  ENCRYPTION_KEY: 'test-encryption-key-of-32-letters',
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

interface Ready {
  readonly type: 'ready' | 'failed' | 'progress';
  readonly message?: string;
  readonly accounts?: readonly Account[];
}

interface Running {
  readonly child: ChildProcess;
  readonly accounts: readonly Account[];
}

async function boot(databaseUrl: string, port: number, env: Readonly<Record<string, string>>, logs: string[]): Promise<Running> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/server.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...SECRETS,
      NODE_ENV: 'production',
      NODE_OPTIONS: '',
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      LEADSEA_NO_PANEL: '1',
      LEADSEA_TEST_CLOCK: '1',
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', (line) => logs.push(line));
  const accounts = await new Promise<readonly Account[]>((resolve, reject) => {
    child.on('message', (message: Ready) => {
      if (message.type === 'ready') resolve(message.accounts ?? []);
      if (message.type === 'failed') reject(new Error(message.message));
    });
    child.once('exit', (code) => {
      const told = (): void => reject(new Error(`The server ended (${code}) before it was ready:\n${logs.slice(-30).join('\n')}`));
      setTimeout(told, 100);
    });
  });
  return { child, accounts };
}

const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
};

let built = false;
/** Brings the compiled server up to date (a moment when it is), once per test file. */
function build(): void {
  if (built) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--server'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The server did not build:\n${stdout}${stderr}`);
  built = true;
}

/** Name and age of every compiled file: another build, another template. */
function buildKey(): string {
  const hash = createHash('sha256');
  const visit = (dir: string): void => {
    if (!existsSync(dir)) return;
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const full = path.join(dir, entry.name);
      if (entry.isDirectory()) visit(full);
      else if (entry.name.endsWith('.js') || entry.name.endsWith('.json'))
        hash.update(`${full}:${statSync(full).mtimeMs}:${statSync(full).size};`);
    }
  };
  for (const plugin of readdirSync(path.join(root, 'plugins'))) visit(path.join(root, 'plugins', plugin, 'dist'));
  visit(path.join(root, 'dist/config'));
  visit(path.join(root, 'dist/database'));
  return hash.digest('hex').slice(0, 12);
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: process.env['LEADSEA_TEST_PG'] });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A migrated (and, for the demo, filled) database to copy: made by the first who needs it, kept for all later test files of this
 * build. The accounts are kept as its comment, since the administrator's password is shown once.
 */
async function template(demo: boolean): Promise<{ name: string; accounts: readonly Account[] }> {
  const name = `leadsea_template_${buildKey()}${demo ? `_demo${process.env['LEADSEA_DEMO_LEADS'] ?? ''}` : ''}`;
  return onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const find = "SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1";
    const { rows } = await client.query<{ note: string }>(find, [name]);
    if (rows[0]) return { name, accounts: JSON.parse(rows[0].note) as Account[] };
    const making = `${name}_new`;
    await client.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${making} TEMPLATE ${LIKE_THE_PRODUCT}`);
    const url = new URL(process.env['LEADSEA_TEST_PG'] ?? '');
    url.pathname = `/${making}`;
    const { child, accounts } = await boot(url.href, await freePort(), { LEADSEA_DEMO: demo ? '1' : '0' }, []);
    await end(child, 'SIGTERM');
    await client.query(`COMMENT ON DATABASE ${making} IS ${client.escapeLiteral(JSON.stringify(accounts))}`);
    await client.query(`ALTER DATABASE ${making} RENAME TO ${name}`);
    return { name, accounts };
  });
}

/** A real server on its own copy of the template, on a free port. Close it in `afterAll`. */
export async function startServer({ demo = false, env = {}, beside }: StartOptions = {}): Promise<TestServer> {
  build();
  const source = beside ? null : await template(demo);
  const database = beside?.database ?? (await openTestDatabase(source?.name));
  const port = await freePort();
  const logs: string[] = [];
  let running = await boot(database.url, port, { LEADSEA_DEMO: demo ? '1' : '0', ...env }, logs);
  const stop = (): Promise<void> => end(running.child, 'SIGTERM');
  return {
    url: `http://127.0.0.1:${port}`,
    database,
    databaseUrl: database.url,
    accounts: beside?.accounts ?? source?.accounts ?? [],
    logs,
    stop,
    kill9: () => end(running.child, 'SIGKILL'),
    restart: async (more = {}) => {
      await stop();
      running = await boot(database.url, port, { LEADSEA_DEMO: demo ? '1' : '0', ...env, ...more }, logs);
    },
    close: async () => {
      await stop();
      if (!beside) await database.close();
    },
  };
}
export { api, type Answer, type Api } from './api';
