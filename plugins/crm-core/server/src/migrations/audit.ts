import type { Migration } from '../../../contracts';

/** One row per day of history, each sealing the day before it: what is changed, added or taken out afterwards shows. */
export const auditMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0004-audit-days',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_audit_days (
          day date PRIMARY KEY,
          events int NOT NULL,
          first_id bigint NOT NULL,
          last_id bigint NOT NULL,
          previous text NOT NULL,
          hash text NOT NULL,
          sealed_at timestamptz NOT NULL
        );
        CREATE FUNCTION crm_audit_days_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'A sealed day of history cannot be changed: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER crm_audit_days_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON crm_audit_days
          FOR EACH STATEMENT EXECUTE FUNCTION crm_audit_days_frozen();
        CREATE INDEX crm_events_day ON crm_events (((at AT TIME ZONE 'UTC')::date), id);
      `);
    },
  },
];
