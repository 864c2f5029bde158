import { snake } from '@leadsea/crm-core';
import type { LeadRow } from '../../../contracts';
import { LEAD_FIELDS } from './lead-fields';

const COLUMNS: ReadonlyMap<string, string> = new Map(LEAD_FIELDS.map((field) => [field.name, field.column ?? snake(field.name)]));

/** Nothing in it: no value, blank text, an empty list, an empty object. */
function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (value instanceof Date || typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

/** Of the fields a move asks for (`name`, `owner`, `custom.budget`) those the lead has no value in, in the order asked. */
export const missingFields = (required: readonly string[], row: Readonly<LeadRow>): readonly string[] =>
  required.filter((field) =>
    isBlank(field.startsWith('custom.') ? row.custom?.[field.slice('custom.'.length)] : row[COLUMNS.get(field) ?? snake(field)]),
  );
