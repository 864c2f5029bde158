/** Dependencies from the lock file. Uses Node's own modules only: it runs before anything is installed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fromRoot } from './paths.mjs';
import { Refusal, run, say, seconds } from './run.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);

export function assertNode() {
  if (major < 20 || (major === 20 && minor < 19) || major > 24) {
    throw new Refusal(`Leadsea needs Node 20.19 or later, up to 24; this is Node ${process.versions.node}.`);
  }
}

const DONE = 'node_modules/.leadsea-installed';
const BUSY = '.install-lock';
const LONGEST_INSTALL_MS = 15 * 60_000;

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(fromRoot('package-lock.json')))
    .digest('hex');

/** What was installed is told by the content of the lock file, not by its date: a checkout gives every file a new one. */
export function isInstalled() {
  const done = fromRoot(DONE);
  if (existsSync(done)) return readFileSync(done, 'utf8') === lockHash();
  const marker = fromRoot('node_modules/.package-lock.json');
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(fromRoot('package-lock.json')).mtimeMs;
}

/** Two commands started side by side must not empty node_modules under each other: the second waits for the first. */
async function waitForOther() {
  const busy = fromRoot(BUSY);
  for (;;) {
    try {
      mkdirSync(busy);
      return true;
    } catch {
      if (Date.now() - (statSync(busy, { throwIfNoEntry: false })?.mtimeMs ?? 0) > LONGEST_INSTALL_MS)
        rmSync(busy, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (isInstalled()) return false;
    }
  }
}

/** `npm ci` when node_modules is missing or older than the lock file. */
export async function installIfNeeded() {
  assertNode();
  if (isInstalled() || !(await waitForOther())) return false;
  try {
    return await install();
  } finally {
    rmSync(fromRoot(BUSY), { recursive: true, force: true });
  }
}

async function install() {
  const start = performance.now();
  say('Installing dependencies from package-lock.json (a few minutes the first time) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { code, output } = await run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, NODE_ENV: 'development', npm_config_production: undefined },
  });
  if (code !== 0) throw new Refusal(`npm ci failed:\n${output.trim().split('\n').slice(0, 12).join('\n')}`);
  writeFileSync(fromRoot(DONE), lockHash());
  say(`  installed in ${seconds(start)}`);
  return true;
}
