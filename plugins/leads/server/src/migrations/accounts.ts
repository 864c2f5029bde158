import { grant, many } from '@leadsea/crm-core';
import type { Migration } from '@leadsea/crm-core';
import { soundKey } from '../domain/identity/sound';

const STEP = 2000;

/** Accounts are found by the sound of their name and may be suggested for a lead until somebody answers. */
export const accountMigrations: readonly Migration[] = [
  {
    name: 'leads/0011-account-suggestions',
    up: async (knex) => {
      await knex.raw(`
        CREATE INDEX crm_accounts_sound ON crm_accounts (sound_key) WHERE sound_key IS NOT NULL;
        CREATE TABLE crm_account_suggestions (
          lead_id int PRIMARY KEY,
          account_id int NOT NULL,
          points int NOT NULL,
          fields jsonb NOT NULL,
          others int NOT NULL DEFAULT 0,
          state text NOT NULL CHECK (state IN ('open', 'dismissed')),
          at timestamptz NOT NULL,
          decided_by int,
          decided_at timestamptz,
          id int GENERATED ALWAYS AS (lead_id) STORED
        );
        CREATE INDEX crm_account_suggestions_open ON crm_account_suggestions (points DESC, lead_id DESC) WHERE state = 'open';
      `);
      for (let after = 0; ;) {
        const rows = await many<{ id: number; company_key: string | null }>(
          knex,
          `SELECT id, company_key FROM crm_accounts WHERE id > ? ORDER BY id LIMIT ${STEP}`,
          [after],
        );
        const last = rows.at(-1);
        if (!last) break;
        after = last.id;
        const sounds = rows.map(({ id, company_key: key }) => ({ id, sound: soundKey(key) }));
        await knex.raw(
          'UPDATE crm_accounts a SET sound_key = s.sound FROM jsonb_to_recordset(?::jsonb) AS s(id int, sound text) WHERE a.id = s.id',
          [JSON.stringify(sounds)],
        );
      }
    },
  },
  grant('leads/0012-grant-account-matching', ['account-matching']),
  {
    name: 'leads/0013-grant-account-merge',
    up: async (knex) => {
      // Administrators of an installation that has its roles already; a new one gets them afterwards, complete.
      await knex.raw(
        `UPDATE crm_roles SET resources = jsonb_set(resources, '{accounts,merge}', '["all"]') WHERE key = 'crm-admin' AND resources->'accounts' IS NOT NULL`,
      );
    },
  },
];
