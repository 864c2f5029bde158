import type { Migration } from '@leadsea/crm-core';

export const poolsMigrations: readonly Migration[] = [
  {
    name: 'lead-pools/0001-claims-of-a-person',
    up: async (knex) => {
      await knex.raw(`CREATE INDEX crm_ledger_claims ON crm_ledger (member_id, at) WHERE cause = 'claim'`);
    },
  },
  {
    name: 'lead-pools/0002-replan',
    up: async (knex) => {
      // Opportunities and meetings are written by several hands (console, Strapi, API); the dates that depend on them follow by themselves.
      await knex.raw(`
        CREATE FUNCTION crm_pools_replan() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE lead int := coalesce(NEW.lead_id, OLD.lead_id);
        BEGIN
          IF EXISTS (SELECT 1 FROM crm_leads WHERE id = lead AND owner_id IS NOT NULL) THEN
            INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, armed_at)
            VALUES ('pools.replan-lead', 'pools-replan:' || lead, 'lead', lead, '2000-01-01', '2000-01-01', '{}', now())
            ON CONFLICT (key) WHERE state = 'armed' DO NOTHING;
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER crm_pools_replan_opportunity AFTER INSERT OR UPDATE OR DELETE ON crm_opportunities
          FOR EACH ROW EXECUTE FUNCTION crm_pools_replan();
        CREATE TRIGGER crm_pools_replan_meeting AFTER INSERT OR UPDATE OF state, due_at, kind ON crm_tasks
          FOR EACH ROW WHEN (NEW.kind = 'meeting') EXECUTE FUNCTION crm_pools_replan();
        CREATE FUNCTION crm_pools_replan_leave() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, armed_at)
          SELECT 'pools.replan-lead', 'pools-replan:' || l.id, 'lead', l.id, '2000-01-01', '2000-01-01', '{}', now()
          FROM crm_leads l WHERE l.owner_id = NEW.id AND l.merged_into IS NULL AND l.recycle_at IS NOT NULL
          ON CONFLICT (key) WHERE state = 'armed' DO NOTHING;
          RETURN NULL;
        END $$;
        CREATE TRIGGER crm_pools_replan_leave AFTER UPDATE OF leave_from, leave_to ON crm_members
          FOR EACH ROW WHEN (OLD.leave_from IS DISTINCT FROM NEW.leave_from OR OLD.leave_to IS DISTINCT FROM NEW.leave_to)
          EXECUTE FUNCTION crm_pools_replan_leave();
      `);
    },
  },
  {
    name: 'lead-pools/0003-requests',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_pool_requests (
          id serial PRIMARY KEY,
          kind text NOT NULL CHECK (kind IN ('protect', 'extend')),
          state text NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'withdrawn', 'lapsed')),
          lead_id int NOT NULL,
          member_id int NOT NULL,
          pool_id int NOT NULL,
          until timestamptz NOT NULL,
          reason text NOT NULL,
          held_since timestamptz NOT NULL,
          note text,
          created_at timestamptz NOT NULL,
          decided_at timestamptz,
          decided_by int
        );
        CREATE UNIQUE INDEX crm_pool_requests_pending ON crm_pool_requests (lead_id) WHERE state = 'pending';
        CREATE INDEX crm_pool_requests_lead ON crm_pool_requests (lead_id, held_since);
        CREATE INDEX crm_pool_requests_pool ON crm_pool_requests (pool_id, state);
        CREATE INDEX crm_pool_requests_member ON crm_pool_requests (member_id, state);
      `);
    },
  },
  {
    name: 'lead-pools/0004-homes-and-opportunities',
    up: async (knex) => {
      await knex.raw(`
        CREATE INDEX IF NOT EXISTS crm_leads_home ON crm_leads (home_pool_id, id) WHERE owner_id IS NOT NULL AND merged_into IS NULL;
        CREATE INDEX IF NOT EXISTS crm_opportunities_lead ON crm_opportunities (lead_id) WHERE lead_id IS NOT NULL;
      `);
    },
  },
];
