import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';

const NAME = /^[a-z_][a-z0-9_]*$/;

/** Every table of the product that keeps rows of a lead, whoever made it, told from the catalogue. Import records are history and stay. */
export async function tablesOfLeads(db: Knex | Knex.Transaction): Promise<readonly string[]> {
  const rows = await many<{ name: string }>(
    db,
    `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND c.column_name = 'lead_id' AND c.table_name LIKE 'crm\\_%' AND t.table_type = 'BASE TABLE'
       AND c.table_name NOT IN ('crm_import_rows', 'crm_events', 'crm_decisions') ORDER BY 1`,
  );
  return rows.map((row) => row.name).filter((name) => NAME.test(name));
}
