/** SQLSTATE of failures that say nothing about the work itself: serialization failure, deadlock, lock not available. */
const TRANSIENT = new Set(['40001', '40P01', '55P03']);

/** True when the same transaction, run again, is expected to succeed. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && TRANSIENT.has(error.code);
}

/** What went wrong, short enough to be stored beside the row it concerns. */
export function errorText(error: unknown, maxLength = 2000): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll('\u0000', '').slice(0, maxLength);
}
