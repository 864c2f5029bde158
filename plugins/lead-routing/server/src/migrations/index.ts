import type { Migration } from '@leadsea/crm-core';
import { workingMigrations } from './working';

/**
 * Start levels of people in a group: what counts as received beyond the ledger lines after `base_id`. What was given stays in
 * crm_ledger; lines up to `base_id` are inside the offset, so that counting stays short.
 */
export const routingMigrations: readonly Migration[] = [
  {
    name: 'lead-routing/0001-shares',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_routing_shares (
          group_key text NOT NULL,
          member_id int NOT NULL,
          units bigint NOT NULL,
          weight int NOT NULL,
          base_id bigint NOT NULL DEFAULT 0,
          base_at timestamptz NOT NULL DEFAULT '-infinity',
          PRIMARY KEY (group_key, member_id)
        );
      `);
    },
  },
  ...workingMigrations,
];
