import type { Page } from '@playwright/test';
import { as, expect, ok } from './support';

export interface At {
  readonly name: string;
  readonly path: string;
  /** A part of the page that is closed until somebody opens it, by its name. */
  readonly open?: string;
}

const SETUP = [
  ...[
    'pools',
    'grading',
    'routing',
    'matching',
    'sla',
    'calendars',
    'lifecycle',
    'sources',
    'fields',
    'layouts',
    'members',
    'teams',
    'roles',
    'access',
  ],
  ...['config', 'audit', 'notifications', 'reviews', 'linter'],
];
const OTHERS = [
  ...['home', 'definitions', 'opportunities', 'activities', 'campaigns', 'profile', 'notices'],
  ...['requests', 'reports', 'fair-play', 'hand-over', 'undo', 'drops', 'exhausted'].map((page) => `pools/${page}`),
  ...['scorecard', 'contracts', 'clocks', 'disputes', 'hand-offs', 'obligations'].map((page) => `sla/${page}`),
  ...['monitor', 'fairness', 'suggestions', 'leave'].map((page) => `routing/${page}`),
];

const EXTENDED = 'implementer-rule';
/** A routing draft whose rule uses the ranking and the destination of the implementer's plugin; nothing is decided by it. */
async function extendedRouting(): Promise<At> {
  const admin = as('admin');
  const filter = encodeURIComponent(JSON.stringify({ key: EXTENDED }));
  const [known] = await ok(admin.get<{ id: number }[]>(`/api/console/routing-policies?filter=${filter}`));
  const label = { zh: EXTENDED, en: EXTENDED };
  const rule = {
    key: 'extended',
    label,
    destination: { kind: 'custom', type: 'acme-office', params: {} },
    ranking: 'custom:acme-veterans',
    rankingParams: { looksAt: 'product' },
  };
  const draft = {
    rules: [rule],
    otherwise: { kind: 'pool', key: 'china' },
    sticky: { accountOwner: true, bySource: [{ sources: ['partner'] }] },
  };
  const made =
    known ?? (await ok(admin.post<{ id: number }>('/api/console/routing-policies', { key: EXTENDED, name: 'Acme', position: 99, draft })));
  return { name: 'setup-routing-extended', path: `/setup/routing/${made.id}`, open: EXTENDED };
}

/** Every page there is, with one record of each kind. */
export async function pagesOf(): Promise<At[]> {
  const admin = as('admin');
  const first = async (resource: string): Promise<number | undefined> =>
    (await ok(admin.get<{ id: number }[]>(`/api/console/${resource}?range=[0,0]`)))[0]?.id;
  const page = (name: string, at = `/${name}`): At => ({ name, path: at });
  if (!(await first('accounts')))
    await ok(admin.post('/api/console/accounts', { name: '上海华信科技有限公司', industry: '软件', city: '上海' }));
  const policies = {
    pools: 'pools',
    grading: 'grading-models',
    routing: 'routing-policies',
    matching: 'account-matching',
    sla: 'sla-contracts',
    calendars: 'calendars',
    lifecycle: 'lifecycles',
  };
  const pages = ['leads', 'accounts', 'imports'].map((name) => page(name));
  pages.push(page('lead', `/leads/${await first('leads')}`), page('account', `/accounts/${await first('accounts')}`));
  pages.push(...OTHERS.map((at) => page(at.replace('/', '-'), `/${at}`)));
  pages.push(...SETUP.map((name) => page(`setup-${name}`, `/setup/${name}`)));
  for (const [name, resource] of Object.entries(policies)) {
    const id = await first(resource);
    if (id !== undefined) pages.push(page(`setup-${name}-one`, `/setup/${name}/${id}`));
  }
  pages.push(await extendedRouting());
  return pages;
}

/** What a rep works with all day, with something to see on each. */
export async function pagesOfRep(): Promise<At[]> {
  const { items } = await ok(as('wang').get<{ items: { lead: { id: number } }[] }>('/api/console/work'));
  const pages = ['work', 'leads', 'pools', 'tasks'].map((name) => ({ name, path: `/${name}` }));
  return [...pages, { name: 'lead', path: `/leads/${items[0]?.lead.id}` }];
}

/** Nothing is loading any more: what stands for content still to come is gone, and what is to be opened is open. */
export async function settled(page: Page, open?: string): Promise<void> {
  await expect(page.getByRole('main')).not.toBeEmpty();
  await expect(page.locator('.MuiSkeleton-root')).toHaveCount(0);
  if (open !== undefined) await page.getByRole('button', { name: open, expanded: false }).click();
  await page.evaluate(() => document.fonts.ready);
}
