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

const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const JSONB = 3802;
const NUMERIC = 1700;
const readNumeric = (text: string): string => text;
const readJson = (text: string): unknown => JSON.parse(text) as unknown;

const digits = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let index = at; index < at + count; index += 1) value = value * 10 + text.charCodeAt(index) - 48;
  return value;
};
const PLAIN = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(\+00)?$/;
type InstantParser = (text: string) => Date | number | null;
const driverParser = (oid: number): InstantParser => pg.types.getTypeParser(oid, 'text') as InstantParser;

/**
 * Reads an instant as the driver does and several times as fast, where the database writes it the plain way (in UTC, or without a zone as Strapi's
 * own columns are, which count as local time); a list or a batch has tens of thousands.
 */
export function instantReader(oid: typeof TIMESTAMP | typeof TIMESTAMPTZ): InstantParser {
  const other = driverParser(oid);
  return (text) => {
    const plain = PLAIN.exec(text);
    const year = digits(text, 0, 4);
    if (!plain || (plain[1] === undefined) === (oid === TIMESTAMPTZ) || year < 100) return other(text);
    const end = plain[1] === undefined ? text.length : text.length - 3;
    const millis = end > 20 ? digits(text.slice(20, Math.min(23, end)).padEnd(3, '0'), 0, 3) : 0;
    const [month, day] = [digits(text, 5, 2) - 1, digits(text, 8, 2)];
    const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
    return oid === TIMESTAMPTZ
      ? new Date(Date.UTC(year, month, day, hour, minute, second, millis))
      : new Date(year, month, day, hour, minute, second, millis);
  };
}
const readTimestamp = instantReader(TIMESTAMP);
const readTimestamptz = instantReader(TIMESTAMPTZ);

/** Strapi tells its driver to leave jsonb as text and to make floats of numerics, for the whole process; this pool keeps the driver's own ways. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    format === 'binary'
      ? pg.types.getTypeParser(oid, 'binary')
      : oid === JSONB
        ? readJson
        : oid === NUMERIC
          ? readNumeric
          : oid === TIMESTAMPTZ
            ? readTimestamptz
            : oid === TIMESTAMP
              ? readTimestamp
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
