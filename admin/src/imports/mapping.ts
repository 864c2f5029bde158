import type { ColumnMapping, ImportRecord } from './types';

/** A value of the target list: a field, a part of the name, a new field, or nothing. */
export const CREATE = '+create';
export const choiceOf = (column: ColumnMapping): string => {
  if (column.target === null) return '';
  if (column.create && column.target === `custom.${column.create.key}`) return CREATE;
  return column.part ? `name.${column.part}` : column.target;
};

/** The column sent elsewhere; its reading options stay. */
export const withChoice = (column: ColumnMapping, choice: string): ColumnMapping => {
  const { part: _part, ...rest } = column;
  if (choice === '') return { ...rest, target: null };
  if (choice === CREATE) return column.create ? { ...rest, target: `custom.${column.create.key}` } : rest;
  if (choice === 'name.given' || choice === 'name.family')
    return { ...rest, target: 'name', part: choice === 'name.given' ? 'given' : 'family' };
  return { ...rest, target: choice };
};

/** Kinds whose rows belong to a lead, when no column says which one: the check would refuse every row. */
export const namesNoLead = ({ kind, targets = [] }: Pick<ImportRecord, 'kind' | 'targets'>, mapping: readonly ColumnMapping[]): boolean => {
  if (kind !== 'opportunities' && kind !== 'activities') return false;
  const naming = new Set(['id', ...targets.filter(({ group }) => group === 'lead').map(({ key }) => key)]);
  return !mapping.some(({ target }) => target !== null && naming.has(target));
};

/** Choices used by more than one column; each may be used once. */
export const doubled = (mapping: readonly ColumnMapping[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const column of mapping) {
    const slot = column.target === null ? '' : `${column.target}.${column.part ?? ''}`;
    if (slot && seen.has(slot)) twice.add(slot);
    seen.add(slot);
  }
  return twice;
};

export const slotOf = (column: ColumnMapping): string => `${column.target ?? ''}.${column.part ?? ''}`;

/** Up to `count` different values of a column, blanks left out. */
export const examplesOf = (samples: readonly (readonly string[])[], index: number, count = 3): string[] =>
  [...new Set(samples.map((row) => (row[index] ?? '').trim()).filter(Boolean))].slice(0, count);

/** Rows per second since the start, whole; null before anything can be said. */
export const rateOf = (done: number, startedAt: string | null, now: number): number | null => {
  const seconds = startedAt ? (now - Date.parse(startedAt)) / 1000 : 0;
  return seconds >= 1 && done > 0 ? Math.round(done / seconds) : null;
};
