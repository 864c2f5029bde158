import { parseSpan, type Span } from '../../conditions/span';

/** Working time of the example: Monday to Friday, 09:00 to 18:00, without holidays. The real dates come from the pool's calendar. */
const OPEN = 9 * 60;
const CLOSE = 18 * 60;
const DAY = 24 * 60;
const OPEN_DAYS = 5;

export interface ExampleRule {
  readonly after: string;
  readonly time: 'business' | 'calendar';
  readonly outsideHours: boolean;
}
export interface ExampleStep {
  readonly kind: 'claim' | 'warn' | 'move';
  /** Minutes since Monday 00:00 of the first week. */
  readonly at: number;
  /** Which warning. */
  readonly warn?: string;
}

const isOpenDay = (at: number): boolean => Math.floor(at / DAY) % 7 < OPEN_DAYS;
const minuteOfDay = (at: number): number => ((at % DAY) + DAY) % DAY;

/** The moment itself when it is in working time, else the next opening. */
export const nextOpening = (at: number): number => {
  const start = at - minuteOfDay(at);
  if (isOpenDay(at) && minuteOfDay(at) < OPEN) return start + OPEN;
  if (isOpenDay(at) && minuteOfDay(at) < CLOSE) return at;
  let day = start + DAY;
  while (!isOpenDay(day)) day += DAY;
  return day + OPEN;
};

/** The latest moment of working time at or before. */
const lastOpen = (at: number): number => {
  const start = at - minuteOfDay(at);
  if (isOpenDay(at) && minuteOfDay(at) > OPEN) return Math.min(at, start + CLOSE);
  let day = start - DAY;
  while (!isOpenDay(day + 7 * DAY)) day -= DAY;
  return day + CLOSE;
};

const addMinutes = (from: number, minutes: number): number => {
  let at = nextOpening(from);
  for (let left = minutes; ;) {
    const room = at - minuteOfDay(at) + CLOSE - at;
    if (left <= room) return at + left;
    left -= room;
    at = nextOpening(at + room);
  }
};

const takeMinutes = (from: number, minutes: number): number => {
  let at = lastOpen(from);
  for (let left = minutes; ;) {
    const room = at - (at - minuteOfDay(at) + OPEN);
    if (left <= room) return at - left;
    left -= room;
    at = lastOpen(at - room);
  }
};

const moveDays = (from: number, days: number): number => {
  let at = from;
  for (let left = Math.abs(days); left > 0;) {
    at += Math.sign(days) * DAY;
    if (isOpenDay(at + 7 * DAY)) left -= 1;
  }
  return at;
};

const CLOCK: Readonly<Record<string, number>> = { second: 1 / 60, minute: 1, hour: 60, day: DAY, week: 7 * DAY };
const later = (from: number, span: Span, business: boolean): number => {
  if (span.unit === 'bday') return moveDays(from, span.amount);
  const minutes = span.amount * (CLOCK[span.unit] ?? 0);
  return business && minutes < DAY && span.unit !== 'day' ? addMinutes(from, minutes) : from + minutes;
};
const earlier = (from: number, span: Span): number => {
  if (span.unit === 'bday') return moveDays(from, -span.amount);
  const minutes = span.amount * (CLOCK[span.unit] ?? 0);
  return span.unit === 'day' || span.unit === 'week' ? from - minutes : takeMinutes(from, minutes);
};

/**
 * What happens to a lead that was claimed on Monday at 10:00 and never followed up: its warnings and the move, in order.
 * @returns nothing when the rule's duration cannot be read
 */
export const exampleOf = (rule: ExampleRule, warns: readonly string[]): readonly ExampleStep[] => {
  const claimed = 10 * 60;
  const span = parseSpan(rule.after);
  if (!span) return [];
  const due = later(claimed, span, rule.time === 'business');
  const moved = rule.outsideHours ? due : nextOpening(due);
  const told = warns.flatMap((warn): ExampleStep[] => {
    const before = parseSpan(warn);
    const at = before ? earlier(moved, before) : claimed;
    return at > claimed ? [{ kind: 'warn', at, warn }] : [];
  });
  return [{ kind: 'claim' as const, at: claimed }, ...told.sort((a, b) => a.at - b.at), { kind: 'move' as const, at: moved }];
};
