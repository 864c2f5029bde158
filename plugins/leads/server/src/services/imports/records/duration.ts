const UNITS: readonly (readonly [RegExp, number])[] = [
  [/(\d+(?:\.\d+)?)\s*(?:hours?|hrs?|h|小时|时)/u, 3600],
  [/(\d+(?:\.\d+)?)\s*(?:minutes?|mins?|m|分钟|分)/u, 60],
  [/(\d+(?:\.\d+)?)\s*(?:seconds?|secs?|s|秒)/u, 1],
];

/**
 * A length of time as people and telephone systems write it, in seconds: `95`, `1:35`, `0:01:35`, `1 min 35 s`, `1分35秒`; null when it is none.
 * @param unit seconds that a bare number counts
 */
export function secondsOf(text: string, unit = 1): number | null {
  const plain = text.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Math.round(Number(plain) * unit);
  const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})$/.exec(plain);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  let rest = plain;
  let seconds = 0;
  for (const [pattern, size] of UNITS) {
    const found = pattern.exec(rest);
    if (!found) continue;
    seconds += Number(found[1]) * size;
    rest = rest.replace(found[0], ' ');
  }
  return rest === plain || rest.trim() !== '' ? null : Math.round(seconds);
}
