import type { Trend } from './api';

type Day = Trend['days'][number];
const DAY_MS = 86_400_000;

const key = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** One entry for every day from the first to the last, those on which nothing happened with zeros. */
export const dayRange = (days: readonly Day[], from: string, to: string): Day[] => {
  const known = new Map(days.map((day) => [day.day, day]));
  const first = days[0] ? Math.min(Date.parse(days[0].day), Date.parse(from.slice(0, 10))) : Date.parse(from.slice(0, 10));
  const last = Math.max(Date.parse(to.slice(0, 10)), Date.parse(days.at(-1)?.day ?? to.slice(0, 10)));
  return Array.from({ length: Math.round((last - first) / DAY_MS) + 1 }, (_, index) => {
    const day = key(first + index * DAY_MS);
    return known.get(day) ?? { day, created: 0, entered: {} };
  });
};
