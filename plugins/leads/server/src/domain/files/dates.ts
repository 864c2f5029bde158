/** `yMd` order of the day's parts in a file. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Wall-clock time as written, or an instant when the text carried an offset or was a Unix time. */
export interface ParsedDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly hasTime: boolean;
  /** Minutes east of UTC when the text says so. */
  readonly offset: number | null;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAY = [
  { order: null, pattern: /^(\d{4})(\d{2})(\d{2})(?!\d)/, parts: 'ymd' },
  { order: null, pattern: /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?/, parts: 'ymd' },
  { order: null, pattern: /^(\d{1,2})[\s-]*([A-Za-z]{3,9})\.?,?[\s-]*(\d{4}|\d{2})(?![\d:])/, parts: 'dMy' },
  { order: null, pattern: /^([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/, parts: 'Mdy' },
  { order: 'dmy', pattern: /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)/, parts: 'dmy' },
  { order: 'mdy', pattern: /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)/, parts: 'mdy' },
] as const;
const TIME =
  /^[T\s,]*(上午|下午|中午|晚上|凌晨|am|pm)?\s*(\d{1,2})(?:[:：时點点](\d{1,2}))(?:[:：分](\d{1,2})(?:[.,](\d{1,9}))?)?\s*秒?分?\s*(am|pm|a\.m\.|p\.m\.)?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2}))?$/i;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const fullYear = (text: string): number => (text.length > 2 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900));
const hour24 = (hour: number, half: string): number => {
  if (/^(?:pm|p\.m\.|下午|晚上)$/i.test(half)) return hour < 12 ? hour + 12 : hour;
  if (/^(?:am|a\.m\.|上午|凌晨)$/i.test(half)) return hour === 12 ? 0 : hour;
  return hour;
};

type Clock = Pick<ParsedDate, 'hour' | 'minute' | 'second' | 'millisecond' | 'hasTime' | 'offset'>;
const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0, millisecond: 0, hasTime: false, offset: null };

function readTime(text: string): Clock | null {
  if (/^\s*(?:星期.|周.|\([^)]*\))?\s*$/.test(text)) return MIDNIGHT;
  const found = TIME.exec(text.replace(/^\s*(?:星期.|周.)/, ''));
  if (!found) return null;
  const hour = hour24(Number(found[2]), found[1] ?? found[6] ?? '');
  const minute = Number(found[3] ?? 0);
  const second = Number(found[4] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return null;
  const sign = found[8] === '-' ? -1 : 1;
  const offset = found[7] ? 0 : found[8] ? sign * (Number(found[9]) * 60 + Number(found[10])) : null;
  return { hour, minute, second, millisecond: Number((found[5] ?? '0').padEnd(3, '0').slice(0, 3)), hasTime: true, offset };
}

function readDay(groups: readonly string[], parts: string): Pick<ParsedDate, 'year' | 'month' | 'day'> | null {
  let [year, month, day] = [0, 0, 0];
  [...parts].forEach((part, index) => {
    const text = groups[index] ?? '';
    if (part === 'y') year = fullYear(text);
    if (part === 'm') month = Number(text);
    if (part === 'M') month = MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
    if (part === 'd') day = Number(text);
  });
  return year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? { year, month, day } : null;
}

/**
 * Reads a date as people and systems write it: `2024-02-29T10:00:00+08:00`, `2024年2月29日 下午3:05`, `29.02.2024`, `Feb 29, 2024`, `20240229`.
 * `order` decides `03/04/2024`; it is ignored where the text itself is plain. null = not a date, or one that does not exist.
 */
export function parseDate(raw: string, order: DateOrder): ParsedDate | null {
  const text = raw.trim().replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/i, '');
  for (const form of DAY) {
    if (form.order !== null && form.order !== (order === 'mdy' ? 'mdy' : 'dmy')) continue;
    const found = form.pattern.exec(text);
    if (!found) continue;
    const day = readDay(found.slice(1), form.parts);
    const time = day && readTime(text.slice(found[0].length));
    if (day && time) return { ...day, ...time };
  }
  return null;
}

/** `dd/MM/yyyy HH:mm` → `dmy`; anything without the three parts → `ymd`. */
export function orderOf(format: string): DateOrder {
  const places = { y: format.search(/y/i), m: format.search(/M/), d: format.search(/d/i) };
  if (places.y < 0 || places.m < 0 || places.d < 0) return 'ymd';
  if (places.y < places.d) return 'ymd';
  return places.d < places.m ? 'dmy' : 'mdy';
}

const FORMATS: Readonly<Record<DateOrder, string>> = { ymd: 'yyyy-MM-dd', dmy: 'dd/MM/yyyy', mdy: 'MM/dd/yyyy' };

export interface DateGuess {
  /** To be shown and given back as `dateFormat`; its order is what counts. */
  readonly format: string;
  readonly hasTime: boolean;
  /** No sample tells day from month: ask. */
  readonly ambiguous: boolean;
}

/** The order in which every sample is a date; null when some sample is none. Day first when nothing tells. */
export function detectDateFormat(samples: readonly string[]): DateGuess | null {
  if (samples.length === 0) return null;
  const readable = (order: DateOrder): boolean => samples.every((sample) => parseDate(sample, order) !== null);
  const [dmy, mdy] = [readable('dmy'), readable('mdy')];
  if (!dmy && !mdy) return null;
  const slashed = samples.filter((sample) => /^\d{1,2}[-/.]\d{1,2}[-/.]/.test(sample.trim()));
  const order: DateOrder = slashed.length === 0 ? 'ymd' : dmy ? 'dmy' : 'mdy';
  const separator = slashed[0]?.match(/[-/.]/)?.[0] ?? '/';
  const hasTime = samples.some((sample) => parseDate(sample, order)?.hasTime);
  const day = FORMATS[order].replaceAll('/', separator);
  const ambiguous = slashed.length > 0 && dmy && mdy && slashed.some((sample) => !/^(\d{1,2})[-/.]0?\1[-/.]/.test(sample.trim()));
  return { format: hasTime ? `${day} HH:mm:ss` : day, hasTime, ambiguous };
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function offsetAt(instant: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formatters.set(timeZone, formatter);
  }
  const parts = new Map(formatter.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}

const QUARTER = 900_000;
const offsets = new Map<string, number>();

/** Since 1970 clocks change at whole quarters of an hour (UTC), so one look-up serves the quarter. */
function zoneOffset(instant: number, timeZone: string): number {
  if (instant < 0) return offsetAt(instant, timeZone);
  const key = `${timeZone} ${Math.floor(instant / QUARTER)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size > 20_000) offsets.clear();
  const offset = offsetAt(instant, timeZone);
  offsets.set(key, offset);
  return offset;
}

/**
 * The instant of a wall-clock time in an IANA zone. A time that a clock change skips moves forward by the gap; one that occurs twice is
 * the earlier one (as R-13 reads local times).
 */
export function toInstant(date: ParsedDate, timeZone: string): Date {
  const wall = Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second, date.millisecond);
  if (date.offset !== null) return new Date(wall - date.offset * 60_000);
  const before = zoneOffset(wall - 86_400_000, timeZone);
  const after = zoneOffset(wall + 86_400_000, timeZone);
  const fits = [wall - before, wall - after].filter((instant) => instant + zoneOffset(instant, timeZone) === wall);
  return new Date(fits.length > 0 ? Math.min(...fits) : wall - before);
}

/** Excel's day number (1900 system) → the same wall-clock parts; null outside 1927 … 2119, where numbers are something else. */
export function fromSerial(serial: number): ParsedDate | null {
  if (!(serial >= 10_000 && serial < 80_500)) return null;
  const date = new Date(Math.round((serial - 25_569) * 86_400_000));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: 0,
    hasTime: !Number.isInteger(serial),
    offset: null,
  };
}

/** Unix seconds or milliseconds between 2001 and 2128. */
export const fromUnix = (text: string): Date | null => {
  if (!/^\d{10}$|^\d{13}$/.test(text)) return null;
  const value = Number(text) * (text.length === 10 ? 1000 : 1);
  return value < 1e12 || value > 5e12 ? null : new Date(value);
};
