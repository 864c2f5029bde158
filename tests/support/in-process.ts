import type { Host } from '@leadsea/crm-core';
import type { LeadsService } from '../../plugins/leads/server/src/services/leads';
import leadsPlugin, { leadsOf } from '../../plugins/leads/server/src/index';
import gradingPlugin, { grading } from '../../plugins/lead-grading/server/src/index';
import poolsPlugin from '../../plugins/lead-pools/server/src/index';
import routingPlugin from '../../plugins/lead-routing/server/src/index';
import slaPlugin from '../../plugins/lead-sla/server/src/index';
import type { Core } from '../../plugins/crm-core/server/src/services/compose';
import { coreOf } from '../../plugins/crm-core/server/src/services/core-of';
import type { TestDatabase } from './postgres';

export interface InProcess {
  readonly core: Core;
  readonly leads: LeadsService;
  /** What the product logged as an error. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const unused = (what: string) => (): never => {
  throw new Error(`${what} is not part of this host.`);
};

/** The real plugins, all of them, over a migrated database in this process, without Strapi: nothing runs by itself (no poller, no jobs, no HTTP). `more` are an implementer's. */
export async function openInProcess(
  database: TestDatabase,
  more: readonly { register(context: { strapi: Host }): void }[] = [],
): Promise<InProcess> {
  const errors: string[] = [];
  const quiet = (): void => undefined;
  const host: Host = {
    db: { connection: database.knex, query: unused('db.query') },
    log: { info: quiet, warn: quiet, debug: quiet, error: (message) => void errors.push(String(message)) },
    config: { get: <T>(_key: string, fallback?: T) => fallback as T },
    server: { httpServer: undefined as never, use: quiet },
    store: unused('store'),
    dirs: { app: { root: '' }, static: { public: '' } },
    plugin: (name) => ({
      service: () =>
        name === 'crm-core'
          ? coreOf(host).kit
          : name === 'leads'
            ? leadsOf(host)
            : name === 'lead-routing'
              ? routingPlugin.services.routing()
              : name === 'lead-grading'
                ? grading
                : unused(name)(),
    }),
    documents: { use: quiet },
  };
  const core = coreOf(host);
  for (const plugin of [leadsPlugin, poolsPlugin, gradingPlugin, routingPlugin, slaPlugin, ...more]) plugin.register({ strapi: host });
  await Promise.all([core.kit.custom.refresh(), core.refreshRoles()]);
  return { core, leads: leadsOf(host), errors, close: () => core.kit.db.destroy() };
}
