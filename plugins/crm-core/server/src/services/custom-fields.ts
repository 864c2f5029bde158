import type { Knex } from 'knex';
import type { CustomField } from '../../../contracts';
import { many } from './rows';

export interface CustomFieldService {
  fields(entity: CustomField['entity']): readonly CustomField[];
  refresh(): Promise<void>;
}

/** Definitions are few and read on every request: all of them are kept in memory and read again on NOTIFY crm_fields. */
export function createCustomFieldService(db: Knex): CustomFieldService {
  let byEntity = new Map<string, CustomField[]>();
  return {
    fields: (entity) => byEntity.get(entity) ?? [],
    refresh: async () => {
      const rows = await many<CustomField>(
        db,
        `SELECT id, entity, key, type, label, coalesce(options, '[]'::jsonb) AS options, coalesce(required, false) AS required, default_value AS "defaultValue",
                coalesce(validation, '{}'::jsonb) AS validation, coalesce(section, 'custom') AS section, position, visible_when AS "visibleWhen", required_when AS "requiredWhen", read_only_when AS "readOnlyWhen",
                parent_field AS "parentField", pii_kind AS "piiKind", mask,
                coalesce(pii, false) AS pii, coalesce(indexed, false) AS indexed, coalesce(retired, false) AS retired
         FROM crm_fields ORDER BY entity, position, id`,
      );
      const next = new Map<string, CustomField[]>();
      for (const row of rows) next.set(row.entity, [...(next.get(row.entity) ?? []), row]);
      byEntity = next;
    },
  };
}
