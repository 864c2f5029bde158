import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import { createPreparer } from './prepare';

interface Settings {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly [name: string]: unknown;
}

/** The connection string of Strapi's own database, for the listener and the job engine, which keep connections of their own. */
export function connectionStringOf(strapiDb: Knex): string {
  const settings = (strapiDb.client as { connectionSettings: Settings }).connectionSettings;
  if (settings.connectionString) return settings.connectionString;
  const url = new URL('postgres://localhost');
  url.hostname = settings.host ?? '127.0.0.1';
  url.port = String(settings.port ?? 5432);
  url.username = encodeURIComponent(settings.user ?? '');
  url.password = encodeURIComponent(settings.password ?? '');
  url.pathname = `/${settings.database ?? ''}`;
  return url.href;
}

const JSONB = 3802;
const NUMERIC = 1700;
const readNumeric = (text: string): string => text;
const readJson = (text: string): unknown => JSON.parse(text) as unknown;

/** Strapi tells its driver to leave jsonb as text and to make floats of numerics, for the whole process; this pool keeps the driver's own ways. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    format === 'binary'
      ? pg.types.getTypeParser(oid, 'binary')
      : oid === JSONB
        ? readJson
        : oid === NUMERIC
          ? readNumeric
          : pg.types.getTypeParser(oid, 'text'),
};

/** A pool on Strapi's database for the hot paths, with the session in UTC. */
export function openPool(strapiDb: Knex, max: number): Knex {
  const settings = (strapiDb.client as { connectionSettings: Settings }).connectionSettings;
  // Knex keeps the password out of sight: a copy of the settings does not have it.
  const { password } = settings;
  const prepare = process.env['LEADSEA_PREPARE'] === '0' ? null : createPreparer();
  return knexFactory({
    client: 'pg',
    // Statements that do not wait for each other's answers travel together.
    connection: { ...settings, password, types, pipeline: true } as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max,
      afterCreate: (connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void) => {
        prepare?.(connection);
        done(null, connection);
      },
    },
    acquireConnectionTimeout: 20_000,
  });
}
