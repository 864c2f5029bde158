import type { AccessRule, Actor, RoleSpec, RowScope, ScopeCondition } from '../../../../contracts';
import { ROW_SCOPES } from '../../../../contracts';
import { bothConditions, limitOf, onParent, PARENT, SCOPE_SUBJECT, scopeCondition } from './scopes';
import type { RowShape } from './shape';

/** CASL reads these two words as wildcards; a role must spell out what it allows, so there they mean nothing. */
const WILDCARDS = ['manage', 'all'];

export const rolesOf = (actor: Actor, roles: readonly RoleSpec[]): readonly RoleSpec[] =>
  roles.filter((role) => actor.roles.includes(role.key));

/** Scopes that the roles grant together: several roles add up. */
export function grantedScopes(roles: readonly RoleSpec[], resource: string, verb: string): readonly RowScope[] {
  const granted = new Set<RowScope>();
  for (const role of roles) {
    const verbs = Object.hasOwn(role.resources, resource) ? role.resources[resource] : undefined;
    const scopes = verbs && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    scopes?.forEach((scope) => granted.add(scope));
  }
  return ROW_SCOPES.filter((scope) => scope !== 'none' && granted.has(scope));
}

/** Scopes that roles of one and the same limit give together. */
interface Grant {
  readonly scopes: readonly RowScope[];
  readonly limit: ScopeCondition;
}

/** What the roles grant, by what they ask of the rows: roles that ask the same add up as if they were one. */
function grantsOf(roles: readonly RoleSpec[], resource: string, verb: string): readonly Grant[] {
  const groups = new Map<string, { readonly roles: RoleSpec[]; readonly limit: ScopeCondition }>();
  for (const role of roles) {
    const limit = limitOf(role, resource);
    const key = JSON.stringify(limit);
    const group = groups.get(key) ?? { roles: [], limit };
    group.roles.push(role);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ scopes: grantedScopes(group.roles, resource, verb), limit: group.limit }));
}

/** The rows of a grant, one condition per scope. */
const conditionsOf = ({ scopes, limit }: Grant, actor: Actor, verb: string): readonly ScopeCondition[] =>
  scopes.flatMap((scope) => {
    const condition = scopeCondition(scope, actor, verb);
    const both = condition === null ? null : within(condition, scope, limit);
    return both === null ? [] : [both];
  });

/** Whoever holds a row reaches it: a limit is on the rows of others. Otherwise a lead could be given to somebody who does not see it. */
const within = (condition: ScopeCondition, scope: RowScope, limit: ScopeCondition): ScopeCondition | null =>
  scope === 'own' ? condition : bothConditions(condition, limit);

const compact = (conditions: readonly (ScopeCondition | null)[]): readonly ScopeCondition[] => {
  const known = new Set<string>();
  const possible = conditions.filter((condition): condition is ScopeCondition => {
    const text = JSON.stringify(condition);
    if (condition === null || known.has(text)) return false;
    known.add(text);
    return true;
  });
  const everything = possible.find((condition) => Object.keys(condition).length === 0);
  return everything ? [everything] : possible;
};

/** Conditions on a resource that follows its parent: its own columns, or the parent's in scope and the parent readable. */
function followingConditions(
  actor: Actor,
  verb: string,
  grants: readonly Grant[],
  parentRead: readonly Grant[],
  shape: RowShape,
): readonly ScopeCondition[] {
  const readable = parentRead.flatMap((grant) => conditionsOf(grant, actor, 'read'));
  const reached = (scope: RowScope): readonly (ScopeCondition | null)[] => {
    const condition = scopeCondition(scope, actor, verb);
    if (condition === null || scope === 'none') return [];
    const followed = readable.map((parent) => bothConditions(onParent(condition), onParent(parent)));
    if (scope === 'all') return [{ [PARENT]: { $eq: null } }, ...followed];
    return shape.columns[SCOPE_SUBJECT[scope]] === null ? followed : [condition, ...followed];
  };
  return compact(
    grants.flatMap(({ scopes, limit }) =>
      scopes.flatMap((scope) => reached(scope).map((condition) => (condition === null ? null : within(condition, scope, limit)))),
    ),
  );
}

function verbsOf(roles: readonly RoleSpec[], resource: string): readonly string[] {
  const verbs = roles.flatMap((role) => (Object.hasOwn(role.resources, resource) ? Object.keys(role.resources[resource] ?? {}) : []));
  return [...new Set(verbs)].filter((verb) => !WILDCARDS.includes(verb));
}

/**
 * What the actor may do, as CASL rules. Pure: the same actor, roles and shapes give the same rules. Denied is the default; roles the
 * actor does not hold are ignored; the system may do all. `shapes` are the defined resources by name: they tell which follow a parent
 * and which share another resource's entry in the roles.
 */
export function abilityFor(actor: Actor, roles: readonly RoleSpec[], shapes: ReadonlyMap<string, RowShape> = new Map()): AccessRule[] {
  if (actor.kind === 'system') return [{ action: 'manage', subject: 'all' }];
  const held = rolesOf(actor, roles);
  const subjects = new Set([...held.flatMap((role) => Object.keys(role.resources)), ...shapes.keys()]);
  const rules: AccessRule[] = held.some((role) => role.revealPool) ? [{ action: 'revealPool', subject: 'leads' }] : [];
  for (const subject of subjects) {
    if (WILDCARDS.includes(subject)) continue;
    const shape = shapes.get(subject);
    const key = shape?.access ?? subject;
    for (const action of verbsOf(held, key)) {
      const grants = grantsOf(held, key, action);
      const parent = shape?.via?.resource;
      const conditions =
        shape && parent !== undefined
          ? followingConditions(actor, action, grants, grantsOf(held, shapes.get(parent)?.access ?? parent, 'read'), shape)
          : compact(grants.flatMap((grant) => conditionsOf(grant, actor, action)));
      for (const condition of conditions) {
        rules.push(Object.keys(condition).length === 0 ? { action, subject } : { action, subject, conditions: condition });
      }
    }
  }
  return rules;
}
