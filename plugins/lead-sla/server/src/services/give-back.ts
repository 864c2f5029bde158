import { one, type Kit, type LocalisedText } from '@leadsea/crm-core';
import { closedStages, type LeadChange, type Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { isOpen, type Clock } from '../domain/clock';
import { carryOut, type By } from './change-clocks';
import { lockLatest } from './clock-store';
import type { Concerned } from './notices';
import { loadShelf } from './shelf';

interface Given {
  readonly clock: Clock;
  readonly lead: Concerned;
  readonly dispute: number;
}

const TAKEN = new Set(['reassigned', 'released']);

/** Whether he still works here, and whether whoever holds the lead now has done anything with it since he got it. */
const standing = (
  trx: Knex.Transaction,
  leadId: number,
  ownerId: number,
  closed: readonly string[],
): Promise<{ active: boolean; worked: boolean; open: boolean } | null> =>
  one(
    trx,
    `SELECT m.active, l.merged_into IS NULL AND l.stage <> ALL(?::text[]) AS open,
       EXISTS (SELECT 1 FROM crm_activities a WHERE a.lead_id = l.id AND a.member_id = l.owner_id AND a.occurred_at >= l.held_since
         AND NOT coalesce(a.automatic, false) AND a.kind <> 'note') AS worked
     FROM crm_leads l, crm_members m WHERE l.id = ? AND m.id = ?`,
    [[...closed], leadId, ownerId],
  );

/** The clock of the one it was given to ends without a miss of his, and the answered one stands for the lead again. */
async function swapClocks(kit: Kit, trx: Knex.Transaction, { clock, lead }: Given, by: By, now: Date): Promise<void> {
  const latest = (await lockLatest(trx, [lead.id])).find((one) => one.contractId === clock.contractId && one.metric === clock.metric);
  if (!latest || latest.id === clock.id) return;
  if (isOpen(latest))
    await carryOut(kit, trx, [{ clock: latest, happening: { kind: 'given-back' } }], await loadShelf(kit, [latest]), by, now);
  await trx.raw('UPDATE crm_sla_clocks SET latest = false WHERE id = ?', [latest.id]);
  await trx.raw('UPDATE crm_sla_clocks SET latest = true WHERE id = ?', [clock.id]);
}

const words = (lead: Concerned, to: boolean): LocalisedText => {
  const name = lead.name ?? lead.company ?? `#${lead.id}`;
  return to
    ? { zh: `${name} 已退还给您：争议成立`, en: `${name} is yours again: the miss was no miss` }
    : { zh: `${name} 已退还原负责人：其在期限内已联系客户`, en: `${name} went back to its former owner, who had answered in time` };
};

/**
 * a lead that was passed on for a miss that was none goes back to whom it was taken from. It stays where it is when somebody has worked
 * it since, when it is closed, or when he is not there any more. The lead is locked.
 * @returns the member it went back to, or null.
 */
export async function giveBack(
  { kit, leads }: { readonly kit: Kit; readonly leads: Leads },
  trx: Knex.Transaction,
  given: Given,
  by: By,
  now: Date,
): Promise<number | null> {
  const { clock, lead, dispute } = given;
  const to = clock.breachOwnerId;
  if (to === null || lead.owner_id === to || !TAKEN.has(clock.endReason ?? '')) return null;
  const facts = await standing(trx, lead.id, to, await closedStages(kit));
  if (!facts?.active || !facts.open || facts.worked) return null;
  await swapClocks(kit, trx, given, by, now);
  const change: LeadChange = {
    op: 'hold',
    id: lead.id,
    to: { ownerId: to, poolId: null },
    event: 'lead.assigned',
    expect: { ownerId: lead.owner_id },
    data: { reason: 'sla-dispute', dispute, clock: clock.id },
  };
  const { outcomes } = await leads.apply({ trx, changes: [change], actor: by.actor, cause: by.cause, now });
  if (!outcomes[0]?.ok) throw new Error(`Lead ${lead.id} could not be given back: ${JSON.stringify(outcomes[0])}`);
  const notice = (memberId: number, own: boolean) => ({
    memberId,
    type: 'sla.given-back',
    subject: 'lead',
    subjectId: lead.id,
    title: words(lead, own),
    link: `/leads/${lead.id}`,
  });
  await kit.notify(trx, [notice(to, true), ...(lead.owner_id === null ? [] : [notice(lead.owner_id, false)])], now);
  return to;
}
