import { many, type JobInput, type Kit, type LocalisedText, type NoticeInput } from '@leadsea/crm-core';
import type { LeadChange, Leads, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { ClockAction, Contract, Obligor, TouchObligation } from '../../../contracts';
import { peopleOf, recipients, type People } from './notices';
import { byIds, type ObligationRow } from './obligation-store';
import { WEBHOOK_JOB } from './webhooks';

export interface Missed {
  readonly row: ObligationRow;
  readonly rule: TouchObligation;
}

/** Who keeps the promises of a side that no owner of a lead makes. */
const ROLE_OF: Readonly<Record<Exclude<Obligor, 'sales'>, string>> = { marketing: 'marketing', system: 'crm-admin' };

/** Those who promised are told, and whoever answers for them, whatever else the obligation asks for. */
const ALWAYS = [{ kind: 'notify-owner' }, { kind: 'notify-manager' }] as const;

/** Active members of a role and their managers; one statement. */
export async function sideOf(trx: Knex.Transaction, obligor: Exclude<Obligor, 'sales'>): Promise<number[]> {
  const rows = await many<{ id: number; manager_id: number | null }>(
    trx,
    `SELECT id, manager_id FROM crm_members WHERE active AND jsonb_exists(coalesce(roles, '[]')::jsonb, ?) ORDER BY id`,
    [ROLE_OF[obligor]],
  );
  return [...new Set(rows.flatMap(({ id, manager_id: manager }) => (manager === null ? [id] : [id, manager])))];
}

const titleOf = ({ label, breach_cause: cause }: ObligationRow, name: string): LocalisedText => ({
  zh: `${name}：${label.zh}${cause === 'impossible' ? '已无法按约完成' : '未按约完成'}`,
  en: `${name}: ${label.en} ${cause === 'impossible' ? 'cannot be kept any more' : 'was not kept'}`,
});

/** What each lead is called in a notice; one statement. */
async function namesOf(trx: Knex.Transaction, leads: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await many<{ id: number; name: string | null; company: string | null }>(
    trx,
    'SELECT id, name, company FROM crm_leads WHERE id = ANY(?::int[])',
    [[...leads]],
  );
  return new Map(rows.map(({ id, name, company }) => [id, name ?? company ?? `#${id}`]));
}

const noticesOf = (row: ObligationRow, name: string, to: readonly (number | null | undefined)[]): NoticeInput[] =>
  [...new Set(to.filter((id): id is number => typeof id === 'number'))].map((memberId) => ({
    memberId,
    type: 'sla.obligation',
    subject: 'lead',
    subjectId: row.lead_id,
    title: titleOf(row, name),
    link: `/leads/${row.lead_id}`,
  }));

const jobsOf = ({ row, rule }: Missed): JobInput[] =>
  rule.onBreach.flatMap((action) =>
    action.kind === 'webhook'
      ? [
          {
            kind: WEBHOOK_JOB,
            key: `sla.obligation:${row.id}:${action.url}`,
            payload: {
              url: action.url,
              body: {
                event: 'sla.obligation',
                lead: row.lead_id,
                obligation: row.id,
                key: row.key,
                cause: row.breach_cause,
                breachedAt: row.breached_at,
                owner: row.owner_id,
              },
            },
          },
        ]
      : [],
  );

async function tellMissed(kit: Kit, trx: Knex.Transaction, missed: readonly Missed[], now: Date): Promise<void> {
  const people: People = await peopleOf(
    trx,
    missed.map(({ row, rule }) => ({ owner: row.owner_id, actions: [...ALWAYS, ...rule.onBreach] })),
  );
  const sides = new Map<Obligor, readonly number[]>();
  for (const obligor of ['marketing', 'system'] as const)
    if (missed.some(({ rule }) => rule.obligor === obligor)) sides.set(obligor, await sideOf(trx, obligor));
  const names = await namesOf(
    trx,
    missed.map(({ row }) => row.lead_id),
  );
  const notices = missed.flatMap(({ row, rule }) => {
    const asked = recipients(rule.obligor === 'sales' ? [...ALWAYS, ...rule.onBreach] : rule.onBreach, row.owner_id, people);
    return noticesOf(row, names.get(row.lead_id) ?? `#${row.lead_id}`, [...(sides.get(rule.obligor) ?? []), ...asked]);
  });
  if (notices.length > 0) await kit.notify(trx, notices, now);
  const jobs = missed.flatMap(jobsOf);
  if (jobs.length > 0) await kit.jobs.enqueue(trx, jobs);
}

const moveOf = (rule: TouchObligation): Extract<ClockAction, { kind: 'reroute' | 'pool' }> | null =>
  rule.onBreach.find((action) => action.kind === 'reroute' || action.kind === 'pool') ?? null;

/**
 * what a miss sets going. People are told in the change set that finds it; the lead is passed on by a timer that is due at once, because
 * routing runs before the promises of a change set are judged. A lead that has been closed stays where it is.
 */
export function carryOutMisses(set: WorkingSet, missed: readonly Missed[]): void {
  if (missed.length === 0) return;
  set.defer((trx) => tellMissed(set.kit, trx, missed, set.now));
  for (const { row, rule } of missed) {
    if (moveOf(rule) === null || row.breach_cause === 'closed') continue;
    set.arm({
      kind: 'sla.obligation-move',
      key: `sla-obligation-move:${row.id}`,
      subject: 'sla-obligation',
      subjectId: row.id,
      dueAt: set.now,
      payload: { lead: row.lead_id },
    });
  }
}

/** The change that passes a lead on; null when the pool is gone. */
async function changeOf(kit: Kit, row: ObligationRow): Promise<LeadChange | null> {
  const { body } = await kit.policies.version<Contract>(row.version_id);
  const rule = (body.obligations ?? []).find((one): one is TouchObligation => one.kind === 'touch' && one.key === row.key);
  const move = rule ? moveOf(rule) : null;
  if (move === null) return null;
  if (move.kind === 'reroute') return { op: 'touch', id: row.lead_id, ask: ['reroute:sla-breach'] };
  const pool = await kit.policies.liveByKey('pool', move.pool);
  if (!pool) {
    kit.log.warn(`Obligation ${row.key} asks for pool "${move.pool}", which is not published; lead ${row.lead_id} stays with its owner.`);
    return null;
  }
  return {
    op: 'hold',
    id: row.lead_id,
    to: { ownerId: null, poolId: pool.policyId },
    event: 'lead.recycled',
    expect: { ownerId: row.owner_id },
    data: { reason: 'sla-breach', obligation: row.id, key: row.key },
  };
}

/** `sla.obligation-move`: passes leads on whose owner has not kept his promise, if they are still his. */
export async function moveMissed(kit: Kit, leads: Leads, trx: Knex.Transaction, ids: readonly number[], now: Date): Promise<void> {
  const rows = (await byIds(trx, ids)).filter((row) => row.state === 'breached' && row.owner_id !== null);
  const owners = new Map(
    (
      await many<{ id: number; owner_id: number | null }>(
        trx,
        // What somebody keeps for its owner is not passed on until it is back.
        'SELECT id, CASE WHEN kept_for_id IS NULL THEN owner_id END AS owner_id FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE',
        [rows.map((row) => row.lead_id)],
      )
    ).map((lead) => [lead.id, lead.owner_id]),
  );
  const still = rows.filter((row) => owners.get(row.lead_id) === row.owner_id);
  const changes = (await Promise.all(still.map((row) => changeOf(kit, row)))).filter((change): change is LeadChange => change !== null);
  if (changes.length === 0) return;
  await leads.apply({ trx, changes, actor: kit.actors.system('SLA'), cause: { type: 'timer', id: 'sla.obligation' }, now });
}
