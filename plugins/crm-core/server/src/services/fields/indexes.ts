import type { Knex } from 'knex';
import type { CustomFieldType, FieldType } from '../../../../contracts';
import { ENTITY_TABLES } from '../../domain/fields/definition';
import { fieldSql } from '../../domain/query';
import { one } from '../rows';
import type { FieldRow } from './usage';

export const INDEX_JOB = 'fields.index';

export const indexName = (fieldId: number): string => `crm_cf_${fieldId}`;

const COMPARED_AS: Readonly<Partial<Record<CustomFieldType, FieldType>>> = {
  number: 'number',
  integer: 'number',
  money: 'money',
  boolean: 'boolean',
  reference: 'reference',
  multiselect: 'multiselect',
};

/** The expression lists filter and sort by, so that the planner recognises it. */
function indexSql(field: FieldRow, table: string): string {
  const type = COMPARED_AS[field.type as CustomFieldType] ?? 'text';
  const { compare } = fieldSql({ name: `custom.${field.key}`, type }, table);
  const expression = compare.replaceAll(`"${table}".`, '');
  return type === 'multiselect'
    ? `USING gin (${expression})`
    : `(${expression.startsWith('(') && !expression.includes('::') ? expression : `(${expression})`}, id)`;
}

/**
 * Builds or drops the index of a field as its definition says now, without locking writers out. A build that was broken off leaves an invalid
 * index behind, which is dropped first. Runs outside of transactions.
 */
export async function reconcileIndex(db: Knex, fieldId: number): Promise<'built' | 'dropped' | 'unchanged'> {
  const name = indexName(fieldId);
  const field = await one<FieldRow & { indexed: boolean | null; retired: boolean | null }>(db, 'SELECT * FROM crm_fields WHERE id = ?', [
    fieldId,
  ]);
  const index = await one<{ valid: boolean }>(db, 'SELECT i.indisvalid AS valid FROM pg_index i WHERE i.indexrelid = to_regclass(?)', [
    name,
  ]);
  const wanted = field !== null && field.indexed === true && field.retired !== true;
  if (wanted && index?.valid) return 'unchanged';
  if (index) await db.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  if (!wanted) return index ? 'dropped' : 'unchanged';
  const { table } = ENTITY_TABLES[field.entity];
  await db.raw(`CREATE INDEX CONCURRENTLY ${name} ON ${table} ${indexSql(field, table)}`);
  await db.raw(`ANALYZE ${table}`);
  return 'built';
}
