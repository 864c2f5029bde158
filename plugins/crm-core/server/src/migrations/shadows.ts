import type { Migration } from '../../../contracts';

/** Drafts that run silently, at most one of a policy at a time, and what they would have done beside what was done. */
export const shadowMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0007-shadows',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_policy_shadows (
          id serial PRIMARY KEY,
          policy_id int NOT NULL REFERENCES crm_policies(id) ON DELETE CASCADE,
          body jsonb NOT NULL,
          state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'ended')),
          started_by int,
          started_at timestamptz NOT NULL,
          ends_at timestamptz NOT NULL,
          ended_at timestamptz,
          looked_at timestamptz,
          failures int NOT NULL DEFAULT 0
        );
        CREATE UNIQUE INDEX crm_policy_shadows_running ON crm_policy_shadows (policy_id) WHERE state = 'running';
        CREATE INDEX crm_policy_shadows_policy ON crm_policy_shadows (policy_id, id);
        CREATE TABLE crm_shadow_cases (
          shadow_id int NOT NULL REFERENCES crm_policy_shadows(id) ON DELETE CASCADE,
          key text NOT NULL,
          subject text NOT NULL,
          subject_id int NOT NULL,
          at timestamptz NOT NULL,
          outcome text NOT NULL,
          live jsonb NOT NULL,
          silent jsonb NOT NULL,
          PRIMARY KEY (shadow_id, key)
        );
        CREATE INDEX crm_shadow_cases_outcome ON crm_shadow_cases (shadow_id, outcome, at DESC);
        CREATE INDEX crm_shadow_cases_subject ON crm_shadow_cases (shadow_id, subject_id);
      `);
    },
  },
];
