import { calendarTime } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Calendar } from '../domain/time';
import type { LivePool } from './pools';

/** Where no calendar is live, all time is working time. */
const ALWAYS: Calendar = calendarTime.compileCalendar({ key: 'always', tz: 'UTC', alwaysOpen: true, week: {} });

/** The calendar a pool counts business time by: its own, else the first live one. */
export const poolCalendar = async (kit: Kit, pool: LivePool): Promise<Calendar> =>
  (await kit.calendar(pool.body.calendar ?? null)) ?? ALWAYS;
