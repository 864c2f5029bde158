/** Dependencies from the lock file. Uses Node's own modules only: it runs before anything is installed. */
import { existsSync, statSync } from 'node:fs';
import { fromRoot } from './paths.mjs';
import { Refusal, run, say, seconds } from './run.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);

export function assertNode() {
  if (major < 20 || (major === 20 && minor < 19) || major > 24) {
    throw new Refusal(`Leadsea needs Node 20.19 or later, up to 24; this is Node ${process.versions.node}.`);
  }
}

export function isInstalled() {
  const marker = fromRoot('node_modules/.package-lock.json');
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(fromRoot('package-lock.json')).mtimeMs;
}

/** `npm ci` when node_modules is missing or older than the lock file. */
export async function installIfNeeded() {
  assertNode();
  if (isInstalled()) return false;
  const start = performance.now();
  say('Installing dependencies from package-lock.json (a few minutes the first time) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { code, output } = await run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, NODE_ENV: 'development', npm_config_production: undefined },
  });
  if (code !== 0) throw new Refusal(`npm ci failed:\n${output.trim().split('\n').slice(0, 12).join('\n')}`);
  say(`  installed in ${seconds(start)}`);
  return true;
}
