import { test as base, expect, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import { api, type Api } from '../support/api';

export { expect };
export type Name = 'admin' | 'mia' | 'pool' | 'wang' | 'li' | 'zhang' | 'manager' | 'anna';
export type Look = { readonly locale?: 'zh' | 'en'; readonly theme?: 'light' | 'dark' } & Omit<BrowserContextOptions, 'locale'>;

export const PASSWORD = 'Leadsea-demo-1';
export const emailOf = (name: Name): string => `${name}@demo.leadsea.local`;
export const serverUrl = (): string => process.env['LEADSEA_URL'] ?? '';

const tokenOf = (name: Name): string => {
  const token = (JSON.parse(process.env['LEADSEA_TOKENS'] ?? '{}') as Record<string, string>)[name];
  if (!token) throw new Error(`Nobody signed ${name} in.`);
  return token;
};

/** The console API as this person, for what a test needs to be there and what others do meanwhile. */
export const as = (name: Name): Api => api(serverUrl(), tokenOf(name));

type OpenAs = (name: Name, look?: Look) => Promise<Page>;

/** `openAs` gives a browser of its own to a signed-in person; it is closed after the test. */
export const test = base.extend<{ openAs: OpenAs }>({
  openAs: async ({ browser }, use) => {
    const closers: (() => Promise<void>)[] = [];
    await use(async (name, { locale = 'en', theme = 'light', ...options } = {}) => {
      const localStorage = [
        { name: 'leadsea.token', value: tokenOf(name) },
        { name: 'RaStore.locale', value: JSON.stringify(locale) },
        { name: 'RaStore.theme', value: JSON.stringify(theme) },
        // However many pools other tests have made: with many of them the board starts as a table.
        { name: 'RaStore.ui.poolsView', value: '"cards"' },
      ];
      const context = await browser.newContext({
        ...options,
        storageState: { cookies: [], origins: [{ origin: serverUrl(), localStorage }] },
      });
      closers.push(() => context.close());
      return context.newPage();
    });
    for (const close of closers) await close();
  },
});

interface Created {
  readonly id: number;
  readonly name: string;
}

let serial = 0;
/** Values of a person nobody has seen before; `mark` tells the tests' leads apart. */
export const someone = (mark: string, more: Record<string, unknown> = {}): Record<string, unknown> & { name: string } => {
  serial += 1;
  const unique = `${mark}${serial}-${Date.now().toString(36)}`;
  return { name: `${mark} ${unique}`, email: `${unique}@${unique}.example`, company: `Firm ${unique}`, country: 'CN', ...more };
};

const ok = async <T>(answer: Promise<{ status: number; body: T }>): Promise<T> => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`The server answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return body;
};

export const newLead = async (values: Record<string, unknown> & { name: string }): Promise<Created> => ({
  id: (await ok(as('admin').post<{ id: number }>('/api/console/leads', values))).id,
  name: values.name,
});

interface Person {
  readonly id: number;
  readonly name: string;
}
export const memberOf = async (name: Name): Promise<Person> => (await ok(as(name).get<{ member: Person }>('/api/console/me'))).member;

/** A new lead held by this person. */
export async function leadOf(name: Name, values: Record<string, unknown> & { name: string }): Promise<Created> {
  const [lead, owner] = [await newLead(values), await memberOf(name)];
  await ok(as('admin').post('/api/console/leads/assign', { ids: [lead.id], owner: owner.id }));
  return lead;
}

export async function poolId(key: string): Promise<number> {
  const pools = await ok(as('admin').get<{ id: number; key: string }[]>('/api/console/pools?range=[0,99]'));
  const pool = pools.find((one) => one.key === key);
  if (!pool) throw new Error(`There is no pool ${key}.`);
  return pool.id;
}

let number = Date.now() % 90_000_000;
/** A mobile number nobody else has in these tests. */
export const somePhone = (): string => `139${String(10_000_000 + (number++ % 90_000_000))}`;

/** New leads that nobody owns yet: so little is known of them that the routing rules put them into the Chinese pool. */
export async function coldLeads(mark: string, count: number): Promise<Created[]> {
  const people = Array.from({ length: count }, () => ({ name: someone(mark).name, phone: somePhone(), country: 'CN' }));
  const { results } = await ok(as('admin').post<{ results: { lead: number }[] }>('/api/capture/demo-website', people));
  const leads = people.map(({ name }, index) => ({ id: results[index]?.lead ?? -1, name }));
  const pool = await poolId('china');
  for (const { id } of leads.slice(0, 1)) {
    const lead = await ok(as('admin').get<{ pool: number | null }>(`/api/console/leads/${id}`));
    if (lead.pool !== pool) throw new Error(`The lead ${id} is not in the Chinese pool.`);
  }
  return leads;
}

export { ok };

/** Page of the console, ready when its heading or content is there. */
export const go = (page: Page, path: string): Promise<unknown> => page.goto(`/console${path}`);

/** The line of a list that speaks of this person. */
export const rowOf = (page: Page, name: string): Locator => page.getByRole('listitem').filter({ hasText: name });
