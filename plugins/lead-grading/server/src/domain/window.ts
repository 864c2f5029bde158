const HOUR_MS = 3_600_000;

/**
 * Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes, seconds; null when it is not one of these
 * (months and years have no fixed length).
 */
export function durationMs(iso: string): number | null {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  if (!found || iso === 'P') return null;
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (weeks * 7 + days) * 24 * HOUR_MS + hours * HOUR_MS + minutes * 60_000 + seconds * 1000;
}
