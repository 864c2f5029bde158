import { many, type Migration } from '@leadsea/crm-core';

/** Keeps what is searched of each lead under the lead's id; triggers keep it true whoever writes. */
export const SEARCH_TABLE = 'crm_lead_search';

/** Tables written in batches; the host gives each of their relations an index. */
const BUSY = ['crm_leads', 'crm_tasks', 'crm_activities'];

export const searchMigrations: readonly Migration[] = [
  {
    name: 'leads/0050-search-table',
    up: async (knex) => {
      // Four fifths of all changes of a lead (owner, pool, stage, score) touch no text; with the index on the lead itself each of them wrote some
      // sixty triples again. Text is written to the index when it changes.
      await knex.raw(`
        CREATE TABLE ${SEARCH_TABLE} (id int PRIMARY KEY, name text, company text, email text, phone text);
        INSERT INTO ${SEARCH_TABLE} SELECT id, name, company, email, phone FROM crm_leads;
        DROP INDEX IF EXISTS crm_leads_search;
        CREATE FUNCTION crm_lead_search_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO ${SEARCH_TABLE} SELECT id, name, company, email, phone FROM fresh;
          RETURN NULL;
        END $$;
        CREATE FUNCTION crm_lead_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE ${SEARCH_TABLE} SET name = NEW.name, company = NEW.company, email = NEW.email, phone = NEW.phone WHERE id = NEW.id;
          RETURN NULL;
        END $$;
        CREATE FUNCTION crm_lead_search_removed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          DELETE FROM ${SEARCH_TABLE} USING gone WHERE ${SEARCH_TABLE}.id = gone.id;
          RETURN NULL;
        END $$;
        CREATE FUNCTION crm_lead_search_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          TRUNCATE ${SEARCH_TABLE};
          RETURN NULL;
        END $$;
        CREATE TRIGGER crm_lead_search_added AFTER INSERT ON crm_leads REFERENCING NEW TABLE AS fresh
          FOR EACH STATEMENT EXECUTE FUNCTION crm_lead_search_added();
        CREATE TRIGGER crm_lead_search_changed AFTER UPDATE OF name, company, email, phone ON crm_leads FOR EACH ROW
          WHEN ((OLD.name, OLD.company, OLD.email, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.company, NEW.email, NEW.phone))
          EXECUTE FUNCTION crm_lead_search_changed();
        CREATE TRIGGER crm_lead_search_removed AFTER DELETE ON crm_leads REFERENCING OLD TABLE AS gone
          FOR EACH STATEMENT EXECUTE FUNCTION crm_lead_search_removed();
        CREATE TRIGGER crm_lead_search_emptied AFTER TRUNCATE ON crm_leads FOR EACH STATEMENT EXECUTE FUNCTION crm_lead_search_emptied();
      `);
      const trigrams = await many(knex, `SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'`);
      if (trigrams.length > 0)
        await knex.raw(
          `CREATE INDEX crm_lead_search_text ON ${SEARCH_TABLE} USING gin (name gin_trgm_ops, company gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops)`,
        );
      await knex.raw(`ANALYZE ${SEARCH_TABLE}`);
    },
  },
  {
    name: 'leads/0051-empty-relations',
    up: async (knex) => {
      // Most relations of a row are empty (who made it in the panel, its account, for whom it is kept); an empty one is never looked for and
      // needs no place in the index. Name and column stay: the host's comparison of tables finds its index unchanged.
      const indexes = await many<{ name: string; definition: string }>(
        knex,
        `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
         FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = ANY(?::regclass[]) AND i.indnatts = 1 AND i.indpred IS NULL AND NOT i.indisunique AND NOT a.attnotnull
           AND i.indexrelid::regclass::text = i.indrelid::regclass::text || '_' || a.attname || '_fk'`,
        [BUSY],
      );
      for (const { name, definition } of indexes) {
        const column = /\((\w+)\)$/.exec(definition)?.[1];
        if (column !== undefined) await knex.raw(`DROP INDEX ${name}; ${definition} WHERE ${column} IS NOT NULL`);
      }
      // The same column twice, now that the host's index holds no empty ones.
      await knex.raw('DROP INDEX IF EXISTS crm_leads_account');
    },
  },
];
