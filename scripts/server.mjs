/**
 * Boots Strapi in this process from what `npm run build` made. Started by `start`, `dev` and the tests as a child with an IPC
 * channel: it reports `{ type: 'ready', url, accounts }` or `{ type: 'failed', message }`, and stops when its parent is gone.
 * Reads PORT, HOST, DATABASE_URL, the secrets, LEADSEA_NO_PANEL, LEADSEA_DEMO (`0` = no demo company) from the environment.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { distDir, fromRoot, root } from './lib/paths.mjs';

const require = createRequire(import.meta.url);
const report = (message) => process.send?.(message);

async function fail(message) {
  process.stderr.write(`${message}\n`);
  if (process.connected) await new Promise((resolve) => process.send({ type: 'failed', message }, resolve));
  process.exit(1);
}

function defaults() {
  process.env.NODE_ENV ??= 'production';
  process.env.HOST ??= '127.0.0.1';
  process.env.PORT ??= '1337';
  process.env.STRAPI_TELEMETRY_DISABLED ??= 'true';
  process.env.BROWSER ??= 'none';
  mkdirSync(fromRoot('public/uploads'), { recursive: true });
}

/** Strapi binds late; a taken port is told before the database is touched. */
const portIsFree = (port, host) =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host }, () => probe.close(() => resolve(true)));
  });

const isEmpty = async (strapi) => {
  const { connection } = strapi.db;
  if (!(await connection.schema.hasTable('crm_members'))) return false;
  return (await connection('crm_members').first('id')) === undefined;
};

/** First run only: the demo company, or one admin with a password that is shown once. */
async function firstRun(strapi) {
  const file = path.join(distDir, 'database/demo/index.js');
  if (!existsSync(file)) return { accounts: [], first: false };
  const demo = require(file);
  if (!(await isEmpty(strapi))) return { accounts: (await demo.accounts?.(strapi)) ?? [], first: false };
  if (process.env.LEADSEA_DEMO === '0') {
    const admin = await demo.createFirstAdmin(strapi);
    return { accounts: [admin], first: true };
  }
  report({ type: 'progress', message: 'Filling the demo company (first start only) …' });
  const accounts = (await demo.seed(strapi)) ?? (await demo.accounts?.(strapi)) ?? [];
  return { accounts, first: true };
}

async function boot() {
  defaults();
  const { HOST, PORT } = process.env;
  if (!existsSync(path.join(distDir, 'config'))) await fail('The server is not built: run `npm run build` first.');
  if (!(await portIsFree(Number(PORT), HOST))) {
    await fail(`Port ${PORT} is taken by another program. Stop it, or choose another port: PORT=1338 npm start`);
  }
  const { createStrapi } = require('@strapi/strapi');
  const strapi = createStrapi({
    appDir: root,
    distDir,
    autoReload: false,
    serveAdminPanel: process.env.LEADSEA_NO_PANEL !== '1',
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), 8000).unref();
    await strapi.destroy().catch(() => undefined);
    process.exit(0);
  };
  process.on('disconnect', stop);
  process.on('message', (message) => message === 'stop' && void stop());
  await strapi.load();
  const { accounts, first } = await firstRun(strapi);
  strapi.server.httpServer.once('error', (error) => void fail(`The server cannot listen on ${HOST}:${PORT}: ${error.message}`));
  await strapi.start();
  const host = HOST === '127.0.0.1' || HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST;
  report({ type: 'ready', url: `http://${host}:${PORT}`, accounts, first });
}

await boot().catch((error) => fail(`The server did not start: ${error?.stack ?? error}`));
