import type { ResourceDefinition } from '../../../../contracts';

export const SCOPE_NAMES = ['owner', 'team', 'pool'] as const;
export type ScopeName = (typeof SCOPE_NAMES)[number];

/** What the gate must know of a resource's rows. */
export interface RowShape {
  /** Key of the resource in role documents. */
  readonly access: string;
  readonly table: string;
  readonly columns: Readonly<Record<ScopeName, string | null>>;
  readonly via: { readonly column: string; readonly resource: string } | null;
  /** Fields by whose value roles may limit rows → column. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether the table keeps the company's own fields in `custom`. */
  readonly hasCustom: boolean;
}

const ONE_VALUE = ['text', 'select'];
const CUSTOM = /^custom\.([a-z][a-z0-9_]{0,60})$/;

/** SQL of a field's value as text, by which a role may limit rows; null where the resource has no such field. */
export function valueSql(shape: RowShape, alias: string, field: string): string | null {
  const own = CUSTOM.exec(field)?.[1];
  if (own !== undefined) return shape.hasCustom ? `(${identifier(alias)}."custom"->>'${own}')` : null;
  const column = Object.hasOwn(shape.values, field) ? shape.values[field] : undefined;
  return column === undefined ? null : `${identifier(alias)}.${identifier(column)}::text`;
}

/** SQL of the values of these fields as one JSON object, named as rows of the console name them. */
export function valuesSql(shape: RowShape, alias: string, fields: readonly string[]): string {
  const pair = (field: string, name: string): string[] => {
    const sql = valueSql(shape, alias, field);
    return sql === null ? [] : [`'${name}', ${sql}`];
  };
  const own = fields.flatMap((field) => (CUSTOM.test(field) ? pair(field, field.slice('custom.'.length)) : []));
  const named = fields.flatMap((field) => (CUSTOM.test(field) ? [] : pair(field, identifier(field).slice(1, -1))));
  return `jsonb_build_object(${[...named, ...(own.length > 0 ? [`'custom', jsonb_build_object(${own.join(', ')})`] : [])].join(', ')})`;
}

/** Column of a field name: `poolEnteredAt` → `pool_entered_at`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** An identifier that may be written into SQL. @throws Error for anything else: definitions are code, so this is a programming error. */
export function identifier(name: string): string {
  if (!IDENTIFIER.test(name)) throw new Error(`"${name}" is not a plain SQL identifier`);
  return `"${name}"`;
}

/** The row shape of a definition: its `rows`, else the columns of its fields named owner, team and pool. */
export function rowShape(
  definition: Pick<ResourceDefinition, 'name' | 'access' | 'table' | 'fields' | 'rows' | 'dynamicFields'>,
): RowShape {
  const columnOf = (name: ScopeName): string | null => {
    if (definition.rows) return definition.rows[name] ?? null;
    const field = definition.fields.find((candidate) => candidate.name === name);
    if (!field || field.sql) return null;
    return field.column ?? snakeCase(name);
  };
  const shape: RowShape = {
    access: definition.access ?? definition.name,
    table: definition.table,
    columns: { owner: columnOf('owner'), team: columnOf('team'), pool: columnOf('pool') },
    via: definition.rows?.via ?? null,
    values: Object.fromEntries(
      definition.fields.flatMap(({ name, type, sql, column }) =>
        sql || !ONE_VALUE.includes(type) ? [] : [[name, column ?? snakeCase(name)]],
      ),
    ),
    hasCustom: definition.dynamicFields !== undefined,
  };
  [shape.table, ...Object.values(shape.columns), shape.via?.column].forEach((name) => name != null && identifier(name));
  return shape;
}

/** Shape of a resource nobody has defined: the product's usual column names. */
export const usualShape = (resource: string): RowShape => ({
  access: resource,
  table: `crm_${snakeCase(resource).replaceAll('-', '_')}`,
  columns: { owner: 'owner_id', team: 'team_id', pool: 'pool_id' },
  via: null,
  values: {},
  hasCustom: false,
});
