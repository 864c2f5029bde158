const SIGNS = /[\p{Sc}%\s_'’]|(?:\b(?:usd|eur|cny|rmb|gbp|brl|inr|jpy|hkd)\b)|元$|人$|个$/giu;
const UNITS: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 千: 1e3, k: 1e3, m: 1e6 };

/** `1.234.567,8` and `1,234,567.8` without a declared decimal sign: the last sign that does not repeat and is not a group is the decimal. */
function decimalSign(body: string, decimalComma: boolean | undefined): ',' | '.' | null {
  if (decimalComma !== undefined) return decimalComma ? ',' : '.';
  const comma = body.lastIndexOf(',');
  const dot = body.lastIndexOf('.');
  if (comma >= 0 && dot >= 0) return comma > dot ? ',' : '.';
  if (comma < 0) return body.indexOf('.') === dot ? '.' : null;
  return null;
}

/**
 * A number as people write it: `1,234.5`, `1.234,5` (with `decimalComma` or where both signs appear), `¥ 5万`, `1.2亿`, `(300)`, `12 %` → 12,
 * `1e3`. null when it is none. `1,5` without `decimalComma` is refused rather than read as 15.
 */
export function parseNumber(raw: string, decimalComma?: boolean): number | null {
  const negative = /^\(.*\)$/.test(raw.trim()) || /^[-−]/.test(raw.trim());
  const bare = raw
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .replace(/^[+\-−]/, '')
    .replace(SIGNS, '')
    .replace(/^[-−]/, '');
  const unit = UNITS[bare.slice(-1).toLowerCase()] ?? 1;
  const body = unit === 1 ? bare : bare.slice(0, -1);
  const sign = decimalSign(body, decimalComma);
  const group = sign === ',' ? '.' : ',';
  const [whole = '', fraction, ...more] = sign ? body.split(sign) : [body];
  const grouped = whole.includes(group) || (!sign && /[.,]/.test(whole));
  const separator = sign ? group : whole.includes('.') ? '.' : ',';
  const valid = grouped ? new RegExp(`^\\d{1,3}(?:\\${separator}\\d{2,3})*\\${separator}\\d{3}$`).test(whole) : /^\d*$/.test(whole);
  if (more.length > 0 || !valid || !/^\d*(?:e[+-]?\d{1,3})?$/i.test(fraction ?? '') || whole + (fraction ?? '') === '')
    return scientific(raw);
  const value = Number(`${whole.replaceAll(separator, '') || '0'}.${fraction || '0'}`) * unit;
  if (!Number.isFinite(value)) return null;
  const exact = unit === 1 ? value : Number(value.toPrecision(15));
  return negative && exact !== 0 ? -exact : exact;
}

const scientific = (raw: string): number | null => (/^[+-]?\d+(?:\.\d+)?e[+-]?\d{1,3}$/i.test(raw.trim()) ? Number(raw) : null);
