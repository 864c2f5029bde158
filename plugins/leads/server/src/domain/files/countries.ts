import { getCountries } from 'libphonenumber-js/max';
import { foldChinese } from '../identity/chinese';
import { foldCase, normaliseText } from '../identity/text';

const ALIASES: Readonly<Record<string, string>> = {
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  usa: 'US',
  'u.s.': 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  america: 'US',
  korea: 'KR',
  'south korea': 'KR',
  'republic of korea': 'KR',
  russia: 'RU',
  'russian federation': 'RU',
  prc: 'CN',
  'p.r. china': 'CN',
  'mainland china': 'CN',
  "people's republic of china": 'CN',
  中国大陆: 'CN',
  大陆: 'CN',
  中华人民共和国: 'CN',
  'hong kong': 'HK',
  hongkong: 'HK',
  香港: 'HK',
  中国香港: 'HK',
  macau: 'MO',
  macao: 'MO',
  澳门: 'MO',
  taiwan: 'TW',
  中国台湾: 'TW',
  holland: 'NL',
  'the netherlands': 'NL',
  uae: 'AE',
  'viet nam': 'VN',
  'czech republic': 'CZ',
  turkey: 'TR',
  brasil: 'BR',
  deutschland: 'DE',
  espana: 'ES',
  italia: 'IT',
  iran: 'IR',
  laos: 'LA',
  syria: 'SY',
  bolivia: 'BO',
  venezuela: 'VE',
  tanzania: 'TZ',
  moldova: 'MD',
  macedonia: 'MK',
  南韩: 'KR',
};
const fold = (name: string): string => foldChinese(foldCase(normaliseText(name)));
const CODES: ReadonlySet<string> = new Set(getCountries());
let names: ReadonlyMap<string, string> | null = null;

function table(): ReadonlyMap<string, string> {
  if (names) return names;
  const map = new Map<string, string>();
  for (const locale of ['en', 'zh', 'de', 'fr', 'es', 'pt']) {
    const display = new Intl.DisplayNames([locale], { type: 'region' });
    for (const code of getCountries()) map.set(fold(display.of(code) ?? code), code);
  }
  for (const [name, code] of Object.entries(ALIASES)) map.set(fold(name), code);
  names = map;
  return map;
}

/** ISO-2 of a country's code or of its name in English, Chinese, German, French, Spanish or Portuguese; null when unknown. */
export function countryCode(raw: string): string | null {
  const text = normaliseText(raw);
  const upper = text.toUpperCase();
  if (CODES.has(upper)) return upper;
  return table().get(fold(text)) ?? null;
}
