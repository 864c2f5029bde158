import type { Migration } from '@leadsea/crm-core';

const RIGHTS = ['accounts', 'opportunities', 'activities'];

/** Files hold leads, accounts, deals or follow-ups; whoever administers everything may import each of them. */
export const importKindMigrations: readonly Migration[] = [
  {
    name: 'leads/0060-import-kinds',
    up: async (knex) => {
      await knex.raw(`
        ALTER TABLE crm_imports ADD COLUMN kind text NOT NULL DEFAULT 'leads' CHECK (kind IN ('leads', 'accounts', 'opportunities', 'activities'));
        ALTER TABLE crm_import_rows ADD COLUMN record_id int;
      `);
      for (const resource of RIGHTS)
        await knex.raw(
          `UPDATE crm_roles SET resources = jsonb_set(resources, ARRAY[?, 'import']::text[], '["all"]')
           WHERE key = 'crm-admin' AND resources->? IS NOT NULL AND resources->?->'import' IS NULL`,
          [resource, resource, resource],
        );
      // Whoever administers a pool brings in its leads, and then what was done with them.
      await knex.raw(
        `UPDATE crm_roles SET resources = jsonb_set(resources, '{activities,import}', resources->'leads'->'import')
         WHERE key = 'pool-admin' AND resources->'activities' IS NOT NULL AND resources->'leads'->'import' IS NOT NULL AND resources->'activities'->'import' IS NULL`,
      );
    },
  },
];
