import type { ResourceField } from '../../../../contracts';
import { AppError, badRequest, conflict } from '../../../../contracts';
import { flatten } from '../../domain/query';
import type { FieldGate } from './field-gate';
import { place, valueAt, type Row } from './rows';

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

const notAField = (name: string): AppError =>
  badRequest('FIELD_NOT_WRITABLE', `"${name}" is not a field that can be written.`, { field: name });
const notAllowed = (name: string): AppError =>
  new AppError('FIELD_NOT_WRITABLE', 403, `Your role does not allow changing "${name}".`, { field: name });

function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (isRecord(a) && isRecord(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => sameJson(a[key] ?? null, b[key] ?? null));
  }
  return a === b;
}

function sameValue(field: ResourceField | undefined, before: unknown, after: unknown): boolean {
  if (isEmpty(before) && isEmpty(after)) return true;
  if (field?.type === 'datetime' && typeof before === 'string' && typeof after === 'string')
    return Date.parse(before) === Date.parse(after);
  if (typeof before === 'number' && typeof after === 'string' && after.trim() !== '') return before === Number(after);
  return sameJson(before, after);
}

function maskedIn(current: Row | null, name: string): boolean {
  const masked = current?.['_masked'];
  return Array.isArray(masked) && masked.includes(name);
}

/**
 * The version a body was made from, when the resource keeps one and the body tells it.
 * @throws AppError STALE (409) when the record has moved on, with the writable fields in which body and record differ and their values now
 */
export function assertCurrent(gate: FieldGate, current: Row, body: unknown): { readonly version: number } | undefined {
  const { versionField } = gate.definition;
  if (versionField === undefined || !isRecord(body)) return undefined;
  const [now, given] = [current[versionField], body[versionField]];
  if (typeof now !== 'number' || typeof given !== 'number') return undefined;
  if (now === given) return { version: now };
  const differs = gate.visible.filter((field) => {
    const value = valueAt(body, field.name);
    return field.writable === true && value !== undefined && !sameValue(field, valueAt(current, field.name), value);
  });
  throw conflict('STALE', 'Somebody else changed this record meanwhile. Reload and try again.', {
    what: 'version',
    version: now,
    given,
    fields: differs.map(({ name }) => name),
    current: Object.fromEntries(differs.map(({ name }) => [name, valueAt(current, name)])),
  });
}

/**
 * What a body changes (`custom` holds only the custom fields that change), after the gate: values equal to what the caller was shown,
 * masks included, are no change. A body that carries the record's id is a whole record sent back: its computed and read-only values may be stale
 * and are passed over.
 * @param current the gated row, or null when creating
 * @throws AppError FIELD_NOT_WRITABLE (400: no such field to write, 403: not for this role), VALIDATION
 */
export function changedValues(gate: FieldGate, current: Row | null, body: unknown): Row {
  if (!isRecord(body)) throw badRequest('VALIDATION', 'The body must be an object.');
  const names = [...gate.definition.fields, ...(gate.definition.dynamicFields?.() ?? [])].map((field) => field.name);
  const isWhole = (path: string): boolean => !names.some((name) => name.startsWith(`${path}.`));
  const wholeRecord = current !== null && sameValue(undefined, current['id'], body['id']);
  const changes: Row = {};
  for (const [name, value] of flatten(body, isWhole)) {
    if (name === '_masked' || name === 'id' || value === undefined) continue;
    const field = gate.find(name);
    if (!field) {
      if (current !== null && Object.hasOwn(current, name)) continue;
      throw notAField(name);
    }
    if (current !== null && sameValue(field, valueAt(current, name), value)) continue;
    if (field.writable !== true && wholeRecord) continue;
    if (field.writable !== true) throw notAField(name);
    if (gate.access(field) !== 'write' || maskedIn(current, name)) throw notAllowed(name);
    place(changes, name, value);
  }
  return changes;
}
