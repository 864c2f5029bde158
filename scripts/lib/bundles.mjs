/** The two browser bundles: the console (Vite, admin/) and Strapi's own panel. Each is rebuilt only when its inputs changed. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { exists, fingerprint, hashOf, readJson, walk, writeWhole } from './files.mjs';
import { cacheDir, distDir, fromRoot } from './paths.mjs';
import { Refusal, run } from './run.mjs';

const stampFile = (name) => path.join(cacheDir, 'build', `${name}.stamp.json`);

async function isCurrent(name, key, output) {
  return (await readJson(stampFile(name), {})).key === key && (await exists(output));
}
const stamp = (name, key) => writeWhole(stampFile(name), JSON.stringify({ key }));

export const viteBin = () => {
  const require = createRequire(fromRoot('admin/package.json'));
  return path.join(path.dirname(require.resolve('vite/package.json')), 'bin/vite.js');
};

/** The console's inputs: its own files and the plugins' contracts it imports. */
async function consoleKey() {
  const own = await walk(fromRoot('admin'), (file) => !/\.test\.tsx?$/.test(file) && !file.endsWith('.tsbuildinfo'));
  const shared = await walk(fromRoot('plugins'), (file) => file.includes(`${path.sep}contracts${path.sep}`) && !file.endsWith('.test.ts'));
  const { version } = createRequire(fromRoot('admin/package.json'))('vite/package.json');
  return fingerprint([...own, ...shared], version);
}

/** @returns {Promise<boolean>} whether it was built; false when it is current (or there is no console) */
export async function buildConsole({ force = false } = {}) {
  if (!(await exists(fromRoot('admin/index.html')))) return false;
  const key = await consoleKey();
  if (!force && (await isCurrent('console', key, fromRoot('admin/dist/index.html')))) return false;
  const { code, output } = await run(process.execPath, [viteBin(), 'build'], {
    cwd: fromRoot('admin'),
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (code !== 0) throw new Refusal(`The console did not build.\n${output.trim()}`);
  await stamp('console', key);
  return true;
}

/** Only what the panel is made of: Strapi's packages, React, the panel's settings. */
async function panelKey() {
  const lock = await readJson(fromRoot('package-lock.json'), { packages: {} });
  const versions = Object.entries(lock.packages)
    .filter(([name]) => /^node_modules\/(@strapi\/[^/]+|react|react-dom|react-router-dom|styled-components)$/.test(name))
    .map(([name, { version }]) => `${name}@${version}`);
  const inputs = [
    ...(await walk(fromRoot('config'), (file) => /\b(admin|server|features|plugins)\.ts$/.test(file))),
    ...(await walk(fromRoot('src/admin'))),
  ];
  return hashOf(await fingerprint(inputs), ...versions.sort());
}

/** Strapi's panel, into dist/build. Takes about a minute, so it is built only when its packages or settings changed. */
export async function buildPanel({ force = false } = {}) {
  if (!(await exists(path.join(distDir, 'config')))) return false;
  const key = await panelKey();
  if (!force && (await isCurrent('panel', key, path.join(distDir, 'build/index.html')))) return false;
  const { code, output } = await run(process.execPath, [fromRoot('scripts/lib/panel.mjs')], {
    env: { ...process.env, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
  });
  if (code !== 0) throw new Refusal(`Strapi's panel did not build.\n${output.trim()}`);
  await stamp('panel', key);
  return true;
}
