/** A day as text: read in whatever way it is usually typed, shown in the language of the console. Values are `YYYY-MM-DD`, with a time `YYYY-MM-DDTHH:MM`. */
const two = (value: number): string => String(value).padStart(2, '0');

const dayOf = (year: number, month: number, day: number): string | null => {
  const at = new Date(Date.UTC(year, month - 1, day));
  const real = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real && year >= 1000 && year <= 9999 ? `${year}-${two(month)}-${two(day)}` : null;
};

const PLAIN = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const JOINED = /^(\d{4})(\d{2})(\d{2})$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `2026-03-06`, `2026/3/6`, `2026年3月6日`, `20260306`, `6 Mar 2026`, `Mar 6, 2026`; null when it is no day. */
export function readDay(text: string): string | null {
  const trimmed = text.trim();
  const plain = PLAIN.exec(trimmed) ?? JOINED.exec(trimmed);
  if (plain) return dayOf(Number(plain[1]), Number(plain[2]), Number(plain[3]));
  const words = trimmed.replace(/[.,]/g, ' ').split(/\s+/);
  const month = words.map((word) => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1).find((found) => found > 0);
  const [day, year] = words.flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
  return words.length === 3 && month && day !== undefined && year !== undefined ? dayOf(year, month, day) : null;
}

const CLOCK = /^(.*?)[T\s]+(\d{1,2})[:：](\d{2})(?::\d{2})?$/;

/** A day with a time of day; a day alone is midnight. */
export function readMoment(text: string): string | null {
  const clock = CLOCK.exec(text.trim());
  const day = readDay(clock ? clock[1]! : text);
  const [hour, minute] = clock ? [Number(clock[2]), Number(clock[3])] : [0, 0];
  return day !== null && hour < 24 && minute < 60 ? `${day}T${two(hour)}:${two(minute)}` : null;
}

/** A time of day, `HH:MM`: `9:30`, `09：30`, `0930`; null when it is none. */
export function readClock(text: string): string | null {
  const found = /^(\d{1,2})(?:[:：](\d{2})|(\d{2}))$/.exec(text.normalize('NFKC').trim());
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2] ?? found?.[3])];
  return found && hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}

/** How a value is shown: `2026年3月6日 09:30`, `6 Mar 2026 09:30`. */
export function showMoment(value: string, locale: 'zh' | 'en'): string {
  const [day = '', clock = ''] = value.split('T');
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return value;
  const shown = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(at);
  return clock ? `${shown} ${clock.slice(0, 5)}` : shown;
}

/** The weeks of a month from Monday, days of the months before and after left empty. */
export function weeksOf(month: string): readonly (readonly (string | null)[])[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const first = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const cells = Array.from({ length: Math.ceil((first + length) / 7) * 7 }, (_, at) => {
    const day = at - first + 1;
    return day >= 1 && day <= length ? `${year}-${two(number)}-${two(day)}` : null;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** A month before or after: `2026-12` and 1 is `2027-01`. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const at = new Date(Date.UTC(year, number - 1 + by, 1));
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}`;
}
