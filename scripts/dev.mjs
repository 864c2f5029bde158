/**
 * The product while you change it: database, server (restarted when a plugin or config/ changes), console with hot reload.
 * Same data folder as `npm start`; takes --no-demo too.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded } from './lib/install.mjs';
import { dataDir, fromRoot } from './lib/paths.mjs';
import { eachLine, endChild, main, say, seconds } from './lib/run.mjs';

const DEBOUNCE = 200;
const WATCHED = ['plugins', 'config', 'database'];
const IGNORED = /(^|[\\/])(node_modules|dist|\.cache)([\\/]|$)|\.test\.ts$|\.tmp$/;

/** Calls back once a burst of changes in the sources is over. */
function onSourceChange(callback) {
  let timer;
  for (const folder of WATCHED) {
    watch(fromRoot(folder), { recursive: true }, (_event, file) => {
      if (!file || IGNORED.test(file) || !/\.(ts|json)$/.test(file)) return;
      clearTimeout(timer);
      timer = setTimeout(callback, DEBOUNCE);
    });
  }
}

async function startVite(port) {
  const { viteBin } = await import('./lib/bundles.mjs');
  const vite = spawn(process.execPath, [viteBin(), '--clearScreen', 'false'], {
    cwd: fromRoot('admin'),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LEADSEA_API: `http://127.0.0.1:${port}` },
  });
  const show = (line) => line.trim() && say(`[console] ${line}`);
  eachLine(vite.stdout, show);
  eachLine(vite.stderr, show);
  return vite;
}

await main(async () => {
  const { values } = parseArgs({ options: { 'no-demo': { type: 'boolean' } } });
  const port = Number(process.env.PORT || 1337);
  await installIfNeeded();
  const { assertDataFolder, loadSecrets } = await import('./lib/secrets.mjs');
  const { openDatabase } = await import('./lib/database.mjs');
  const { startServerProcess } = await import('./lib/server-process.mjs');
  const { transpileAll } = await import('./lib/transpile.mjs');
  await assertDataFolder();
  await transpileAll();

  const database = await openDatabase();
  const env = {
    ...(await loadSecrets()),
    DATABASE_URL: database.url,
    HOST: process.env.HOST || '127.0.0.1',
    PORT: String(port),
    LEADSEA_NO_PANEL: process.env.LEADSEA_NO_PANEL ?? '1',
    ...(values['no-demo'] ? { LEADSEA_DEMO: '0' } : {}),
  };
  let server = null;
  const boot = async () => {
    const start = performance.now();
    server = startServerProcess({
      env,
      logFile: path.join(dataDir, 'server.log'),
      show: (line) => process.stderr.write(`${line}\n`),
      onProgress: say,
    });
    await server.ready.then(
      ({ url, accounts }) => {
        say(`[server] ready on ${url} (${seconds(start)})`);
        return accounts;
      },
      (error) => say(`[server] ${error.message}\n[server] waiting for a change …`),
    );
  };

  // Changes are handled one after the other; those that come meanwhile make one more turn.
  let turn = Promise.resolve();
  const reload = () => {
    turn = turn.then(async () => {
      try {
        const touched = await transpileAll();
        if (touched.length === 0) return;
        say(`[server] ${touched.length} file${touched.length === 1 ? '' : 's'} changed, restarting`);
        await server?.stop();
        await boot();
      } catch (error) {
        say(`[server] ${error.message}`);
      }
    });
  };

  const vite = await startVite(port);
  let stopping = 0;
  const stop = async () => {
    if (stopping > 0 && Date.now() - stopping > 1000) process.exit(130);
    if (stopping > 0) return;
    stopping = Date.now();
    await Promise.all([endChild(vite, { grace: 2000 }), server?.stop(6000)]);
    await database.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
  turn = boot();
  await turn;
  onSourceChange(reload);
  say(
    `\n  Console (hot reload)   http://localhost:5173/console/\n  API and Strapi         http://localhost:${port}\n\nCtrl-C stops everything.`,
  );
  await new Promise(() => undefined);
});
