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

/** The body of a `calendar` policy (§1 of the semantics). */
export interface CalendarSpec {
  readonly key: string;
  /** IANA zone. */
  readonly tz: string;
  readonly alwaysOpen?: boolean;
  readonly week: Readonly<Partial<Record<Weekday, readonly WallInterval[]>>>;
  readonly templates?: Readonly<Record<string, readonly WallInterval[]>>;
  readonly exceptions?: readonly CalendarException[];
  /** National feed laid under the exceptions: `cn_statutory` (chinese-days) or a date-holidays country code such as `DE`. */
  readonly holidays?: string;
  /** Seconds of a standard working day, for the `budget` meaning of a business day. */
  readonly standardDaySeconds?: number;
}
