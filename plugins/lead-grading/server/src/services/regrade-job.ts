import type { JobInput } from '@leadsea/crm-core';

export const REGRADE_JOB = 'grading.regrade';

/** One re-grade of all leads for a version that was published, measured again, or retired. */
export const regradeJob = (versionId: number, retired = false): JobInput => ({
  kind: REGRADE_JOB,
  payload: { versionId, ...(retired ? { retired } : {}) },
  key: `${REGRADE_JOB}:${versionId}${retired ? ':retired' : ''}`,
});
