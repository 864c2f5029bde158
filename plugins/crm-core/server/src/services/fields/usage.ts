import type { Knex } from 'knex';
import { ENTITY_TABLES } from '../../domain/fields/definition';
import type { CustomFieldOption, FieldEntity } from '../../../../contracts';
import { many, one } from '../rows';
import { policiesNaming } from './merge-names';

export interface FieldRow {
  readonly id: number;
  readonly entity: FieldEntity;
  readonly key: string;
  readonly type: string;
  readonly options?: readonly CustomFieldOption[] | null;
}

export interface FieldUsage {
  /** Records that have a value. */
  readonly records: number;
  /** Option → records that have it. */
  readonly options: Readonly<Record<string, number>>;
  /** Policies whose draft or live version names the field. */
  readonly policies: readonly { readonly kind: string; readonly key: string; readonly name: string }[];
  /** Option → policies whose draft or live version names it. */
  readonly optionPolicies: Readonly<Record<string, FieldUsage['policies']>>;
}

async function tableHasCustom(db: Knex | Knex.Transaction, table: string): Promise<boolean> {
  const found = await one(
    db,
    `SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? AND column_name = 'custom'`,
    [table],
  );
  return found !== null;
}

/** How much a field and each of its options is used; one pass over the records that have a value. */
export async function fieldUsage(db: Knex | Knex.Transaction, field: FieldRow): Promise<FieldUsage> {
  const { table } = ENTITY_TABLES[field.entity];
  const policies = await many<{ kind: string; key: string; name: string }>(
    db,
    `SELECT p.kind, p.key, p.name FROM crm_policies p LEFT JOIN crm_policy_versions v ON v.id = p.published_version_id
     WHERE p.state <> 'retired' AND (p.draft::text LIKE ? OR v.body::text LIKE ?) ORDER BY p.kind, p.position`,
    [`%"%custom.${field.key}"%`, `%"%custom.${field.key}"%`],
  );
  const named =
    policies.length === 0
      ? {}
      : await policiesNaming(
          db,
          field,
          (field.options ?? []).map(({ value: option }) => option),
        );
  if (!(await tableHasCustom(db, table))) return { records: 0, options: {}, policies, optionPolicies: named };
  const value = `custom->'${field.key}'`;
  const counts = await many<{ option: string | null; n: number }>(
    db,
    field.type === 'multiselect'
      ? `SELECT o.option, count(*)::int AS n FROM ${table} t, jsonb_array_elements_text(CASE WHEN jsonb_typeof(t.${value}) = 'array' THEN t.${value} ELSE '[]' END) AS o(option) GROUP BY 1`
      : field.type === 'select'
        ? `SELECT t.custom->>'${field.key}' AS option, count(*)::int AS n FROM ${table} t WHERE coalesce(t.${value}, 'null') <> 'null' GROUP BY 1`
        : `SELECT NULL AS option, count(*)::int AS n FROM ${table} t WHERE coalesce(t.${value}, 'null') <> 'null'`,
  );
  const records =
    field.type === 'multiselect'
      ? ((
          await one<{ n: number }>(
            db,
            `SELECT count(*)::int AS n FROM ${table} t WHERE jsonb_typeof(t.${value}) = 'array' AND jsonb_array_length(t.${value}) > 0`,
          )
        )?.n ?? 0)
      : counts.reduce((sum, { n }) => sum + n, 0);
  const options = Object.fromEntries(counts.flatMap(({ option, n }) => (option === null ? [] : [[option, n]])));
  return { records, options, policies, optionPolicies: named };
}
