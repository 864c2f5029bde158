export const RANGES = ['week', 'lastWeek', 'month', 'lastMonth', 'quarter'] as const;
export type Range = (typeof RANGES)[number];

const DAY = 86_400_000;

/** First day of the range and the day after its last, as dates of the member's zone. */
export function daysOf(range: Range, today: string): { readonly from: string; readonly to: string } {
  const at = new Date(`${today}T00:00:00Z`);
  const text = (value: number): string => new Date(value).toISOString().slice(0, 10);
  const monday = at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY;
  const month = (offset: number): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1);
  const quarter = Math.floor(at.getUTCMonth() / 3) * 3;
  switch (range) {
    case 'week':
      return { from: text(monday), to: text(monday + 7 * DAY) };
    case 'lastWeek':
      return { from: text(monday - 7 * DAY), to: text(monday) };
    case 'month':
      return { from: text(month(0)), to: text(month(1)) };
    case 'lastMonth':
      return { from: text(month(-1)), to: text(month(0)) };
    case 'quarter':
      return { from: text(Date.UTC(at.getUTCFullYear(), quarter, 1)), to: text(Date.UTC(at.getUTCFullYear(), quarter + 3, 1)) };
  }
}

/** The part of promises that was kept, in per cent with one digit; with waivers a waived miss counts as no promise. */
export function attainment(
  { met, breached, waived }: { met: number; breached: number; waived: number },
  afterWaivers: boolean,
): number | null {
  const missed = afterWaivers ? breached - waived : breached;
  const total = met + missed;
  return total === 0 ? null : Math.round((met * 1000) / total) / 10;
}

/** Link to the rows behind a number. */
export const rowsLink = (filter: Readonly<Record<string, unknown>>): string =>
  `/sla/clocks?rows=${encodeURIComponent(JSON.stringify(filter))}`;
