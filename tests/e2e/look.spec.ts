import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { pagesOf, pagesOfRep, settled, type At } from './pages';
import { expect, go, test, type Look } from './support';

const folder = path.resolve(__dirname, '../../test-results/look');
/** First parts of our message keys: such a text on a page is a key nobody translated. */
const NAMESPACES =
  'menu|shell|live|common|notices|login|shortcuts|work|leads|filters|views|bulk|verbs|label|clock|clocks|score|holding|explain|why|codes|leadTools|palette|profile|dash|definition|sla|routing|contact|leadPage|sections|timeline|log|pools|accounts|tasks|fields|errors|imports|setup|campaign|consent|opp|ra';
const UNTRANSLATED = new RegExp(`\\b(?:${NAMESPACES})\\.[a-z_A-Z]+(?:\\.[a-z_A-Z]+)*\\b`);

/** Parts that stick out of the box they are in, or of what clips them without a way to scroll there; each by its box and its words. */
const sticking = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found = new Map<string, string>();
    const boxes = document.querySelectorAll<HTMLElement>('#main-content section, #main-content .MuiPaper-root');
    for (const box of Array.from(boxes)) {
      if (box.checkVisibility({ visibilityProperty: true, opacityProperty: true }) === false) continue;
      const { right, left } = box.getBoundingClientRect();
      const look = (parent: Element): void => {
        for (const child of Array.from(parent.children)) {
          const style = getComputedStyle(child);
          const { right: end, left: start, width, height } = child.getBoundingClientRect();
          if (style.visibility === 'hidden' || style.position === 'fixed' || width < 2 || height < 2) continue;
          if (end > right + 1.5 || start < left - 1.5) {
            const name = box.getAttribute('aria-label') ?? box.querySelector('h1,h2,h3')?.textContent ?? box.className;
            found.set(name, `${(child.textContent || child.tagName).slice(0, 40)} (${Math.round(end - right)} px)`);
            return;
          }
          if (style.overflowX === 'visible') look(child);
        }
      };
      if (getComputedStyle(box).overflowX === 'visible') look(box);
    }
    return [...found].map(([box, part]) => `${part} sticks out of “${box.slice(0, 40)}”`);
  });

async function problemsOf(page: Page): Promise<string[]> {
  const { wide, wider, text } = await page.evaluate(() => {
    const widest = Math.max(document.documentElement.scrollWidth, document.getElementById('main-content')?.scrollWidth ?? 0);
    const main = document.getElementById('main-content');
    const inside = main ? main.scrollWidth - main.clientWidth : 0;
    return {
      wide: widest,
      wider: Math.max(document.documentElement.scrollWidth - window.innerWidth, inside),
      text: document.body.innerText,
    };
  });
  const problems = await sticking(page);
  if (wider > 0) problems.push(`is ${wider} px wider than the window (${wide})`);
  const key = UNTRANSLATED.exec(text);
  if (key) problems.push(`shows the key ${key[0]}`);
  if (/undefined|NaN|\[object Object\]|%\{/.test(text))
    problems.push(`shows ${/.{0,30}(?:undefined|NaN|\[object Object\]|%\{).{0,30}/.exec(text)?.[0]}`);
  if (await page.getByText(/^(This could not be loaded|加载失败|This is not open to you|此处未对你开放)$/).count())
    problems.push('could not be loaded');
  return problems;
}

/** Goes through the pages, takes a picture of each, and tells what is wrong with them. */
async function walk(page: Page, pages: readonly At[], look: string): Promise<string[]> {
  let complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  const wrong: string[] = [];
  for (const { name, path: at, open } of pages) {
    complaints = [];
    await go(page, at);
    await settled(page, open);
    await page.screenshot({ path: path.join(folder, `${name}-${look}.png`) });
    wrong.push(...[...(await problemsOf(page)), ...complaints].map((problem) => `${name} ${problem}`));
  }
  return wrong;
}

const SIZES = {
  1440: { width: 1440, height: 900 },
  1280: { width: 1280, height: 720 },
  820: { width: 820, height: 1180 },
  390: { width: 390, height: 844 },
} as const;
const LOOKS: readonly (Required<Pick<Look, 'locale' | 'theme'>> & { width: keyof typeof SIZES })[] = [
  { locale: 'zh', theme: 'light', width: 1440 },
  { locale: 'en', theme: 'dark', width: 1440 },
  { locale: 'en', theme: 'light', width: 390 },
  { locale: 'zh', theme: 'dark', width: 390 },
  { locale: 'en', theme: 'light', width: 1280 },
  { locale: 'zh', theme: 'light', width: 820 },
];

test.beforeAll(() => mkdirSync(folder, { recursive: true }));

for (const { locale, theme, width } of LOOKS) {
  test(`a rep's pages fit ${width} px in ${locale} (${theme})`, async ({ openAs }) => {
    const page = await openAs('wang', { locale, theme, viewport: SIZES[width] });
    const wrong = await walk(page, await pagesOfRep(), `wang-${locale}-${theme}-${width}`);
    expect(wrong).toEqual([]);
  });

  test(`every page fits ${width} px, speaks ${locale} and complains about nothing (${theme})`, async ({ openAs }) => {
    test.setTimeout(180_000);
    const page = await openAs('admin', { locale, theme, viewport: SIZES[width] });
    const wrong = await walk(page, await pagesOf(), `${locale}-${theme}-${width}`);
    expect(wrong).toEqual([]);
  });
}

test('the sign-in page fits every window in both languages', async ({ browser }) => {
  for (const { locale, theme, width } of LOOKS) {
    const page = await browser.newPage({ viewport: SIZES[width], locale: locale === 'zh' ? 'zh-CN' : 'en-US', colorScheme: theme });
    await page.goto('/console/');
    await expect(page.getByRole('button', { name: locale === 'zh' ? '登录' : 'Sign in' })).toBeVisible();
    await page.screenshot({ path: path.join(folder, `login-${locale}-${theme}-${width}.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await page.close();
  }
});
