import { gzipSync } from 'node:zlib';
import { expect, serverUrl, test } from './support';

const BUDGET_BYTES = 400_000;

/** What a browser must have before the first page is drawn: the document, and the scripts and styles it names itself. */
async function firstLoad(): Promise<{ total: number; files: number }> {
  const html = await (await fetch(`${serverUrl()}/console/`)).text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '');
  const files = await Promise.all(
    named.map(async (path) => {
      const answer = await fetch(new URL(path, `${serverUrl()}/console/`));
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
      return gzipSync(Buffer.from(await answer.arrayBuffer())).length;
    }),
  );
  return { total: files.reduce((sum, size) => sum + size, gzipSync(html).length), files: files.length };
}

test('what the console is made of travels packed, for who takes that', async () => {
  const html = await (await fetch(`${serverUrl()}/console/`)).text();
  const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
  const length = async (accepted: string): Promise<[string | null, number]> => {
    const answer = await fetch(new URL(script, serverUrl()), { method: 'HEAD', headers: { 'accept-encoding': accepted } });
    return [answer.headers.get('content-encoding'), Number(answer.headers.get('content-length'))];
  };
  const [[packing, packed], [none, plain]] = [await length('gzip'), await length('identity')];
  expect([packing, none]).toEqual(['gzip', null]);
  expect(packed).toBeLessThan(plain / 2);
});

test('the first load stays under 400 kB gzip before lazy routes', async () => {
  const { total, files } = await firstLoad();
  expect(files).toBeGreaterThan(0);
  expect(total).toBeLessThan(BUDGET_BYTES);
});

test('a browser reads the words of its own language, and the others when that one is chosen', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const scripts: Promise<string>[] = [];
  let bytes = 0;
  page.on('response', (answer) => {
    if (!answer.url().endsWith('.js')) return;
    scripts.push(answer.text());
    bytes += Number(answer.headers()['content-length'] ?? 0);
  });
  await page.goto(`${serverUrl()}/console/`);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(bytes).toBeLessThan(500_000);
  const read = (await Promise.all(scripts)).join('');
  expect(read.includes('Nothing is written before you have seen')).toBe(true);
  expect(read.includes('线索与其他线索一样')).toBe(false);
  await page.getByText('中文', { exact: true }).click();
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible();
  expect((await Promise.all(scripts)).join('').includes('线索与其他线索一样')).toBe(true);
  await context.close();
});
