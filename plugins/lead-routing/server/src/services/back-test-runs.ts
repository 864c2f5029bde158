import { forbidden, notFound } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, ResourceVerb, RunningJob } from '@leadsea/crm-core';
import { z } from 'zod';
import { BACK_TESTS_RESOURCE, routingPolicySchema, type BackTestState } from '../../../contracts';
import { policyOf } from './asked-policy';
import { runBackTest, type Tell } from './back-test';
import type { People } from './people';
import type { LivePolicy } from './plans';

const JOB = 'routing.backtest';
const MAX_ATTEMPTS = 3;
const DAY_MS = 86_400_000;
/** So many are kept of a policy. */
const KEPT = 10;

interface Row {
  readonly id: number;
  readonly policy_id: number;
  readonly days: number;
  /** The policy as it was when asked; later edits do not change the answer. */
  readonly body: unknown;
  readonly status: BackTestState;
  readonly job_id: number | null;
  readonly created_by: number | null;
  readonly created_at: Date;
}

const OPEN: readonly BackTestState[] = ['queued', 'running'];
const rows = (kit: Kit) => kit.db<Row & Record<string, unknown>>('crm_routing_back_tests');

export const backTestInput = z.object({ days: z.int().min(1).max(365).default(30), version: z.enum(['draft', 'live']).default('draft') });

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

/** Ends these back-tests where they are; what is done stays as it is. */
async function stop(kit: Kit, found: readonly Pick<Row, 'id' | 'job_id'>[], now: Date): Promise<void> {
  for (const { id, job_id: job } of found) {
    await rows(kit)
      .where({ id })
      .whereIn('status', [...OPEN])
      .update({ status: 'stopped', finished_at: now });
    if (job !== null) await kit.jobs.cancel(job);
  }
}

/** Asks for a back-test that runs aside, so that nobody waits for it; one the same person asked before of this policy ends. */
export const startBackTest = (kit: Kit): ResourceVerb =>
  verb({
    name: 'backtest-run',
    target: 'record',
    input: backTestInput,
    access: 'read',
    summary: 'Begin a back-test that runs aside; how far it is and what it says stands at routing-back-tests/:id.',
    run: async ({ actor, now }, ids, { days, version }) => {
      const policy = await policyOf(kit, ids[0] ?? 0, version, now);
      const before = { policy_id: policy.policyId, created_by: actor.memberId };
      await stop(
        kit,
        await rows(kit)
          .where(before)
          .whereIn('status', [...OPEN])
          .select('id', 'job_id'),
        now,
      );
      return kit.db.transaction(async (trx) => {
        const [made] = await trx<Row & Record<string, unknown>>('crm_routing_back_tests')
          .insert({ ...before, version, days, body: JSON.stringify(policy.body), status: 'queued', created_at: now })
          .returning('id');
        const id = made?.id ?? 0;
        const [job] = await kit.jobs.enqueue(trx, [{ kind: JOB, payload: { run: id }, key: `${JOB}:${id}`, maxAttempts: MAX_ATTEMPTS }]);
        await trx('crm_routing_back_tests')
          .where({ id })
          .update({ job_id: job ?? null });
        await trx.raw(
          `DELETE FROM crm_routing_back_tests WHERE policy_id = ? AND id NOT IN
             (SELECT id FROM crm_routing_back_tests WHERE policy_id = ? ORDER BY id DESC LIMIT ?)`,
          [policy.policyId, policy.policyId, KEPT],
        );
        return { backTest: id };
      });
    },
  });

/** Back-tests are read like the policies they are about; whoever asked for one, or may change the policy, may stop it. */
export const backTestsResource = (kit: Kit): ResourceDefinition => ({
  name: BACK_TESTS_RESOURCE,
  access: 'routing-policies',
  table: 'crm_routing_back_tests',
  rows: { owner: null, team: null, pool: null },
  fields: [
    { name: 'id', type: 'id' },
    { name: 'policy', type: 'number', column: 'policy_id' },
    { name: 'version', type: 'select' },
    { name: 'days', type: 'number' },
    { name: 'status', type: 'select' },
    { name: 'done', type: 'number' },
    { name: 'result', type: 'json' },
    { name: 'createdBy', type: 'number', column: 'created_by' },
    { name: 'createdAt', type: 'datetime' },
    { name: 'finishedAt', type: 'datetime' },
  ],
  defaultSort: ['id', 'DESC'],
  verbs: [
    verb({
      name: 'stop',
      target: 'record',
      input: z.object({}),
      access: 'read',
      summary: 'Stop a back-test that runs.',
      run: async ({ actor, now }, ids) => {
        const row = await rows(kit)
          .where({ id: ids[0] ?? 0 })
          .first();
        if (!row) throw notFound('Back-test');
        if (row.created_by !== actor.memberId && !kit.access.can(actor, 'routing-policies', 'update'))
          throw forbidden('Only who asked for this back-test, or may change the policy, can stop it.');
        await stop(kit, [row], now);
        return { id: row.id };
      },
    }),
  ],
});

/** Somebody stopped it, or the process ends: in that case it begins anew elsewhere. */
class Stopped extends Error {}

async function answer(kit: Kit, people: People, row: Row, job: RunningJob): Promise<object> {
  const policy = await policyOf(kit, row.policy_id, 'draft', row.created_at);
  const asked: LivePolicy = { ...policy, body: routingPolicySchema.parse(row.body) };
  const since = row.created_at.getTime() - row.days * DAY_MS;
  const tell: Tell = async (at) => {
    const done = Math.max(0, Math.min(row.days, Math.floor((at.getTime() - since) / DAY_MS)));
    await rows(kit).where({ id: row.id, status: 'running' }).update({ done });
    await job.progress(done, row.days);
    if (job.shouldStop()) throw new Stopped();
  };
  await tell(new Date(since));
  return runBackTest(kit, people, asked, row.days, row.created_at, tell);
}

/** The job behind a back-test that runs aside. A failure is told in its row when no attempt is left. */
export function handleBackTests(kit: Kit, people: People): void {
  kit.jobs.handle(JOB, async (job) => {
    const id = Number(job.payload['run']);
    const row = await rows(kit).where({ id }).first();
    if (!row || !OPEN.includes(row.status)) return;
    const open = () =>
      rows(kit)
        .where({ id })
        .whereIn('status', [...OPEN]);
    await open().update({ status: 'running' });
    try {
      const result = await answer(kit, people, row, job);
      await open().update({ status: 'done', done: row.days, result: JSON.stringify(result), finished_at: kit.clock.now() });
    } catch (error) {
      if (error instanceof Stopped) return;
      if (job.attempt < MAX_ATTEMPTS) throw error;
      const message = error instanceof Error ? error.message.slice(0, 500) : 'The back-test failed.';
      await open().update({ status: 'failed', error: message, finished_at: kit.clock.now() });
      kit.log.error(`Back-test ${id} failed.`, error);
    }
  });
}
