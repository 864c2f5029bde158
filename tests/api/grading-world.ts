import type { GradingModelInput } from '../../plugins/lead-grading';
import { openInProcess, type InProcess } from '../support/in-process';
import { api, startServer, type Api, type TestServer } from '../support/server';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const text = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });

/** Fails loudly when an answer is no success, with the body that says why. */
export const ok = async <T>(answer: Promise<{ status: number; body: T }>): Promise<T> => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
};

export interface LeadView {
  readonly id: number;
  readonly email: string;
  readonly score: number | null;
  readonly grade: string | null;
  readonly label: string | null;
  readonly stage: string;
  readonly cycle: number;
  readonly account: number | null;
  readonly productScore: number | null;
  readonly topProduct: string | null;
  readonly productScores: Readonly<Record<string, number>> | null;
}

/** A running product with one administrator, and the same product in this process for what has no route yet. */
export interface GradingWorld {
  readonly server: TestServer;
  readonly admin: Api;
  readonly inside: InProcess;
  now(): Date;
  moveTo(ms: number): Promise<void>;
  many<Row>(sql: string, bindings?: readonly (string | number)[]): Promise<Row[]>;
  until(what: string, check: () => Promise<boolean>): Promise<void>;
  /** Waits until no job of a kind is left to do. */
  idle(kind: string): Promise<void>;
  create(key: string, draft: GradingModelInput): Promise<number>;
  publish(id: number, draft: GradingModelInput): Promise<void>;
  study<Result>(id: number, verb: string): Promise<{ status: string; result: Result }>;
  lead(values?: Record<string, unknown>): Promise<number>;
  view(id: number): Promise<LeadView>;
  /** What a tracker tells. */
  did(id: number, kind: string, more?: Record<string, unknown>): Promise<void>;
  stage(id: number, to: string, reason?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startGrading(start: number): Promise<GradingWorld> {
  const server = await startServer();
  const [account] = server.accounts;
  const admin = await api(server.url).login(account?.identifier ?? '', account?.password ?? '');
  const inside = await openInProcess(server.database);
  let now = start;
  let serial = 0;
  const system = inside.core.kit.actors.system('test');
  const world: GradingWorld = {
    server,
    admin,
    inside,
    now: () => new Date(now),
    moveTo: async (ms) => {
      now = ms;
      await ok(admin.put('/api/console/clock', { now: new Date(ms).toISOString() }));
    },
    many: async <Row>(sql: string, bindings: readonly (string | number)[] = []) =>
      (await server.database.knex.raw<{ rows: Row[] }>(sql, [...bindings])).rows,
    until: async (what, check) => {
      for (let attempt = 0; attempt < 300; attempt += 1) {
        if (await check()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(
        `Waited in vain for ${what}. ${JSON.stringify(await world.many('SELECT kind, error FROM crm_jobs WHERE error IS NOT NULL'))}`,
      );
    },
    idle: (kind) =>
      world.until(kind, async () => {
        const waiting = `SELECT count(*)::int AS n FROM crm_jobs WHERE kind = ? AND state IN ('queued', 'running')`;
        return (await world.many<{ n: number }>(waiting, [kind]))[0]?.n === 0;
      }),
    create: async (key, draft) => (await ok(admin.post<{ id: number }>('/api/console/grading-models', { key, name: key, draft }))).id,
    publish: async (id, draft) => {
      await ok(admin.put(`/api/console/grading-models/${id}`, { draft }));
      await ok(admin.post(`/api/console/grading-models/${id}/publish`, { note: 'test' }));
      await world.idle('grading.regrade');
    },
    study: async (id, verb) => {
      const { study } = await ok(admin.post<{ study: number }>(`/api/console/grading-models/${id}/${verb}`, {}));
      const read = () => ok(admin.get<{ status: string; result: never }>(`/api/console/grading-studies/${study}`));
      await world.until(verb, async () => !['queued', 'running'].includes((await read()).status));
      return read();
    },
    lead: async (values = {}) => {
      serial += 1;
      const body = { name: `Lead ${serial}`, email: `lead${serial}@firm${serial}.example`, ...values };
      return (await ok(admin.post<{ id: number }>('/api/console/leads', body))).id;
    },
    view: (id) => ok(admin.get<LeadView>(`/api/console/leads/${id}`)),
    did: async (id, kind, more = {}) => {
      inside.core.policies.invalidate();
      await inside.leads.apply({
        changes: [{ op: 'engagement', id, engagement: { kind, occurredAt: new Date(now), ...more } }],
        actor: system,
        cause: { type: 'tracker' },
        now: new Date(now),
      });
    },
    stage: async (id, to, reason) => {
      inside.core.policies.invalidate();
      const { outcomes } = await inside.leads.apply({
        changes: [{ op: 'stage', id, to, ...(reason ? { reason } : {}) }],
        actor: system,
        cause: { type: 'test' },
        now: new Date(now),
      });
      if (!outcomes[0]?.ok) throw new Error(JSON.stringify(outcomes));
    },
    close: async () => {
      await inside.close();
      await server.close();
    },
  };
  await world.moveTo(start);
  return world;
}
