/** A parameterised SQL fragment: `?` placeholders, one binding each, ready for `knex.raw`. A literal `?` is written `\\?`. */
export interface Sql {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}
