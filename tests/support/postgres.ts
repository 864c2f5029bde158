import { randomBytes } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { Client } from 'pg';

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  readonly knex: Knex;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

const serverUrl = (): string => {
  const url = process.env['LEADSEA_TEST_PG'];
  if (!url) throw new Error('No test PostgreSQL: run through jest, whose global set-up starts it.');
  return url;
};

const admin = async (sql: string): Promise<void> => {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** As the product makes its own: letters are those of Unicode, sorting is by code points. */
export const LIKE_THE_PRODUCT = `template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`;

/** A fresh database on the shared server; `template` copies an existing one (which must have no open connections). */
export async function openTestDatabase(template?: string): Promise<TestDatabase> {
  const name = `t_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
  await admin(`CREATE DATABASE ${name} TEMPLATE ${template ?? LIKE_THE_PRODUCT}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const knex = knexFactory({ client: 'pg', connection: url.href, pool: { min: 0, max: 10 } });
  return {
    name,
    url: url.href,
    knex,
    close: async () => {
      await knex.destroy();
      await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
