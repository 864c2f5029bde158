/**
 * Completes package-lock.json after a dependency changed: npm leaves out the optional packages of platforms that it could not look up
 * (a registry mirror need not offer all of them), and `npm ci` then refuses the lock file everywhere. Each one is entered with
 * its version and platform, which is all npm needs to skip it elsewhere and to fetch it there. `--check` only tells.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fromRoot } from './lib/paths.mjs';
import { main, Refusal, say } from './lib/run.mjs';

const OS = ['darwin', 'linux', 'win32', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'android', 'sunos', 'aix'];
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64el',
  armv7: 'arm',
  armv6: 'arm',
  wasm32: 'wasm32',
};

/** `@rollup/rollup-linux-arm64-musl` → its os, cpu and libc, as its own manifest declares them. */
function platformOf(name) {
  const words = name.split('/').pop().split(/[-_.]/);
  const os = OS.find((word) => words.includes(word)) ?? (words.includes('windows') ? 'win32' : null);
  const cpu =
    words.map((word) => CPU[word]).find(Boolean) ?? (words.some((word) => /^(gnueabihf|musleabihf|gnueabi)$/.test(word)) ? 'arm' : null);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : null;
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && os === 'linux' && { libc: [libc] }) };
}

/** Where Node would find `name` from the package at `place`. */
function isLocked(packages, place, name) {
  const parts = place.split('/node_modules/');
  const folders = parts.map((_part, i) => `${parts.slice(0, parts.length - i).join('/node_modules/')}/node_modules/${name}`);
  return [...folders, `node_modules/${name}`].some((folder) => packages[folder]);
}

/** The missing entries, beside the package that asks for them when another version would be in the way at the top. */
function missingEntries(packages) {
  const added = {};
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, place, name)) continue;
      const version = /^[~^]?(\d+\.\d+\.\d+\S*)$/.exec(wanted)?.[1];
      const platform = platformOf(name);
      if (!version || (!platform.os && !platform.cpu))
        throw new Refusal(`${name}@${wanted} (of ${place}) is missing and its platform is unknown.`);
      const parent = place.slice(0, place.lastIndexOf('node_modules/'));
      const top = added[`node_modules/${name}`];
      const at = !top || top.version === version ? `node_modules/${name}` : `${parent}node_modules/${name}`;
      const where = added[at] && added[at].version !== version ? `${place}/node_modules/${name}` : at;
      added[where] = { version, ...platform, ...(entry.dev && { dev: true }), optional: true };
      if (entry.devOptional) added[where].devOptional = true;
    }
  }
  return added;
}

await main(async () => {
  const file = process.argv.find((argument) => argument.endsWith('.json')) ?? fromRoot('package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8'));
  const added = missingEntries(lock.packages);
  const names = Object.keys(added);
  if (process.argv.includes('--check')) {
    if (names.length > 0)
      throw new Refusal(`package-lock.json lacks ${names.length} optional packages; run node scripts/complete-lock.mjs.`);
    return;
  }
  if (names.length > 0) {
    const [root, ...rest] = Object.entries({ ...lock.packages, ...added });
    lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
    await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  }
  say(`${names.length} optional packages of other platforms added.`);
});
