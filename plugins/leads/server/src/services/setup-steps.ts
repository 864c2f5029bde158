import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import { one } from '@leadsea/crm-core';

/** What an installation has of the things it needs before leads can be worked. */
export interface SetupState {
  /** Live policies by kind; kinds without one are left out. */
  readonly live: Readonly<Record<string, number>>;
  readonly members: number;
  readonly sources: number;
  readonly leads: boolean;
}

/** One statement; whether there are leads is asked, not how many. */
export async function setupState(kit: Pick<Kit, 'db'>): Promise<SetupState> {
  const row = await one<SetupState>(
    kit.db,
    `SELECT coalesce((SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*)::int AS n FROM crm_policies WHERE state = 'live' GROUP BY kind) k), '{}') AS live,
       (SELECT count(*)::int FROM crm_members WHERE active) AS members,
       (SELECT count(*)::int FROM crm_sources WHERE active IS NOT FALSE) AS sources,
       EXISTS (SELECT 1 FROM crm_leads) AS leads`,
  );
  return row ?? { live: {}, members: 0, sources: 0, leads: false };
}

/** `GET /setup-steps`: for whoever sets the product up (may change roles), what is there already. */
export const registerSetupSteps = (kit: Kit): void =>
  kit.addRoute('GET', '/setup-steps', async (ctx: HostContext, { actor }: VerbContext) => {
    kit.access.assert(actor, 'roles', 'update');
    ctx.body = await setupState(kit);
  });
