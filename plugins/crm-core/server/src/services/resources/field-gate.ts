import type { AccessService, Actor, FieldAccess, FieldCover, ResourceDefinition, ResourceField, Sql } from '../../../../contracts';
import { anyOf, around, fieldUnknown, notSearchable } from '../../domain/query';

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
  /** Fields masked or left out on some rows, the strongest last. `when` is never NULL in SQL: unknown counts as covered. */
  readonly covers: readonly FieldCover[];
  isRowMasked(field: ResourceField): boolean;
  /** Selects the rows on which any of these fields is covered; null when no row is. */
  covered(fields: readonly ResourceField[]): Sql | null;
  /** @throws AppError FIELD_UNKNOWN for unknown and hidden fields, FIELD_NOT_SEARCHABLE for masked ones. */
  searchable(name: string): ResourceField;
}

const ORDER: readonly FieldCover['access'][] = ['masked', 'hidden'];

function coversOf(definition: ResourceDefinition, fields: readonly ResourceField[], actor: Actor): readonly FieldCover[] {
  const mask = definition.rowMask?.(actor, ALIAS) ?? null;
  const maskable = fields.filter((field) => field.mask !== undefined).map((field) => field.name);
  return [
    ...(mask === null ? [] : [{ when: mask, fields: maskable, access: 'masked' as const }]),
    ...(definition.covers?.(actor, ALIAS) ?? []),
  ]
    .map((cover) => ({ ...cover, when: around('COALESCE((', cover.when, '), TRUE)') }))
    .sort((a, b) => ORDER.indexOf(a.access) - ORDER.indexOf(b.access));
}

/** Worked out when it is first asked for: a verb on a record needs no fields at all. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

export function openFieldGate(access: AccessService, definition: ResourceDefinition, actor: Actor): FieldGate {
  const all = lazily(() => [...definition.fields, ...(definition.dynamicFields?.() ?? [])]);
  const levels = lazily(() => new Map(all().map((field) => [field.name, access.field(actor, definition.name, field.name)])));
  const level = (field: ResourceField): FieldAccess => levels().get(field.name) ?? 'hidden';
  const visible = lazily(() => all().filter((field) => level(field) !== 'hidden'));
  const byName = lazily(() => new Map(visible().map((field) => [field.name, field])));
  const covers = lazily(() => (actor.kind === 'system' ? [] : coversOf(definition, all(), actor)));
  const coveredBy = (fields: readonly ResourceField[]): readonly FieldCover[] =>
    covers().filter((cover) => fields.some((field) => cover.fields.includes(field.name) && level(field) !== 'masked'));
  return {
    actor,
    definition,
    get visible() {
      return visible();
    },
    find: (name) => byName().get(name),
    access: level,
    get covers() {
      return covers();
    },
    isRowMasked: (field) => coveredBy([field]).length > 0,
    covered: (fields) => {
      const found = coveredBy(fields);
      return found.length === 0 ? null : anyOf(found.map(({ when }) => when));
    },
    searchable: (name) => {
      const field = byName().get(name);
      if (!field) throw fieldUnknown(name);
      if (level(field) === 'masked') throw notSearchable(name);
      return field;
    },
  };
}
