import { many } from '@leadsea/crm-core';
import type { Kit, TimerHandler } from '@leadsea/crm-core';
import type { LeadChange, Leads, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { Verdict } from '../domain/route';
import type { RoutedEntry } from './lead-facts';

export const acceptKey = (leadId: number): string => `routing-accept:${leadId}`;

interface OfferRow {
  readonly lead: number;
  readonly member: number;
  readonly version: number;
  readonly rule: string | null;
  readonly group: string | null;
  readonly rejectUntil: Date;
  readonly acceptUntil: Date | null;
}

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);

/** what a lead that was just given to a person waits for; null where its policy asks for nothing. */
export function offerOf(set: WorkingSet, { entry, policy, lead }: RoutedEntry, verdict: Verdict): OfferRow | null {
  const { acceptance } = policy.body;
  if (acceptance.mode === 'off' || verdict.owner === null || lead.test) return null;
  const required = acceptance.mode === 'required';
  const acceptUntil = required ? later(set.now, acceptance.acceptSeconds) : null;
  if (acceptUntil) {
    const subject = { kind: 'routing.accept', key: acceptKey(entry.id), subject: 'lead', subjectId: entry.id };
    set.arm({ ...subject, dueAt: acceptUntil, payload: { member: verdict.owner, onExpire: acceptance.onExpire } });
  }
  return {
    lead: entry.id,
    member: verdict.owner,
    version: policy.versionId,
    rule: verdict.rule,
    group: verdict.group,
    rejectUntil: later(set.now, Math.max(acceptance.rejectSeconds, required ? acceptance.acceptSeconds : 0)),
    acceptUntil,
  };
}

/** Open offers of these leads are over. */
export const withdrawOffers = async (trx: Knex.Transaction, leadIds: readonly number[], now: Date): Promise<void> =>
  void (await trx.raw(
    `UPDATE crm_routing_offers SET state = 'withdrawn', answered_at = ? WHERE lead_id = ANY(?::int[]) AND state = 'open'`,
    [now, [...leadIds]],
  ));

/** Older offers of these leads are over; the new ones wait. Two statements, none without offers. */
export async function writeOffers(trx: Knex.Transaction, offers: readonly OfferRow[], now: Date): Promise<void> {
  if (offers.length === 0) return;
  await withdrawOffers(
    trx,
    offers.map(({ lead }) => lead),
    now,
  );
  await trx.raw(
    `INSERT INTO crm_routing_offers (lead_id, member_id, policy_version_id, rule, group_key, at, reject_until, accept_until)
     SELECT o.lead, o.member, o.version, o.rule, o."group", ?, o."rejectUntil", o."acceptUntil"
     FROM jsonb_to_recordset(?::jsonb) AS o(lead int, member int, version int, rule text, "group" text, "rejectUntil" timestamptz, "acceptUntil" timestamptz)`,
    [now, JSON.stringify(offers)],
  );
}

interface OpenOffer {
  id: string;
  lead_id: number;
  member_id: number;
  owner_id: number | null;
  manager_id: number | null;
  name: string | null;
  answered: boolean;
}

/** `routing.accept`: nobody said yes in time. Who has followed up has said yes by doing; else the lead goes on, or the manager is told. */
export const acceptHandler =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const rows = await many<OpenOffer>(
      trx,
      `SELECT o.id, o.lead_id, o.member_id, l.owner_id, m.manager_id, l.name, coalesce(l.last_follow_up_at >= o.at, false) AS answered
       FROM crm_routing_offers o JOIN crm_leads l ON l.id = o.lead_id LEFT JOIN crm_members m ON m.id = o.member_id
       WHERE o.lead_id = ANY(?::int[]) AND o.state = 'open' FOR UPDATE OF o`,
      [due.map((timer) => timer.subjectId)],
    );
    const onExpire = new Map(due.map((timer) => [timer.subjectId, (timer.payload as { onExpire?: string }).onExpire]));
    const stateOf = (row: OpenOffer): string => (row.owner_id !== row.member_id ? 'withdrawn' : row.answered ? 'accepted' : 'expired');
    for (const state of ['withdrawn', 'accepted', 'expired']) {
      const ids = rows.filter((row) => stateOf(row) === state).map((row) => row.id);
      if (ids.length > 0)
        await trx.raw('UPDATE crm_routing_offers SET state = ?, answered_at = ? WHERE id = ANY(?::bigint[])', [state, now, ids]);
    }
    const expired = rows.filter((row) => stateOf(row) === 'expired');
    const told = expired.flatMap((row) =>
      onExpire.get(row.lead_id) === 'notify' && row.manager_id !== null
        ? [
            {
              memberId: row.manager_id,
              type: 'routing.not-accepted',
              subject: 'lead',
              subjectId: row.lead_id,
              title: { zh: `线索未被接收：${row.name ?? ''}`, en: `Nobody has accepted the lead ${row.name ?? ''}` },
              link: `/leads/${row.lead_id}`,
            },
          ]
        : [],
    );
    await kit.notify(trx, told, now);
    const changes = expired.flatMap((row): LeadChange[] =>
      onExpire.get(row.lead_id) === 'notify' ? [] : [{ op: 'touch', id: row.lead_id, ask: ['reroute:not-accepted'] }],
    );
    if (changes.length === 0) return;
    await leads.apply({
      trx,
      changes,
      actor: { ...kit.actors.system('Routing'), kind: 'timer' },
      cause: { type: 'timer', id: 'routing.accept' },
      now,
    });
  };
