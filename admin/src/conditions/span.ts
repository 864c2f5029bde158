import type { Locale } from '../api/types';
import { scalarText } from './scalar';

/** Units a person chooses from; `bday` is a business day and means something only where a calendar is named. */
export const SPAN_UNITS = ['second', 'minute', 'hour', 'day', 'bday', 'week'] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];
export interface Span {
  readonly amount: number;
  readonly unit: SpanUnit;
}

const SECONDS: Readonly<Record<Exclude<SpanUnit, 'bday'>, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
const PATTERN = /^P(?:(\d+)W)?(?:(\d+)BD)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Reads an ISO 8601 duration as one number and one unit, the largest that keeps it whole: `PT90M` is 90 minutes. */
export const parseSpan = (iso: unknown): Span | null => {
  if (typeof iso === 'number' && Number.isFinite(iso)) return fromSeconds(iso);
  const match = typeof iso === 'string' ? PATTERN.exec(iso) : null;
  if (!match || iso === 'P') return null;
  const [weeks, business, days, hours, minutes, seconds] = match.slice(1).map((part) => (part === undefined ? null : Number(part)));
  const parts = [weeks, business, days, hours, minutes, seconds].filter((part) => part !== null && part !== undefined);
  if (parts.length === 0) return null;
  if (typeof business === 'number') return parts.length === 1 ? { amount: business, unit: 'bday' } : null;
  if (parts.length === 1) {
    const units: readonly (readonly [number | null | undefined, SpanUnit])[] = [
      [weeks, 'week'],
      [days, 'day'],
      [hours, 'hour'],
      [minutes, 'minute'],
      [seconds, 'second'],
    ];
    for (const [amount, unit] of units) if (typeof amount === 'number') return { amount, unit };
  }
  return fromSeconds(
    (weeks ?? 0) * SECONDS.week +
      (days ?? 0) * SECONDS.day +
      (hours ?? 0) * SECONDS.hour +
      (minutes ?? 0) * SECONDS.minute +
      (seconds ?? 0),
  );
};

/** Seconds as the largest unit that keeps them whole. */
export const fromSeconds = (seconds: number): Span => {
  const unit = (['day', 'hour', 'minute'] as const).find((one) => seconds > 0 && seconds % SECONDS[one] === 0) ?? 'second';
  return { amount: seconds / SECONDS[unit], unit };
};

/** Seconds of a span; null for business days, whose length a calendar decides. */
export const toSeconds = ({ amount, unit }: Span): number | null => (unit === 'bday' ? null : amount * SECONDS[unit]);

export const formatSpan = ({ amount, unit }: Span): string =>
  ({ second: `PT${amount}S`, minute: `PT${amount}M`, hour: `PT${amount}H`, day: `P${amount}D`, bday: `P${amount}BD`, week: `P${amount}W` })[
    unit
  ];

const WORDS: Readonly<Record<Locale, Readonly<Record<SpanUnit, readonly [string, string]>>>> = {
  en: {
    second: ['second', 'seconds'],
    minute: ['minute', 'minutes'],
    hour: ['hour', 'hours'],
    day: ['day', 'days'],
    bday: ['business day', 'business days'],
    week: ['week', 'weeks'],
  },
  zh: {
    second: ['秒', '秒'],
    minute: ['分钟', '分钟'],
    hour: ['小时', '小时'],
    day: ['天', '天'],
    bday: ['个工作日', '个工作日'],
    week: ['周', '周'],
  },
};

export const unitWord = (unit: SpanUnit, amount: number, locale: Locale): string => WORDS[locale][unit][amount === 1 ? 0 : 1];

/** `3 days`, `3 天`; what is not a duration stays as it is. With `business`, clock units are named as working time. */
export const spanWords = (iso: unknown, locale: Locale, business = false): string => {
  const span = parseSpan(iso);
  if (!span) return scalarText(iso);
  const unit = unitWord(span.unit, span.amount, locale);
  const worded = business && span.unit !== 'bday' ? (locale === 'zh' ? `工作${unit}` : `business ${unit}`) : unit;
  return locale === 'zh' ? `${span.amount} ${business && span.unit !== 'bday' ? `个${worded}` : worded}` : `${span.amount} ${worded}`;
};
