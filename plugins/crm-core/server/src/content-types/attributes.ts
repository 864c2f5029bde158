/** Attribute shorthands of Strapi's schema language. */
export const text = { type: 'text' } as const;
export const requiredText = { type: 'text', required: true } as const;
export const string = { type: 'string' } as const;
export const integer = { type: 'integer' } as const;
export const boolean = (fallback: boolean): { type: 'boolean'; default: boolean } => ({ type: 'boolean', default: fallback });
export const json = { type: 'json' } as const;
/** timestamptz: instants are stored in UTC whatever the server's zone is. */
export const instant = { type: 'datetime', column: { args: [{ useTz: true }] } } as const;
export const date = { type: 'date' } as const;
/** A real column with a foreign key instead of Strapi's join table. */
export const reference = (target: string): Record<string, unknown> => ({
  type: 'relation',
  relation: 'manyToOne',
  target,
  useJoinTable: false,
});
export const number = { type: 'float', column: { type: 'double', args: [] } } as const;
/** numeric(18,2) for money. */
export const money = { type: 'decimal', column: { type: 'decimal', args: [18, 2] } } as const;

/** A collection type of a plugin; names follow the table. */
export function collection(options: {
  table: string;
  singular: string;
  plural: string;
  display: string;
  attributes: Record<string, unknown>;
}): { schema: Record<string, unknown> } {
  return {
    schema: {
      kind: 'collectionType',
      collectionName: options.table,
      info: { singularName: options.singular, pluralName: options.plural, displayName: options.display },
      options: { draftAndPublish: false },
      // Strapi writes into what it is given: every attribute needs an object of its own.
      attributes: Object.fromEntries(Object.entries(options.attributes).map(([name, attribute]) => [name, structuredClone(attribute)])),
    },
  };
}
