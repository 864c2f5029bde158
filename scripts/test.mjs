/**
 * Proves the product: sets up what it needs, then lint and types, jest (unit, database, API, jobs), Playwright (end to end).
 * The last line is always `N passed, N failed` (and `, N skipped`); exit code 1 when anything failed or a runner crashed.
 *   npm test -- --only check,jest,e2e   some of the parts
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded } from './lib/install.mjs';
import { cacheDir, fromRoot } from './lib/paths.mjs';
import { Refusal, run, say, seconds } from './lib/run.mjs';
import { openWayInCi } from './lib/reach.mjs';
import { chromiumPath, ensureSystem } from './lib/system.mjs';

const PARTS = ['check', 'jest', 'e2e'];
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

const count = (passed, failed, skipped = 0) => {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
};
const fail = (what) => {
  count(0, 1);
  failures.push(what);
};

/** Runs one part; whatever it throws is a failure of the whole, not the end of it. */
async function part(name, work) {
  const start = performance.now();
  say(`\n== ${name}`);
  try {
    await work();
  } catch (error) {
    fail(name);
    say(error instanceof Refusal ? error.message : String(error?.stack ?? error));
    return false;
  } finally {
    say(`== ${name}: ${seconds(start)}`);
  }
  return true;
}

const report = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
const outputFile = (name) => {
  const file = path.join(cacheDir, 'test', name);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
};

async function check() {
  const { runChecks } = await import('./check.mjs');
  for (const { name, ok } of await runChecks()) {
    if (ok) count(1, 0);
    else fail(name);
  }
}

async function jest() {
  const file = outputFile('jest.json');
  const args = [fromRoot('node_modules/jest/bin/jest.js'), '--ci', '--maxWorkers=2', '--json', `--outputFile=${file}`];
  // With --json the summary goes to the file and stderr shows the progress.
  const { code } = await run(process.execPath, args, { quiet: false, env: { ...process.env, NODE_ENV: 'test' } });
  const result = report(file);
  if (!result) throw new Refusal(`jest ended (exit code ${code}) without a result.`);
  count(result.numPassedTests, result.numFailedTests, result.numPendingTests + result.numTodoTests);
  for (const suite of result.testResults) {
    const broken = suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed');
    const name = path.relative(fromRoot(), suite.name);
    if (broken) fail(`${name} (did not run)`);
    for (const test of suite.assertionResults) if (test.status === 'failed') failures.push(`${name}: ${test.fullName}`);
  }
  if (code !== 0 && total.failed === 0) throw new Refusal(`jest ended with exit code ${code}.`);
}

async function e2e() {
  const config = fromRoot('tests/e2e/playwright.config.ts');
  const file = outputFile('playwright.json');
  const args = [fromRoot('node_modules/@playwright/test/cli.js'), 'test', '--config', config, '--reporter=list,json'];
  const before = total.failed;
  const { code } = await run(process.execPath, args, {
    quiet: false,
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file, LEADSEA_CHROMIUM: chromiumPath() ?? '' },
  });
  const result = report(file);
  if (!result) throw new Refusal(`Playwright ended (exit code ${code}) without a result.`);
  const { expected, unexpected, flaky, skipped } = result.stats;
  count(expected + flaky, unexpected, skipped);
  const visit = (suite) => {
    for (const spec of suite.specs ?? []) if (!spec.ok) failures.push(`tests/e2e/${spec.file}: ${spec.title}`);
    (suite.suites ?? []).forEach(visit);
  };
  result.suites.forEach(visit);
  if (code !== 0 && total.failed === before)
    throw new Refusal(`Playwright: ${result.errors?.map((error) => error.message).join('\n') || `exit code ${code}`}`);
}

async function setUp() {
  openWayInCi();
  await ensureSystem();
  await installIfNeeded();
  const { buildAll } = await import('./build.mjs');
  await buildAll({ panel: false });
}

/** The test database server is shared with single jest runs: one that was there before stays. */
async function withTestPostgres(work) {
  const { isTestPostgresRunning, stopTestPostgres } = await import('../tests/support/postgres-setup.mjs');
  const wasThere = await isTestPostgresRunning();
  try {
    await work();
  } finally {
    if (!wasThere) await stopTestPostgres();
  }
}

function close() {
  if (failures.length > 0) say(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
  say(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only ? values.only.split(',') : PARTS;
// Ctrl-C reaches the runners as well; this process stays to stop the database and to tell the count.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (!interrupted) fail('interrupted');
    interrupted = true;
  });
}
if (await part('set-up', setUp)) {
  await part('database', () =>
    withTestPostgres(async () => {
      if (wanted.includes('check') && !interrupted) await part('lint and types', check);
      if (wanted.includes('jest') && !interrupted) await part('unit, database, API, jobs', jest);
      if (wanted.includes('e2e') && !interrupted) await part('end to end', e2e);
    }),
  );
}
close();
