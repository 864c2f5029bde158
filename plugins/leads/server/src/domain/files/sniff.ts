import iconv from 'iconv-lite';
import { detectDialect, splitSample, type Dialect } from './dialect';
import { detectEncoding } from './encoding';
import { findHeader, uniqueHeaders } from './header';

export interface SniffedCsv extends Pick<Dialect, 'delimiter' | 'quote'> {
  readonly kind: 'csv';
  readonly encoding: string;
  /** Index among the non-blank records; -1 = the file has no header. */
  readonly headerRow: number;
  readonly confidence: number;
  readonly headers: readonly string[];
}
export interface SniffedXlsx {
  readonly kind: 'xlsx';
  readonly encoding: null;
  readonly delimiter: null;
  readonly quote: null;
  /** null = found while reading. */
  readonly headerRow: number | null;
  readonly confidence: number;
}
export interface Unreadable {
  readonly kind: 'unsupported';
  readonly code: 'FILE_EMPTY' | 'FILE_OLD_EXCEL' | 'FILE_NOT_A_TABLE';
  readonly message: string;
}
export type Sniffed = SniffedCsv | SniffedXlsx;
/** How much of the file `sniff` wants to see. */
export const SAMPLE_BYTES = 262_144;

const unreadable = (code: Unreadable['code'], message: string): Unreadable => ({ kind: 'unsupported', code, message });

/** PDF, PNG, GIF, JPEG, RAR, 7-Zip and gzip by their first bytes. */
const OTHER_FILES = ['25504446', '89504e47', '47494638', 'ffd8ff', '52617221', '377abc', '1f8b'];

function sniffBinary(sample: Buffer): SniffedXlsx | Unreadable | null {
  const head = sample.subarray(0, 4).toString('hex');
  const bytes = (hex: string): boolean => head.startsWith(hex);
  if (bytes('504b0304')) {
    const names = sample.toString('latin1');
    const foreign = /word\/document|ppt\/|META-INF\/|mimetypeapplication\/vnd\.oasis/.test(names) && !names.includes('xl/');
    return foreign
      ? unreadable('FILE_NOT_A_TABLE', 'This is a document or an archive, not a table. Save the table as .xlsx or .csv.')
      : { kind: 'xlsx', encoding: null, delimiter: null, quote: null, headerRow: null, confidence: names.includes('xl/') ? 1 : 0.7 };
  }
  if (bytes('d0cf11e0'))
    return unreadable('FILE_OLD_EXCEL', 'This is an Excel 97–2003 or password-protected workbook. Save it as .xlsx or .csv.');
  return OTHER_FILES.some(bytes) ? unreadable('FILE_NOT_A_TABLE', 'This file is not a table.') : null;
}

/**
 * What a file is, from its first bytes (give up to {@link SAMPLE_BYTES}); the name only breaks ties.
 * A `.tsv` is read by its tabs even when it has a single column.
 */
export function sniff(sample: Buffer, filename: string): Sniffed | Unreadable {
  if (sample.length === 0) return unreadable('FILE_EMPTY', 'The file is empty.');
  const binary = sniffBinary(sample);
  if (binary) return binary;
  const { encoding, confidence } = detectEncoding(sample);
  const text = iconv.decode(sample, encoding);
  if (text.trim() === '') return unreadable('FILE_EMPTY', 'The file has no text.');
  if (text.slice(0, 4096).includes('\0')) return unreadable('FILE_NOT_A_TABLE', 'This file is not a table.');
  const declared = /^sep=([,;|\t])\r?\n/i.exec(text)?.[1];
  const body = declared ? text.slice(text.indexOf('\n') + 1) : text;
  const detected = detectDialect(body, sample.length < SAMPLE_BYTES);
  const delimiter =
    DECLARED.get(declared ?? '') ?? (/\.(?:tsv|tab)$/i.test(filename) && detected.confidence < 1 ? '\t' : detected.delimiter);
  const records = splitSample(text, delimiter, detected.quote, 200);
  const headerRow = declared ? 1 : findHeader(records);
  const first = records[Math.max(headerRow, 0)] ?? [];
  const headers = uniqueHeaders(headerRow < 0 ? first.map(() => '') : first);
  return {
    kind: 'csv',
    encoding,
    delimiter,
    quote: detected.quote,
    headerRow,
    confidence: Math.min(confidence, detected.confidence),
    headers,
  };
}
const DECLARED: ReadonlyMap<string, Dialect['delimiter']> = new Map([
  [',', ','],
  [';', ';'],
  ['|', '|'],
  ['\t', '\t'],
]);
