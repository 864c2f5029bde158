/** TypeScript to CommonJS, file by file and only what changed. Types are checked elsewhere (`npm run check`). */
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { transform, version } from 'esbuild';
import { exists, hashOf, readJson, walk, writeWhole } from './files.mjs';
import { cacheDir, distDir, fromRoot, root, shown } from './paths.mjs';

const COPIED = /\.(json|sql|ya?ml|csv)$/;
const isSource = (file) => (/\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file)) || COPIED.test(file);
const RECIPE = `esbuild ${version} cjs node20 v1`;

/** The trees that become JavaScript: where the sources are and which folder mirrors them. */
export async function trees() {
  const { workspacePlugins } = await import('./workspaces.mjs');
  const plugins = (await workspacePlugins()).map(({ name, dir }) => ({
    name,
    base: dir,
    out: path.join(dir, 'dist'),
    parts: ['index.ts', 'contracts', 'server/src'],
  }));
  return [...plugins, { name: 'app', base: root, out: distDir, parts: ['config', 'src', 'database'] }];
}

async function sourcesOf(tree) {
  const lists = await Promise.all(
    tree.parts.map(async (part) => {
      const full = path.join(tree.base, part);
      if (part.endsWith('.ts')) return (await exists(full)) ? [full] : [];
      return walk(full, isSource);
    }),
  );
  return lists.flat().filter((file) => !file.startsWith(fromRoot('src/admin') + path.sep));
}

const outputOf = (tree, source) => path.join(tree.out, path.relative(tree.base, source).replace(/\.ts$/, '.js'));

async function compile(source, output) {
  const code = await readFile(source, 'utf8');
  if (!source.endsWith('.ts')) return writeWhole(output, code);
  const result = await transform(code, {
    loader: 'ts',
    format: 'cjs',
    target: 'node20',
    platform: 'node',
    sourcefile: shown(source),
    tsconfigRaw: { compilerOptions: { target: 'ES2022', useDefineForClassFields: true } },
  });
  await writeWhole(output, result.code);
}

/** What is recorded of a source: cheap to compare first (time, size), certain second (content). */
async function stateOf(source, known) {
  const { mtimeMs, size } = await stat(source);
  if (known && known.mtimeMs === mtimeMs && known.size === size) return known;
  return { mtimeMs, size, hash: hashOf(await readFile(source)) };
}

/**
 * Brings one tree's output up to date and removes outputs whose source is gone.
 * @returns {Promise<string[]>} the outputs written or removed
 * @throws Error naming every file that does not parse
 */
export async function transpileTree(tree) {
  const manifestFile = path.join(cacheDir, 'build', `${tree.name}.json`);
  const manifest = await readJson(manifestFile, {});
  const known = manifest.recipe === RECIPE ? (manifest.files ?? {}) : {};
  const files = {};
  const touched = [];
  const failures = [];
  await Promise.all(
    (await sourcesOf(tree)).map(async (source) => {
      const key = path.relative(tree.base, source);
      const output = outputOf(tree, source);
      try {
        const state = await stateOf(source, known[key]);
        if (known[key]?.hash !== state.hash || !(await exists(output))) {
          await compile(source, output);
          touched.push(output);
        }
        files[key] = state;
      } catch (error) {
        const first = error.errors?.[0];
        failures.push(first ? `${shown(source)}:${first.location?.line ?? 0}: ${first.text}` : `${shown(source)}: ${error.message}`);
      }
    }),
  );
  const failed = new Set(failures.map((line) => line.split(':')[0]));
  for (const key of Object.keys(manifest.files ?? {})) {
    const source = path.join(tree.base, key);
    if (files[key] || failed.has(shown(source))) continue;
    const output = outputOf(tree, source);
    await rm(output, { force: true });
    await rm(output.replace(/\.js$/, '.d.ts'), { force: true });
    touched.push(output);
  }
  if (
    touched.length > 0 ||
    failures.length > 0 ||
    manifest.recipe !== RECIPE ||
    Object.keys(files).some((key) => files[key] !== known[key])
  ) {
    await writeWhole(manifestFile, JSON.stringify({ recipe: RECIPE, files }));
  }
  if (failures.length > 0) throw new Error(failures.join('\n'));
  return touched;
}

/** Every tree; the failures of all of them are told together. */
export async function transpileAll() {
  const results = await Promise.allSettled((await trees()).map(transpileTree));
  const failures = results.filter((result) => result.status === 'rejected').map((result) => result.reason.message);
  if (failures.length > 0) throw new Error(failures.join('\n'));
  return results.flatMap((result) => result.value);
}
