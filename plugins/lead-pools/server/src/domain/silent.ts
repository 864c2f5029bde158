import type { ShadowOutcome } from '@leadsea/crm-core';

export const SILENT_OUTCOMES = [
  { key: 'same', label: { zh: '同一天收回', en: 'Taken back on the same day' }, differs: false },
  { key: 'only-draft', label: { zh: '只有草稿会收回', en: 'Only the draft would have taken it back' }, differs: true },
  { key: 'only-live', label: { zh: '只有现行规则收回了', en: 'Only the live rules took it back' }, differs: true },
  { key: 'earlier', label: { zh: '草稿会更早收回', en: 'The draft would have been earlier' }, differs: true },
  { key: 'later', label: { zh: '草稿会更晚收回', en: 'The draft would have been later' }, differs: true },
  { key: 'pending', label: { zh: '即将到期，尚未收回', en: 'Due soon, not taken back yet' }, differs: false },
] as const satisfies readonly ShadowOutcome[];
export type SilentOutcome = (typeof SILENT_OUTCOMES)[number]['key'];

/** When a held lead goes back, by each of the two; null = not at all. */
export interface Returns {
  readonly live: Date | null;
  readonly silent: Date | null;
}

const passed = (at: Date | null, now: Date): at is Date => at !== null && at.getTime() <= now.getTime();

/** What the two dates say at `now`; `dayOf` gives the calendar day in the pool's zone. */
export function silentOutcome({ live, silent }: Returns, now: Date, dayOf: (at: Date) => string): SilentOutcome {
  if (!passed(silent, now)) return passed(live, now) ? 'only-live' : 'pending';
  if (!passed(live, now)) return 'only-draft';
  const [is, would] = [dayOf(live), dayOf(silent)];
  if (is === would) return 'same';
  return would < is ? 'earlier' : 'later';
}
