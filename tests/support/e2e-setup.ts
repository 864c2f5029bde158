import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { api } from './api';
import { buildExtension } from './extension';
import { startServer } from './server';

const PASSWORD = 'Leadsea-demo-1';
const PEOPLE = ['admin', 'mia', 'pool', 'wang', 'li', 'zhang', 'manager', 'anna'];

/** One login each, for all tests: a person may sign in only a few times per minute. */
async function tokens(url: string): Promise<Record<string, string | null>> {
  const entries = PEOPLE.map(async (name) => [name, (await api(url).login(`${name}@demo.leadsea.local`, PASSWORD)).token] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function ensurePostgres(): void {
  if (process.env['LEADSEA_TEST_PG']) return;
  const script = `import(${JSON.stringify(path.join(__dirname, 'postgres-setup.mjs'))}).then(async (m) => process.stdout.write(await m.startTestPostgres()))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (!stdout.startsWith('postgres://')) throw new Error(`The test PostgreSQL did not start: ${stderr}`);
  process.env['LEADSEA_TEST_PG'] = stdout.trim();
}

/** Database server, a small demo company and the product with an implementer's plugin for the browser tests; what is returned stops the product afterwards. */
export default async function setUp(): Promise<() => Promise<void>> {
  let close = async (): Promise<void> => undefined;
  if (!process.env['LEADSEA_URL']) {
    ensurePostgres();
    process.env['LEADSEA_DEMO_LEADS'] ??= '300';
    const server = await startServer({ demo: true, env: { LEADSEA_PLUGINS: buildExtension() } });
    process.env['LEADSEA_URL'] = server.url;
    close = () => server.close();
  }
  process.env['LEADSEA_TOKENS'] = JSON.stringify(await tokens(process.env['LEADSEA_URL'] ?? ''));
  return close;
}
