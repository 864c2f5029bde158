import type { Kit } from '@leadsea/crm-core';
import type { LeadQuota } from '@leadsea/leads';
import type { Period } from '../../../contracts';
import { contractsInForce } from './in-force';

const DAYS_PER_YEAR = 365.25;
const PER_YEAR: Readonly<Record<Period, number>> = { week: DAYS_PER_YEAR / 7, month: 12, quarter: 4 };

/** So many in a period as so many a week. */
export const perWeekOf = (atLeast: number, period: Period): number => (atLeast * PER_YEAR[period]) / PER_YEAR.week;

/** R-36 for those who forecast: the numbers of leads that have to reach a stage, of every contract in force. */
export async function quotasInForce(kit: Kit, now: Date): Promise<readonly LeadQuota[]> {
  return (await contractsInForce(kit, now)).flatMap(({ body }) =>
    (body.obligations ?? []).flatMap((obligation): LeadQuota[] => {
      if (obligation.kind !== 'period' || obligation.measure.kind !== 'stage') return [];
      const { atLeast, period, obligor, measure } = obligation;
      return [{ stage: measure.stage, perWeek: perWeekOf(atLeast, period), atLeast, period, obligor, contract: body.title }];
    }),
  );
}
