import type { ShadowOutcome } from '@leadsea/crm-core';

/** What can be said of one promise under a draft that runs silently beside the live contract. */
export const SILENT_OUTCOMES = [
  { key: 'same', label: { zh: '结果相同', en: 'The same' }, differs: false },
  { key: 'missed-draft', label: { zh: '只按草稿才算违约', en: 'Missed by the draft only' }, differs: true },
  { key: 'missed-live', label: { zh: '只按现行合约才算违约', en: 'Missed by the live contract only' }, differs: true },
  { key: 'extra-missed', label: { zh: '新增承诺，违约', en: 'A new promise, missed' }, differs: true },
  { key: 'extra-kept', label: { zh: '新增承诺，已履行', en: 'A new promise, kept' }, differs: true },
  { key: 'pending', label: { zh: '仍在计时', en: 'Still running' }, differs: false },
] as const satisfies readonly ShadowOutcome[];
