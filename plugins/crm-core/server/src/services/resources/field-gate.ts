import type { AccessService, Actor, FieldAccess, ResourceDefinition, ResourceField, Sql } from '../../../../contracts';
import { around, fieldUnknown, notSearchable } from '../../domain/query';

/** Alias of the resource's table in every statement of the gateway. */
export const ALIAS = 't';

/** What one actor may do with the fields of one resource, for one request. */
export interface FieldGate {
  readonly actor: Actor;
  readonly definition: ResourceDefinition;
  /** Fields that are not hidden. */
  readonly visible: readonly ResourceField[];
  /** A field that is not hidden, or undefined. */
  find(name: string): ResourceField | undefined;
  access(field: ResourceField): FieldAccess;
  /** Selects the rows on which `isRowMasked` fields are masked; null when no row is. Never NULL in SQL: unknown counts as masked. */
  readonly rowMask: Sql | null;
  isRowMasked(field: ResourceField): boolean;
  /** @throws AppError FIELD_UNKNOWN for unknown and hidden fields, FIELD_NOT_SEARCHABLE for masked ones. */
  searchable(name: string): ResourceField;
}

export function openFieldGate(access: AccessService, definition: ResourceDefinition, actor: Actor): FieldGate {
  const levels = new Map<string, FieldAccess>();
  const all = [...definition.fields, ...(definition.dynamicFields?.() ?? [])];
  for (const field of all) levels.set(field.name, access.field(actor, definition.name, field.name));
  const level = (field: ResourceField): FieldAccess => levels.get(field.name) ?? 'hidden';
  const visible = all.filter((field) => level(field) !== 'hidden');
  const byName = new Map(visible.map((field) => [field.name, field]));
  const mask = actor.kind === 'system' ? null : (definition.rowMask?.(actor, ALIAS) ?? null);
  return {
    actor,
    definition,
    visible,
    find: (name) => byName.get(name),
    access: level,
    rowMask: mask === null ? null : around('COALESCE((', mask, '), TRUE)'),
    isRowMasked: (field) => mask !== null && field.mask !== undefined && level(field) !== 'masked',
    searchable: (name) => {
      const field = byName.get(name);
      if (!field) throw fieldUnknown(name);
      if (level(field) === 'masked') throw notSearchable(name);
      return field;
    },
  };
}
