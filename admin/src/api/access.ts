import { createMongoAbility, subject, type MongoAbility } from '@casl/ability';
import type { FieldAccess, Me } from './types';

/** react-admin speaks of pages, the server of verbs. */
const VERB_OF_PAGE: Record<string, string> = { list: 'read', show: 'read', edit: 'update' };

export interface Access {
  /** May the member do `verb` on this record, or on any record of the resource when none is given? */
  can(verb: string, resource: string, record?: object): boolean;
  /** Strongest access of the member's roles to a field; unknown fields are hidden. */
  field(resource: string, name: string): FieldAccess;
}

/** The member's access from the rules of `me`. Deny is the default. */
export const createAccess = (me: Me): Access => {
  const ability: MongoAbility = createMongoAbility(me.rules as Parameters<typeof createMongoAbility>[0]);
  return {
    can: (verb, resource, record) => {
      const action = VERB_OF_PAGE[verb] ?? verb;
      // Roles may limit rows by values of their fields: those are asked for under `has`.
      return record ? ability.can(action, subject(resource, { ...record, has: record })) : ability.can(action, resource);
    },
    field: (resource, name) => me.fields[resource]?.[name] ?? me.fields[resource]?.['*'] ?? 'hidden',
  };
};
