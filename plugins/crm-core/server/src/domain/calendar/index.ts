export { add, elapsed, isOpen, nextOpen, periodsBetween, prevOpen, subtract, type CalendarResult } from './arithmetic';
export { addBusinessDays, addDuration, subtractBusinessDays } from './business-days';
export { inherit, leaveSuffix, parseRevision, revisionOf, yearDays, type YearDay } from './inherit';
export { compileCalendar, type Calendar, type CompileOptions } from './compile';
export { elapsedMinutes, formatDuration, parseDuration, remainingMinutes, type InvalidDuration } from './duration';
export { explain, isProvisional, startOfLocalDay } from './explain';
export {
  CN_STATUTORY,
  feedFromNotices,
  makeFeedLookup,
  standardFeeds,
  withNotices,
  type ChinaNotice,
  type FeedDay,
  type FeedLookup,
  type HolidayFeed,
} from './feeds';
export { calendarExceptionSchema, calendarSchema, durationSchema } from './schema';
export { validateCalendar, validateExceptions } from './validate';
