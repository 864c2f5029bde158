import type { BulkResult } from '../api/types';
import { isLimit } from './override/override';

const TOGETHER = 'ALL_OR_NONE';

/** Whether nothing but limits stood against leads asked for together: then passing the limits gets all of them. */
export const onlyLimits = (refused: readonly BulkResult[]): boolean =>
  refused.every((result) => isLimit(result) || result.code === TOGETHER);

/** Leads that could have been claimed, and were not because others asked for with them could not. */
export const couldBeClaimed = (refused: readonly BulkResult[]): number[] =>
  refused.filter((result) => result.code === TOGETHER).map((result) => result.id);
