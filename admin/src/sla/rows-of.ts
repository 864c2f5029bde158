/** The filter a link of the score card carries; null for none and for what is no filter. */
export const rowsOf = (rows: string | null): Record<string, unknown> | null => {
  try {
    const parsed: unknown = rows ? JSON.parse(rows) : null;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
};
