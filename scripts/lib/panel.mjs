/**
 * Builds Strapi's panel into dist/build. `strapi build` would compile the whole repository with its own TypeScript set-up
 * first; the steps after that are called here directly (the Strapi version is pinned).
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { distDir, root } from './paths.mjs';

const require = createRequire(path.join(root, 'package.json'));
const node = path.join(path.dirname(require.resolve('@strapi/strapi/package.json')), 'dist/src/node');
const { createBuildContext } = require(path.join(node, 'create-build-context.js'));
const { writeStaticClientFiles } = require(path.join(node, 'staticFiles.js'));
const { build } = require(path.join(node, 'vite/build.js'));

const silent = () => {};
const logger = {
  debug: silent,
  info: silent,
  log: silent,
  success: silent,
  warn: console.warn,
  error: console.error,
  spinner: () => ({ start: silent }),
};

const context = await createBuildContext({
  cwd: root,
  logger,
  tsconfig: { config: { options: { outDir: distDir } } },
  options: { minify: true, sourcemap: false, stats: false },
});
await writeStaticClientFiles(context);
await build(context);
process.exit(0);
