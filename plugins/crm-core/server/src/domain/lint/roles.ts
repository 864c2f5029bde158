import type { LintItem, RoleSpec } from '../../../../contracts';

export interface RoleFacts {
  readonly roles: readonly (RoleSpec & { readonly id: number })[];
  /** Fields of every resource by its name in the roles; a resource that is not here cannot be judged. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Resources that have fields people write at all; some are only changed by their verbs. Absent = all. */
  readonly written?: ReadonlySet<string>;
  /** Fields of one value per resource, by which a role may limit rows, with their options where they are a list. Absent = limits are not judged. */
  readonly limitable?: ReadonlyMap<string, ReadonlyMap<string, readonly string[] | null>>;
  /** How many active members hold a role. */
  readonly holders: ReadonlyMap<string, number>;
}

const granted = (role: RoleSpec, resource: string, verb: string): boolean =>
  (role.resources[resource]?.[verb] ?? []).some((scope) => scope !== 'none');

type Say = (code: string, message: string, path: string, values: LintItem['values']) => void;

/** Fields by which a role limits rows: one that is not there lets no row through, one the role cannot read limits by what nobody sees. */
function limitsOf(role: RoleSpec, limitable: NonNullable<RoleFacts['limitable']>, say: Say): void {
  for (const [resource, named] of Object.entries(role.only ?? {}))
    for (const [field, wanted] of Object.entries(named)) {
      const path = `only.${resource}.${field}`;
      const options = limitable.get(resource)?.get(field);
      if (options === undefined) {
        say('ROLE_LIMIT_UNKNOWN', `Limits ${resource} by "${field}", which is no list or text of theirs: no row is left.`, path, {
          resource,
          field,
        });
        continue;
      }
      const gone = options === null ? undefined : wanted.find((value) => !options.includes(value));
      if (gone !== undefined)
        say('ROLE_LIMIT_OPTION', `Limits ${resource} by "${field}", which has no option "${gone}".`, path, {
          resource,
          field,
          option: gone,
        });
      const access = role.fields[resource]?.[field] ?? role.fields[resource]?.['*'] ?? 'hidden';
      if (access === 'hidden' || access === 'masked')
        say('ROLE_LIMIT_UNREAD', `Limits ${resource} by "${field}", which the role does not read.`, path, { resource, field });
    }
}

/** Roles as they stand: rights that have no effect, fields that do not exist, an installation one person away from being locked. Pure. */
export function lintRoles({ roles, fields, written, limitable, holders }: RoleFacts): readonly LintItem[] {
  const found = roles.flatMap((role) => {
    const about = {
      resource: 'roles',
      id: role.id,
      key: role.key,
      name: role.label?.en || role.key,
      ...(role.label ? { label: role.label } : {}),
    } as const;
    const items: LintItem[] = [];
    const say = (code: string, message: string, path: string, values: LintItem['values']): void =>
      void items.push({ ...about, level: 'warning', code, message, path, values });
    for (const [resource, known] of fields) {
      const writes = ['create', 'update'].some((verb) => granted(role, resource, verb));
      const reads = granted(role, resource, 'read');
      const access = Object.values(role.fields[resource] ?? {});
      if (writes && !reads) say('ROLE_WRITES_UNREAD', `May write ${resource} but not read them.`, `resources.${resource}`, { resource });
      else if (writes && !access.includes('write') && (written?.has(resource) ?? true))
        say('ROLE_WRITES_NOTHING', `May write ${resource}, but no field of them.`, `fields.${resource}`, { resource });
      if (reads && !access.some((one) => one !== 'hidden'))
        say('ROLE_READS_NOTHING', `May read ${resource}, but sees no field of them.`, `fields.${resource}`, { resource });
      // Hiding what a list does not have is no mistake: imports, conditions and history have more than lists.
      for (const [field, one] of Object.entries(role.fields[resource] ?? {}))
        if (field !== '*' && one !== 'hidden' && !known.includes(field))
          say('ROLE_FIELD_UNKNOWN', `Names the field "${field}", which ${resource} do not have.`, `fields.${resource}.${field}`, {
            resource,
            field,
          });
    }
    if (limitable) limitsOf(role, limitable, say);
    return items;
  });
  const keepers = roles.filter((role) => granted(role, 'roles', 'update'));
  const people = keepers.reduce((sum, role) => sum + (holders.get(role.key) ?? 0), 0);
  const [keeper] = keepers;
  if (people <= 1 && keeper)
    found.push({
      resource: 'roles',
      id: keeper.id,
      key: keeper.key,
      name: keeper.label?.en || keeper.key,
      ...(keeper.label ? { label: keeper.label } : {}),
      level: 'warning',
      code: 'ADMIN_ALONE',
      message: 'Only one person may change roles: without him nobody can.',
    });
  return found;
}
