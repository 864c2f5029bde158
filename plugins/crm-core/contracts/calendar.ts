import type { Knex } from 'knex';
import type { Actor } from './actor';
import type { LocalisedText } from './condition';
import type { Calendar } from '../server/src/domain/calendar';

/** `[start, end)` in local wall time `HH:mm`; `end <= start` runs past midnight and belongs to the date of its start. */
export interface WallInterval {
  readonly start: string;
  readonly end: string;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** inside one level `special` > `work` > `off`; the same date twice at one level and kind is a validation error. */
export interface CalendarException {
  /** `YYYY-MM-DD`, inclusive; `to` defaults to `from`. */
  readonly from: string;
  readonly to?: string;
  readonly kind: 'off' | 'work' | 'special';
  /** For `work` and `special`: a named template, or own intervals. A `work` day without either uses the Monday row. */
  readonly template?: string;
  readonly intervals?: readonly WallInterval[];
  readonly label?: string;
  readonly source?: string;
}

export const CALENDAR_SCOPES = ['organisation', 'team', 'person'] as const;
export type CalendarScope = (typeof CALENDAR_SCOPES)[number];

/** One notice of the State Council, as holiday-cn publishes it, for a year the shipped data does not know yet. */
export interface HolidayNotice {
  readonly year: number;
  readonly days: readonly { readonly name: string; readonly date: string; readonly isOffDay: boolean }[];
}

/** The body of a `calendar` policy (§1 of the semantics). */
export interface CalendarSpec {
  readonly key: string;
  /** Whose calendar it is; decides at which level its exceptions stand. Default: the organisation's. */
  readonly scope?: CalendarScope;
  /** The wider calendar it stands under: team under organisation, person under team or organisation. */
  readonly parent?: string;
  /** Notices entered by hand; they come before the shipped data of the same year. */
  readonly notices?: readonly HolidayNotice[];
  /** IANA zone. */
  readonly tz: string;
  readonly alwaysOpen?: boolean;
  /** With a parent: empty = the parent's week. */
  readonly week: Readonly<Partial<Record<Weekday, readonly WallInterval[]>>>;
  readonly templates?: Readonly<Record<string, readonly WallInterval[]>>;
  readonly exceptions?: readonly CalendarException[];
  /** National feed laid under the exceptions: `cn_statutory` (chinese-days) or a date-holidays country code such as `DE`. */
  readonly holidays?: string;
  /** Template a make-up workday (调休上班) of the feed uses; the Monday row when absent. */
  readonly makeUpTemplate?: string;
  /** Seconds of a standard working day, for the `budget` meaning of a business day; the first open row of the week when absent. */
  readonly standardDaySeconds?: number;
}

/** Exceptions laid over a calendar for one team or one person (R-1: person > team > calendar > feed > week). */
export interface CalendarOverlays {
  readonly team?: readonly CalendarException[];
  readonly person?: readonly CalendarException[];
}

export const CALENDAR_LEVELS = ['person', 'team', 'calendar', 'feed', 'week'] as const;
export type CalendarLevel = (typeof CALENDAR_LEVELS)[number];

/** What a date is: a usual working or closed day of the week, a holiday or make-up day, or an exception of somebody's own. */
export const DAY_KINDS = ['workday', 'closed', 'holiday', 'make-up', 'off', 'special'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** what "2 business days" means is the admin's choice per metric; it is never 48 hours of schedule time. */
export const BUSINESS_DAY_MEANINGS = ['same-time', 'end-of-day', 'budget'] as const;
export type BusinessDayMeaning = (typeof BUSINESS_DAY_MEANINGS)[number];

/** A parsed ISO duration: `PT30M`, `PT4H` are business seconds; `P1BD` is business days. */
export type CalendarDuration =
  { readonly kind: 'seconds'; readonly seconds: number } | { readonly kind: 'businessDays'; readonly days: number };

/** Absolute `[start, end)`. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** One local date of an explained range. A shift past midnight is shown on the date of its start. */
export interface CalendarDayRow {
  /** `YYYY-MM-DD` in the calendar's zone. */
  readonly date: string;
  readonly weekday: Weekday;
  readonly kind: DayKind;
  /** The level that decided the date. */
  readonly level: CalendarLevel;
  readonly label: LocalisedText | null;
  /** Open time of the date inside the range. */
  readonly intervals: readonly Period[];
  readonly seconds: number;
}

/** what a new revision means for what is running. */
export const REVISION_MODES = ['keep', 'replan', 'recompute'] as const;
export type RevisionMode = (typeof REVISION_MODES)[number];

/** What keeps deadlines by calendars: tells what a draft would move, and moves it in the publishing transaction or in a job it enqueues. */
export interface CalendarRevisionListener {
  readonly name: string;
  /** Keys: the calendar itself and those that stand under it. */
  preview(
    change: {
      readonly keys: readonly string[];
      /** Each of them compiled as if the draft were live. */
      readonly draftOf: (key: string) => Promise<Calendar>;
    },
    actor: Actor,
  ): Promise<Record<string, unknown>>;
  published(
    trx: Knex.Transaction,
    change: { readonly keys: readonly string[]; readonly mode: RevisionMode; readonly versionId: number },
    now: Date,
  ): Promise<void>;
}
