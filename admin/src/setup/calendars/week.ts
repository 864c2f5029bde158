import type { WallInterval, Weekday } from '@leadsea/crm-core/contracts/calendar';

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
};

/** Open time of a day in seconds; an interval that ends at or before its start runs past midnight. */
export const openSeconds = (intervals: readonly WallInterval[]): number =>
  intervals.reduce((sum, { start, end }) => {
    const length = minutes(end) - minutes(start);
    return sum + (length > 0 ? length : length + 1440) * 60;
  }, 0);
