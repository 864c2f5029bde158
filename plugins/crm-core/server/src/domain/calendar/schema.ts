import { z } from 'zod';
import { CALENDAR_SCOPES, WEEKDAYS, type CalendarSpec } from '../../../../contracts';
import { parseDuration } from './duration';
import { isKnownZone, parseDate, parseTime } from './wall-time';

const date = z.string().refine((text) => parseDate(text) !== null, 'Write a date as YYYY-MM-DD.');

const wallInterval = z.strictObject({
  start: z.string().refine((text) => parseTime(text, 'start') !== null, 'Write a time as HH:mm.'),
  end: z.string().refine((text) => parseTime(text, 'end') !== null, 'Write a time as HH:mm, or 24:00.'),
});

const intervals = z.array(wallInterval).max(24);
const templateName = z.string().min(1).max(60);

/** One exception of a calendar, a team or a person. */
export const calendarExceptionSchema = z.strictObject({
  from: date,
  to: date.optional(),
  kind: z.enum(['off', 'work', 'special']),
  template: templateName.optional(),
  intervals: intervals.optional(),
  label: z.string().max(200).optional(),
  source: z.string().max(200).optional(),
});

/** The body of a `calendar` policy. Shapes only: what the parts mean together is checked by `validateCalendar`. */
export const calendarSchema = z.strictObject({
  key: z.string().min(1).max(80),
  scope: z.enum(CALENDAR_SCOPES).optional(),
  parent: z.string().min(1).max(80).optional(),
  notices: z
    .array(
      z.strictObject({
        year: z.int().min(2000).max(2200),
        days: z.array(z.object({ name: z.string().min(1).max(100), date, isOffDay: z.boolean() })).max(366),
      }),
    )
    .max(50)
    .optional(),
  tz: z.string().refine(isKnownZone, 'Write an IANA time zone such as Asia/Shanghai.'),
  alwaysOpen: z.boolean().optional(),
  week: z.partialRecord(z.enum(WEEKDAYS), intervals),
  templates: z.record(templateName, intervals).optional(),
  exceptions: z.array(calendarExceptionSchema).max(2000).optional(),
  holidays: z.string().min(1).max(20).optional(),
  makeUpTemplate: templateName.optional(),
  standardDaySeconds: z.int().min(1).max(86_400).optional(),
}) satisfies z.ZodType<CalendarSpec>;

/** An ISO duration as a policy stores it: `PT30M`, `P1BD`. */
export const durationSchema = z.string().superRefine((text, context) => {
  const parsed = parseDuration(text);
  if (parsed.kind === 'invalid') context.addIssue({ code: 'custom', message: parsed.reason });
});
