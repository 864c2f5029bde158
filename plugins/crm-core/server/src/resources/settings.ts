import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { EventService, ResourceDefinition, ResourceField, ResourceVerb, ReviewService } from '../../../contracts';
import type { ConsoleUsers } from '../services/users';
import { keepAdministered } from './administered';
import { assertRole } from '../domain/access/role-schema';
import { checkMember, memberColumns, passwordVerb } from './members';
import { recordResource, secretField } from './record-resource';

const id: ResourceField = { name: 'id', type: 'id' };
const w = { writable: true } as const;

/** Nobody knows it: the account is opened by an invitation. */
const unguessable = (): string => randomBytes(32).toString('base64url');

export function settingsResources(
  db: Knex,
  events: EventService,
  users: ConsoleUsers,
  refreshRoles: () => Promise<void>,
  reviews: ReviewService,
  verbs: readonly ResourceVerb[],
): readonly ResourceDefinition[] {
  return [
    recordResource(db, events, {
      name: 'members',
      rows: { owner: 'id', team: 'team_id', pool: null },
      table: 'crm_members',
      subject: 'member',
      channel: 'crm_members',
      search: ['name', 'email'],
      defaultSort: ['name', 'ASC'],
      check: (values, current) => checkMember(values, current === null),
      secrets: ['password'],
      onWrite: async (trx, _context, _id, values, current) => {
        if (current && ('active' in values || 'roles' in values)) await keepAdministered(trx);
      },
      reviewed: { reviews, area: 'roles', fields: ['roles'], onCreate: true },
      beforeCreate: async (values) => ({
        ...memberColumns(values),
        user_id: await users.add(String(values['email']), typeof values['password'] === 'string' ? values['password'] : unguessable()),
      }),
      verbs: [passwordVerb(users), ...verbs],
      fields: [
        id,
        { name: 'name', type: 'text', ...w },
        { name: 'email', type: 'text', ...w },
        secretField('password'),
        { name: 'team', type: 'reference', reference: 'teams', column: 'team_id', ...w },
        { name: 'manager', type: 'reference', reference: 'members', column: 'manager_id', ...w },
        { name: 'roles', type: 'multiselect', ...w },
        { name: 'skills', type: 'json', ...w },
        { name: 'capacity', type: 'number', ...w },
        { name: 'weight', type: 'number', ...w },
        { name: 'calendarKey', type: 'text', ...w },
        { name: 'timeZone', type: 'text', ...w },
        { name: 'locale', type: 'select', ...w },
        { name: 'presence', type: 'select', ...w },
        { name: 'active', type: 'boolean', ...w },
        {
          name: 'invitation',
          type: 'json',
          sql: (alias) =>
            `(SELECT jsonb_build_object('invitedAt', i.invited_at, 'expiresAt', i.expires_at, 'acceptedAt', i.accepted_at) FROM crm_invitations i WHERE i.member_id = ${alias}.id)`,
        },
        { name: 'leaveFrom', type: 'datetime', ...w },
        { name: 'leaveTo', type: 'datetime', ...w },
      ],
    }),
    recordResource(db, events, {
      name: 'teams',
      table: 'crm_teams',
      subject: 'team',
      channel: 'crm_members',
      search: ['name', 'key'],
      defaultSort: ['name', 'ASC'],
      removable: true,
      fields: [
        id,
        { name: 'key', type: 'text', ...w },
        { name: 'name', type: 'text', ...w },
        { name: 'parent', type: 'reference', reference: 'teams', column: 'parent_id', ...w },
        { name: 'calendarKey', type: 'text', ...w },
      ],
    }),
    recordResource(db, events, {
      name: 'roles',
      afterCommit: refreshRoles,
      check: (values) => assertRole(values),
      onWrite: async (trx, _context, _id, values, current) => {
        if (current && ('resources' in values || 'key' in values)) await keepAdministered(trx);
      },
      reviewed: { reviews, area: 'roles', fields: ['resources', 'fields', 'revealPool', 'revealPerDay', 'only'], onCreate: false },
      table: 'crm_roles',
      subject: 'role',
      channel: 'crm_roles',
      search: ['key'],
      defaultSort: ['key', 'ASC'],
      fields: [
        id,
        { name: 'key', type: 'text', ...w },
        { name: 'label', type: 'json', ...w },
        { name: 'resources', type: 'json', ...w },
        { name: 'fields', type: 'json', ...w },
        { name: 'revealPool', type: 'boolean', ...w },
        { name: 'revealPerDay', type: 'number', ...w },
        { name: 'only', type: 'json', column: 'only_rows', ...w },
      ],
    }),
  ];
}
