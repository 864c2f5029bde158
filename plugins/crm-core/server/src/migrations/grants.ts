import type { Migration } from '../../../contracts';

const FULL = ['read', 'create', 'update', 'delete', 'publish', 'export', 'approve'];

/**
 * New resources for the administrators and auditors of an installation that has its roles already; what a role says of a resource itself is never
 * changed. A new installation gets its roles afterwards, complete.
 */
export const grant = (name: string, resources: readonly string[]): Migration => ({
  name,
  up: async (knex) => {
    const all = (verbs: readonly string[]): Record<string, Record<string, string[]>> =>
      Object.fromEntries(resources.map((resource) => [resource, Object.fromEntries(verbs.map((verb) => [verb, ['all']]))]));
    const fields = (access: string): Record<string, Record<string, string>> =>
      Object.fromEntries(resources.map((resource) => [resource, { '*': access }]));
    const add = (key: string, verbs: readonly string[], access: string): Promise<unknown> =>
      knex.raw(`UPDATE crm_roles SET resources = ?::jsonb || resources, fields = ?::jsonb || fields WHERE key = ?`, [
        JSON.stringify(all(verbs)),
        JSON.stringify(fields(access)),
        key,
      ]);
    await add('crm-admin', FULL, 'write');
    await add('auditor', ['read'], 'read');
  },
});

export const grantMigrations: readonly Migration[] = [
  grant('crm-core/0003-grant-console', ['notice-settings', 'chat-bots', 'deliveries', 'layouts', 'config', 'audit']),
];
