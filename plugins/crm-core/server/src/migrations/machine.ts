import type { Migration } from '../../../contracts';

/**
 * Rows written by the thousand: history, decisions, the fairness ledger, timers, jobs.
 * History is append-only for everybody; only erasure, after `SET LOCAL leadsea.erasure = 'on'`, may change or delete rows.
 */
const HISTORY = `
  CREATE TABLE crm_events (
    id bigserial PRIMARY KEY,
    subject text NOT NULL,
    subject_id int NOT NULL,
    type text NOT NULL,
    before jsonb,
    after jsonb,
    data jsonb,
    actor_kind text NOT NULL,
    actor_id int,
    actor_name text NOT NULL,
    cause_type text NOT NULL,
    cause_id text,
    cause_note text,
    policy_version_id int,
    at timestamptz NOT NULL
  );
  CREATE INDEX crm_events_subject ON crm_events (subject, subject_id, id DESC);
  CREATE INDEX crm_events_type_at ON crm_events (type, at);
  CREATE INDEX crm_events_actor_at ON crm_events (actor_id, at);
  CREATE INDEX crm_events_at ON crm_events USING brin (at);

  CREATE FUNCTION crm_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP <> 'TRUNCATE' AND current_setting('leadsea.erasure', true) = 'on' THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'crm_events is append-only: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
  END $$;
  CREATE TRIGGER crm_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON crm_events
    FOR EACH STATEMENT EXECUTE FUNCTION crm_events_append_only();

  CREATE TABLE crm_decisions (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    subject_id int NOT NULL,
    event_id bigint,
    policy_version_id int,
    inputs jsonb,
    candidates jsonb,
    result jsonb NOT NULL,
    cause text,
    at timestamptz NOT NULL
  );
  CREATE INDEX crm_decisions_subject ON crm_decisions (subject, subject_id, kind, id DESC);

  CREATE TABLE crm_ledger (
    id bigserial PRIMARY KEY,
    group_key text NOT NULL,
    member_id int NOT NULL,
    lead_id int NOT NULL,
    value numeric NOT NULL DEFAULT 1,
    cause text,
    decision_id bigint,
    given_back_at timestamptz,
    at timestamptz NOT NULL
  );
  CREATE INDEX crm_ledger_group ON crm_ledger (group_key, member_id, at);
  CREATE INDEX crm_ledger_lead ON crm_ledger (lead_id);
`;

/** `due_at` is when the poller looks at it and moves with retries; `planned_at` is what was armed and what handlers see as due. */
const TIMERS = `
  CREATE TABLE crm_timers (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    subject text NOT NULL,
    subject_id int NOT NULL,
    due_at timestamptz NOT NULL,
    planned_at timestamptz NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'armed' CHECK (state IN ('armed', 'fired', 'cancelled', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    armed_at timestamptz NOT NULL,
    fired_at timestamptz,
    cancelled_at timestamptz
  ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
  CREATE UNIQUE INDEX crm_timers_armed_key ON crm_timers (key) WHERE state = 'armed';
  CREATE INDEX crm_timers_due ON crm_timers (due_at, id) WHERE state = 'armed';
  CREATE INDEX crm_timers_subject ON crm_timers (subject, subject_id) WHERE state IN ('armed', 'failed');
  CREATE INDEX crm_timers_finished ON crm_timers ((coalesce(fired_at, cancelled_at))) WHERE state IN ('fired', 'cancelled');
`;

const JOBS = `
  CREATE TABLE crm_jobs (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    key text,
    payload jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 5,
    run_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    locked_until timestamptz,
    locked_by text,
    progress_done int NOT NULL DEFAULT 0,
    progress_total int,
    progress_note text,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
  ) WITH (autovacuum_vacuum_scale_factor = 0.02);
  CREATE UNIQUE INDEX crm_jobs_open_key ON crm_jobs (kind, key) WHERE state IN ('queued', 'running');
  CREATE INDEX crm_jobs_queued ON crm_jobs (run_at) WHERE state = 'queued';
  CREATE INDEX crm_jobs_running ON crm_jobs (locked_until) WHERE state = 'running';
  CREATE INDEX crm_jobs_finished ON crm_jobs (finished_at) WHERE state IN ('done', 'cancelled');
`;

export const machineMigrations: Migration[] = [
  { name: 'crm-core/0002-history', up: async (knex) => void (await knex.raw(HISTORY)) },
  { name: 'crm-core/0003-timers', up: async (knex) => void (await knex.raw(TIMERS)) },
  { name: 'crm-core/0004-jobs', up: async (knex) => void (await knex.raw(JOBS)) },
];
