import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { startServer } from './server';

/** Database server, demo company and product for the browser tests; what is returned stops the product afterwards. */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env['LEADSEA_URL']) return async () => undefined;
  if (!process.env['LEADSEA_TEST_PG']) {
    const script = `import(${JSON.stringify(path.join(__dirname, 'postgres-setup.mjs'))}).then(async (m) => process.stdout.write(await m.startTestPostgres()))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    if (!stdout.startsWith('postgres://')) throw new Error(`The test PostgreSQL did not start: ${stderr}`);
    process.env['LEADSEA_TEST_PG'] = stdout.trim();
  }
  const server = await startServer({ demo: true });
  process.env['LEADSEA_URL'] = server.url;
  process.env['LEADSEA_ACCOUNTS'] = JSON.stringify(server.accounts);
  return () => server.close();
}
