import type { Migration } from '../../../contracts';

/**
 * Personal values can be taken out of history without breaking its seals. Every event carries a random salt that its hash covers: the digest
 * kept of an event that was erased says that the day is whole, and with the salt gone nobody can try values until one fits.
 */
export const erasureMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0007-event-erasures',
    up: async (knex) => {
      await knex.raw(`
        ALTER TABLE crm_events ADD COLUMN salt uuid;
        ALTER TABLE crm_events ALTER COLUMN salt SET DEFAULT gen_random_uuid();
        CREATE TABLE crm_event_erasures (
          event_id bigint NOT NULL,
          erasure_id int NOT NULL,
          digest text NOT NULL,
          remains text NOT NULL,
          at timestamptz NOT NULL,
          PRIMARY KEY (event_id, erasure_id)
        );
        CREATE INDEX crm_event_erasures_erasure ON crm_event_erasures (erasure_id, event_id);
        CREATE FUNCTION crm_event_erasures_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'What was erased from history stays on record: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER crm_event_erasures_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON crm_event_erasures
          FOR EACH STATEMENT EXECUTE FUNCTION crm_event_erasures_frozen();
      `);
    },
  },
];
