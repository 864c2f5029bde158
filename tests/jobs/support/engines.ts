import type { Kit } from '../../../plugins/crm-core/contracts';
import { createBullEngine, createGraphileEngine, type JobEngine } from '../../../plugins/crm-core/server/src/services/jobs';
import type { TestDatabase } from '../../support/postgres';
import { openMachineDatabase } from './machine';
import { redisIsInstalled, startRedis, type TestRedis } from './redis';

export interface Bench {
  readonly database: TestDatabase;
  /** Empty for an engine that needs none. */
  readonly redisUrl: string;
  engine(log: Kit['log']): JobEngine;
  /** Loses everything the engine carries. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

async function graphileBench(): Promise<Bench> {
  const database = await openMachineDatabase();
  return {
    database,
    redisUrl: '',
    engine: (log) => createGraphileEngine({ connectionString: database.url, log }),
    lose: async () => void (await database.knex.raw('TRUNCATE crm_worker._private_jobs')),
    close: () => database.close(),
  };
}

async function bullBench(): Promise<Bench> {
  const database = await openMachineDatabase();
  const redis: TestRedis = await startRedis();
  return {
    database,
    redisUrl: redis.url,
    engine: (log) => createBullEngine({ redisUrl: redis.url, namespace: database.name, log }),
    lose: async () => redis.flush(),
    close: async () => {
      await redis.stop();
      await database.close();
    },
  };
}

export interface EngineCase {
  readonly name: string;
  readonly open: () => Promise<Bench>;
}

const ENGINES: readonly EngineCase[] = [
  { name: 'graphile-worker', open: graphileBench },
  { name: 'bull', open: bullBench },
];

/** Runs a suite against every engine. Without a redis-server Bull is left out with a plain message, except in CI, where that is a failure. */
export function describeEngines(suite: (engine: EngineCase) => void): void {
  for (const engine of ENGINES) {
    if (engine.name !== 'bull' || redisIsInstalled()) describe(engine.name, () => suite(engine));
    else if (process.env['CI'] === 'true') test('bull needs redis-server', () => expect('redis-server').toBe('installed'));
    else test.skip('bull is not tested: redis-server is not installed', () => undefined);
  }
}
