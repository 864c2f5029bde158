import { OWN_LOAD, type CapUse, type RoutedLead, type World } from './facts';

/** Loads and caps of a batch while it is decided: filled from facts once, moved on by every lead that is given. */
export interface Counters {
  load(id: string, member: number): number;
  cap(id: string, member: number): CapUse;
  take(group: string, member: number, lead: RoutedLead): void;
  leave(member: number, lead: RoutedLead): void;
}

export const groupLimitId = (group: string, index: number): string => `group:${group}:${index}`;
export const ruleCapId = (group: string, index: number): string => `rule:${group}:${index}`;
export const personCapId = (cap: {
  readonly per: string;
  readonly seconds: number;
  readonly counts: readonly string[];
  readonly weekStart?: string;
}): string => {
  const week = cap.per === 'week' && cap.weekStart !== 'monday' ? (cap.weekStart ?? '') : '';
  return `person:${cap.per}:${cap.per === 'rolling' ? cap.seconds : week}:${[...cap.counts].sort().join('+')}`;
};

const UNUSED: CapUse = { used: 0, endsAt: null };

export function createCounters(world: World): Counters {
  const loads = new Map([...world.loads].map(([id, byMember]) => [id, new Map(byMember)]));
  if (!loads.has(OWN_LOAD)) loads.set(OWN_LOAD, new Map());
  const caps = new Map([...(world.caps ?? [])].map(([id, byMember]) => [id, new Map(byMember)]));

  /** What a lead adds to a load: leads of a group only where that group gave it. */
  const weightOf = (id: string, group: string | null, lead: RoutedLead): number => {
    if (id.startsWith('group:')) return group !== null && id.startsWith(`group:${group}:`) ? 100 : 0;
    return lead.adds?.get(id) ?? (id === OWN_LOAD ? 100 : 0);
  };

  const change = (member: number, lead: RoutedLead, group: string | null, sign: 1 | -1): void => {
    for (const [id, byMember] of loads) {
      const by = weightOf(id, group, lead);
      if (by > 0) byMember.set(member, Math.max(0, (byMember.get(member) ?? 0) + sign * by));
    }
  };

  return {
    load: (id, member) => loads.get(id)?.get(member) ?? 0,
    cap: (id, member) => caps.get(id)?.get(member) ?? UNUSED,
    take: (group, member, lead) => {
      change(member, lead, group, 1);
      for (const [id, byMember] of caps) {
        if (!id.startsWith('person:') && !id.startsWith(`rule:${group}:`)) continue;
        const { used, endsAt } = byMember.get(member) ?? UNUSED;
        byMember.set(member, { used: used + 1, endsAt });
      }
    },
    leave: (member, lead) => change(member, lead, null, -1),
  };
}
