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

/** First day of a week or month of the series and the day after its last. */
export function spanOf(start: string, by: 'week' | 'month'): { readonly from: string; readonly to: string } {
  const at = new Date(`${start}T00:00:00Z`);
  const end = by === 'week' ? at.getTime() + 7 * DAY : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return { from: start, to: new Date(end).toISOString().slice(0, 10) };
}

export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly tz: string;
  readonly day: number;
  readonly hour: number;
  readonly obligor?: string;
}

/** Link to the rows behind one cell of the hours. */
export const cellLink = (cell: Cell): string => `/sla/clocks?cell=${encodeURIComponent(JSON.stringify(cell))}`;

export const obligationsLink = (filter: Readonly<Record<string, unknown>>): string =>
  `/sla/obligations?rows=${encodeURIComponent(JSON.stringify(filter))}`;

/** States of missed promises; with waivers a waived miss is none. */
export const missedStates = (afterWaivers: boolean): readonly string[] =>
  afterWaivers ? ['breached_open', 'breached_closed'] : ['breached_open', 'breached_closed', 'waived'];
