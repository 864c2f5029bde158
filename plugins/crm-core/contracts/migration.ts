import type { Knex } from 'knex';

export interface Migration {
  /** `leads/0001-machine-tables`; applied once, in registration order of plugins, recorded in crm_migrations. */
  readonly name: string;
  up(knex: Knex): Promise<void>;
}
