/** A number, or a telephone number of digits, blanks and brackets: a spreadsheet shows these as they are. */
const HARMLESS = /^[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?%?$|^\+\d[\d ()]*$/i;
/** What a spreadsheet may run as a formula; with apostrophes before it, because a reader takes one off. */
const DANGEROUS = /^'*[=+\-@\t\r]/;

/** The text of a cell that a spreadsheet cannot take for a formula: an apostrophe goes before `= + - @`, tab and carriage return. */
export const neutralise = (text: string): string => (DANGEROUS.test(text) && !HARMLESS.test(text) ? `'${text}` : text);

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (Array.isArray(value)) return value.map(plain).join('; ');
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? '');
}

export interface CsvColumn {
  readonly key: string;
  readonly header: string;
}
export interface CsvOptions {
  /** Absent: the keys of the first row, or nothing for rows that are lists. */
  readonly columns?: readonly CsvColumn[];
  readonly delimiter?: ',' | ';' | '\t';
  /** Excel needs the mark to read UTF-8; true when absent. */
  readonly bom?: boolean;
}
export type CsvRow = Readonly<Record<string, unknown>> | readonly unknown[];

const isList = (row: CsvRow): row is readonly unknown[] => Array.isArray(row);

/**
 * RFC 4180 text (CRLF, quotes where needed) in pieces of about 16 kB, safe to open in a spreadsheet; feed it to `Readable.from`.
 * What it writes reads back identically through `readRows`.
 */
export async function* toCsv(rows: AsyncIterable<CsvRow> | Iterable<CsvRow>, options: CsvOptions = {}): AsyncGenerator<string> {
  const delimiter = options.delimiter ?? ',';
  const special = new RegExp(`["\r\n${delimiter}]|^\\s|\\s$`);
  const cell = (value: unknown): string => {
    const text = neutralise(plain(value));
    return special.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const line = (values: readonly unknown[]): string => `${values.map(cell).join(delimiter)}\r\n`;
  let columns = options.columns ?? null;
  let buffer = options.bom === false ? '' : '\uFEFF';
  if (columns) buffer += line(columns.map((column) => column.header));
  for await (const row of rows) {
    if (!columns && !isList(row)) {
      columns = Object.keys(row).map((key) => ({ key, header: key }));
      buffer += line(columns.map((column) => column.header));
    }
    buffer += line(isList(row) ? row : (columns ?? []).map((column) => row[column.key]));
    if (buffer.length > 16_384) {
      yield buffer;
      buffer = '';
    }
  }
  if (buffer !== '') yield buffer;
}
