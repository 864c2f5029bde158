import { AppError, conflict, inTransaction, many, one } from '@leadsea/crm-core';
import type { Kit, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { z } from 'zod';
import { REJECT_REASONS, type RejectReason, type RoutingPolicy } from '../../contracts';
import { acceptKey } from './services/acceptance';
import { giveBack } from './services/ledger';

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;
const DAY_MS = 86_400_000;
/** Below so many answers a rate says nothing. */
const LEAST_ANSWERS = 5;

interface OfferRow {
  id: string;
  lead_id: number;
  member_id: number;
  owner_id: number | null;
  at: Date;
  reject_until: Date;
  policy_version_id: number | null;
  manager_id: number | null;
  member_name: string;
}

/** The open offers of these leads to this person; locked in the order of leads. */
const openOffers = (trx: Knex.Transaction, ids: readonly number[], memberId: number | null): Promise<OfferRow[]> =>
  many(
    trx,
    `SELECT o.id, o.lead_id, o.member_id, l.owner_id, o.at, o.reject_until, o.policy_version_id, m.manager_id, m.name AS member_name
     FROM crm_routing_offers o JOIN crm_leads l ON l.id = o.lead_id JOIN crm_members m ON m.id = o.member_id
     WHERE o.lead_id = ANY(?::int[]) AND o.member_id = ? AND l.owner_id = o.member_id AND o.state = 'open' ORDER BY o.lead_id FOR UPDATE OF o`,
    [[...ids], memberId],
  );

interface Answer {
  readonly id: number;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
}
const NO_OFFER = { ok: false, code: 'NO_OFFER', message: 'Nothing waits for your answer here.' } as const;
const TOO_LATE = { ok: false, code: 'REJECT_TOO_LATE', message: 'The time to refuse this lead is over.' } as const;

function answer(results: readonly Answer[]): { results: readonly Answer[] } {
  const [only] = results;
  if (results.length === 1 && only && !only.ok) throw new AppError(only.code ?? 'REFUSED', 409, only.message ?? 'Refused.');
  return { results };
}

/** somebody who refuses more than his policy's share is told to his manager, once a day. */
async function alertManagers(kit: Kit, trx: Knex.Transaction, offers: readonly OfferRow[], now: Date): Promise<void> {
  for (const offer of new Map(offers.map((one_) => [one_.member_id, one_])).values()) {
    if (offer.manager_id === null || offer.policy_version_id === null) continue;
    const { alertPercent } = (await kit.policies.version<RoutingPolicy>(offer.policy_version_id)).body.acceptance;
    const row = await one<{ rejected: number; answers: number; told: boolean }>(
      trx,
      `SELECT count(*) FILTER (WHERE state = 'rejected')::int AS rejected, count(*)::int AS answers,
         EXISTS (SELECT 1 FROM crm_notifications n WHERE n.type = 'routing.reject-rate' AND n.subject_id = ? AND n.at > ?) AS told
       FROM crm_routing_offers WHERE member_id = ? AND at > ? AND state <> 'withdrawn'`,
      [offer.member_id, new Date(now.getTime() - DAY_MS), offer.member_id, new Date(now.getTime() - 30 * DAY_MS)],
    );
    if (!row || row.told || row.answers < LEAST_ANSWERS || row.rejected * 100 <= row.answers * alertPercent) continue;
    const percent = Math.round((row.rejected * 100) / row.answers);
    const title = {
      zh: `${offer.member_name} 近 30 天拒收 ${percent}% 的线索`,
      en: `${offer.member_name} has refused ${percent} % of the leads of 30 days`,
    };
    const about = { memberId: offer.manager_id, type: 'routing.reject-rate', subject: 'member', subjectId: offer.member_id };
    await kit.notify(trx, [{ ...about, title }], now);
  }
}

/** `invalid` leaves the lead with nobody until somebody has looked at it; every other reason sends it on. */
const changesOf = ({ lead_id: id, member_id: member }: OfferRow, reason: RejectReason, note: string | null): LeadChange[] =>
  reason === 'invalid'
    ? [
        {
          op: 'hold',
          id,
          to: { ownerId: null, poolId: null },
          event: 'lead.rejected',
          expect: { ownerId: member },
          data: { reason, note },
        },
        {
          op: 'patch',
          id,
          columns: { quarantine: 'rejected-invalid' },
          event: 'lead.quarantined',
          data: { reason: 'rejected-invalid', by: member },
        },
      ]
    : [{ op: 'touch', id, ask: ['reroute:reject'] }];

/** `accept` and `reject`: what people answer to leads they were given. Own leads only. */
export function answerVerbs(kit: Kit, leads: Leads): readonly ResourceVerb[] {
  const accept = async ({ actor, now, requestId }: VerbContext, ids: readonly number[]): Promise<readonly Answer[]> =>
    inTransaction(kit.db, async (trx) => {
      const offers = await openOffers(trx, ids, actor.memberId);
      await trx.raw(`UPDATE crm_routing_offers SET state = 'accepted', answered_at = ? WHERE id = ANY(?::bigint[])`, [
        now,
        offers.map(({ id }) => id),
      ]);
      await kit.timers.cancel(
        trx,
        offers.map(({ lead_id: id }) => acceptKey(id)),
        now,
      );
      await kit.events.append(
        trx,
        offers.map(({ lead_id: id }) => ({ subject: 'lead', subjectId: id, type: 'lead.accepted', after: { owner: actor.memberId } })),
        actor,
        { type: 'accept', id: requestId },
        now,
      );
      const done = new Set(offers.map(({ lead_id: id }) => id));
      return ids.map((id) => (done.has(id) ? { id, ok: true } : { id, ...NO_OFFER }));
    });

  const reject = async (
    { actor, now, requestId }: VerbContext,
    ids: readonly number[],
    reason: RejectReason,
    note: string | null,
  ): Promise<readonly Answer[]> =>
    inTransaction(kit.db, async (trx) => {
      const found = await openOffers(trx, ids, actor.memberId);
      const offers = found.filter((offer) => offer.reject_until.getTime() >= now.getTime());
      const late = new Set(found.filter((offer) => !offers.includes(offer)).map(({ lead_id: id }) => id));
      if (offers.length > 0) {
        await trx.raw(
          `UPDATE crm_routing_offers SET state = 'rejected', reason = ?, note = ?, answered_at = ? WHERE id = ANY(?::bigint[])`,
          [reason, note, now, offers.map(({ id }) => id)],
        );
        const since = new Date(Math.min(...offers.map(({ at }) => at.getTime())));
        await giveBack(
          trx,
          offers.map(({ lead_id: lead, member_id: member }) => ({ lead, member })),
          since,
          now,
        );
        await kit.timers.cancel(
          trx,
          offers.map(({ lead_id: id }) => acceptKey(id)),
          now,
        );
        if (reason !== 'invalid') {
          await kit.events.append(
            trx,
            offers.map(({ lead_id: id }) => ({ subject: 'lead', subjectId: id, type: 'lead.rejected', data: { reason, note } })),
            actor,
            { type: 'reject', id: requestId },
            now,
          );
        }
        const changes = offers.flatMap((offer) => changesOf(offer, reason, note));
        await leads.apply({ trx, changes, actor, cause: { type: 'reject', id: requestId }, now });
        await alertManagers(kit, trx, offers, now);
      }
      const done = new Set(offers.map(({ lead_id: id }) => id));
      return ids.map((id) => (done.has(id) ? { id, ok: true } : { id, ...(late.has(id) ? TOO_LATE : NO_OFFER) }));
    });

  return [
    verb({
      name: 'accept',
      target: 'record',
      input: z.object({}),
      access: 'log',
      summary: 'Accept leads one was given.',
      run: async (context, ids) => answer(await accept(context, ids)),
    }),
    verb({
      name: 'reject',
      target: 'record',
      input: z.object({ reason: z.enum(REJECT_REASONS), note: z.string().max(2000).nullish() }),
      access: 'log',
      summary: 'Refuse leads one was given, with a reason; they go to somebody else.',
      run: async (context, ids, { reason, note }) => {
        if (context.actor.memberId === null) throw conflict('NO_OFFER', NO_OFFER.message);
        return answer(await reject(context, ids, reason, note ?? null));
      },
    }),
  ];
}
