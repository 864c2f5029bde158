import type { Migration } from '@leadsea/crm-core';

/** What a pull queue handed out: one open offer per lead, and per person and pool. */
const OFFERS = `
  CREATE TABLE crm_pool_offers (
    id serial PRIMARY KEY,
    pool_id int NOT NULL,
    lead_id int NOT NULL,
    member_id int NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acted', 'skipped', 'expired', 'left')),
    reason text,
    note text,
    offered_at timestamptz NOT NULL,
    act_by timestamptz NOT NULL,
    ended_at timestamptz
  );
  CREATE UNIQUE INDEX crm_pool_offers_person ON crm_pool_offers (pool_id, member_id) WHERE state = 'open';
  CREATE UNIQUE INDEX crm_pool_offers_open ON crm_pool_offers (lead_id) WHERE state = 'open';
  CREATE INDEX crm_pool_offers_passed ON crm_pool_offers (member_id, lead_id, ended_at) WHERE state IN ('skipped', 'expired');
  CREATE INDEX crm_pool_offers_skips ON crm_pool_offers (member_id, pool_id, ended_at) WHERE state = 'skipped';
  CREATE INDEX crm_leads_pool_grade ON crm_leads (pool_id, grade, pool_entered_at, id) WHERE pool_id IS NOT NULL AND merged_into IS NULL;
  CREATE INDEX crm_leads_pool_next ON crm_leads (pool_id, next_action_at) WHERE pool_id IS NOT NULL AND next_action_at IS NOT NULL AND merged_into IS NULL;
`;

/** The kill switch of a pool; a row stays after it was released, for the grace that follows. */
const SWITCHES = `
  CREATE TABLE crm_pool_switches (
    pool_id int PRIMARY KEY,
    paused_at timestamptz,
    paused_by int,
    reason text,
    resumed_at timestamptz
  );
`;

/** Bulk moves that were taken back: a move is what its events say, this only remembers that it is undone. */
const UNDOS = `
  CREATE TABLE crm_pool_undos (
    key text PRIMARY KEY,
    at timestamptz NOT NULL,
    by_id int,
    report jsonb NOT NULL
  );
`;

/** Leave and leavers: who hands over what, to whom, and what came back. */
const HANDOVERS = `
  CREATE TABLE crm_handovers (
    id serial PRIMARY KEY,
    member_id int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('leave', 'leaver')),
    state text NOT NULL CHECK (state IN ('planned', 'active', 'returned', 'done', 'cancelled')),
    split jsonb NOT NULL,
    tasks text NOT NULL,
    automatic text NOT NULL,
    starts_at timestamptz NOT NULL,
    returns_at timestamptz,
    result jsonb NOT NULL DEFAULT '{}',
    by_id int,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX IF NOT EXISTS crm_opportunities_lead ON crm_opportunities (lead_id);
  CREATE INDEX crm_handovers_member ON crm_handovers (member_id, id DESC);
  CREATE TABLE crm_handover_items (
    handover_id int NOT NULL REFERENCES crm_handovers(id) ON DELETE CASCADE,
    lead_id int NOT NULL,
    to_member int,
    to_pool int,
    state text NOT NULL CHECK (state IN ('moved', 'returned', 'kept', 'conflict')),
    reason text,
    PRIMARY KEY (handover_id, lead_id)
  );
`;

/** Rounds of a drop and who wished for what. The seed is told only when the round is drawn; its hash when it opens. */
const DROPS = `
  CREATE TABLE crm_pool_drops (
    id serial PRIMARY KEY,
    pool_id int NOT NULL,
    version_id int NOT NULL,
    mode text NOT NULL CHECK (mode IN ('timed', 'lottery')),
    state text NOT NULL CHECK (state IN ('open', 'drawn', 'released', 'cancelled')),
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    lead_ids jsonb NOT NULL,
    seed text NOT NULL,
    seed_hash text NOT NULL,
    inputs jsonb,
    result jsonb,
    by_id int
  );
  CREATE INDEX crm_pool_drops_pool ON crm_pool_drops (pool_id, id DESC);
  CREATE UNIQUE INDEX crm_pool_drops_open ON crm_pool_drops (pool_id) WHERE state = 'open';
  CREATE TABLE crm_pool_drop_entries (
    drop_id int NOT NULL REFERENCES crm_pool_drops(id) ON DELETE CASCADE,
    member_id int NOT NULL,
    leads jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (drop_id, member_id)
  );
`;

const EXHAUSTED = `CREATE INDEX crm_leads_exhausted ON crm_leads (home_pool_id) WHERE status = 'exhausted'`;

/** Leads that somebody keeps for their owner. */
const KEPT = `
  CREATE INDEX crm_leads_kept ON crm_leads (kept_for_id, id) WHERE kept_for_id IS NOT NULL AND merged_into IS NULL;
  CREATE INDEX crm_handover_items_member ON crm_handover_items (to_member, handover_id);
`;

/** Leads typed in that look like one lying in a pool: what speaks for it, and what the pool's administrator made of it. */
const COPIES = `
  CREATE TABLE crm_pool_copies (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    original_id int NOT NULL,
    pool_id int NOT NULL,
    member_id int NOT NULL,
    state text NOT NULL CHECK (state IN ('suspected', 'confirmed', 'dismissed', 'lapsed')),
    likeness real NOT NULL,
    grounds jsonb NOT NULL,
    at timestamptz NOT NULL,
    how text CHECK (how IN ('merge', 'take-back')),
    reason text,
    decided_at timestamptz,
    decided_by int,
    before jsonb,
    ledger_id bigint
  );
  CREATE UNIQUE INDEX crm_pool_copies_pair ON crm_pool_copies (lead_id, original_id);
  CREATE INDEX crm_pool_copies_original ON crm_pool_copies (original_id);
  CREATE INDEX crm_pool_copies_pool ON crm_pool_copies (pool_id, state, id DESC);
  CREATE INDEX crm_pool_copies_member ON crm_pool_copies (member_id, id DESC);
`;

export const poolMigrations: readonly Migration[] = [
  { name: 'lead-pools/0101-offers', up: async (knex) => void (await knex.raw(OFFERS)) },
  { name: 'lead-pools/0102-switches', up: async (knex) => void (await knex.raw(SWITCHES)) },
  { name: 'lead-pools/0103-undos', up: async (knex) => void (await knex.raw(UNDOS)) },
  { name: 'lead-pools/0104-handovers', up: async (knex) => void (await knex.raw(HANDOVERS)) },
  { name: 'lead-pools/0105-drops', up: async (knex) => void (await knex.raw(DROPS)) },
  { name: 'lead-pools/0106-exhausted', up: async (knex) => void (await knex.raw(EXHAUSTED)) },
  { name: 'lead-pools/0107-kept', up: async (knex) => void (await knex.raw(KEPT)) },
  { name: 'lead-pools/0108-copies', up: async (knex) => void (await knex.raw(COPIES)) },
];
