import type { Kit } from '../../../../contracts';
import { createBullEngine } from './engines/bull';
import { createGraphileEngine } from './engines/graphile';
import type { JobEngine } from './port';

export type { JobEngine } from './port';
export { createJobService, type JobServiceOptions, type RunningJobService } from './service';
export { createBullEngine } from './engines/bull';
export { createGraphileEngine } from './engines/graphile';

/** The engine for this installation: Bull when there is a Redis, otherwise Graphile Worker in the same PostgreSQL. */
export function chooseJobEngine(options: {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly log: Kit['log'];
}): JobEngine {
  const { databaseUrl, redisUrl, log } = options;
  if (!redisUrl) return createGraphileEngine({ connectionString: databaseUrl, log });
  return createBullEngine({ redisUrl, namespace: new URL(databaseUrl).pathname.slice(1) || 'leadsea', log });
}
