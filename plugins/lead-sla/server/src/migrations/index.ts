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

const ENGINE = `
  ALTER TABLE crm_sla_clocks
    ADD COLUMN calendar_revision text,
    ADD COLUMN last_since timestamptz,
    ADD COLUMN idle_seconds int NOT NULL DEFAULT 0,
    ADD COLUMN idle_count int NOT NULL DEFAULT 0,
    ADD COLUMN pause_kind text CHECK (pause_kind IN ('condition', 'manual')),
    ADD COLUMN pause_reason text,
    ADD COLUMN pause_by int,
    ADD COLUMN pause_until_inbound boolean NOT NULL DEFAULT false,
    ADD COLUMN pause_limit_at timestamptz,
    ADD COLUMN pause_spent boolean NOT NULL DEFAULT false,
    ADD COLUMN reset_held boolean NOT NULL DEFAULT false,
    ADD COLUMN backdated boolean NOT NULL DEFAULT false,
    ADD COLUMN waived_at timestamptz,
    ADD COLUMN waived_by int,
    ADD COLUMN waive_reason text;
  ALTER TABLE crm_sla_segments ADD COLUMN calendar_revision text;
  CREATE INDEX crm_sla_clocks_calendar ON crm_sla_clocks (calendar_key, id) WHERE state IN ('running', 'paused', 'blocked', 'breached_open');
  CREATE INDEX crm_sla_clocks_outcome ON crm_sla_clocks (coalesce(breached_at, stopped_at));

  CREATE TABLE crm_sla_merges (
    id bigserial PRIMARY KEY,
    survivor_id int NOT NULL,
    loser_id int NOT NULL,
    clock_id int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('ended', 'earlier')),
    kept jsonb NOT NULL,
    at timestamptz NOT NULL,
    undone_at timestamptz
  );
  CREATE INDEX crm_sla_merges_pair ON crm_sla_merges (survivor_id, loser_id) WHERE undone_at IS NULL;

  CREATE TABLE crm_sla_outages (id serial PRIMARY KEY, began_at timestamptz NOT NULL, ended_at timestamptz NOT NULL);
`;

const AGREEMENT = `
  CREATE TABLE crm_sla_signatures (
    id serial PRIMARY KEY,
    contract_id int NOT NULL,
    version_id int NOT NULL,
    side text NOT NULL CHECK (side IN ('sales', 'marketing')),
    member_id int,
    member_name text NOT NULL,
    hash text NOT NULL,
    note text,
    at timestamptz NOT NULL,
    UNIQUE (version_id, side)
  );
  CREATE INDEX crm_sla_signatures_contract ON crm_sla_signatures (contract_id);
  CREATE TABLE crm_sla_documents (version_id int PRIMARY KEY, zh text NOT NULL, en text NOT NULL, hash text NOT NULL);
`;

const TWO_SIDES = `
  CREATE TABLE crm_sla_disputes (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    clock_id int NOT NULL,
    metric text NOT NULL,
    label jsonb NOT NULL,
    obligor text NOT NULL,
    owner_id int,
    state text NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
    reason text NOT NULL,
    note text,
    automatic boolean NOT NULL DEFAULT false,
    activity_id int,
    opened_by int,
    opened_at timestamptz NOT NULL,
    frozen_until timestamptz,
    decided_by int,
    decided_at timestamptz,
    decision_note text
  );
  CREATE UNIQUE INDEX crm_sla_disputes_open ON crm_sla_disputes (clock_id) WHERE state = 'open';
  CREATE INDEX crm_sla_disputes_lead ON crm_sla_disputes (lead_id);
  CREATE INDEX crm_sla_disputes_state ON crm_sla_disputes (state, opened_at);

  CREATE TABLE crm_sla_obligations (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    contract_id int NOT NULL,
    version_id int NOT NULL,
    key text NOT NULL,
    label jsonb NOT NULL,
    obligor text NOT NULL,
    owner_id int,
    latest boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'met', 'breached', 'cancelled', 'waived')),
    started_at timestamptz NOT NULL,
    window_ends_at timestamptz NOT NULL,
    possible_until timestamptz,
    done int NOT NULL,
    needed int NOT NULL,
    progress jsonb NOT NULL,
    ended_at timestamptz,
    breached_at timestamptz,
    breach_cause text,
    end_reason text
  );
  CREATE UNIQUE INDEX crm_sla_obligations_latest ON crm_sla_obligations (lead_id, contract_id, key) WHERE latest;
  CREATE INDEX crm_sla_obligations_state ON crm_sla_obligations (state, window_ends_at, id);
  CREATE INDEX crm_sla_obligations_outcome ON crm_sla_obligations (ended_at);

  CREATE TABLE crm_sla_periods (
    id serial PRIMARY KEY,
    contract_id int NOT NULL,
    version_id int NOT NULL,
    key text NOT NULL,
    label jsonb NOT NULL,
    obligor text NOT NULL,
    period_start timestamptz NOT NULL,
    period_end timestamptz NOT NULL,
    at_least numeric NOT NULL,
    measured numeric NOT NULL,
    met boolean NOT NULL,
    at timestamptz NOT NULL,
    UNIQUE (contract_id, key, period_start)
  );

  CREATE TABLE crm_sla_hand_offs (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    number int NOT NULL,
    latest boolean NOT NULL,
    contract_id int NOT NULL,
    version_id int NOT NULL,
    state text NOT NULL CHECK (state IN ('offered', 'accepted', 'rejected', 'expired', 'confirmed', 'withdrawn')),
    offered_at timestamptz NOT NULL,
    offered_to int,
    expires_at timestamptz,
    answered_at timestamptz,
    answered_by int,
    reason text,
    note text,
    confirm_by timestamptz,
    confirmed_at timestamptz,
    replied_at timestamptz,
    replied_by int,
    reply text
  );
  CREATE UNIQUE INDEX crm_sla_hand_offs_latest ON crm_sla_hand_offs (lead_id) WHERE latest;
  CREATE INDEX crm_sla_hand_offs_lead ON crm_sla_hand_offs (lead_id);
  CREATE INDEX crm_sla_hand_offs_state ON crm_sla_hand_offs (state, offered_at);
`;

const LINEAGE = `
  CREATE TABLE crm_sla_lineage (
    opportunity_id int NOT NULL,
    clock_id int NOT NULL,
    lead_id int NOT NULL,
    metric text NOT NULL,
    label jsonb NOT NULL,
    obligor text NOT NULL,
    state text NOT NULL,
    owner_id int,
    started_at timestamptz NOT NULL,
    due_at timestamptz,
    breached_at timestamptz,
    stopped_at timestamptz,
    target_seconds int NOT NULL,
    elapsed_seconds int NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (opportunity_id, clock_id)
  );
`;

export const slaMigrations: readonly Migration[] = [
  { name: 'lead-sla/0001-clocks', up: async (knex) => void (await knex.raw(CLOCKS)) },
  { name: 'lead-sla/0002-engine', up: async (knex) => void (await knex.raw(ENGINE)) },
  { name: 'lead-sla/0003-agreement', up: async (knex) => void (await knex.raw(AGREEMENT)) },
  { name: 'lead-sla/0004-two-sides', up: async (knex) => void (await knex.raw(TWO_SIDES)) },
  {
    name: 'lead-sla/0005-paused',
    up: async (knex) =>
      void (await knex.raw(`CREATE INDEX crm_sla_clocks_paused ON crm_sla_clocks (lead_id) WHERE latest AND state = 'paused'`)),
  },
  { name: 'lead-sla/0006-lineage', up: async (knex) => void (await knex.raw(LINEAGE)) },
  {
    name: 'lead-sla/0007-most-pressing',
    up: async (knex) =>
      void (await knex.raw(
        `CREATE INDEX crm_sla_obligations_pressing ON crm_sla_obligations (possible_until, id) WHERE state = 'running'`,
      )),
  },
];
