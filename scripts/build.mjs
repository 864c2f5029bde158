/**
 * Builds what is stale: the plugins and the configuration (esbuild), the console (Vite), Strapi's panel.
 *   --server     only plugins, config/, src/ and database/
 *   --console    only the console
 *   --no-panel   leave Strapi's panel out
 *   --types      type declarations of the plugins, for packing
 *   --force      bundles even when nothing changed
 */
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { installIfNeeded } from './lib/install.mjs';
import { main, Refusal, say, seconds } from './lib/run.mjs';

async function step(name, work) {
  const start = performance.now();
  const done = await work();
  if (done) say(`  built ${name}${typeof done === 'string' ? ` (${done})` : ''} in ${seconds(start)}`);
}

async function buildServer() {
  const { transpileAll } = await import('./lib/transpile.mjs');
  await step('server', async () => {
    const touched = await transpileAll().catch((error) => {
      throw new Refusal(`The server code does not parse:\n${error.message}`);
    });
    return touched.length > 0 && `${touched.length} file${touched.length === 1 ? '' : 's'}`;
  });
}

/** @param {{ server?: boolean, console?: boolean, panel?: boolean, types?: boolean, force?: boolean }} what */
export async function buildAll(what = {}) {
  const { server = true, console = true, panel = true, types = false, force = false } = what;
  const bundles = await import('./lib/bundles.mjs');
  if (server) await buildServer();
  if (types) await step('type declarations', async () => (await import('./lib/declarations.mjs')).emitDeclarations());
  if (console) await step('console', () => bundles.buildConsole({ force }));
  if (panel && process.env.LEADSEA_NO_PANEL !== '1') {
    await step("Strapi's panel", () => bundles.buildPanel({ force }));
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { values } = parseArgs({
      options: {
        server: { type: 'boolean' },
        console: { type: 'boolean' },
        'no-panel': { type: 'boolean' },
        types: { type: 'boolean' },
        force: { type: 'boolean' },
      },
    });
    const start = performance.now();
    await installIfNeeded();
    const only = Boolean(values.server ?? values.console ?? values.types);
    await buildAll({
      server: !only || Boolean(values.server ?? values.types),
      console: !only || Boolean(values.console),
      panel: !only && !values['no-panel'],
      types: values.types,
      force: values.force,
    });
    say(`Build is up to date (${seconds(start)}).`);
  });
}
