import { DateTime, IANAZone } from 'luxon';

/** A signed length of time; months (and years) have no fixed number of seconds. */
export interface Span {
  readonly months: number;
  readonly seconds: number;
}

const ISO =
  /^([+-])?P(?:([+-]?\d{1,6})Y)?(?:([+-]?\d{1,6})M)?(?:([+-]?\d{1,6})W)?(?:([+-]?\d{1,6})D)?(?:T(?:([+-]?\d{1,8})H)?(?:([+-]?\d{1,9})M)?(?:([+-]?\d{1,10})S)?)?$/;

/** Parses `P3D`, `PT4H`, `-P1M`, `P-3D`; null when it is not an ISO 8601 duration of whole units. */
export function parseSpan(text: string): Span | null {
  const found = ISO.exec(text);
  if (!found || text.endsWith('P') || text.endsWith('T')) return null;
  const sign = found[1] === '-' ? -1 : 1;
  const [years, months, weeks, days, hours, minutes, seconds] = found.slice(2).map((part) => (part === undefined ? 0 : Number(part))) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const plain = (value: number): number => (value === 0 ? 0 : sign * value);
  return { months: plain(years * 12 + months), seconds: plain((weeks * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds) };
}

/** `from` moved by a span in UTC: a day is 24 hours, a month ends at its last day. Null outside years 1 to 9999. */
export function shift(from: Date, span: Span, direction: 1 | -1 = 1): Date | null {
  const moved = DateTime.fromJSDate(from, { zone: 'utc' }).plus({ months: direction * span.months, seconds: direction * span.seconds });
  return moved.isValid && moved.year >= 1 && moved.year <= 9999 ? moved.toJSDate() : null;
}

/** `[start, end)` of a civil day in a zone. */
export interface DayBounds {
  readonly start: Date;
  readonly end: Date;
}

const bounds = (day: DateTime): DayBounds => ({
  start: day.startOf('day').toJSDate(),
  end: day.plus({ days: 1 }).startOf('day').toJSDate(),
});

/** The day around an instant as seen in a zone. */
export const dayAround = (instant: Date, zone: string): DayBounds => bounds(DateTime.fromJSDate(instant, { zone }));

/** The day named `YYYY-MM-DD`; null when there is none such. */
export function dayNamed(text: string, zone: string): DayBounds | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return null;
  const day = DateTime.fromISO(text, { zone });
  return day.isValid ? bounds(day) : null;
}

/** An ISO 8601 instant; without an offset it is wall time in the zone. */
export function instantNamed(text: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || text.startsWith('0000')) return null;
  const instant = DateTime.fromISO(text, { zone });
  return instant.isValid && instant.toUTC().year >= 1 && instant.toUTC().year <= 9999 ? instant.toJSDate() : null;
}

/** Asking whether a zone is known makes a date formatter each time; there are a few hundred zones and every rule asks. */
const zones = new Map<string, boolean>([['UTC', true]]);
const MOST_ZONES = 1000;

function isZone(zone: string): boolean {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const valid = IANAZone.isValidZone(zone);
  if (zones.size < MOST_ZONES) zones.set(zone, valid);
  return valid;
}

/** The zone if it is a known IANA name, else UTC: a member's profile must not break a condition. */
export const knownZone = (zone: string | undefined): string => (zone !== undefined && isZone(zone) ? zone : 'UTC');
