import type { Migration } from '@leadsea/crm-core';
import { campaignMigrations } from './campaigns';
import { erasureMigrations } from './erasure';
import { accountMigrations } from './accounts';
import { heldMigrations } from './held';
import { importKindMigrations } from './import-kinds';
import { searchMigrations } from './search';

export const leadsMigrations: readonly Migration[] = [
  {
    name: 'leads/0001-machine-tables',
    up: async (knex) => {
      await knex.raw(`
        ALTER TABLE crm_leads ALTER COLUMN custom SET STORAGE EXTENDED;
        ALTER TABLE crm_leads SET (fillfactor = 80);
        CREATE TABLE crm_lead_keys (kind text NOT NULL, value text NOT NULL, lead_id int NOT NULL, PRIMARY KEY (kind, value));
        CREATE INDEX crm_lead_keys_lead ON crm_lead_keys (lead_id);
        CREATE TABLE crm_engagements (
          id bigserial PRIMARY KEY,
          lead_id int NOT NULL,
          kind text NOT NULL,
          asset text,
          product text,
          occurred_at timestamptz NOT NULL,
          source text,
          external_id text,
          human boolean NOT NULL DEFAULT true,
          data jsonb
        );
        CREATE INDEX crm_engagements_lead ON crm_engagements (lead_id, occurred_at DESC);
        CREATE UNIQUE INDEX crm_engagements_external ON crm_engagements (source, external_id) WHERE external_id IS NOT NULL;
        CREATE INDEX crm_activities_lead_at ON crm_activities (lead_id, occurred_at DESC);
        CREATE INDEX crm_activities_member_at ON crm_activities (member_id, occurred_at DESC);
        CREATE UNIQUE INDEX crm_tasks_open_key ON crm_tasks (lead_id, key) WHERE state = 'open';
        CREATE INDEX crm_tasks_owner_due ON crm_tasks (owner_id, due_at) WHERE state = 'open';
        CREATE UNIQUE INDEX crm_accounts_domain ON crm_accounts (domain_key) WHERE domain_key IS NOT NULL;
        CREATE INDEX crm_accounts_company ON crm_accounts (company_key) WHERE company_key IS NOT NULL;
        CREATE INDEX crm_leads_open_score ON crm_leads (score DESC NULLS LAST, id) WHERE merged_into IS NULL;
        CREATE INDEX crm_leads_captured ON crm_leads (captured_at DESC NULLS LAST, id) WHERE merged_into IS NULL;
        CREATE INDEX crm_leads_owner ON crm_leads (owner_id, next_action_at, id) WHERE owner_id IS NOT NULL AND merged_into IS NULL;
        CREATE INDEX crm_leads_owner_score ON crm_leads (owner_id, score DESC NULLS LAST, id) WHERE merged_into IS NULL;
        CREATE INDEX crm_leads_pool ON crm_leads (pool_id, score DESC NULLS LAST, id) WHERE pool_id IS NOT NULL AND merged_into IS NULL;
        CREATE INDEX crm_leads_pool_entered ON crm_leads (pool_id, pool_entered_at, id) WHERE pool_id IS NOT NULL AND merged_into IS NULL;
        CREATE INDEX crm_leads_stage_score ON crm_leads (stage, score DESC NULLS LAST, id) WHERE merged_into IS NULL;
        CREATE INDEX crm_leads_team_score ON crm_leads (team_id, score DESC NULLS LAST, id) WHERE team_id IS NOT NULL AND merged_into IS NULL;
        CREATE INDEX crm_leads_import ON crm_leads (import_id) WHERE import_id IS NOT NULL;
        CREATE INDEX crm_leads_account ON crm_leads (account_id) WHERE account_id IS NOT NULL;
        CREATE INDEX crm_leads_email ON crm_leads (email_key) WHERE email_key IS NOT NULL;
        CREATE INDEX crm_leads_phone ON crm_leads (phone_key) WHERE phone_key IS NOT NULL;
        CREATE INDEX crm_leads_company ON crm_leads (company_key) WHERE company_key IS NOT NULL;
      `);
    },
  },
  {
    name: 'leads/0002-search',
    up: async (knex) => {
      // Trigram search where the extension can be had; without it search falls back to prefixes of the keys.
      const { rows } = await knex.raw<{ rows: unknown[] }>(`SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'`);
      if (rows.length === 0) return;
      await knex.raw(`
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX crm_leads_name_trgm ON crm_leads USING gin (name gin_trgm_ops);
        CREATE INDEX crm_leads_company_trgm ON crm_leads USING gin (company gin_trgm_ops);
      `);
    },
  },
  {
    name: 'leads/0003-imports',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_imports (
          id serial PRIMARY KEY,
          file_name text NOT NULL,
          size bigint NOT NULL,
          hash text NOT NULL,
          sniffed jsonb NOT NULL,
          headers jsonb NOT NULL,
          samples jsonb NOT NULL,
          mapping jsonb NOT NULL,
          options jsonb NOT NULL,
          status text NOT NULL,
          total int,
          done int NOT NULL DEFAULT 0,
          counts jsonb NOT NULL DEFAULT '{}',
          dry_run jsonb,
          error text,
          owner_id int,
          team_id int,
          created_at timestamptz NOT NULL,
          started_at timestamptz,
          finished_at timestamptz
        );
        CREATE INDEX crm_imports_hash ON crm_imports (hash);
        CREATE TABLE crm_import_parts (import_id int NOT NULL REFERENCES crm_imports(id) ON DELETE CASCADE, part int NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (import_id, part));
        ALTER TABLE crm_import_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
        CREATE TABLE crm_import_rows (
          import_id int NOT NULL REFERENCES crm_imports(id) ON DELETE CASCADE,
          row int NOT NULL,
          status text NOT NULL,
          lead_id int,
          code text,
          message text,
          cells jsonb,
          PRIMARY KEY (import_id, row)
        );
        CREATE TABLE crm_captures (
          id bigserial PRIMARY KEY,
          source_id int NOT NULL,
          idempotency_key text,
          lead_id int,
          status text NOT NULL,
          payload jsonb NOT NULL,
          result jsonb,
          at timestamptz NOT NULL
        );
        CREATE UNIQUE INDEX crm_captures_key ON crm_captures (source_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
      `);
    },
  },
  {
    name: 'leads/0004-import-memory',
    up: async (knex) => {
      await knex.raw(`
        ALTER TABLE crm_imports ADD COLUMN header_key text, ADD COLUMN revert jsonb;
        CREATE INDEX crm_imports_header ON crm_imports (header_key);
        CREATE INDEX crm_import_rows_failed ON crm_import_rows (import_id, row) WHERE cells IS NOT NULL;
      `);
    },
  },
  {
    name: 'leads/0005-source-keys',
    up: async (knex) => {
      await knex.raw('CREATE UNIQUE INDEX crm_sources_key ON crm_sources (key)');
    },
  },
  {
    name: 'leads/0006-search-everything',
    up: async (knex) => {
      // One index over all that is searched: an OR over columns of which one has no index reads the whole table.
      const { rows } = await knex.raw<{ rows: unknown[] }>(`SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'`);
      if (rows.length === 0) return;
      await knex.raw(`
        DROP INDEX IF EXISTS crm_leads_name_trgm;
        DROP INDEX IF EXISTS crm_leads_company_trgm;
        CREATE INDEX crm_leads_search ON crm_leads USING gin (name gin_trgm_ops, company gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops);
      `);
    },
  },
  {
    name: 'leads/0007-undo',
    up: async (knex) => {
      // Undo looks for what one request of a person did; captures and timers stay out of this index.
      await knex.raw(`CREATE INDEX crm_events_cause ON crm_events (cause_id) WHERE cause_id IS NOT NULL AND actor_kind = 'member'`);
    },
  },
  {
    name: 'leads/0008-reports',
    up: async (knex) => {
      // Moves and arrivals summed up by the hour, for numbers over all leads; what is not summed up yet is read from the events.
      await knex.raw(`
        CREATE TABLE crm_report_hours (hour timestamptz NOT NULL, kind text NOT NULL, from_stage text NOT NULL, to_stage text NOT NULL, n int NOT NULL);
        CREATE INDEX crm_report_hours_hour ON crm_report_hours (hour);
        CREATE TABLE crm_report_dwell (day date NOT NULL, stage text NOT NULL, bucket int NOT NULL, n int NOT NULL);
        CREATE INDEX crm_report_dwell_day ON crm_report_dwell (day);
        CREATE TABLE crm_report_state (rolled_to timestamptz NOT NULL);
        INSERT INTO crm_report_state VALUES ('epoch');
      `);
    },
  },
  {
    name: 'leads/0009-account-phone',
    up: async (knex) => {
      // Leads are matched to accounts by the last eight digits of the phone number, however it was typed.
      await knex.raw(
        `CREATE INDEX crm_accounts_phone_tail ON crm_accounts (right(regexp_replace(phone, '[^0-9]', '', 'g'), 8)) WHERE phone IS NOT NULL`,
      );
    },
  },
  {
    name: 'leads/0010-opportunities',
    up: async (knex) => {
      // Two conversions of one lead at the same moment: the second one is refused.
      await knex.raw(`
        CREATE UNIQUE INDEX crm_opportunities_open ON crm_opportunities (lead_id) WHERE stage = 'open';
        CREATE INDEX crm_opportunities_owner ON crm_opportunities (owner_id, id DESC);
      `);
    },
  },
  ...accountMigrations,
  {
    name: 'leads/0020-account-ranges',
    up: async (knex) => {
      // Which networks belong to which company; the narrowest that holds an address counts.
      await knex.raw(`
        CREATE TABLE crm_account_ranges (
          id serial PRIMARY KEY,
          account_id int NOT NULL REFERENCES crm_accounts (id) ON DELETE CASCADE,
          network cidr NOT NULL,
          range text NOT NULL,
          created_at timestamptz NOT NULL
        );
        CREATE UNIQUE INDEX crm_account_ranges_network ON crm_account_ranges (network);
        CREATE INDEX crm_account_ranges_holds ON crm_account_ranges USING gist (network inet_ops);
        CREATE INDEX crm_account_ranges_account ON crm_account_ranges (account_id);
      `);
    },
  },
  {
    name: 'leads/0021-activities-at',
    up: async (knex) => {
      // The list of follow-ups of all leads, newest first, in the order in which a page is asked for.
      await knex.raw('CREATE INDEX crm_activities_at ON crm_activities (occurred_at DESC NULLS LAST, id)');
    },
  },
  ...campaignMigrations,
  ...erasureMigrations,
  ...searchMigrations,
  ...importKindMigrations,
  ...heldMigrations,
];
