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
export function rowShape(definition: Pick<ResourceDefinition, 'name' | 'access' | 'table' | 'fields' | 'rows'>): RowShape {
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
});
