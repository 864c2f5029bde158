import type { WeekStart } from '../../../contracts';

/** Regions whose calendars show Sunday or Saturday first (CLDR week data); everywhere else it is Monday. */
const SUNDAY = new Set('US CA MX BR JP KR TW HK MO IN ID PH TH IL ZA CO PE VE PK BD SA KE'.split(' '));
const SATURDAY = new Set('AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY'.split(' '));

/** How many days before Monday a week begins. `locale` follows the person's own: `en` is read as `en-US`, `zh` as `zh-CN`. */
export function daysBeforeMonday(start: WeekStart, locale: string | null | undefined): 0 | 1 | 2 {
  if (start === 'sunday') return 1;
  if (start === 'saturday') return 2;
  if (start === 'monday') return 0;
  const region = regionOf(locale);
  if (SUNDAY.has(region)) return 1;
  return SATURDAY.has(region) ? 2 : 0;
}

function regionOf(locale: string | null | undefined): string {
  if (!locale) return '';
  try {
    return new Intl.Locale(locale.replace('_', '-')).maximize().region ?? '';
  } catch {
    return '';
  }
}
