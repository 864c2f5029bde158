import type { Migration } from '@leadsea/crm-core';

const CLOCKS = `
  CREATE TABLE crm_sla_clocks (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    contract_id int NOT NULL,
    version_id int NOT NULL,
    metric text NOT NULL,
    label jsonb NOT NULL,
    obligor text NOT NULL,
    clock_owner text NOT NULL,
    cycle int NOT NULL,
    latest boolean NOT NULL,
    rearmed boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'paused', 'blocked', 'breached_open', 'met', 'breached_closed', 'cancelled', 'waived')),
    owner_id int,
    calendar_key text,
    started_at timestamptz NOT NULL,
    target_row int NOT NULL,
    target_seconds int NOT NULL,
    target_version int NOT NULL,
    elapsed_seconds int NOT NULL,
    segment_since timestamptz,
    segments int NOT NULL,
    due_at timestamptz,
    warns jsonb NOT NULL,
    breached_at timestamptz,
    breach_cause text,
    breach_owner_id int,
    stopped_at timestamptz,
    stop_activity_id int,
    end_reason text,
    pause_seconds int NOT NULL,
    pause_count int NOT NULL,
    provisional boolean NOT NULL,
    disputed boolean NOT NULL,
    hops int NOT NULL
  ) WITH (fillfactor = 80);
  CREATE UNIQUE INDEX crm_sla_clocks_latest ON crm_sla_clocks (lead_id, contract_id, metric) WHERE latest;
  CREATE INDEX crm_sla_clocks_lead ON crm_sla_clocks (lead_id, id);
  CREATE INDEX crm_sla_clocks_owner ON crm_sla_clocks (owner_id, due_at) WHERE state IN ('running', 'breached_open');
  CREATE INDEX crm_sla_clocks_due ON crm_sla_clocks (due_at, id);
  CREATE INDEX crm_sla_clocks_state ON crm_sla_clocks (state, due_at, id);

  CREATE TABLE crm_sla_segments (
    clock_id int NOT NULL REFERENCES crm_sla_clocks(id) ON DELETE CASCADE,
    number int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('run', 'pause')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    seconds int NOT NULL,
    owner_id int,
    calendar_key text,
    cause text NOT NULL,
    PRIMARY KEY (clock_id, number)
  );
`;

export const slaMigrations: readonly Migration[] = [{ name: 'lead-sla/0001-clocks', up: async (knex) => void (await knex.raw(CLOCKS)) }];
