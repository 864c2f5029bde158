import type { Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE, type Lifecycle } from '../../../contracts';
import { closedStagesOf } from '../domain/lifecycle/transitions';

export interface LiveLifecycle {
  readonly versionId: number | null;
  readonly graph: Lifecycle;
}

/** The graph last seen live, for those who cannot wait for an answer. */
const seen = new WeakMap<Kit, Lifecycle>();

export async function liveLifecycle(kit: Kit): Promise<LiveLifecycle> {
  const [version] = await kit.policies.live<Lifecycle>('lifecycle');
  seen.set(kit, version?.body ?? STANDARD_LIFECYCLE);
  return version ? { versionId: version.versionId, graph: version.body } : { versionId: null, graph: STANDARD_LIFECYCLE };
}

/** Stages of the live graph as last seen; kept fresh by `watchLifecycle`. */
export const knownStages = (kit: Kit): Lifecycle['stages'] => (seen.get(kit) ?? STANDARD_LIFECYCLE).stages;

/** Keys of the stages in which a lead is no longer worked, by the live graph. */
export const closedStages = async (kit: Kit): Promise<readonly string[]> => closedStagesOf((await liveLifecycle(kit)).graph);

/** Stages that count as qualified: the gates of the graph, from the first one on; and those that are won. */
export const progressStages = (kit: Kit): { readonly qualified: readonly string[]; readonly won: readonly string[] } => {
  const stages = knownStages(kit);
  const gate = stages.findIndex(({ type }) => type === 'gate');
  const passed = gate < 0 ? [] : stages.slice(gate);
  return {
    qualified: passed.filter(({ type }) => type === 'gate').map(({ key }) => key),
    won: stages.filter(({ type }) => type === 'won').map(({ key }) => key),
  };
};

/** Reads the live graph now and whenever one is published. Call it when the kit is ready: the kit must hear of a publication first. */
export async function watchLifecycle(kit: Kit): Promise<void> {
  kit.live.on('crm_policies', () => {
    liveLifecycle(kit).catch((error: unknown) => kit.log.error('The stage graph could not be read.', error));
  });
  await liveLifecycle(kit);
}
