import type { Locator, Page } from '@playwright/test';
import { as, coldLeads, memberOf, ok, type Name } from './support';

/** Told apart from what earlier runs on the same server made. */
export const tag = Date.now().toString(36);
export const region = (page: Page, name: string): Locator => page.getByRole('region', { name });

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** A live pool of its own for a test; its key is `<key>-<tag>`. */
export async function newPool(key: string, draft: Record<string, unknown>): Promise<Named> {
  const admin = as('admin');
  const name = `${key} ${tag}`;
  const { id } = await ok(admin.post<{ id: number }>('/api/console/pools', { key: `${key}-${tag}`, name, draft, position: 91 }));
  await ok(admin.post(`/api/console/pools/${id}/publish`, { note: 'For a test.' }));
  return { id, name };
}

/** New leads lying in this pool. */
export async function leadsIn(pool: number, mark: string, count: number): Promise<Named[]> {
  const leads = await coldLeads(mark, count);
  await ok(as('admin').post('/api/console/leads/move', { ids: leads.map(({ id }) => id), pool }));
  return leads;
}

/** Only these people have rights, so that the boards of the others stay as they are. */
export const only = (names: readonly Name[], rights: readonly string[] = ['see', 'claim']): Promise<unknown[]> =>
  Promise.all(names.map(async (name) => ({ type: 'member', ref: (await memberOf(name)).id, rights })));

export const claim = async (name: Name, leads: readonly { readonly id: number }[], pool: number): Promise<void> =>
  void (await ok(as(name).post('/api/console/leads/claim', { ids: leads.map(({ id }) => id), pool })));

/** A lead as the administrator reads it. */
export const readLead = (id: number) => ok(as('admin').get<Record<string, unknown>>(`/api/console/leads/${id}`));
