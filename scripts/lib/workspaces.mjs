/** The Strapi plugins of this repository, in the order their dependencies ask for. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from './files.mjs';
import { fromRoot } from './paths.mjs';

/** @returns {Promise<{ name: string, packageName: string, dir: string, manifest: object }[]>} */
export async function workspacePlugins() {
  const names = (await readdir(fromRoot('plugins'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const plugins = await Promise.all(
    names.map(async (name) => {
      const dir = fromRoot('plugins', name);
      const manifest = await readJson(path.join(dir, 'package.json'), null);
      return { name, dir, manifest, packageName: manifest?.name };
    }),
  );
  const own = plugins.filter((plugin) => plugin.manifest?.strapi?.kind === 'plugin');
  const depth = (plugin) =>
    own.filter((other) => plugin.manifest.peerDependencies?.[other.packageName] ?? plugin.manifest.dependencies?.[other.packageName])
      .length;
  return own.sort((a, b) => depth(a) - depth(b) || a.name.localeCompare(b.name));
}
