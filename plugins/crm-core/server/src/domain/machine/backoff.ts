/** Seconds to wait after the n-th failure (n from 1): `base`, doubled each time, never above `max`. */
export function backoffSeconds(base: number, failures: number, max: number): number {
  if (failures < 1) return 0;
  return Math.min(max, base * 2 ** Math.min(failures - 1, 40));
}
