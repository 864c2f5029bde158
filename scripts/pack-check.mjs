/**
 * Packs every plugin and boots them all in a fresh, plain Strapi project on a fresh database: what a stranger gets from npm works.
 * Uses DATABASE_URL's server when set (a database of its own is made and dropped there), otherwise a throw-away PostgreSQL.
 *   --keep   leave the project folder for a look
 */
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readJson } from './lib/files.mjs';
import { installIfNeeded } from './lib/install.mjs';
import { fromRoot } from './lib/paths.mjs';
import { eachLine, endChild, main, Refusal, run, say, seconds } from './lib/run.mjs';

const CONFIG = {
  'config/server.js': `module.exports = ({ env }) => ({ host: '127.0.0.1', port: env.int('PORT'), app: { keys: env.array('APP_KEYS') } });`,
  'config/admin.js': `module.exports = ({ env }) => ({
    auth: { secret: env('ADMIN_JWT_SECRET') }, apiToken: { salt: env('API_TOKEN_SALT') },
    transfer: { token: { salt: env('TRANSFER_TOKEN_SALT') } }, secrets: { encryptionKey: env('ENCRYPTION_KEY') } });`,
  'config/database.js': `module.exports = ({ env }) => ({ connection: { client: 'postgres', connection: { connectionString: env('DATABASE_URL') } } });`,
  'config/plugins.js': `module.exports = ({ env }) => ({ 'users-permissions': { config: { jwtSecret: env('JWT_SECRET') } } });`,
  'config/middlewares.js': `module.exports = ['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors', 'strapi::poweredBy',
    'strapi::query', 'strapi::body', 'strapi::session', 'strapi::favicon', 'strapi::public'];`,
  'src/index.js': `module.exports = { register() {}, bootstrap({ strapi }) { console.log('PLUGINS ' + Object.keys(strapi.plugins).join(' ')); } };`,
};
const HOST_PACKAGES = [
  '@strapi/strapi',
  '@strapi/plugin-users-permissions',
  'pg',
  'react',
  'react-dom',
  'react-router-dom',
  'styled-components',
];

async function step(name, work) {
  const start = performance.now();
  const result = await work();
  say(`  ${name} (${seconds(start)})`);
  return result;
}

async function npm(args, cwd) {
  const { code, output } = await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
  if (code !== 0) throw new Refusal(`npm ${args[0]} failed:\n${output.trim()}`);
  return output;
}

/** The repository's lock without its workspaces: the same versions of everything, most of them already in npm's cache. */
async function lockFor(manifest) {
  const lock = await readJson(fromRoot('package-lock.json'), { packages: {} });
  const packages = Object.entries(lock.packages).filter(([name, entry]) => name.startsWith('node_modules/') && !entry.link);
  return {
    name: manifest.name,
    version: manifest.version,
    lockfileVersion: lock.lockfileVersion,
    requires: true,
    packages: { '': manifest, ...Object.fromEntries(packages) },
  };
}

async function makeProject(dir, plugins) {
  const own = await readJson(fromRoot('package.json'), {});
  const manifest = {
    name: 'plain-strapi',
    version: '0.0.0',
    private: true,
    dependencies: Object.fromEntries(HOST_PACKAGES.map((name) => [name, own.dependencies[name]])),
  };
  await mkdir(path.join(dir, 'public/uploads'), { recursive: true });
  await writeFile(path.join(dir, 'package-lock.json'), JSON.stringify(await lockFor(manifest)));
  for (const { packageName, tarball } of plugins) manifest.dependencies[packageName] = `file:${tarball}`;
  await writeFile(path.join(dir, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const [file, text] of Object.entries(CONFIG)) {
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true });
    await writeFile(path.join(dir, file), `${text}\n`);
  }
  await npm(['install', '--prefer-offline', '--ignore-scripts'], dir);
}

/** The console travels inside the core plugin, which serves it wherever it is installed. */
async function bringConsole() {
  const target = fromRoot('plugins/crm-core/dist/console');
  await rm(target, { recursive: true, force: true });
  await cp(fromRoot('admin/dist'), target, { recursive: true });
}

async function pack(dir) {
  const { workspacePlugins } = await import('./lib/workspaces.mjs');
  const plugins = [];
  for (const plugin of await workspacePlugins()) {
    const [{ filename, files }] = JSON.parse(await npm(['pack', '--json', '--pack-destination', dir], plugin.dir));
    const stray = files.filter(({ path: file }) => /\.test\.|(^|\/)node_modules\//.test(file));
    if (stray.length > 0) throw new Refusal(`${plugin.packageName} packs ${stray[0].path}.`);
    plugins.push({ ...plugin, tarball: path.join(dir, filename) });
  }
  return plugins;
}

/** Boots the project and asks it; gives what is wrong, or null. */
async function verify(dir, plugins, env) {
  const child = spawn(process.execPath, ['node_modules/@strapi/strapi/bin/strapi.js', 'start'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true', BROWSER: 'none' },
  });
  const lines = [];
  eachLine(child.stdout, (line) => lines.push(line));
  eachLine(child.stderr, (line) => lines.push(line));
  try {
    for (let waited = 0; waited < 120_000; waited += 300) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (child.exitCode !== null) return `Strapi ended with code ${child.exitCode}:\n${lines.slice(-30).join('\n')}`;
      const response = await fetch(`http://127.0.0.1:${env.PORT}/api/console/openapi.json`).catch(() => null);
      if (!response) continue;
      const loaded = lines.find((line) => line.includes('PLUGINS '))?.split(/\s+/) ?? [];
      const absent = plugins.filter(({ name }) => !loaded.includes(name)).map(({ name }) => name);
      if (absent.length > 0) return `These plugins are not loaded: ${absent.join(', ')}.`;
      if (response.status !== 200) return `/api/console/openapi.json answers ${response.status}.`;
      const document = await response.json();
      if (!document.openapi) return '/api/console/openapi.json is not an OpenAPI document.';
      const page = await fetch(`http://127.0.0.1:${env.PORT}/console`);
      return page.ok && (await page.text()).includes('<div id="root"')
        ? null
        : `/console answers ${page.status} without the console's page.`;
    }
    return `Strapi did not answer within two minutes:\n${lines.slice(-30).join('\n')}`;
  } finally {
    await endChild(child);
  }
}

await main(async () => {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' } } });
  await installIfNeeded();
  const { buildAll } = await import('./build.mjs');
  await buildAll({ panel: false, types: true });
  await bringConsole();
  const { createDatabase, dropDatabase, startEmbedded, THROWAWAY_FLAGS } = await import('./lib/database.mjs');
  const { freshSecrets } = await import('./lib/secrets.mjs');
  const { freePort } = await import('../database/embedded.mjs');

  const dir = await mkdtemp(path.join(os.tmpdir(), 'leadsea-pack-'));
  await chmod(dir, 0o755);
  const given = process.env.DATABASE_URL;
  let server = null;
  let database = null;
  try {
    const plugins = await step('packed', () => pack(dir));
    await step('installed in a plain Strapi project', () => makeProject(path.join(dir, 'project'), plugins));
    server = given ? null : await startEmbedded({ dir: path.join(dir, 'pg'), flags: THROWAWAY_FLAGS });
    const url = new URL(given ?? server.url);
    url.pathname = `/pack_check_${process.pid}`;
    database = url.href;
    await createDatabase(database);
    const env = { ...freshSecrets(), DATABASE_URL: database, PORT: String(await freePort()) };
    const problem = await step('booted', () => verify(path.join(dir, 'project'), plugins, env));
    if (problem) throw new Refusal(problem);
    const version = JSON.parse(await readFile(path.join(dir, 'project/node_modules/@strapi/strapi/package.json'), 'utf8')).version;
    say(`All ${plugins.length} plugins are loaded in a plain Strapi ${version} project.`);
  } finally {
    if (given && database) await dropDatabase(database).catch(() => undefined);
    await server?.stop();
    if (values.keep) say(dir);
    else await rm(dir, { recursive: true, force: true });
  }
});
