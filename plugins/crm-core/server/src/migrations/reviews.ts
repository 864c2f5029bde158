import type { Migration } from '../../../contracts';

/** Changes that wait for a second person: at most one open for one thing and one action. */
export const reviewMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0005-reviews',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_reviews (
          id serial PRIMARY KEY,
          area text NOT NULL,
          action text NOT NULL,
          subject text NOT NULL,
          subject_id int NOT NULL,
          title text NOT NULL,
          payload jsonb NOT NULL,
          base jsonb NOT NULL,
          note text,
          state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn')),
          requested_by int NOT NULL,
          requested_at timestamptz NOT NULL,
          decided_by int,
          decided_at timestamptz,
          comment text,
          CHECK (state <> 'approved' OR decided_by <> requested_by)
        );
        CREATE UNIQUE INDEX crm_reviews_open ON crm_reviews (subject, subject_id, action) WHERE state = 'open';
        ALTER TABLE crm_policy_versions ADD COLUMN requested_by int;
      `);
    },
  },
];
