/**
 * Starts the product: installs, builds, starts the database and the server, prints where to go. Ctrl-C stops everything.
 *   --no-demo   an empty product with one administrator instead of the demo company
 */
import { mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded } from './lib/install.mjs';
import { dataDir, shown } from './lib/paths.mjs';
import { main, Refusal, say, seconds } from './lib/run.mjs';

const began = performance.now();

const portIsFree = (port, host) =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host }, () => probe.close(() => resolve(true)));
  });

async function assertPort(port, host) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Refusal(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
  if (await portIsFree(port, host)) return;
  throw new Refusal(`Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 1} npm start`);
}

function printAccounts(accounts, first) {
  const secret = accounts.filter((account) => account.password);
  if (secret.length === 0) return;
  const width = Math.max(...secret.map((account) => account.identifier.length));
  say(first && process.env.LEADSEA_DEMO === '0' ? '\n  Your account (the password is shown only this once):' : '\n  Accounts:');
  for (const { identifier, password, role } of secret) say(`    ${identifier.padEnd(width)}  ${password}${role ? `  (${role})` : ''}`);
}

/** The database server must not outlive a killed product: `immediate` is PostgreSQL's own crash-safe stop. */
function killDatabase() {
  try {
    process.kill(Number(readFileSync(path.join(dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
  } catch {
    // not running
  }
}

/** First signal: an orderly stop. A second one (npm sends each twice, hence the pause): at once. */
function stopOnSignals(parts) {
  let since = 0;
  const onSignal = async () => {
    if (since > 0) {
      if (Date.now() - since < 1000) return;
      parts.server?.child.kill('SIGKILL');
      if (parts.database?.embedded) killDatabase();
      process.exit(130);
    }
    since = Date.now();
    say('\nStopping …');
    parts.stopping = true;
    await parts.server?.stop(6000);
    await parts.database?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void onSignal());
}

await main(async () => {
  const { values } = parseArgs({ options: { 'no-demo': { type: 'boolean' } } });
  if (values['no-demo']) process.env.LEADSEA_DEMO = '0';
  const host = process.env.HOST || '127.0.0.1';
  const port = Number(process.env.PORT || 1337);
  await assertPort(port, host);
  await installIfNeeded();
  const { assertDataFolder, loadSecrets } = await import('./lib/secrets.mjs');
  await assertDataFolder();
  const { buildAll } = await import('./build.mjs');
  await buildAll();

  const parts = {};
  stopOnSignals(parts);
  const { openDatabase } = await import('./lib/database.mjs');
  const { startServerProcess } = await import('./lib/server-process.mjs');
  parts.database = await openDatabase();
  mkdirSync(dataDir, { recursive: true });
  const logFile = path.join(dataDir, 'server.log');
  parts.server = startServerProcess({
    env: {
      ...(await loadSecrets()),
      DATABASE_URL: parts.database.url,
      HOST: host,
      PORT: String(port),
      NODE_ENV: process.env.NODE_ENV ?? 'production',
    },
    logFile,
    show: process.env.LEADSEA_QUIET === '1' ? undefined : (line) => process.stderr.write(`${line}\n`),
    onProgress: say,
  });
  const { child, ready } = parts.server;
  try {
    const { url, accounts, first } = await ready;
    say(`\nLeadsea is ready (${seconds(began)}).\n`);
    say(`  Console        ${url}/console`);
    if (process.env.LEADSEA_NO_PANEL !== '1') say(`  Strapi panel   ${url}/admin   (for implementers; make its first user there)`);
    say(`  Database       ${parts.database.embedded ? `built-in PostgreSQL in ${shown(path.join(dataDir, 'pg'))}` : 'DATABASE_URL'}`);
    say(`  Server log     ${shown(logFile)}`);
    printAccounts(accounts, first);
    say('\nCtrl-C stops everything.');
    const code = await new Promise((resolve) => child.once('exit', (exit, signal) => resolve(signal ?? exit)));
    if (parts.stopping) return await new Promise(() => undefined);
    throw new Refusal(`The server ended unexpectedly (${code}); its log is ${shown(logFile)}.`);
  } catch (error) {
    if (parts.stopping) return await new Promise(() => undefined);
    await parts.server.stop();
    await parts.database.stop();
    throw error;
  }
});
