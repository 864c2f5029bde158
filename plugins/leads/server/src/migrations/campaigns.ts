import type { Migration } from '@leadsea/crm-core';

const MARKETING = ['read', 'create', 'update', 'delete'];
const verbs = (names: readonly string[]): string => JSON.stringify({ campaigns: Object.fromEntries(names.map((name) => [name, ['all']])) });
const fields = (access: string): string => JSON.stringify({ campaigns: { '*': access } });

export const campaignMigrations: readonly Migration[] = [
  {
    name: 'leads/0030-consents',
    up: async (knex) => {
      // What people allowed and forbade is proof: rows are added, and changed only when their lead is merged into another one.
      await knex.raw(`
        CREATE TABLE crm_consents (
          id bigserial PRIMARY KEY,
          lead_id int NOT NULL,
          channel text NOT NULL CHECK (channel IN ('call', 'mail', 'message')),
          state text NOT NULL CHECK (state IN ('granted', 'withdrawn')),
          basis text NOT NULL,
          text text,
          text_hash text,
          source text,
          ip text,
          note text,
          member_id int,
          at timestamptz NOT NULL
        );
        CREATE INDEX crm_consents_lead ON crm_consents (lead_id, channel, at DESC, id DESC);
        CREATE FUNCTION crm_consents_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (to_jsonb(NEW) - 'lead_id') IS DISTINCT FROM (to_jsonb(OLD) - 'lead_id') THEN
            RAISE EXCEPTION 'What somebody said about contact cannot be changed' USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER crm_consents_frozen BEFORE UPDATE ON crm_consents FOR EACH ROW EXECUTE FUNCTION crm_consents_frozen();
      `);
    },
  },
  {
    name: 'leads/0031-campaigns',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_campaigns (
          id serial PRIMARY KEY,
          key text NOT NULL,
          name text NOT NULL,
          channel text,
          source text,
          state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'running', 'ended')),
          starts_on date,
          ends_on date,
          budget numeric(16, 2) CHECK (budget >= 0),
          cost numeric(16, 2) CHECK (cost >= 0),
          currency text,
          owner_id int,
          note text,
          created_at timestamptz NOT NULL,
          updated_at timestamptz NOT NULL
        );
        CREATE UNIQUE INDEX crm_campaigns_key ON crm_campaigns (lower(key));
        CREATE INDEX crm_leads_campaign ON crm_leads (lower(campaign)) WHERE campaign IS NOT NULL AND merged_into IS NULL;
      `);
      // Roles that say something of campaigns already are left as they are.
      for (const [key, names, access] of [
        ['crm-admin', MARKETING, 'write'],
        ['marketing', MARKETING, 'write'],
        ['auditor', ['read'], 'read'],
        ['sales-manager', ['read'], 'read'],
      ] as const)
        await knex.raw('UPDATE crm_roles SET resources = ?::jsonb || resources, fields = ?::jsonb || fields WHERE key = ?', [
          verbs(names),
          fields(access),
          key,
        ]);
    },
  },
];
