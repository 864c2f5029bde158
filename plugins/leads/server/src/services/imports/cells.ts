import type { CustomField } from '@leadsea/crm-core';
import { convertCell, type Converted, type ConvertOptions, type TargetType } from '../../domain/files';
import { normaliseText } from '../../domain/identity';
import type { RowRefusal } from './entity';
import { refusal } from './entity';
import type { ColumnMapping, ImportOptions } from './schema';

/** What one column does to the draft of a record. */
export interface Reader<Draft> {
  readonly column: string;
  read(raw: string): Converted;
  set(draft: Draft, value: unknown): RowRefusal | null;
  /** Key of the company's own field it fills, where it does. */
  readonly field: string | null;
}

/** Text compared without case, width and blanks. */
export const fold = (text: string): string => normaliseText(text).toLowerCase();

/** How the cells of a column are read: its own terms before those of the whole file. */
export const convertOptionsOf = (own: ColumnMapping['options'], options: ImportOptions): ConvertOptions => ({
  emptyValues: [...(own?.emptyValues ?? []), ...(options.emptyValues ?? [])],
  timeZone: own?.timeZone ?? options.timeZone ?? 'UTC',
  defaultCountry: options.country ?? null,
  ...(own?.dateFormat ? { dateFormat: own.dateFormat } : {}),
  ...(own?.decimalComma === undefined ? {} : { decimalComma: own.decimalComma }),
  ...(own?.optionMap ? { optionMap: own.optionMap } : {}),
});

export const reader = <Draft>(
  column: string,
  type: TargetType,
  convert: ConvertOptions,
  set: Reader<Draft>['set'],
  field: string | null = null,
): Reader<Draft> => ({ column, read: (raw) => convertCell(raw, type, convert), set, field });

/** Reads a cell for one of the company's own fields: options by value or label, texts as long as the field allows. */
export function customReader<Draft extends { readonly custom: Record<string, unknown> }>(
  column: string,
  field: CustomField,
  convert: ConvertOptions,
): Reader<Draft> {
  const choices = field.type === 'select' || field.type === 'multiselect' ? { choices: field.options } : {};
  return reader(
    column,
    field.type,
    { ...convert, ...choices, maxLength: field.validation.maxLength ?? 20_000 },
    (draft, value) => ((draft.custom[field.key] = value), null),
    field.key,
  );
}

/** A value as the text a person would write; what has none is empty. */
export const written = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** Rows that cannot be read at all, or not whole; a row that merely ends early is taken. */
export const UNREADABLE = new Set(['ROW_BROKEN', 'ROW_LONG', 'ROW_ENCODING', 'CELL_TOO_LONG']);

/** Fills a draft from the cells of a row; the first cell that cannot be read refuses the row. */
export function readCells<Draft>(
  readers: readonly Reader<Draft>[],
  cells: Readonly<Record<string, string>>,
  draft: Draft,
): RowRefusal | null {
  for (const one of readers) {
    const raw = cells[one.column] ?? '';
    const found = one.read(raw);
    const problem = found.ok ? one.set(draft, found.value) : refusal(found.code, found.message);
    if (!problem) continue;
    return {
      ...problem,
      message: `${one.column}: ${problem.message}`,
      column: one.column,
      ...(problem.code === 'OPTION_UNKNOWN' && one.field ? { option: { field: one.field, text: raw } } : {}),
    };
  }
  return null;
}
