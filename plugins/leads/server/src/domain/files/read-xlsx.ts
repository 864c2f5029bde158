import { Readable } from 'node:stream';
import { badRequest } from '@leadsea/crm-core';
import ExcelJS, { type CellValue } from 'exceljs';
import { closeSource } from './read-csv';
import type { Bytes, RawRecord } from './rows';

const two = (value: number): string => String(value).padStart(2, '0');

/** Excel dates carry no zone: they are given as local ISO text, without a time when it is midnight. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const rounded = new Date(Math.round(date.getTime() / 1000) * 1000);
  const day = `${rounded.getUTCFullYear()}-${two(rounded.getUTCMonth() + 1)}-${two(rounded.getUTCDate())}`;
  const time = `${two(rounded.getUTCHours())}:${two(rounded.getUTCMinutes())}:${two(rounded.getUTCSeconds())}`;
  if (rounded.getUTCFullYear() < 1900) return time;
  return time === '00:00:00' ? day : `${day}T${time}`;
}

/** Never in scientific notation and without the noise beyond fifteen digits: `13800138000`, `0.3`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '';
  if (Number.isInteger(value)) return BigInt(value).toString();
  const short = String(Number(value.toPrecision(15)));
  return short.includes('e') ? Number(short).toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : short;
}

/** What a person sees in the cell: results of formulas, text of rich text and links, '' for errors. */
export function cellText(value: CellValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return dateText(value);
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('error' in value) return '';
  if ('hyperlink' in value) return typeof value.text === 'string' ? value.text : cellText(value.text);
  return cellText(value.result);
}

function recordOf(values: ExcelJS.Row['values'], line: number): RawRecord {
  const list = Array.isArray(values) ? values.slice(1) : [];
  return { cells: Array.from(list, cellText), line, problem: null };
}

/** Rows of the named sheet, or of the first sheet that has any. */
export async function* xlsxRecords(source: Bytes, sheetName: string | null): AsyncGenerator<RawRecord, void, undefined> {
  const input = Readable.from(source, { objectMode: false });
  const workbook = new ExcelJS.stream.xlsx.WorkbookReader(input, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  let seen = 0;
  const names: string[] = [];
  try {
    for await (const sheet of workbook) {
      const name = 'name' in sheet ? String(sheet.name) : '';
      names.push(name);
      const wanted = sheetName === null ? seen === 0 : name === sheetName;
      for await (const row of sheet) {
        if (!wanted) continue;
        seen += 1;
        yield recordOf(row.values, row.number);
      }
      if (seen > 0 || (wanted && sheetName !== null)) return;
    }
  } catch (error) {
    throw badRequest('FILE_UNREADABLE', 'The workbook is damaged or protected. Open it, save it as .xlsx or .csv and try again.', {
      cause: error instanceof Error ? error.message : '',
    });
  } finally {
    closeSource(source);
    input.destroy();
  }
  if (sheetName !== null) throw badRequest('FILE_SHEET_MISSING', `The workbook has no sheet named ${sheetName}.`, { sheets: names });
}
