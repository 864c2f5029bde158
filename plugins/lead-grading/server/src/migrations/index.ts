import type { Migration } from '@leadsea/crm-core';

export const gradingMigrations: readonly Migration[] = [
  {
    name: 'lead-grading/0001-runs',
    up: async (knex) => {
      // How far a re-grade has come: a job that was interrupted goes on from here.
      await knex.raw(`
        CREATE TABLE crm_grading_runs (
          job_id bigint PRIMARY KEY,
          version_id int NOT NULL,
          version_ids int[] NOT NULL,
          next_id int NOT NULL,
          last_id int NOT NULL,
          seen int NOT NULL DEFAULT 0,
          changed int NOT NULL DEFAULT 0,
          moves jsonb NOT NULL DEFAULT '{}',
          swept boolean NOT NULL DEFAULT FALSE,
          started_at timestamptz NOT NULL,
          finished_at timestamptz
        );
      `);
    },
  },
];
