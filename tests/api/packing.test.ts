import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

test('every plugin packs and boots in a plain Strapi project on a fresh database', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/pack-check.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: process.env['LEADSEA_TEST_PG'], NODE_OPTIONS: '' },
  });
  expect(stderr + stdout).toContain('All 6 plugins are loaded');
  expect(status).toBe(0);
}, 600_000);
