import { randomUUID } from 'node:crypto';
import { one, type Kit, type TimerHandler } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { outageBetween } from '../domain/outage';

const KEY = 'sla-heartbeat';
const EVERY_MS = 300_000;
/** Which process beats: another one after a long silence means that the product was away. */
const PROCESS: string = randomUUID();

interface Beat {
  readonly at: string;
  readonly process: string;
}

async function beat(trx: Knex.Transaction, now: Date, process: string): Promise<void> {
  const row = await one<{ value: Beat | string }>(trx, 'SELECT value FROM crm_settings WHERE key = ? FOR UPDATE', [KEY]);
  const stored = typeof row?.value === 'string' ? (JSON.parse(row.value) as Beat) : row?.value;
  const last = stored ? { at: new Date(stored.at), process: stored.process } : null;
  const outage = outageBetween(last, { at: now, process });
  if (outage) await trx('crm_sla_outages').insert({ began_at: outage.from, ended_at: outage.to });
  await trx('crm_settings')
    .insert({ key: KEY, value: JSON.stringify({ at: now.toISOString(), process }) })
    .onConflict('key')
    .merge();
}

async function next(kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> {
  await kit.timers.arm(
    trx,
    [{ kind: 'sla.heartbeat', key: KEY, subject: 'sla', subjectId: 0, dueAt: new Date(now.getTime() + EVERY_MS) }],
    now,
  );
}

/** `sla.heartbeat`: writes down every five minutes that the product runs. */
export const onHeartbeat =
  (kit: Kit): TimerHandler =>
  async (trx, _due, now) => {
    await beat(trx, now, PROCESS);
    await next(kit, trx, now);
  };

/** At start-up: notes the time the product was away. `process` is another one at every start. */
export const noteStart = (kit: Kit, now: Date, process = PROCESS): Promise<void> =>
  kit.db.transaction(async (trx) => {
    await beat(trx, now, process);
    await next(kit, trx, now);
  });
