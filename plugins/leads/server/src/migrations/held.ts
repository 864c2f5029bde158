import type { Migration } from '@leadsea/crm-core';

/** Relations by which leads are looked for through indexes of their own, which begin with the same column. */
const TWICE = ['owner_id', 'team_id', 'pool_id', 'home_pool_id'];

/** Who holds how many open leads is asked with every assignment; what every change of a lead has to write is kept small. */
export const heldMigrations: readonly Migration[] = [
  {
    name: 'leads/0061-held',
    up: async (knex) => {
      // Loads are counted without looking at a lead: equal keys share a place, and nothing of the row is needed.
      await knex.raw(
        'CREATE INDEX crm_leads_held ON crm_leads (owner_id, stage) WHERE owner_id IS NOT NULL AND merged_into IS NULL AND is_test IS NOT TRUE',
      );
      // The host's indexes hold what the others leave out. Name and column stay: its comparison of tables finds them unchanged.
      for (const column of TWICE)
        await knex.raw(
          `DROP INDEX IF EXISTS crm_leads_${column}_fk;
           CREATE INDEX crm_leads_${column}_fk ON crm_leads (${column}) WHERE ${column} IS NOT NULL AND merged_into IS NOT NULL`,
        );
    },
  },
];
