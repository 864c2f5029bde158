export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export interface Dialect {
  readonly delimiter: Delimiter;
  /** null when quotation marks in the file are plain text. */
  readonly quote: '"' | "'" | null;
  readonly confidence: number;
}

/**
 * Splits a sample into records, quotes and line breaks inside quotes respected; at most `limit` records. A quotation mark that does not
 * begin a field is plain text. When the sample was cut off, the last record is dropped by the caller.
 */
export function splitSample(text: string, delimiter: string, quote: string | null, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endRecord = (): void => {
    record.push(field);
    if (record.length > 1 || field.trim() !== '') records.push(record);
    record = [];
    field = '';
  };
  for (let at = 0; at < text.length && records.length < limit; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== quote) field += char;
      else if (text[at + 1] === quote) field += text[(at += 1)];
      else quoted = false;
    } else if (char === quote && field.trim() === '') {
      quoted = true;
      field = '';
    } else if (char === delimiter) {
      record.push(field);
      field = '';
    } else if (char === '\n' || (char === '\r' && text[at + 1] !== '\n')) endRecord();
    else if (char !== '\r') field += char;
  }
  if (records.length < limit && (record.length > 0 || field !== '')) endRecord();
  return records;
}

/** The most frequent number of fields and the share of records that have it. */
export function modalWidth(records: readonly (readonly string[])[]): { readonly width: number; readonly share: number } {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  const [width, count] = [...counts].reduce(
    (best, entry) => (entry[1] > best[1] || (entry[1] === best[1] && entry[0] > best[0]) ? entry : best),
    [1, 0],
  );
  return { width, share: records.length === 0 ? 0 : count / records.length };
}

function quoteOf(text: string, delimiter: string): '"' | "'" | null {
  const edge = (mark: string): number => text.split(`${delimiter}${mark}`).length + text.split(`${mark}${delimiter}`).length - 2;
  const double = edge('"');
  const single = edge("'");
  return single > 4 && single > double * 4 ? "'" : '"';
}

/** The delimiter under which the records of the sample have the same width most often; wider wins among equals; one column = comma. */
export function detectDialect(text: string, complete: boolean): Dialect {
  const scored = DELIMITERS.map((delimiter) => {
    const quote = quoteOf(text, delimiter);
    const records = splitSample(text, delimiter, quote, 300);
    const { width, share } = modalWidth(complete || records.length < 2 || records.length === 300 ? records : records.slice(0, -1));
    return { delimiter, quote, width, share, score: width < 2 ? 0 : share * (1 + Math.log2(width) / 8) };
  });
  const best = scored.reduce((winner, one) => (one.score > winner.score + 1e-9 ? one : winner));
  return best.width < 2
    ? { delimiter: ',', quote: '"', confidence: 0.5 }
    : { delimiter: best.delimiter, quote: best.quote, confidence: best.share };
}
