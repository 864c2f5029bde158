import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CalendarSpec, WallInterval } from '../../../../../contracts';
import { compileCalendar, type Calendar, type CalendarResult, type ChinaNotice } from '..';

const SLA_DATA = path.resolve(__dirname, '../../../../../../../../shared/data/sla');

/** Parsed file of the shared test material, or null when it is not on this machine. */
export function readShared(name: string): unknown {
  const file = path.join(SLA_DATA, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

export const readNotice = (year: number): ChinaNotice | null => readShared(`china_holidays/${year}.json`) as ChinaNotice | null;

/** `hours('09:00-12:00', '13:30-18:00')`. */
export const hours = (...texts: string[]): WallInterval[] =>
  texts.map((text) => {
    const [start = '', end = ''] = text.split('-');
    return { start, end };
  });

export const weekdays = (...texts: string[]): CalendarSpec['week'] => {
  const row = hours(...texts);
  return { mon: row, tue: row, wed: row, thu: row, fri: row };
};

/** Calendar C of the golden vectors: 7.5 hours, State Council days. */
export const SHANGHAI: CalendarSpec = {
  key: 'shanghai',
  tz: 'Asia/Shanghai',
  week: weekdays('09:00-12:00', '13:30-18:00'),
  holidays: 'cn_statutory',
};

export const utc = (over: Partial<CalendarSpec> = {}): Calendar =>
  compileCalendar({ key: 'utc', tz: 'UTC', week: weekdays('09:00-17:00'), ...over });

/** `cn('2026-03-06 17:50')` is that wall time in Shanghai. */
export const cn = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`);

/** The deadline as text in Shanghai, or the refusal's code. */
export const cnText = (result: CalendarResult): string =>
  result.ok ? new Date(result.at.getTime() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19) : result.code;

/** The deadline in UTC, or the refusal's code. */
export const utcText = (result: CalendarResult): string => (result.ok ? result.at.toISOString().replace('.000Z', 'Z') : result.code);

export const minutes = (count: number): number => count * 60;
export const inHours = (count: number): number => count * 3600;
