import type { CalendarDuration } from '../../../../contracts';

/** Not a duration, and what to write instead. */
export interface InvalidDuration {
  readonly kind: 'invalid';
  readonly reason: string;
}

const BUSINESS_DAYS = /^P(\d{1,5})BD$/;
const TIME = /^PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?$/;
const CALENDAR_UNITS = /^P\d+[DWMY]/;

/**
 * `PT30M`, `PT4H`, `PT1H30M`, `PT90S` → business seconds; `P2BD` → business days (R-6). Calendar days (`P1D`) are refused on purpose:
 * nobody agrees whether they are 24 hours of schedule time or a working day.
 */
export function parseDuration(text: string): CalendarDuration | InvalidDuration {
  const days = BUSINESS_DAYS.exec(text);
  if (days) return { kind: 'businessDays', days: Number(days[1]) };
  const time = TIME.exec(text);
  if (time && text !== 'PT') {
    const [, hours = '0', minutes = '0', seconds = '0'] = time;
    return { kind: 'seconds', seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
  }
  if (CALENDAR_UNITS.test(text)) {
    return { kind: 'invalid', reason: `"${text}" counts calendar days; write business days (P1BD) or business hours (PT8H).` };
  }
  return { kind: 'invalid', reason: `"${text}" is not a duration; write e.g. PT30M, PT4H or P1BD.` };
}

/** The shortest text `parseDuration` reads back to the same value. */
export function formatDuration(duration: CalendarDuration): string {
  if (duration.kind === 'businessDays') return `P${duration.days}BD`;
  const hours = Math.floor(duration.seconds / 3600);
  const minutes = Math.floor((duration.seconds % 3600) / 60);
  const seconds = duration.seconds % 60;
  const text = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  return `PT${text || '0S'}`;
}

/** R-10: what remains is shown rounded up, so that "0 minutes left" means the deadline has passed. */
export const remainingMinutes = (seconds: number): number => Math.ceil(seconds / 60);

/** R-10: what has elapsed is shown rounded down. */
export const elapsedMinutes = (seconds: number): number => Math.floor(seconds / 60);
