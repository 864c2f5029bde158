import type { ShadowOutcome } from '@leadsea/crm-core';

/** Where a decision put a lead. */
export interface Placed {
  readonly owner: number | null;
  readonly pool: number | null;
  readonly rule: string | null;
  readonly policy: string | null;
  readonly reason: string;
}

export const SILENT_OUTCOMES = [
  { key: 'same', label: { zh: '结果相同', en: 'The same' }, differs: false },
  { key: 'other-person', label: { zh: '分给另一个人', en: 'To somebody else' }, differs: true },
  { key: 'person', label: { zh: '改为分给个人', en: 'To a person instead' }, differs: true },
  { key: 'pool', label: { zh: '改为进入公海', en: 'To a pool instead' }, differs: true },
  { key: 'other-pool', label: { zh: '进入另一个公海', en: 'To another pool' }, differs: true },
  { key: 'undecided', label: { zh: '暂不分配', en: 'Would wait or stay' }, differs: true },
] as const satisfies readonly ShadowOutcome[];

/** How what a draft would have done differs from what was done. A decision that moves nothing is no place. */
export function silentOutcome(live: Placed | null, silent: Placed | null): (typeof SILENT_OUTCOMES)[number]['key'] {
  const [was, would] = [live, silent].map((one) => (one && (one.owner !== null || one.pool !== null) ? one : null));
  if (!would) return was ? 'undecided' : 'same';
  if (would.owner !== null) {
    if (was?.owner === would.owner) return 'same';
    return was && was.owner !== null ? 'other-person' : 'person';
  }
  if (was?.pool === would.pool && was.owner === null) return 'same';
  return was && was.owner === null ? 'other-pool' : 'pool';
}
