/** Type declarations of the plugins, written beside their JavaScript so that a packed plugin carries its types. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fingerprint, readJson, walk, writeWhole, exists } from './files.mjs';
import { cacheDir, fromRoot } from './paths.mjs';
import { Refusal, run } from './run.mjs';
import { workspacePlugins } from './workspaces.mjs';

/** @returns {Promise<boolean>} whether anything was written */
export async function emitDeclarations() {
  const plugins = await workspacePlugins();
  const sources = (
    await Promise.all(plugins.map(({ dir }) => walk(dir, (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))))
  ).flat();
  const key = await fingerprint(sources);
  const stamp = path.join(cacheDir, 'build/declarations.stamp.json');
  const present = await Promise.all(plugins.map(({ dir }) => exists(path.join(dir, 'dist/index.d.ts'))));
  if ((await readJson(stamp, {})).key === key && present.every(Boolean)) return false;

  const out = path.join(cacheDir, 'declarations');
  await rm(out, { recursive: true, force: true });
  await mkdir(cacheDir, { recursive: true });
  const config = path.join(cacheDir, 'tsconfig.declarations.json');
  await writeWhole(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: {
        noEmit: false,
        emitDeclarationOnly: true,
        declaration: true,
        incremental: false,
        composite: false,
        tsBuildInfoFile: null,
        noEmitOnError: false,
        rootDir: fromRoot('plugins'),
        outDir: out,
        baseUrl: '..',
        paths: { '@leadsea/*/contracts': ['plugins/*/contracts/index.ts'], '@leadsea/*': ['plugins/*/index.ts'] },
      },
      include: ['../plugins/*/index.ts', '../plugins/*/contracts/**/*.ts', '../plugins/*/server/src/**/*.ts'],
      exclude: ['../plugins/**/*.test.ts', '../plugins/*/dist', '../plugins/*/node_modules'],
    }),
  );
  const { code, output } = await run(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '-p', config]);
  const written = await walk(out, (file) => file.endsWith('.d.ts'));
  if (written.length === 0) throw new Refusal(`No type declarations were written.\n${output.trim()}`);
  if (code !== 0) throw new Refusal(`The type declarations have errors.\n${output.trim()}`);
  for (const file of written) {
    const [plugin, ...rest] = path.relative(out, file).split(path.sep);
    await writeWhole(fromRoot('plugins', plugin, 'dist', ...rest), await readFile(file));
  }
  await writeWhole(stamp, JSON.stringify({ key }));
  return true;
}
