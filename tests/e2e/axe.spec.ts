import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { pagesOf, pagesOfRep, settled, type At } from './pages';
import { expect, go, test, type Look } from './support';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const GRAVE = ['serious', 'critical'];

/** What keeps people from using a page, by rule and place: only what axe calls serious or critical. */
async function barriersOf(page: Page, { name }: At): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${name}: ${id} at ${target.join(' ')} – ${failureSummary?.split('\n')[1]?.trim()}`),
    );
}

async function walk(page: Page, pages: readonly At[]): Promise<string[]> {
  const found: string[] = [];
  for (const at of pages) {
    await go(page, at.path);
    await settled(page, at.open);
    // Colours fade in; a half-shown text has no contrast of its own.
    await page.waitForTimeout(400);
    found.push(...(await barriersOf(page, at)));
  }
  return found;
}

const LOOKS: readonly { readonly look: Look; readonly name: string }[] = [
  { name: 'wide and light', look: { locale: 'en', theme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'on a phone and dark', look: { locale: 'zh', theme: 'dark', viewport: { width: 390, height: 844 } } },
];

for (const { name, look } of LOOKS) {
  test(`no page keeps anybody out: ${name}`, async ({ openAs }) => {
    test.setTimeout(600_000);
    const page = await openAs('admin', { ...look, reducedMotion: 'reduce' });
    expect(await walk(page, await pagesOf())).toEqual([]);
  });

  test(`nothing keeps a rep from his work: ${name}`, async ({ openAs }) => {
    test.setTimeout(180_000);
    const page = await openAs('wang', { ...look, reducedMotion: 'reduce' });
    expect(await walk(page, await pagesOfRep())).toEqual([]);
  });
}
