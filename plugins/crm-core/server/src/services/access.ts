import type { AccessRule, AccessService, Actor, FieldAccess, ResourceDefinition, RoleSpec, RowScope, Sql } from '../../../contracts';
import { AppError, forbidden } from '../../../contracts';
import {
  abilityFor,
  abilityOf,
  allowsRow,
  conditionsFor,
  fieldAccess,
  fieldMap,
  rolesOf,
  rowShape,
  scopeSql,
  usualShape,
  type CrmAbility,
  type RowShape,
} from '../domain/access';

export interface AccessGate extends AccessService {
  /** Reads the roles; call it before the first request and whenever a role changes on any node. */
  refresh(): Promise<void>;
  /** Tells the gate where a resource keeps owner, team, pool or parent. Resources that are never described use the usual columns. */
  /** Which scope of which role gives a verb on a row, and which do not; for explanations. */
  reasons(actor: Actor, resource: string, verb: string, row: Readonly<Record<string, unknown>>): readonly AccessReason[];
  /** What each held role says of a field. */
  fieldReasons(actor: Actor, resource: string, field: string): readonly { readonly role: string; readonly access: FieldAccess }[];
  /** Every verb any role names on a resource. */
  verbsOf(resource: string): readonly string[];
  describeRows(definition: Pick<ResourceDefinition, 'name' | 'access' | 'table' | 'fields' | 'rows' | 'dynamicFields'>): void;
}

export interface AccessReason {
  readonly role: string;
  readonly scope: RowScope;
  readonly holds: boolean;
}

export interface AccessOptions {
  /** All roles. A plain array is read at each question, so it may come from a cache the caller keeps fresh; a promise is read by `refresh`. */
  readonly loadRoles: () => readonly RoleSpec[] | Promise<readonly RoleSpec[]>;
}

interface Known {
  readonly roles: readonly RoleSpec[];
  readonly rules: readonly AccessRule[];
  readonly ability: CrmAbility;
}

/** The one permission gate. Denied is the default everywhere. */
export function createAccessService({ loadRoles }: AccessOptions): AccessGate {
  const shapes = new Map<string, RowShape>();
  let loaded: readonly RoleSpec[] | null = null;
  let known = new WeakMap<Actor, Known>();

  const currentRoles = (): readonly RoleSpec[] => {
    if (loaded) return loaded;
    const answer = loadRoles();
    if ('then' in answer) {
      answer.then(undefined, () => undefined);
      throw new AppError('ACCESS_NOT_READY', 503, 'Roles are still being loaded. Try again in a moment.');
    }
    return answer;
  };
  const of = (actor: Actor): Known => {
    const roles = currentRoles();
    const cached = known.get(actor);
    if (cached?.roles === roles) return cached;
    const rules = abilityFor(actor, roles, shapes);
    const fresh = { roles, rules, ability: abilityOf(rules) };
    known.set(actor, fresh);
    return fresh;
  };
  const shapeOf = (resource: string): RowShape => shapes.get(resource) ?? usualShape(resource);
  const parentOf = (shape: RowShape): RowShape | null => (shape.via ? (shapes.get(shape.via.resource) ?? null) : null);

  const scope = (actor: Actor, resource: string, verb: string, alias: string): Sql => {
    const shape = shapeOf(resource);
    return scopeSql(conditionsFor(of(actor).ability, resource, verb), alias, shape, parentOf(shape));
  };
  const can = (actor: Actor, resource: string, verb: string): boolean => of(actor).ability.can(verb, resource);

  return {
    scope,
    can,
    field: (actor, resource, field): FieldAccess => fieldAccess(actor, currentRoles(), shapeOf(resource).access, field),
    assert: (actor, resource, verb) => {
      if (!can(actor, resource, verb)) throw forbidden(`Your role does not allow "${verb}" on ${resource}.`, { resource, verb });
    },
    mayGiveTo: (actor, receiver) => {
      const shape = shapeOf('members');
      const named = rolesOf(actor, currentRoles()).some((role) => role.resources[shape.access]?.['receive'] !== undefined);
      if (actor.kind !== 'member' || !named) return true;
      const row = { owner: receiver.memberId, team: receiver.teamId };
      return allowsRow(of(actor).ability, 'members', 'receive', row, shape, null);
    },
    rolesOf: (actor) => rolesOf(actor, currentRoles()),
    limitedBy: (resource) => {
      const key = shapeOf(resource).access;
      return [...new Set(currentRoles().flatMap((role) => Object.keys(role.only?.[key] ?? {})))];
    },
    rulesFor: (actor) => of(actor).rules,
    fieldsFor: (actor) => fieldMap(actor, currentRoles()),
    canRow: (actor, resource, verb, row) => {
      const shape = shapeOf(resource);
      return allowsRow(of(actor).ability, resource, verb, row, shape, parentOf(shape));
    },
    reasons: (actor, resource, verb, row) => {
      const shape = shapeOf(resource);
      const key = shape.access;
      const held = rolesOf(actor, currentRoles());
      const without = (role: RoleSpec): RoleSpec => ({
        ...role,
        resources: { ...role.resources, [key]: { ...role.resources[key], [verb]: [] } },
      });
      return held.flatMap((role) =>
        (role.resources[key]?.[verb] ?? []).map((scope): AccessReason => {
          const only = { ...role, resources: { ...role.resources, [key]: { ...role.resources[key], [verb]: [scope] } } };
          // The other roles stay, without this verb: a record that follows a parent needs the parent readable by any of them.
          const roles = held.map((one) => (one === role ? only : without(one)));
          const ability = abilityOf(abilityFor(actor, roles, shapes));
          return { role: role.key, scope, holds: allowsRow(ability, resource, verb, row, shape, parentOf(shape)) };
        }),
      );
    },
    fieldReasons: (actor, resource, field) =>
      rolesOf(actor, currentRoles()).map((role) => ({
        role: role.key,
        access: fieldAccess({ ...actor, roles: [role.key] }, [role], shapeOf(resource).access, field),
      })),
    verbsOf: (resource) =>
      [...new Set(currentRoles().flatMap((role) => Object.keys(role.resources[shapeOf(resource).access] ?? {})))].sort(),
    refresh: async () => {
      const answer = loadRoles();
      if (!('then' in answer)) return;
      loaded = await answer;
      known = new WeakMap();
    },
    describeRows: (definition) => {
      shapes.set(definition.name, rowShape(definition));
      known = new WeakMap();
    },
  };
}
