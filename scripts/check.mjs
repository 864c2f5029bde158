/** Formatting, lint and types, two at a time; one line per step. Used alone (`npm run check`) and by `npm test`; --full = no lint cache). */
import { pathToFileURL } from 'node:url';
import { installIfNeeded } from './lib/install.mjs';
import { exists } from './lib/files.mjs';
import { fromRoot } from './lib/paths.mjs';
import { main, run, say, seconds } from './lib/run.mjs';

const tool = (file, ...args) => [process.execPath, [fromRoot('node_modules', file), ...args]];

async function steps({ cached }) {
  // Type-aware findings can change without the file changing: the cache is for quick looks, `npm test` does without.
  const cache = cached ? ['--cache', '--cache-strategy', 'content', '--cache-location', '.cache/eslint'] : [];
  const list = [
    { name: 'lint', command: tool('eslint/bin/eslint.js', '.', '--max-warnings', '0', ...cache) },
    { name: 'types of the server', command: tool('typescript/bin/tsc', '-p', '.') },
    { name: 'types of the browser tests', command: tool('typescript/bin/tsc', '-p', 'tests/e2e') },
    {
      name: 'formatting',
      command: tool('prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier'),
    },
  ];
  if (await exists(fromRoot('admin/tsconfig.json'))) {
    list.push({
      name: 'types of the console',
      command: tool('typescript/bin/tsc', '-p', 'admin', '--incremental', '--tsBuildInfoFile', '.cache/admin.tsbuildinfo'),
    });
  }
  return list;
}

/**
 * @param {{ cached?: boolean }} options `cached`: lint only changed files
 * @returns {Promise<{ name: string, ok: boolean }[]>} after printing each step's line, and its complaints when it failed
 */
export async function runChecks({ cached = false } = {}) {
  const queue = await steps({ cached });
  const results = [];
  const worker = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const start = performance.now();
      const [command, args] = step.command;
      const { code, output } = await run(command, args, { env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=4096' } });
      results.push({ name: step.name, ok: code === 0 });
      say(`  ${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(22)} ${seconds(start)}`);
      if (code !== 0) say(output.trim().replace(/^/gm, '    '));
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await installIfNeeded();
    const results = await runChecks({ cached: !process.argv.includes('--full') });
    return results.every((result) => result.ok) ? 0 : 1;
  });
}
