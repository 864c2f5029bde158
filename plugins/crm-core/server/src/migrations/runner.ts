import type { Knex } from 'knex';
import type { Migration } from '../../../contracts';

/** Applies what is not applied yet, each in a transaction of its own, under one advisory lock so that two nodes do not race. */
export async function runMigrations(db: Knex, migrations: readonly Migration[], log: (message: string) => void): Promise<number> {
  const client = db.client as { acquireConnection(): Promise<unknown>; releaseConnection(connection: unknown): Promise<void> };
  const connection = await client.acquireConnection();
  try {
    await db.raw('SELECT pg_advisory_lock(7203001)').connection(connection);
    await db.raw('CREATE TABLE IF NOT EXISTS crm_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())');
    const { rows } = await db.raw<{ rows: { name: string }[] }>('SELECT name FROM crm_migrations');
    const applied = new Set(rows.map((row) => row.name));
    const pending = migrations.filter((migration) => !applied.has(migration.name));
    for (const migration of pending) {
      await db.transaction(async (trx) => {
        await migration.up(trx);
        await trx.raw('INSERT INTO crm_migrations(name) VALUES (?)', [migration.name]);
      });
      log(`Migration ${migration.name} applied.`);
    }
    return pending.length;
  } finally {
    await db.raw('SELECT pg_advisory_unlock(7203001)').connection(connection);
    await client.releaseConnection(connection);
  }
}
