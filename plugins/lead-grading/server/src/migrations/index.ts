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
  {
    name: 'lead-grading/0002-studies',
    up: async (knex) => {
      // Questions asked of history (back-tests, suggestions, check-ups) with their answers.
      await knex.raw(`
        CREATE TABLE crm_grading_studies (
          id serial PRIMARY KEY,
          kind text NOT NULL,
          policy_id int,
          model jsonb NOT NULL,
          options jsonb NOT NULL DEFAULT '{}',
          status text NOT NULL,
          done int,
          total int,
          result jsonb,
          error text,
          created_by int,
          created_at timestamptz NOT NULL,
          finished_at timestamptz
        );
        CREATE INDEX crm_grading_studies_policy ON crm_grading_studies (policy_id, kind, id DESC);
      `);
    },
  },
  {
    name: 'lead-grading/0003-ranks-and-shadows',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_grading_cuts (version_id int PRIMARY KEY, cuts jsonb NOT NULL, leads int NOT NULL, at timestamptz NOT NULL);
        -- What a model that scores silently would have given.
        CREATE TABLE crm_grading_shadow (
          version_id int NOT NULL,
          lead_id int NOT NULL,
          score int NOT NULL,
          grade text NOT NULL,
          label text NOT NULL,
          at timestamptz NOT NULL,
          PRIMARY KEY (version_id, lead_id)
        );
      `);
    },
  },
  {
    name: 'lead-grading/0004-accounts',
    up: async (knex) => {
      await knex.raw(`
        -- One row per account, with the account's id.
        CREATE TABLE crm_account_scores (
          id int PRIMARY KEY,
          score int NOT NULL,
          qualified boolean NOT NULL,
          breadth int NOT NULL,
          missing jsonb NOT NULL,
          leads int NOT NULL,
          champion_id int,
          at timestamptz NOT NULL
        );
      `);
      // Which scores changed this week is asked every hour.
      const { rows } = await knex.raw<{ rows: unknown[] }>(`SELECT 1 FROM pg_class WHERE relname = 'crm_decisions'`);
      if (rows.length > 0) await knex.raw('CREATE INDEX crm_decisions_grade_at ON crm_decisions USING brin (at)');
    },
  },
  {
    name: 'lead-grading/0005-products',
    up: async (knex) => {
      // Lists sorted by the overall product score; those of one product have an index of their own, made when a model names it.
      await knex.raw('CREATE INDEX crm_leads_product_score ON crm_leads (product_score DESC NULLS LAST, id) WHERE merged_into IS NULL');
    },
  },
];
