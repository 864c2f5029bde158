import type { Knex } from 'knex';
import type { Kit } from '../../../plugins/crm-core/contracts';
import { machineMigrations } from '../../../plugins/crm-core/server/src/migrations/machine';
import { openTestDatabase, type TestDatabase } from '../../support/postgres';

/** A fresh database with the machine tables. */
export async function openMachineDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  for (const migration of machineMigrations) await migration.up(database.knex);
  return database;
}

export interface RecordedLog {
  readonly log: Kit['log'];
  readonly lines: string[];
}

/** A log that keeps its lines, so that a test can say what an administrator would have read. */
export function recordLog(): RecordedLog {
  const lines: string[] = [];
  const text = (error: unknown): string => (error instanceof Error ? ` ${error.message}` : '');
  return {
    lines,
    log: {
      info: (message) => void lines.push(`info ${message}`),
      warn: (message) => void lines.push(`warn ${message}`),
      error: (message, error) => void lines.push(`error ${message}${text(error)}`),
    },
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Waits until something is so; fails with its description when it does not become so in time. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await isSo()) return;
    await pause(20);
  }
  throw new Error(`Waited ${ms} ms in vain: ${what}`);
}

/** How many statements the work sends in one transaction, its end not counted. */
export async function countStatements(db: Knex, work: (trx: Knex.Transaction) => Promise<unknown>): Promise<number> {
  let count = 0;
  await db.transaction(async (trx) => {
    trx.on('query', () => void (count += 1));
    await work(trx);
    trx.removeAllListeners('query');
  });
  return count;
}
