import type { Migration } from '@leadsea/crm-core';

/** Caps of a person over all groups are counted by person and time. */
const LEDGER = `CREATE INDEX crm_ledger_member ON crm_ledger (member_id, at);`;

/** What people were owed, by day: the other side of the fairness ledger. */
const ENTITLED = `
  CREATE TABLE crm_routing_entitled (
    group_key text NOT NULL,
    member_id int NOT NULL,
    day date NOT NULL,
    leads double precision NOT NULL DEFAULT 0,
    value double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (group_key, member_id, day)
  );
  CREATE INDEX crm_routing_entitled_day ON crm_routing_entitled (day);`;

/** the facts a change set was decided from, packed; kept for ninety days. */
const FACTS = `
  CREATE TABLE crm_routing_facts (
    id uuid PRIMARY KEY,
    packed bytea NOT NULL,
    at timestamptz NOT NULL
  );
  CREATE INDEX crm_routing_facts_at ON crm_routing_facts (at);`;

/** leave with a delegate; what was lent to him comes back when the leave ends. */
const LEAVES = `
  CREATE TABLE crm_leaves (
    id serial PRIMARY KEY,
    member_id int NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    delegate_id int,
    mode text NOT NULL DEFAULT 'skip' CHECK (mode IN ('skip', 'delegate_new', 'delegate_all')),
    returns text NOT NULL DEFAULT 'auto' CHECK (returns IN ('auto', 'none')),
    note text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  );
  CREATE INDEX crm_leaves_member ON crm_leaves (member_id, ends_at);
  CREATE TABLE crm_leave_loans (
    leave_id int NOT NULL,
    lead_id int NOT NULL,
    from_id int NOT NULL,
    to_id int NOT NULL,
    at timestamptz NOT NULL,
    settled_at timestamptz,
    outcome text,
    PRIMARY KEY (leave_id, lead_id)
  );`;

/** factors of a month, frozen with its first use. */
const FACTORS = `
  CREATE TABLE crm_routing_factors (
    month date NOT NULL,
    member_id int NOT NULL,
    won int NOT NULL,
    received int NOT NULL,
    factor numeric NOT NULL,
    PRIMARY KEY (month, member_id)
  );`;

/** what waits for a yes or a no. */
const OFFERS = `
  CREATE TABLE crm_routing_offers (
    id bigserial PRIMARY KEY,
    lead_id int NOT NULL,
    member_id int NOT NULL,
    policy_version_id int,
    rule text,
    group_key text,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected', 'expired', 'withdrawn')),
    reason text,
    note text,
    at timestamptz NOT NULL,
    reject_until timestamptz NOT NULL,
    accept_until timestamptz,
    answered_at timestamptz
  );
  CREATE UNIQUE INDEX crm_routing_offers_open ON crm_routing_offers (lead_id) WHERE state = 'open';
  CREATE INDEX crm_routing_offers_lead ON crm_routing_offers (lead_id, id);
  CREATE INDEX crm_routing_offers_member ON crm_routing_offers (member_id, at);`;

/** R-63 … R-65: how far up the ladder a lead is, who missed deadlines, whom that took offline, who contests a re-route. */
const BREACHES = `
  CREATE TABLE crm_routing_ladders (
    lead_id int PRIMARY KEY,
    step int NOT NULL,
    owner_id int,
    at timestamptz NOT NULL
  );
  CREATE TABLE crm_routing_breaches (
    member_id int NOT NULL,
    lead_id int NOT NULL,
    at timestamptz NOT NULL
  );
  CREATE INDEX crm_routing_breaches_member ON crm_routing_breaches (member_id, at);
  CREATE TABLE crm_routing_presence (
    member_id int PRIMARY KEY,
    since timestamptz NOT NULL,
    back_at timestamptz
  );
  CREATE TABLE crm_routing_disputes (
    id serial PRIMARY KEY,
    lead_id int NOT NULL,
    claimant_id int NOT NULL,
    holder_id int,
    occurred_at timestamptz NOT NULL,
    rerouted_at timestamptz NOT NULL,
    evidence jsonb,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'returned', 'kept')),
    frozen_until timestamptz,
    decided_by int,
    note text,
    at timestamptz NOT NULL,
    decided_at timestamptz
  );
  CREATE UNIQUE INDEX crm_routing_disputes_open ON crm_routing_disputes (lead_id) WHERE state = 'open';
  CREATE INDEX crm_routing_disputes_state ON crm_routing_disputes (state, id);`;

/** The monitor: leads nobody has, and decisions by time; the hold queue among a million other timers. */
const MONITOR = `
  CREATE INDEX crm_timers_routing_retry ON crm_timers (id) WHERE kind = 'routing.retry' AND state = 'armed';
  CREATE INDEX crm_decisions_route_at ON crm_decisions (at DESC, id DESC) WHERE kind = 'route';
`;

export const workingMigrations: readonly Migration[] = [
  {
    name: 'lead-routing/0002-fairness-leave-and-answers',
    up: async (knex) => {
      for (const sql of [LEDGER, ENTITLED, FACTS, LEAVES, FACTORS, OFFERS, BREACHES, MONITOR]) await knex.raw(sql);
    },
  },
  {
    name: 'lead-routing/0003-unowned',
    up: async (knex) => {
      const { rows } = await knex.raw<{ rows: { there: string | null }[] }>(`SELECT to_regclass('crm_leads')::text AS there`);
      if (rows[0]?.there)
        await knex.raw(
          'CREATE INDEX crm_leads_unowned ON crm_leads (captured_at DESC, id DESC) WHERE owner_id IS NULL AND pool_id IS NULL AND merged_into IS NULL',
        );
    },
  },
  {
    name: 'lead-routing/0004-reroute-candidates',
    up: async (knex) => {
      // owned leads that another rule would now take elsewhere; a mark of a former owner says nothing.
      await knex.raw(`
        CREATE TABLE crm_routing_candidates (
          lead_id int PRIMARY KEY,
          owner_id int NOT NULL,
          from_place text,
          to_place text NOT NULL,
          rule text NOT NULL,
          policy_version_id int NOT NULL,
          since timestamptz NOT NULL
        );
        CREATE INDEX crm_routing_candidates_since ON crm_routing_candidates (since DESC, lead_id DESC);
      `);
    },
  },
  {
    name: 'lead-routing/0005-leave-of-teams',
    up: async (knex) => {
      // Managers see and enter the leave of their people; the calendar asks by time.
      await knex.raw(`
        ALTER TABLE crm_leaves ADD COLUMN team_id int;
        CREATE INDEX crm_leaves_time ON crm_leaves (ends_at, starts_at);
      `);
      const { rows } = await knex.raw<{ rows: { there: string | null }[] }>(`SELECT to_regclass('crm_members')::text AS there`);
      if (rows[0]?.there) await knex.raw('UPDATE crm_leaves v SET team_id = m.team_id FROM crm_members m WHERE m.id = v.member_id');
    },
  },
  {
    name: 'lead-routing/0006-exact-weights',
    up: async (knex) => {
      // Seats kept the weights of their last decision in hundredths; six decimals and a factor of two more make whole parts of 1/100,000,000.
      await knex.raw('ALTER TABLE crm_routing_shares ALTER COLUMN weight TYPE bigint USING weight::bigint * 1000000');
    },
  },
  {
    name: 'lead-routing/0007-back-tests',
    up: async (knex) => {
      // Back-tests that run aside, and what they said.
      await knex.raw(`
        CREATE TABLE crm_routing_back_tests (
          id serial PRIMARY KEY,
          policy_id int NOT NULL,
          version text NOT NULL,
          days int NOT NULL,
          body jsonb NOT NULL,
          status text NOT NULL,
          done int NOT NULL DEFAULT 0,
          job_id int,
          result jsonb,
          error text,
          created_by int,
          created_at timestamptz NOT NULL,
          finished_at timestamptz
        );
        CREATE INDEX crm_routing_back_tests_policy ON crm_routing_back_tests (policy_id, id DESC);
      `);
    },
  },
];
