import type { Knex } from 'knex';
import type { JobInput, JobService, NoticeInput, TimerService } from '../../../../contracts';
import { databaseJson } from '../../domain/machine/json';
import type { Planned } from '../../domain/notices/matrix';
import { many } from '../rows';

export const DELIVER = 'notice.deliver';
export const RELEASE = 'notice.release';
export const MAX_ATTEMPTS = 6;
/** Messages carried by one job. */
const PER_JOB = 20;

export interface DeliveryRow {
  readonly id: string;
  readonly channel: string;
  readonly bot_id: number | null;
  readonly member_ids: number[];
  readonly type: string;
  readonly items: readonly Pick<NoticeInput, 'title' | 'body' | 'link'>[];
}

export const jobsFor = (ids: readonly number[]): JobInput[] =>
  Array.from({ length: Math.ceil(ids.length / PER_JOB) }, (_, index) => ({
    kind: DELIVER,
    payload: { ids: ids.slice(index * PER_JOB, (index + 1) * PER_JOB) },
    maxAttempts: MAX_ATTEMPTS,
  }));

/** Writes planned messages: those due now become jobs, those held a timer. Three statements for any number. */
export async function insertDeliveries(
  trx: Knex.Transaction,
  outgoing: readonly Planned[],
  services: { readonly jobs: JobService; readonly timers: TimerService },
  now: Date,
): Promise<void> {
  if (outgoing.length === 0) return;
  const rows = outgoing.map((plan) => ({
    channel: plan.channel,
    bot_id: plan.botId,
    member_ids: plan.memberIds,
    type: plan.type,
    items: plan.items.map(({ title, body, link }) => ({ title, body, link })),
    state: plan.held === null ? 'queued' : 'held',
    held: plan.held,
    due_at: plan.dueAt ?? now,
  }));
  const inserted = await many<{ id: string; held: string | null; due_at: Date }>(
    trx,
    `INSERT INTO crm_deliveries (channel, bot_id, member_ids, type, items, state, held, due_at, at)
     SELECT d.channel, d.bot_id, ARRAY(SELECT jsonb_array_elements_text(d.member_ids)::int), d.type, d.items, d.state, d.held, d.due_at, ?
     FROM json_to_recordset(?::json) AS d(channel text, bot_id int, member_ids jsonb, type text, items jsonb, state text, held text, due_at timestamptz)
     RETURNING id, held, due_at`,
    [now, databaseJson(rows)],
  );
  await services.jobs.enqueue(trx, jobsFor(inserted.flatMap((row) => (row.held === null ? [Number(row.id)] : []))));
  // One timer per instant and call; its key is of a row just made, so that two transactions never wait for each other's timer.
  const byDue = new Map(inserted.flatMap((row) => (row.held === null ? [] : [[row.due_at.getTime(), row] as const])));
  await services.timers.arm(
    trx,
    [...byDue.values()].map((row) => ({
      kind: RELEASE,
      key: `notice:${row.id}`,
      subject: 'delivery',
      subjectId: Number(row.id),
      dueAt: row.due_at,
    })),
    now,
  );
}

/** Sets free what has waited long enough; mail held for one member's digest becomes one message. */
export async function releaseHeld(trx: Knex.Transaction, jobs: JobService, now: Date): Promise<void> {
  const rows = await many<DeliveryRow & { held: string }>(
    trx,
    `SELECT id, channel, bot_id, member_ids, type, items, held FROM crm_deliveries
     WHERE state = 'held' AND due_at <= ? ORDER BY id FOR UPDATE SKIP LOCKED`,
    [now],
  );
  const digests = new Map<string, (typeof rows)[number][]>();
  for (const row of rows.filter(({ held }) => held === 'digest')) {
    const owner = `${row.channel} ${row.member_ids.join(',')}`;
    digests.set(owner, [...(digests.get(owner) ?? []), row]);
  }
  const merged: string[] = [];
  for (const [first, ...others] of digests.values()) {
    if (!first || others.length === 0) continue;
    merged.push(...others.map(({ id }) => id));
    const items = [first, ...others].flatMap((row) => row.items);
    await trx.raw(`UPDATE crm_deliveries SET type = 'digest', items = ?::jsonb WHERE id = ?`, [JSON.stringify(items), first.id]);
  }
  await trx.raw(`UPDATE crm_deliveries SET state = 'merged' WHERE id = ANY(?::bigint[])`, [merged]);
  const free = rows.filter(({ id }) => !merged.includes(id)).map(({ id }) => Number(id));
  await trx.raw(`UPDATE crm_deliveries SET state = 'queued' WHERE id = ANY(?::bigint[])`, [free]);
  await jobs.enqueue(trx, jobsFor(free));
}

/** Sends failed messages again. Returns the ids that really had failed. */
export async function retryFailed(trx: Knex.Transaction, jobs: JobService, ids: readonly number[]): Promise<number[]> {
  const rows = await many<{ id: string }>(
    trx,
    `UPDATE crm_deliveries SET state = 'queued', attempts = 0, error = NULL WHERE id = ANY(?::bigint[]) AND state = 'failed' RETURNING id`,
    [[...ids]],
  );
  const again = rows.map((row) => Number(row.id));
  await jobs.enqueue(trx, jobsFor(again));
  return again;
}

/** Delivered and dropped messages are kept for 90 days, failed ones until somebody looks. */
export const pruneDeliveries = (trx: Knex.Transaction, now: Date): Promise<unknown> =>
  trx.raw(
    `DELETE FROM crm_deliveries WHERE id IN (
    SELECT id FROM crm_deliveries WHERE state IN ('sent', 'dropped', 'merged') AND at < ?::timestamptz - interval '90 days' LIMIT 1000)`,
    [now],
  );
