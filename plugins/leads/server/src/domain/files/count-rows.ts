import { decoded } from './read-csv';
import { readBatches, type Bytes, type ReadOptions } from './rows';
import type { Sniffed, SniffedCsv } from './sniff';

/** Beyond this a line is more than the parser takes for a row. */
const LONGEST_LINE = 1_000_000;

const isBlankChar = (char: string, delimiter: string): boolean => char === delimiter || char.trim() === '';

/** Lines with something in them; null where only the parser can tell rows from lines: quotation marks, mixed or old line ends. */
async function countLines(source: Bytes, { encoding, delimiter, quote }: SniffedCsv): Promise<number | null> {
  let lines = 0;
  let isFilled = false;
  let length = 0;
  let last = '';
  let ending: 'lf' | 'crlf' | null = null;
  for await (const text of decoded(source, encoding)) {
    if (quote !== null && text.includes(quote)) return null;
    for (let from = 0; from < text.length;) {
      const end = text.indexOf('\n', from);
      const to = end < 0 ? text.length : end;
      if (ending === null && /\r[^\n]/.test(last + text.slice(from, to + 1))) return null;
      for (let at = from; !isFilled && at < to; at += 1) isFilled = !isBlankChar(text[at] ?? '', delimiter);
      length += to - from;
      if (length > LONGEST_LINE) return null;
      last = to > from ? (text[to - 1] ?? '') : last;
      if (end < 0) break;
      const found = last === '\r' ? 'crlf' : 'lf';
      ending ??= found;
      if (ending === 'crlf' && found === 'lf') return null;
      lines += Number(isFilled);
      isFilled = false;
      length = 0;
      last = '';
      from = end + 1;
    }
  }
  return ending === null && last === '\r' ? null : lines + Number(isFilled);
}

/**
 * How many rows `readRows` delivers. A plain text is counted by its lines, which takes a tenth of the time of parsing it.
 * @param open opens the file from its beginning; called twice when lines do not tell
 */
export async function countRows(open: () => Bytes, sniffed: Sniffed, options: Pick<ReadOptions, 'sheet'> = {}): Promise<number> {
  const lines = sniffed.kind === 'csv' ? await countLines(open(), sniffed) : null;
  if (lines !== null && sniffed.kind === 'csv') return Math.max(0, lines - (sniffed.headerRow + 1));
  let total = 0;
  for await (const rows of readBatches(open(), sniffed, options)) total += rows.length;
  return total;
}
