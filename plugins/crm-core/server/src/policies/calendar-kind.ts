import type { CalendarSpec, PolicyKind } from '../../../contracts';
import { calendarSchema, validateCalendar } from '../domain/calendar';

/** Working hours as a policy: drafted, checked, published as an immutable revision. */
export const calendarKind: PolicyKind<CalendarSpec> = {
  kind: 'calendar',
  resource: 'calendars',
  label: { zh: '工作日历', en: 'Calendar' },
  schema: calendarSchema,
  lint: (body) => validateCalendar(body),
};
