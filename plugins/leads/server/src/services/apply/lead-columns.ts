import type { Column, Kit } from '@leadsea/crm-core';
import { many } from '@leadsea/crm-core';
import type { LeadRow } from '../../../../contracts';

/** Types of the columns of `crm_leads` as the database writes them, by column. */
export type ColumnTypes = ReadonlyMap<string, string>;

const NAME = /^[a-z_][a-z0-9_]*$/;

/** Reads the types once per process: the table changes only while the product starts. A failed look is not kept. */
export function columnTypes(kit: Pick<Kit, 'db'>): () => Promise<ColumnTypes> {
  let known: Promise<ColumnTypes> | null = null;
  const read = async (): Promise<ColumnTypes> => {
    const rows = await many<{ name: string; type: string }>(
      kit.db,
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = 'crm_leads'::regclass AND attnum > 0 AND NOT attisdropped`,
    );
    return new Map(rows.map(({ name, type }) => [name, type]));
  };
  return () =>
    (known ??= read().catch((error: unknown) => {
      known = null;
      throw error;
    }));
}

/**
 * Columns of leads to be sent.
 * @throws Error when a name is not a column: it would stand in the statement
 */
export const leadColumns = (types: ColumnTypes, columns: readonly string[]): readonly Column<LeadRow>[] =>
  columns.map((name) => {
    const type = types.get(name);
    if (type === undefined || !NAME.test(name)) throw new Error(`Not a column: ${name}`);
    return { name, type, of: (row) => row[name] };
  });
