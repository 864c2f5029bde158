import type { Migration } from '../../../contracts';

/** What leaves the product, by row: why it waits, whether it arrived. Members' own choices of channels. */
export const noticeMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0002-notices',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_notice_choices (
          member_id int PRIMARY KEY,
          choices jsonb NOT NULL,
          updated_at timestamptz NOT NULL
        );
        CREATE TABLE crm_deliveries (
          id bigserial PRIMARY KEY,
          channel text NOT NULL,
          bot_id int,
          member_ids int[] NOT NULL,
          type text NOT NULL,
          items jsonb NOT NULL,
          state text NOT NULL CHECK (state IN ('held', 'queued', 'sent', 'failed', 'dropped', 'merged')),
          held text,
          due_at timestamptz NOT NULL,
          attempts int NOT NULL DEFAULT 0,
          error text,
          at timestamptz NOT NULL,
          sent_at timestamptz
        );
        CREATE INDEX crm_deliveries_held ON crm_deliveries (due_at) WHERE state = 'held';
        CREATE INDEX crm_deliveries_state ON crm_deliveries (state, id DESC);
        CREATE INDEX crm_notifications_unread ON crm_notifications (member_id, id DESC) WHERE read_at IS NULL;
      `);
    },
  },
];
