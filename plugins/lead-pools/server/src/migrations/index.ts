import type { Migration } from '@leadsea/crm-core';

export const poolsMigrations: readonly Migration[] = [
  {
    name: 'lead-pools/0001-claims-of-a-person',
    up: async (knex) => {
      await knex.raw(`CREATE INDEX crm_ledger_claims ON crm_ledger (member_id, at) WHERE cause = 'claim'`);
    },
  },
];
