import type { Actor, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { returnTargets } from '../services/homes';
import { tableMatcher } from '../services/matcher';
import type { LivePool } from '../services/pools';
import type { VerbDeps } from './answer';
import { holders, mayChoose } from './return';

export interface ReleaseTarget {
  readonly id: number;
  readonly name: string;
}
export interface ReleaseTargets {
  /** Where the leads go when nobody chooses, by the return rules and the reason; how many go where. */
  readonly byRule: readonly (ReleaseTarget & { readonly leads: number })[];
  /** Pools this person may choose for all of them. */
  readonly allowed: readonly ReleaseTarget[];
}

type Deps = Pick<VerbDeps, 'kit' | 'pools'>;

async function allowedFor(deps: Deps, actor: Actor, homes: readonly LivePool[]): Promise<readonly LivePool[]> {
  const allowed: LivePool[] = [];
  for (const pool of await deps.pools.all()) {
    const answers = await Promise.all(homes.map((home) => mayChoose(deps, actor, home, pool)));
    if (homes.length > 0 && answers.every(Boolean)) allowed.push(pool);
  }
  return allowed;
}

/** `POST /leads/release-targets { ids, reason? }`: what a release with this reason would do, and which pools may be named instead. */
export const releaseTargetsVerb = (deps: Deps): ResourceVerb<{ reason?: string | null }> => ({
  name: 'release-targets',
  target: 'record',
  access: 'release',
  input: z.object({ reason: z.string().max(100).nullish() }),
  summary: 'Where leads would go when they are given back, and which pools may be chosen.',
  run: async ({ actor, now }, ids, { reason }): Promise<ReleaseTargets> => {
    const { kit, pools } = deps;
    const held = (await holders(kit.db, ids)).filter((row) => row.owner_id !== null);
    const targets = await returnTargets(pools, held, { way: 'released', reason: reason ?? null }, tableMatcher(kit, kit.db, now));
    const known = [...targets.values()].filter((target) => target !== null);
    const counts = new Map<LivePool, number>();
    for (const { to } of known) counts.set(to, (counts.get(to) ?? 0) + 1);
    const shown = ({ policyId, name }: LivePool): ReleaseTarget => ({ id: policyId, name });
    return {
      byRule: [...counts].sort(([, a], [, b]) => b - a).map(([pool, leads]) => ({ ...shown(pool), leads })),
      allowed: (await allowedFor(deps, actor, [...new Set(known.map(({ home }) => home))])).map(shown),
    };
  },
});
