import type { Migration } from '../../../contracts';

/** Invitations: one per member, of the token only its hash. */
export const invitationMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0006-invitations',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_invitations (
          member_id int PRIMARY KEY,
          token_hash text NOT NULL UNIQUE,
          invited_by int,
          invited_at timestamptz NOT NULL,
          expires_at timestamptz NOT NULL,
          accepted_at timestamptz
        );
      `);
    },
  },
];
