import { createHash } from 'node:crypto';
import type { Actor, CustomField, Kit } from '@leadsea/crm-core';
import { badRequest } from '@leadsea/crm-core';
import { guessMapping, type ColumnGuess, type TargetField } from '../../domain/files';
import type { Importable } from './entity';
import type { ColumnMapping, ImportOptions, NewField } from './schema';

/** Columns that the file of refused rows adds; they are never imported again. */
export const ERROR_COLUMNS = ['error code', 'error message'] as const;
export const isErrorColumn = (header: string): boolean => (ERROR_COLUMNS as readonly string[]).includes(header.toLowerCase());

/** What a set of headers is recognised by: order and the columns of refused rows do not count. */
export const headerKey = (headers: readonly string[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        headers
          .filter((header) => !isErrorColumn(header))
          .map((header) => header.toLowerCase())
          .sort(),
      ),
    )
    .digest('hex');

/** What columns may be guessed to be. */
export function targetFields({ targets }: Importable, custom: readonly CustomField[]): TargetField[] {
  return [
    ...Object.entries(targets).flatMap(([key, { type, label, words, unguessed }]) =>
      unguessed ? [] : [{ key, type, label, ...(words ? { words } : {}) }],
    ),
    ...custom.filter((field) => !field.retired).map((field) => ({ key: `custom.${field.key}`, type: field.type, label: field.label })),
  ];
}

/** Whether the role lets the person fill in what stands behind a target. */
export function mayFill(kit: Kit, actor: Actor, { resource, levels, targets }: Importable, target: string): boolean {
  if (targets[target]?.free) return true;
  const access = targets[target]?.access ?? { resource, field: target, levels };
  return access.levels.includes(kit.access.field(actor, access.resource, access.field));
}

/** Targets this person may choose, in the order they are shown. */
export const targetsFor = (kit: Kit, actor: Actor, entity: Importable): Record<string, unknown>[] =>
  [
    ...Object.entries(entity.targets).map(([key, { label, group, type }]) => ({ key, label, group, type })),
    ...kit.custom
      .fields(entity.entity)
      .filter((field) => !field.retired)
      .map((field) => ({ key: `custom.${field.key}`, label: field.label, group: 'custom', type: field.type })),
  ].filter(({ key }) => mayFill(kit, actor, entity, key));

/** A proposed key as field keys are: Latin, at most 40 long, unlike any other. */
function fieldKey(proposed: string, index: number, taken: Set<string>): string {
  const plain = proposed
    .normalize('NFKD')
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/_+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 36);
  const base = plain.replace(/_+$/, '') || `field_${index + 1}`;
  let key = base;
  for (let count = 2; taken.has(key); count += 1) key = `${base}_${count}`;
  taken.add(key);
  return key;
}

function columnOf(guess: ColumnGuess, index: number, taken: Set<string>): ColumnMapping {
  const { inferred, proposed } = guess;
  const options = {
    ...(inferred.emptyValues.length > 0 ? { emptyValues: [...inferred.emptyValues] } : {}),
    ...(inferred.dateFormat ? { dateFormat: inferred.dateFormat } : {}),
    ...(inferred.decimalComma === undefined ? {} : { decimalComma: inferred.decimalComma }),
  };
  const create: NewField | null =
    proposed === null || isErrorColumn(guess.header)
      ? null
      : {
          key: fieldKey(proposed.key, index, taken),
          type: proposed.type,
          label: { zh: proposed.label.zh.slice(0, 200), en: proposed.label.en.slice(0, 200) },
          options: proposed.options.map((option) => ({ value: option.value, label: { ...option.label } })),
        };
  return {
    column: guess.header,
    target: isErrorColumn(guess.header) ? null : guess.target,
    ...(guess.part ? { part: guess.part } : {}),
    ...(create ? { create } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    confidence: guess.confidence,
  };
}

export function proposeMapping(
  entity: Importable,
  headers: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  custom: readonly CustomField[],
): ColumnMapping[] {
  const taken = new Set(custom.map((field) => field.key));
  return guessMapping(headers, rows, targetFields(entity, custom)).map((guess, index) => columnOf(guess, index, taken));
}

/** A remembered mapping laid over a new file: columns it does not know are guessed; fields that are gone are created again or left out. */
export function rememberedMapping(
  proposed: readonly ColumnMapping[],
  remembered: readonly ColumnMapping[],
  custom: readonly CustomField[],
): ColumnMapping[] {
  const known = new Set(custom.filter((field) => !field.retired).map((field) => `custom.${field.key}`));
  const byColumn = new Map(remembered.map((column) => [column.column.toLowerCase(), column]));
  return proposed.map((column) => {
    const past = byColumn.get(column.column.toLowerCase());
    if (!past) return column;
    const gone = past.target?.startsWith('custom.') === true && !known.has(past.target) && !past.create;
    return { ...past, column: column.column, target: gone ? null : past.target, confidence: 1 };
  });
}

/** The mapping with what the options say of it: which column is the id, and fields for columns that have no target. */
export function effectiveMapping(mapping: readonly ColumnMapping[], options: ImportOptions): ColumnMapping[] {
  return mapping.map((column) => {
    if (options.externalId !== undefined && column.column.toLowerCase() === options.externalId.toLowerCase())
      return { ...column, target: 'externalId', create: null };
    if (options.externalId !== undefined && column.target === 'externalId') return { ...column, target: null };
    return column.target === null && column.create && options.createFields ? { ...column, target: `custom.${column.create.key}` } : column;
  });
}

/** Custom fields the import has to make before it starts. */
export function missingFields(mapping: readonly ColumnMapping[], custom: readonly CustomField[]): NewField[] {
  const known = new Set(custom.map((field) => field.key));
  const fresh = mapping.flatMap((column) =>
    column.create && column.target === `custom.${column.create.key}` && !known.has(column.create.key) ? [column.create] : [],
  );
  return [...new Map(fresh.map((field) => [field.key, field])).values()];
}

/**
 * Refuses a mapping that cannot work: unknown columns and targets, one target twice, fields the person may not write.
 * @throws AppError MAPPING_INVALID with every problem found
 */
export function assertMapping(
  kit: Kit,
  actor: Actor,
  entity: Importable,
  headers: readonly string[],
  mapping: readonly ColumnMapping[],
  custom: readonly CustomField[],
): void {
  const problems: { column: string; message: string }[] = [];
  const known = new Set(headers);
  const taken = new Set<string>();
  const fields = new Set(custom.filter((field) => !field.retired).map((field) => field.key));
  for (const { column, target, part, create } of mapping) {
    const problem = (message: string): void => void problems.push({ column, message });
    if (!known.has(column)) problem('is not a column of the file');
    if (target === null) continue;
    const key = target.startsWith('custom.') ? target.slice(7) : null;
    const exists = key === null ? target in entity.targets : fields.has(key) || create?.key === key;
    if (!exists) problem(`there is no field "${target}"`);
    if (part && !(entity.kind === 'leads' && target === 'name')) problem('only the name of a lead has parts');
    const slot = `${target} ${part ?? ''}`;
    if (taken.has(slot)) problem(`"${target}" already has a column`);
    taken.add(slot);
    if (exists && !mayFill(kit, actor, entity, target)) problem(`your role may not write "${target}"`);
  }
  if (taken.has('name ') && (taken.has('name given') || taken.has('name family')))
    problems.push({ column: 'name', message: 'is mapped whole and in parts' });
  if (problems.length > 0)
    throw badRequest('MAPPING_INVALID', problems.map(({ column, message }) => `${column}: ${message}.`).join(' '), { problems });
}

/**
 * Refuses a mapping without which no row could be read: a deal without its lead, a follow-up without its time.
 * @throws AppError MAPPING_INCOMPLETE with what is lacking
 */
export function assertComplete(entity: Importable, mapping: readonly ColumnMapping[], options: ImportOptions): void {
  const lacking = entity.lacks(mapping, options);
  if (lacking.length > 0)
    throw badRequest('MAPPING_INCOMPLETE', lacking.map(({ message }) => message).join(' '), { field: 'mapping', lacking });
}
