import type { Period } from '../../../contracts';

export const PERIOD_DAYS: Readonly<Record<Period, number>> = { week: 7, month: 365.25 / 12, quarter: 365.25 / 4 };

const DAY = 86_400_000;

/** A calendar week (from Monday), month or quarter, in UTC dates shifted to a zone's midnight by the caller. Half-open. */
export interface PeriodSpan {
  readonly start: Date;
  readonly end: Date;
}

/** The period that a local date is in. `offset` 0 = that one, −1 the one before. Dates are `YYYY-MM-DD`. */
export function periodOf(period: Period, date: string, offset = 0): { readonly from: string; readonly to: string } {
  const at = new Date(`${date}T00:00:00Z`);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const text = (value: number): string => new Date(value).toISOString().slice(0, 10);
  if (period === 'week') {
    const monday = at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY + offset * 7 * DAY;
    return { from: text(monday), to: text(monday + 7 * DAY) };
  }
  const length = period === 'month' ? 1 : 3;
  const first = Math.floor(month / length) * length + offset * length;
  return { from: text(Date.UTC(year, first, 1)), to: text(Date.UTC(year, first + length, 1)) };
}

export interface Forecast {
  /** Part of the period that is over, 0 to 1. */
  readonly share: number;
  /** What the period would end with at this pace; null as long as nothing is over. */
  readonly expected: number | null;
  readonly onTrack: boolean | null;
}

/** Where a period is heading: a sum grows with time, a share stays what it is. */
export function forecastOf(measured: number, atLeast: number, span: PeriodSpan, now: Date, isShare: boolean): Forecast {
  const share = Math.min(1, Math.max(0, (now.getTime() - span.start.getTime()) / (span.end.getTime() - span.start.getTime())));
  if (share === 0) return { share, expected: null, onTrack: null };
  const expected = isShare ? measured : Math.round((measured / share) * 10) / 10;
  return { share, expected, onTrack: expected >= atLeast };
}
