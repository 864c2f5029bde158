import type { CalendarException } from '@leadsea/crm-core/contracts/calendar';

interface Day {
  readonly date: string;
  readonly seconds: number;
}

const DAY = 86_400_000;
const shift = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
const covers = (one: CalendarException, date: string): boolean => one.from <= date && date <= (one.to ?? one.from);

const part = (one: CalendarException, from: string, to: string): CalendarException[] => {
  if (from > to) return [];
  const { to: _end, ...rest } = one;
  return [from === to ? { ...rest, from } : { ...rest, from, to }];
};

/**
 * The exceptions after a click on a day: an open day is closed, a closed one is worked; a day of one's own is given back to the week
 * and the holidays. A period that covers the day is split around it.
 */
export function toggled(exceptions: readonly CalendarException[], day: Day): CalendarException[] {
  const own = exceptions.find((one) => covers(one, day.date));
  if (!own)
    return [...exceptions, { from: day.date, kind: day.seconds > 0 ? ('off' as const) : ('work' as const) }].sort((a, b) =>
      a.from.localeCompare(b.from),
    );
  return exceptions.flatMap((one) =>
    one === own ? [...part(one, one.from, shift(day.date, -1)), ...part(one, shift(day.date, 1), one.to ?? one.from)] : [one],
  );
}
