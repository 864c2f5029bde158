import type { Actor, FieldAccess, RoleSpec } from '../../../../contracts';
import { rolesOf } from './rules';

const STRENGTH: readonly FieldAccess[] = ['hidden', 'masked', 'read', 'write'];

const stronger = (a: FieldAccess, b: FieldAccess): FieldAccess => (STRENGTH.indexOf(a) >= STRENGTH.indexOf(b) ? a : b);

const fieldsOf = (role: RoleSpec, resource: string): Readonly<Record<string, FieldAccess>> =>
  (Object.hasOwn(role.fields, resource) ? role.fields[resource] : undefined) ?? {};

const inRole = (role: RoleSpec, resource: string, field: string): FieldAccess => {
  const fields = fieldsOf(role, resource);
  const named = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return named ?? (Object.hasOwn(fields, '*') ? fields['*'] : undefined) ?? 'hidden';
};

/** The strongest access over the actor's roles; `id` can always be read where the row can. */
export function fieldAccess(actor: Actor, roles: readonly RoleSpec[], resource: string, field: string): FieldAccess {
  if (actor.kind === 'system') return 'write';
  const least: FieldAccess = field === 'id' ? 'read' : 'hidden';
  return rolesOf(actor, roles).reduce<FieldAccess>((best, role) => stronger(best, inRole(role, resource, field)), least);
}

/** All field access of the actor, resource → field → access, with `*` for fields not named. */
export function fieldMap(actor: Actor, roles: readonly RoleSpec[]): Record<string, Record<string, FieldAccess>> {
  const held = rolesOf(actor, roles);
  const resources = new Set(held.flatMap((role) => Object.keys(role.fields)));
  return Object.fromEntries(
    [...resources].map((resource) => {
      const names = new Set(['*', 'id', ...held.flatMap((role) => Object.keys(fieldsOf(role, resource)))]);
      return [resource, Object.fromEntries([...names].map((name) => [name, fieldAccess(actor, roles, resource, name)]))];
    }),
  );
}
