import type { CalendarSpec, PolicyService } from '../../../contracts';
import { compileCalendar, type Calendar } from '../domain/calendar';

/** Compiled live calendars, one per published version: compiling is dear, versions never change. */
export function createCalendars(policies: PolicyService): (key: string | null) => Promise<Calendar | null> {
  const compiled = new Map<number, Calendar>();
  return async (key) => {
    const live = await policies.live<CalendarSpec>('calendar');
    const version = key === null ? live[0] : live.find((candidate) => candidate.key === key);
    if (!version) return null;
    const known = compiled.get(version.versionId);
    if (known) return known;
    const calendar = compileCalendar(version.body);
    compiled.set(version.versionId, calendar);
    return calendar;
  };
}
