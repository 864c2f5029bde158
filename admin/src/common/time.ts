import { useMemo } from 'react';
import type { Locale } from '../api/types';
import { useMe } from '../api/session-context';
import { useLocaleCode } from './text';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const TAG = { zh: 'zh-CN', en: 'en-GB' } as const;

/** English names the month: 06/03 is another day for every second reader. */
const DAY_PARTS: Readonly<Record<Locale, Intl.DateTimeFormatOptions>> = {
  zh: { year: 'numeric', month: '2-digit', day: '2-digit' },
  en: { year: 'numeric', month: 'short', day: 'numeric' },
};

const formats = new Map<string, Intl.DateTimeFormat>();
const format = (locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${locale}|${timeZone}|${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(TAG[locale], { timeZone, ...options });
  formats.set(key, made);
  return made;
};

/** `3d 4h`, `2h 05m`, `12:40` (under an hour), `0:42`; minutes are rounded up while time remains. */
export const formatDuration = (seconds: number, locale: Locale): string => {
  const total = Math.max(0, Math.ceil(seconds));
  if (total < HOUR) return `${Math.floor(total / MINUTE)}:${String(total % MINUTE).padStart(2, '0')}`;
  const minutes = Math.ceil(total / MINUTE);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = String(minutes % 60).padStart(2, '0');
  if (locale === 'zh') return days > 0 ? `${days}天${hours}小时` : `${hours}小时${rest}分`;
  return days > 0 ? `${days}d ${hours}h` : `${hours}h ${rest}m`;
};

/** `in 3 hours`, `2 days ago`, in whole units. */
export const formatRelative = (iso: string, now: number, locale: Locale): string => {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  const relative = new Intl.RelativeTimeFormat(TAG[locale], { numeric: 'auto' });
  if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.round(seconds / HOUR), 'hour');
  if (size < 60 * DAY) return relative.format(Math.round(seconds / DAY), 'day');
  return relative.format(Math.round(seconds / (30 * DAY)), 'month');
};

export interface TimeFormats {
  zone: string;
  dateTime(iso: string | null | undefined): string;
  date(iso: string | null | undefined): string;
  /** Weekday and time, for instants within a few days. */
  weekdayTime(iso: string): string;
  /** `YYYY-MM-DDTHH:mm` in the member's zone, for datetime-local inputs. */
  toLocalInput(iso: string | null | undefined): string;
  /** The instant of a datetime-local input, read in the member's zone. */
  fromLocalInput(local: string): string | null;
}

const partsOf = (at: number, zone: string): string => {
  const parts = format('en', zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const get = new Map(parts.formatToParts(at).map((part) => [part.type, part.value]));
  return `${get.get('year')}-${get.get('month')}-${get.get('day')}T${get.get('hour')}:${get.get('minute')}`;
};

/** Reads a wall-clock time in a zone; a time that does not exist moves forward by the gap. */
export const instantOf = (local: string, zone: string): string | null => {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  let at = asUtc;
  for (let pass = 0; pass < 2; pass += 1) at += asUtc - Date.parse(`${partsOf(at, zone)}Z`);
  return new Date(at).toISOString();
};

/** `2026-03-06` as a day in the console's language; what is no such day as it stands. */
export const showDay = (day: string | null | undefined, locale: Locale): string => {
  const text = (day ?? '').slice(0, 10);
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? text : format(locale, 'UTC', DAY_PARTS[locale]).format(at);
};

/** Formats in the member's time zone and the console's language. */
export const useTime = (): TimeFormats => {
  const locale = useLocaleCode();
  const zone = useMe().member.timeZone;
  return useMemo(() => {
    const show = (iso: string | null | undefined, options: Intl.DateTimeFormatOptions): string => {
      const at = iso ? Date.parse(iso) : Number.NaN;
      return Number.isNaN(at) ? '' : format(locale, zone, options).format(at);
    };
    return {
      zone,
      dateTime: (iso) => show(iso, { ...DAY_PARTS[locale], hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      date: (iso) => show(iso, DAY_PARTS[locale]),
      weekdayTime: (iso) => show(iso, { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      toLocalInput: (iso) => (iso ? partsOf(Date.parse(iso), zone) : ''),
      fromLocalInput: (local) => instantOf(local, zone),
    };
  }, [locale, zone]);
};
