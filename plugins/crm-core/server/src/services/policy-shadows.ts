import type { Knex } from 'knex';
import { AppError, badRequest, canRunSilently, conflict, notFound } from '../../../contracts';
import type {
  Actor,
  DueTimer,
  EventService,
  Kit,
  LocalisedText,
  PolicyKind,
  PolicyShadow,
  ShadowRun,
  ShadowService,
  TimerService,
} from '../../../contracts';
import type { PolicyRow } from './policy-rows';
import { many, one } from './rows';

const LOOK = 'policy.shadow-look';
const END = 'policy.shadow-end';
const DAY_MS = 86_400_000;
export const MOST_SHADOW_DAYS = 60;
export const SHADOW_NOTICE = { type: 'policy.shadow-ended', label: { zh: '策略试运行结束', en: 'A silent run of a policy has ended' } };

interface ShadowRow {
  readonly id: number;
  readonly policy_id: number;
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  readonly body: unknown;
  readonly started_by: number | null;
  readonly started_at: Date;
  readonly ends_at: Date;
}

interface Deps {
  readonly db: Knex;
  readonly events: EventService;
  readonly timers: TimerService;
  readonly log: Kit['log'];
  notify: Kit['notify'];
  /** Ends what has run its days. */
  readonly system: Actor;
  kindOf(kind: string): PolicyKind;
  /** The body as it could be published. @throws AppError POLICY_INVALID, POLICY_LINT */
  soundBody(kind: string, key: string, draft: unknown): Promise<unknown>;
}

export interface FullShadowService extends ShadowService {
  invalidate(): void;
}

const SHADOWS = `SELECT s.id, s.policy_id, p.kind, p.key, p.name, p.position, s.body, s.started_by, s.started_at, s.ends_at
  FROM crm_policy_shadows s JOIN crm_policies p ON p.id = s.policy_id WHERE s.state = 'running'`;

const toShadow = (row: ShadowRow): PolicyShadow => ({
  id: row.id,
  policyId: row.policy_id,
  kind: row.kind,
  key: row.key,
  name: row.name,
  position: row.position ?? 0,
  body: row.body,
  startedAt: row.started_at,
  endsAt: row.ends_at,
});

const ended = (name: string): LocalisedText => ({
  zh: `试运行已结束，可以查看差异：${name}`,
  en: `The silent run has ended, see what differs: ${name}`,
});

/** Ends the silent runs of a policy in the caller's transaction: what is live now is not what they were compared with. */
export const endShadows = async (trx: Knex.Transaction, policyId: number, now: Date): Promise<void> =>
  void (await trx.raw(`UPDATE crm_policy_shadows SET state = 'ended', ended_at = ? WHERE policy_id = ? AND state = 'running'`, [
    now,
    policyId,
  ]));

/** Silent runs: a draft decides for some days beside what is live, on the same leads, and only the comparison is kept. */
export function createShadowService({ db, events, timers, log, notify, system, kindOf, soundBody }: Deps): FullShadowService {
  let cache: Promise<readonly PolicyShadow[]> | null = null;
  const all = (): Promise<readonly PolicyShadow[]> => {
    cache ??= many<ShadowRow>(db, `${SHADOWS} ORDER BY p.position, p.id`).then(
      (rows) => rows.map(toShadow),
      (error: unknown) => {
        cache = null;
        throw error;
      },
    );
    return cache;
  };
  const runOf = (kind: string): ShadowRun => {
    const { shadow } = kindOf(kind);
    if (canRunSilently(shadow)) return shadow;
    throw badRequest('SHADOW_UNFIT', shadow?.reason.en ?? 'Policies of this kind cannot run silently. Use the preview.', { kind });
  };
  const lookAt = async (trx: Knex.Transaction, row: ShadowRow, now: Date): Promise<void> => {
    const run = runOf(row.kind);
    await run.look?.run(trx, toShadow(row), now);
    await trx.raw('UPDATE crm_policy_shadows SET looked_at = ? WHERE id = ?', [now, row.id]);
  };
  const armLook = (trx: Knex.Transaction, row: ShadowRow, now: Date): Promise<void> => {
    const seconds = runOf(row.kind).look?.everySeconds;
    const dueAt = new Date(now.getTime() + (seconds ?? 0) * 1000);
    if (!seconds || dueAt >= row.ends_at) return Promise.resolve();
    return timers.arm(trx, [{ kind: LOOK, key: `${LOOK}:${row.id}`, subject: 'policy', subjectId: row.policy_id, dueAt }], now);
  };
  const lockRunning = (trx: Knex.Transaction, policyIds: readonly number[]): Promise<ShadowRow[]> =>
    many<ShadowRow>(trx, `${SHADOWS} AND s.policy_id = ANY(?::int[]) ORDER BY s.id FOR UPDATE OF s`, [policyIds]);
  const idsOf = (due: readonly DueTimer[]): number[] => due.map(({ subjectId }) => subjectId);
  const close = async (trx: Knex.Transaction, row: ShadowRow, actor: Actor, now: Date): Promise<void> => {
    await lookAt(trx, row, now);
    await endShadows(trx, row.policy_id, now);
    const data = { kind: row.kind, key: row.key, shadow: row.id };
    await events.append(
      trx,
      [{ subject: 'policy', subjectId: row.policy_id, type: 'policy.shadow_ended', data }],
      actor,
      { type: 'shadow' },
      now,
    );
    await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [row.kind]);
    cache = null;
  };

  timers.handle(LOOK, async (trx, due, now) => {
    for (const row of await lockRunning(trx, idsOf(due))) {
      await lookAt(trx, row, now);
      await armLook(trx, row, now);
    }
  });
  timers.handle(END, async (trx, due, now) => {
    for (const row of await lockRunning(trx, idsOf(due))) {
      if (row.ends_at > now) continue;
      await close(trx, row, system, now);
      if (row.started_by !== null)
        await notify(
          trx,
          [
            {
              memberId: row.started_by,
              type: SHADOW_NOTICE.type,
              subject: 'policy',
              subjectId: row.policy_id,
              title: ended(row.name),
              link: `/setup/open/${kindOf(row.kind).resource}/${row.policy_id}`,
            },
          ],
          now,
        );
    }
  });

  return {
    invalidate: () => {
      cache = null;
    },
    running: async <Body>(kind: string, now: Date) =>
      (await all()).filter((shadow) => shadow.kind === kind && shadow.endsAt > now) as readonly PolicyShadow<Body>[],
    note: async (trx, shadowId, cases) => {
      if (cases.length === 0) return;
      await trx.raw(
        `INSERT INTO crm_shadow_cases (shadow_id, key, subject, subject_id, at, outcome, live, silent)
         SELECT ?, c.key, c.subject, c."subjectId", c.at, c.outcome, c.live, c.silent
         FROM jsonb_to_recordset(?::jsonb) AS c(key text, subject text, "subjectId" int, at timestamptz, outcome text, live jsonb, silent jsonb)
         ON CONFLICT (shadow_id, key) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, live = excluded.live, silent = excluded.silent`,
        [shadowId, JSON.stringify(cases)],
      );
    },
    beside: async (trx, shadow, run) => {
      await trx.raw('SAVEPOINT beside');
      try {
        const result = await run();
        await trx.raw('RELEASE SAVEPOINT beside');
        return result;
      } catch (error) {
        await trx.raw('ROLLBACK TO SAVEPOINT beside');
        log.error(`The silent run of "${shadow.name}" failed on a change; what is live was not touched.`, error);
        await trx.raw('UPDATE crm_policy_shadows SET failures = failures + 1 WHERE id = ?', [shadow.id]);
        return null;
      }
    },
    start: async (policyId, days, actor, now) => {
      const row = await one<PolicyRow>(db, 'SELECT * FROM crm_policies WHERE id = ?', [policyId]);
      if (!row) throw notFound('Policy');
      const run = runOf(row.kind);
      const body = await soundBody(row.kind, row.key, row.draft);
      const endsAt = new Date(now.getTime() + days * DAY_MS);
      const id = await db.transaction(async (trx) => {
        const created = await one<{ id: number }>(
          trx,
          `INSERT INTO crm_policy_shadows (policy_id, body, started_by, started_at, ends_at) VALUES (?, ?::jsonb, ?, ?, ?)
           ON CONFLICT (policy_id) WHERE state = 'running' DO NOTHING RETURNING id`,
          [policyId, JSON.stringify(body), actor.memberId, now, endsAt],
        );
        if (!created) throw conflict('SHADOW_RUNNING', 'A draft of this policy already runs silently. End that run first.');
        const data = { kind: row.kind, key: row.key, shadow: created.id, days };
        await events.append(
          trx,
          [{ subject: 'policy', subjectId: policyId, type: 'policy.shadow_started', data }],
          actor,
          { type: 'shadow' },
          now,
        );
        await timers.arm(trx, [{ kind: END, key: `${END}:${created.id}`, subject: 'policy', subjectId: policyId, dueAt: endsAt }], now);
        const [locked] = await lockRunning(trx, [policyId]);
        if (locked) await run.begin?.(trx, toShadow(locked), now);
        if (locked && run.look) {
          await lookAt(trx, locked, now);
          await armLook(trx, locked, now);
        }
        await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [row.kind]);
        return created.id;
      });
      cache = null;
      return id;
    },
    stop: async (policyId, actor, now) => {
      await db.transaction(async (trx) => {
        const [row] = await lockRunning(trx, [policyId]);
        if (!row) throw new AppError('SHADOW_NONE', 409, 'No draft of this policy runs silently.');
        await close(trx, row, actor, now);
      });
      cache = null;
    },
  };
}
