import chineseDays from 'chinese-days/dist/chinese-days.json';
import Holidays from 'date-holidays';
import type { LocalisedText } from '../../../../contracts';
import { DAY, formatDate, parseDate } from './wall-time';

/** `off`: closed whatever the week says. `work`: a make-up workday (调休上班), open whatever the week says. */
export interface FeedDay {
  readonly kind: 'off' | 'work';
  readonly label: LocalisedText;
}

/** A source of public holidays. Dates are `YYYY-MM-DD`. */
export interface HolidayFeed {
  /** Null: the feed has nothing to say and the week row decides. */
  day(date: string): FeedDay | null;
  /** False: not announced yet, so a deadline that touches the year is provisional. */
  covers(year: number): boolean;
}

/** `CalendarSpec.holidays` → feed, or null when nobody knows the code. */
export type FeedLookup = (code: string) => HolidayFeed | null;

/** The code of the State Council's days off and make-up workdays. */
export const CN_STATUTORY = 'cn_statutory';

/** One notice of the State Council as holiday-cn publishes it; a year not announced yet is a file without days. */
export interface ChinaNotice {
  readonly year: number;
  readonly days: readonly { readonly name: string; readonly date: string; readonly isOffDay: boolean }[];
}

/**
 * A feed from notices. They are filed by *notice* year and a notice may regulate the last days of the year before,
 * so all files are read into one map of dates.
 */
export function feedFromNotices(notices: readonly ChinaNotice[]): HolidayFeed {
  const announced = notices.filter((notice) => notice.days.length > 0);
  const years = new Set(announced.map((notice) => notice.year));
  const days = new Map<string, FeedDay>();
  for (const notice of announced) {
    for (const { date, name, isOffDay } of notice.days) days.set(date, { kind: isOffDay ? 'off' : 'work', label: { zh: name, en: name } });
  }
  return { day: (date) => days.get(date) ?? null, covers: (year) => years.has(year) };
}

/** Notices entered by hand over the shipped data: a year they announce is covered, and their dates come first. */
export function withNotices(shipped: HolidayFeed, notices: readonly ChinaNotice[]): HolidayFeed {
  const entered = feedFromNotices(notices);
  return {
    day: (date) => entered.day(date) ?? (entered.covers(Number(date.slice(0, 4))) ? null : shipped.day(date)),
    covers: (year) => entered.covers(year) || shipped.covers(year),
  };
}

/** `"Spring Festival,春节,4"` → both names. */
function chineseLabel(entry: string): LocalisedText {
  const [en = entry, zh = en] = entry.split(',');
  return { zh, en };
}

function chineseDaysFeed(): HolidayFeed {
  const off: Readonly<Record<string, string>> = chineseDays.holidays;
  const work: Readonly<Record<string, string>> = chineseDays.workdays;
  return {
    day(date) {
      const makeUp = work[date];
      if (makeUp !== undefined) return { kind: 'work', label: chineseLabel(makeUp) };
      const holiday = off[date];
      return holiday === undefined ? null : { kind: 'off', label: chineseLabel(holiday) };
    },
    // Days of December and January can come from a neighbour's notice; National Day is always in the year's own.
    covers: (year) => off[`${year}-10-01`] !== undefined,
  };
}

const isWholeDay = (holiday: { readonly date: string }): boolean => holiday.date.slice(11, 16) === '00:00';

function countryYear(holidays: Holidays, year: number): ReadonlyMap<string, FeedDay> {
  const chinese = holidays.getHolidays(year, 'zh');
  const days = new Map<string, FeedDay>();
  holidays.getHolidays(year, 'en').forEach((holiday, position) => {
    const first = parseDate(holiday.date.slice(0, 10));
    if (holiday.type !== 'public' || !isWholeDay(holiday) || first === null) return;
    const twin = chinese[position];
    const zh = twin?.date === holiday.date ? twin.name : holiday.name;
    const length = Math.round((holiday.end.getTime() - holiday.start.getTime()) / (DAY * 1000));
    for (let day = first; day < first + length; day += 1) days.set(formatDate(day), { kind: 'off', label: { zh, en: holiday.name } });
  });
  return days;
}

/** Public holidays of a country (`DE`) or a part of it (`DE-BY`, `US-LA-NO`), or null for a code that date-holidays lacks. */
function countryFeed(code: string): HolidayFeed | null {
  const [country = '', state, region] = code.split('-');
  const atlas = new Holidays();
  if (!(country in atlas.getCountries())) return null;
  if (state !== undefined && !(state in (atlas.getStates(country) ?? {}))) return null;
  if (state !== undefined && region !== undefined && !(region in (atlas.getRegions(country, state) ?? {}))) return null;
  const holidays = region && state ? new Holidays(country, state, region) : state ? new Holidays(country, state) : new Holidays(country);
  const years = new Map<number, ReadonlyMap<string, FeedDay>>();
  return {
    day(date) {
      const year = Number(date.slice(0, 4));
      const known = years.get(year) ?? countryYear(holidays, year);
      years.set(year, known);
      return known.get(date) ?? null;
    },
    covers: () => true,
  };
}

/** A lookup with its own cache: `cn_statutory` from chinese-days, anything else from date-holidays. */
export function makeFeedLookup(china: HolidayFeed = chineseDaysFeed()): FeedLookup {
  const countries = new Map<string, HolidayFeed | null>();
  return (code) => {
    if (code === CN_STATUTORY) return china;
    const feed = countries.has(code) ? (countries.get(code) ?? null) : countryFeed(code);
    countries.set(code, feed);
    return feed;
  };
}

/** The data that ships with the product. */
export const standardFeeds: FeedLookup = makeFeedLookup();
