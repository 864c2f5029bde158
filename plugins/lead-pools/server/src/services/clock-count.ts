import type { Actor, Host } from '@leadsea/crm-core';

interface ListGate {
  find(resource: string): unknown;
  list(request: { readonly actor: Actor }, resource: string, query: Record<string, string>): Promise<{ readonly total: number }>;
}

/** Running clocks of a person through the console's own gate, as the one who asks may see them; null where nothing keeps clocks. */
export const clockCounter =
  (strapi: Host) =>
  async (actor: Actor, memberId: number): Promise<number | null> => {
    const { gateway } = strapi.plugin('crm-core').service('core') as { gateway: ListGate };
    if (!gateway.find('sla-clocks')) return null;
    const filter = JSON.stringify({ owner: memberId, state_in: ['running', 'paused', 'breached_open'] });
    const seen = await gateway.list({ actor }, 'sla-clocks', { filter, range: '[0,0]' }).catch(() => null);
    return seen?.total ?? null;
  };
