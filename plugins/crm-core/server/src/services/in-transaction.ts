import type { Knex } from 'knex';
import { isTransient } from '../domain/machine/transient';

const MAX_TRIES = 3;

/**
 * One transaction around `work`, run again from the start (three times in all) when the database asked for that: a deadlock or a
 * serialization failure. So `work` must do nothing outside the database that may not happen twice.
 */
export async function inTransaction<Result>(db: Knex, work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (attempt >= MAX_TRIES || !isTransient(error)) throw error;
    }
  }
}
