import { calendarTime } from '@leadsea/crm-core';

/** What history says of one hour of the week. */
export interface HourLoad {
  /** Promises that begin in this hour of the week, on average. */
  readonly arrivals: number;
}

export interface ForecastInput {
  readonly now: Date;
  readonly calendar: calendarTime.Calendar;
  /** Business seconds one answer takes of one person, by what history shows. */
  readonly handlingSeconds: number;
  readonly targetSeconds: number;
  /** Promises that run now: business seconds left. */
  readonly waiting: readonly number[];
  /** Arrivals in the hour that begins at an instant. */
  readonly arrivalsAt: (hour: Date) => number;
  /** People at work in the hour that begins at an instant. */
  readonly staffAt: (hour: Date) => number;
}

export interface ForecastHour {
  readonly hour: Date;
  readonly arrivals: number;
  readonly staff: number;
  /** Promises waiting at the end of the hour. */
  readonly waiting: number;
  readonly breaches: number;
}

const HOUR = 3_600_000;
const HOURS = 24;

interface Waiting {
  /** Business seconds left. */
  left: number;
  count: number;
}

/**
 * Idea 3.20: expected misses of the next 24 hours. A queue in order of deadline: each open hour answers as many as its staff can, what
 * waits grows older by the open part of the hour, what runs out of time is missed once and waits on. Fractions are averages.
 * @param extra staff added to hours, to see what one more person would save.
 */
export function forecast(input: ForecastInput, extra: (hour: Date) => number = () => 0): ForecastHour[] {
  const { now, calendar, handlingSeconds, targetSeconds } = input;
  let queue: Waiting[] = [...input.waiting].sort((a, b) => a - b).map((left) => ({ left, count: 1 }));
  const first = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  return Array.from({ length: HOURS }, (_, index): ForecastHour => {
    const hour = new Date(first.getTime() + index * HOUR);
    const begin = index === 0 ? now : hour;
    const open = calendarTime.elapsed(calendar, begin, new Date(hour.getTime() + HOUR));
    const share = (hour.getTime() + HOUR - begin.getTime()) / HOUR;
    const arrivals = input.arrivalsAt(hour) * share;
    const staff = input.staffAt(hour) + extra(hour);
    queue = arrivals > 0 ? [...queue, { left: targetSeconds, count: arrivals }] : queue;
    let capacity = handlingSeconds > 0 ? (staff * open) / handlingSeconds : 0;
    let breaches = 0;
    const kept: Waiting[] = [];
    for (const one of queue) {
      const done = Math.min(one.count, capacity);
      capacity -= done;
      const rest = one.count - done;
      if (rest <= 1e-9) continue;
      const left = one.left - open;
      if (one.left > 0 && left <= 0) breaches += rest;
      kept.push({ left, count: rest });
    }
    queue = kept;
    return {
      hour,
      arrivals: round(arrivals),
      staff,
      waiting: round(queue.reduce((sum, { count }) => sum + count, 0)),
      breaches: round(breaches),
    };
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
export const breachesOf = (hours: readonly ForecastHour[]): number => round(hours.reduce((sum, { breaches }) => sum + breaches, 0));

export interface Advice {
  readonly from: Date;
  readonly to: Date;
  readonly saves: number;
}

/** "One more person from 9 to 11 saves 14": the two hours in which one more person saves the most; null when nobody is needed. */
export function adviceOf(input: ForecastInput): Advice | null {
  const base = forecast(input);
  const expected = breachesOf(base);
  if (expected < 0.1) return null;
  const options = base.slice(0, -1).map(({ hour }): Advice => {
    const to = new Date(hour.getTime() + 2 * HOUR);
    const saves = round(expected - breachesOf(forecast(input, (at) => (at >= hour && at < to ? 1 : 0))));
    return { from: hour, to, saves };
  });
  const best = options.reduce((top, one) => (one.saves > top.saves ? one : top), options[0]!);
  return best.saves > 0 ? best : null;
}
