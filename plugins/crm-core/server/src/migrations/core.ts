import type { Migration } from '../../../contracts';
import { auditMigrations } from './audit';
import { erasureMigrations } from './erasures';
import { grantMigrations } from './grants';
import { invitationMigrations } from './invitations';
import { noticeMigrations } from './notices';
import { reviewMigrations } from './reviews';
import { shadowMigrations } from './shadows';

export const coreMigrations: readonly Migration[] = [
  {
    name: 'crm-core/0001-policy-versions',
    up: async (knex) => {
      await knex.raw(`
        CREATE TABLE crm_policy_versions (
          id serial PRIMARY KEY,
          policy_id int NOT NULL REFERENCES crm_policies(id) ON DELETE CASCADE,
          number int NOT NULL,
          body jsonb NOT NULL,
          hash text NOT NULL,
          note text,
          published_by int,
          published_at timestamptz NOT NULL,
          UNIQUE (policy_id, number)
        );
        CREATE UNIQUE INDEX crm_policies_kind_key ON crm_policies (kind, key);
        CREATE UNIQUE INDEX crm_fields_entity_key ON crm_fields (entity, key);
        CREATE UNIQUE INDEX crm_members_email ON crm_members (lower(email));
        CREATE INDEX crm_members_user ON crm_members (user_id);
        CREATE FUNCTION crm_policy_versions_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'A published policy version cannot be changed';
        END $$;
        CREATE TRIGGER crm_policy_versions_frozen BEFORE UPDATE ON crm_policy_versions FOR EACH ROW EXECUTE FUNCTION crm_policy_versions_frozen();
        CREATE TABLE crm_settings (key text PRIMARY KEY, value jsonb NOT NULL);
        CREATE TABLE crm_notifications (
          id bigserial PRIMARY KEY,
          member_id int NOT NULL,
          type text NOT NULL,
          subject text,
          subject_id int,
          title jsonb NOT NULL,
          body jsonb,
          link text,
          read_at timestamptz,
          at timestamptz NOT NULL
        );
        CREATE INDEX crm_notifications_member ON crm_notifications (member_id, id DESC);
      `);
    },
  },
  ...noticeMigrations,
  ...grantMigrations,
  ...auditMigrations,
  ...reviewMigrations,
  ...invitationMigrations,
  ...shadowMigrations,
  ...erasureMigrations,
];
