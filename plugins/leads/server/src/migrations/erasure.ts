import { grant, type Migration } from '@leadsea/crm-core';

/** The register of erasures holds no personal data; whom it names are those who erased. Suppressed keys are keyed hashes. */
export const erasureMigrations: readonly Migration[] = [
  {
    name: 'leads/0040-erasures',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_erasures (
          id serial PRIMARY KEY,
          lead_id int NOT NULL,
          leads int[] NOT NULL,
          reason text NOT NULL,
          reference text,
          member_id int,
          counts jsonb NOT NULL DEFAULT '{}',
          suppressed boolean NOT NULL,
          seal text,
          at timestamptz NOT NULL
        );
        CREATE UNIQUE INDEX crm_erasures_lead ON crm_erasures (lead_id);
        CREATE TABLE crm_suppressions (
          kind text NOT NULL,
          hash text NOT NULL,
          erasure_id int NOT NULL,
          at timestamptz NOT NULL,
          PRIMARY KEY (kind, hash)
        );
        CREATE OR REPLACE FUNCTION crm_consents_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('leadsea.erasure', true) = 'on' THEN RETURN NEW; END IF;
          IF (to_jsonb(NEW) - 'lead_id') IS DISTINCT FROM (to_jsonb(OLD) - 'lead_id') THEN
            RAISE EXCEPTION 'What somebody said about contact cannot be changed' USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        UPDATE crm_roles SET resources = jsonb_set(resources, '{leads,erase}', '["all"]')
        WHERE key = 'crm-admin' AND resources->'leads' IS NOT NULL AND resources->'leads'->'erase' IS NULL;
      `);
    },
  },
  grant('leads/0041-grant-erasures', ['erasures']),
];
