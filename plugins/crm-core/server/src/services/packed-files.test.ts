import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createPackedFiles, takesGzip } from './packed-files';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'packed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const made = async (name: string, text: string): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
};

test.each([
  ['gzip, deflate, br', true],
  ['br, GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0, br', false],
  ['br', false],
  ['', false],
])('who says "%s" takes gzip: %s', (accepted, takes) => expect(takesGzip(accepted)).toBe(takes));

test('a text is packed once, smaller and whole, and anew when it has changed', async () => {
  const packed = createPackedFiles();
  const file = await made('a.js', 'const answer = 42;\n'.repeat(500));
  const first = await packed(file);
  expect(first!.length).toBeLessThan(500);
  expect(gunzipSync(first!).toString()).toBe('const answer = 42;\n'.repeat(500));
  expect(await packed(file)).toBe(first);
  await made('a.js', 'const answer = 43;\n'.repeat(600));
  expect(gunzipSync((await packed(file))!).toString()).toContain('43');
});

test('small files and pictures stay as they are', async () => {
  const packed = createPackedFiles();
  expect(await packed(await made('b.js', 'short'))).toBeNull();
  expect(await packed(await made('c.png', 'x'.repeat(5000)))).toBeNull();
});
