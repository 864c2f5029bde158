import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

/** Runs `npm start`'s script to its refusal; what it says must be one line. */
function start(env: Record<string, string>): { code: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/start.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', LEADSEA_NO_PANEL: '1', PORT: '39117', ...env },
    timeout: 100_000,
  });
  return { code: status, said: stderr.trim() };
}

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'leadsea-start-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('start refuses in one sentence', () => {
  let blocker: Server;
  let port: number;
  beforeAll(async () => {
    blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    port = (blocker.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => blocker.close(resolve)));

  test('when the port is taken', () => {
    const { code, said } = start({ PORT: String(port) });
    expect(code).toBe(1);
    expect(said).toBe(`Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 1} npm start`);
  });

  test('when the database of DATABASE_URL has an unknown host, without showing the password', () => {
    const { code, said } = start({ LEADSEA_DATA: dir, DATABASE_URL: 'postgres://someone:topsecret@database.invalid:5432/leadsea' });
    expect(code).toBe(1);
    expect(said).toMatch(/^The database at database\.invalid:5432\/leadsea cannot be reached: [^\n]+$/);
    expect(said).not.toContain('topsecret');
  });

  test('when the data folder cannot be written', () => {
    const file = path.join(dir, 'a-file');
    writeFileSync(file, '');
    const { code, said } = start({ LEADSEA_DATA: path.join(file, 'data') });
    expect(code).toBe(1);
    expect(said).toMatch(/^The data folder [^\n]+ cannot be written [^\n]+$/);
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('when the user of the database cannot enter the data folder', () => {
    const closed = mkdtempSync(path.join(os.tmpdir(), 'leadsea-closed-'));
    const { code, said } = start({ LEADSEA_DATA: path.join(closed, 'data'), DATABASE_URL: '' });
    rmSync(closed, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(said).toMatch(/^PostgreSQL refuses to run as root and the user "postgres" cannot enter [^\n]+$/);
  });
});
