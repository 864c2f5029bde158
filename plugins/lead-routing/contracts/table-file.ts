import { TABLE_LIMITS } from './destination';

const UTF16 = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** The text of a file as spreadsheets write it: UTF-8 with or without a mark, UTF-16 with one, else GB 18030 (Excel in China). */
export function textOfFile(bytes: Uint8Array): string {
  const marked = UTF16.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return new TextDecoder(marked.encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** What parts the cells: whichever of comma, semicolon and tab is in the first line most often. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const [head = ''] = text.split(/\r?\n/, 1);
  const count = (sign: string): number => head.split(sign).length;
  return ([',', ';', '\t'] as const).reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** A cell that is too long for a table. */
export const isTooLong = (cell: string): boolean => cell.length > TABLE_LIMITS.cell;
