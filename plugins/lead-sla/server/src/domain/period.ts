import type { Period } from '../../../contracts';

export const PERIOD_DAYS: Readonly<Record<Period, number>> = { week: 7, month: 365.25 / 12, quarter: 365.25 / 4 };
