import { AppError, badRequest, calendarTime, conflict, forbidden, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Kit, NoticeInput, VerbContext } from '@leadsea/crm-core';
import type { ActivityRow, Entry, Leads, Reactor, WorkingSet } from '@leadsea/leads';
import { z } from 'zod';
import { decideNone } from './record';

const DAY_MS = 86_400_000;
const HOUR_S = 3600;
/** Evidence that no one types in: it comes from the exchange, the mail server or the chat platform. */
const PROOF = ['recordingId', 'callId', 'messageId', 'externalId'];

const isProven = (activity: Pick<ActivityRow, 'evidence'>): boolean =>
  PROOF.some((key) => {
    const value = activity.evidence?.[key];
    return typeof value === 'string' && value !== '';
  });

const ofAnother = (entry: Entry): readonly ActivityRow[] =>
  entry.activities.filter(
    ({ member_id: member, direction, automatic, bulk, kind }) =>
      member !== null && member !== entry.row.owner_id && direction === 'outbound' && !automatic && !bulk && kind !== 'note',
  );

interface LostRow {
  lead_id: number;
  member_id: number;
  at: Date;
  holder_id: number | null;
  manager_id: number | null;
}

/** Who lost which of these leads by a re-route in the last day. */
const LOST = `SELECT DISTINCT ON (d.subject_id) d.subject_id AS lead_id, (d.result->>'previousOwner')::int AS member_id, d.at, (d.result->>'owner')::int AS holder_id, m.manager_id
  FROM crm_decisions d LEFT JOIN crm_members m ON m.id = (d.result->>'previousOwner')::int
  WHERE d.subject = 'lead' AND d.kind = 'route' AND d.subject_id = ANY(?::int[]) AND d.at > ? AND d.result->>'previousOwner' IS NOT NULL
    AND (d.result->>'owner' IS NOT NULL OR d.result->>'pool' IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM crm_routing_disputes p WHERE p.lead_id = d.subject_id AND p.rerouted_at = d.at)
  ORDER BY d.subject_id, d.id DESC`;

/** one business hour in which nobody takes the lead away again. */
async function frozenUntil(kit: Kit, now: Date): Promise<Date> {
  const calendar = await kit.calendar(null);
  const end = calendar ? calendarTime.add(calendar, now, HOUR_S) : null;
  return end?.ok ? end.at : new Date(now.getTime() + HOUR_S * 1000);
}

const notices = (lost: LostRow, proven: boolean): readonly NoticeInput[] => {
  const about = { type: 'routing.dispute', subject: 'lead', subjectId: lost.lead_id, link: `/leads/${lost.lead_id}` };
  const title = proven
    ? { zh: '改派前已跟进，线索归还原负责人', en: 'It had been followed up before it was passed on: the lead goes back' }
    : { zh: '改派存在争议，等待主管裁定', en: 'A re-route is contested and waits for the manager' };
  const people = new Set([lost.member_id, lost.holder_id, ...(proven ? [] : [lost.manager_id])]);
  return [...people].flatMap((memberId) => (memberId === null ? [] : [{ ...about, memberId, title }]));
};

async function open(set: WorkingSet, entry: Entry, lost: LostRow, activity: ActivityRow): Promise<void> {
  // A statement of a person is none: proof comes from a machine that logs in his name.
  const proven = set.actor.kind !== 'member' && isProven(activity) && entry.row.owner_id === lost.holder_id;
  const until = await frozenUntil(set.kit, set.now);
  if (proven) {
    const before = { owner: entry.row.owner_id, pool: entry.row.pool_id };
    set.set(entry.id, { owner_id: lost.member_id, pool_id: null });
    set.emit({
      subject: 'lead',
      subjectId: entry.id,
      type: 'lead.given_back',
      before,
      after: { owner: lost.member_id, pool: null },
      data: { reasonCode: 'DISPUTE', activity: activity.id, evidence: activity.evidence },
    });
    decideNone(set, entry.id, 'DISPUTE', { owner: lost.member_id, pool: null });
  } else {
    set.emit({ subject: 'lead', subjectId: entry.id, type: 'lead.disputed', data: { claimant: lost.member_id, holder: lost.holder_id } });
  }
  for (const notice of notices(lost, proven)) set.notify(notice);
  const row = [entry.id, lost.member_id, lost.holder_id, activity.occurred_at, lost.at, JSON.stringify(activity.evidence ?? {})];
  set.defer(async (trx) => {
    await trx.raw(
      `INSERT INTO crm_routing_disputes (lead_id, claimant_id, holder_id, occurred_at, rerouted_at, evidence, state, frozen_until, at, decided_at)
       VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?) ON CONFLICT (lead_id) WHERE state = 'open' DO NOTHING`,
      [...row, proven ? 'returned' : 'open', until, set.now, proven ? set.now : null],
    );
  });
}

/** a follow-up by the former owner from before the re-route arrives after it. Proven by a machine it wins; else the manager decides. */
export const disputeReactor: Reactor = {
  stage: 'route',
  name: 'disputes',
  run: async (set) => {
    const late = set.entries.filter((entry) => !entry.isNew && ofAnother(entry).length > 0);
    if (late.length === 0) return;
    const lost = await many<LostRow>(set.trx, LOST, [late.map(({ id }) => id), new Date(set.now.getTime() - DAY_MS)]);
    for (const row of lost) {
      const entry = set.entry(row.lead_id);
      const activity = ofAnother(entry).find(
        ({ member_id: member, occurred_at: at }) => member === row.member_id && at.getTime() <= row.at.getTime(),
      );
      if (activity) await open(set, entry, row, activity);
    }
  },
};

const contestSchema = z.object({
  lead: z.int().min(1),
  kind: z.enum(['call', 'mail', 'message', 'meeting', 'visit']),
  occurredAt: z.iso.datetime({ offset: true }),
  note: z.string().max(2000).nullish(),
  evidence: z.record(z.string(), z.unknown()).nullish(),
});

/** A person who may no longer open the lead hands in what he did before it was taken from him. */
export async function contest(kit: Kit, leads: Leads, { actor, now, requestId }: VerbContext, body: unknown): Promise<{ state: string }> {
  const input = contestSchema.parse(body);
  const [lost] = await many<LostRow>(kit.db, LOST, [[input.lead], new Date(now.getTime() - DAY_MS)]);
  if (!lost || lost.member_id !== actor.memberId) throw notFound('Lead');
  const occurredAt = new Date(input.occurredAt);
  if (occurredAt.getTime() > lost.at.getTime())
    throw badRequest('CONTEST_TOO_LATE', 'That was after the lead went to somebody else.', { field: 'occurredAt' });
  // What a person types in himself is a statement, not a proof.
  const evidence = input.evidence ? { stated: input.evidence } : null;
  const activity = { kind: input.kind, direction: 'outbound' as const, occurredAt, note: input.note ?? null, evidence };
  const { outcomes } = await leads.apply({
    changes: [{ op: 'activity', id: input.lead, activity }],
    actor,
    cause: { type: 'contest', id: requestId },
    now,
  });
  const [outcome] = outcomes;
  if (outcome && !outcome.ok) throw new AppError(outcome.code, 409, outcome.message, outcome.details ?? {});
  const row = await one<{ state: string }>(kit.db, 'SELECT state FROM crm_routing_disputes WHERE lead_id = ? ORDER BY id DESC LIMIT 1', [
    input.lead,
  ]);
  if (!row) throw conflict('NOT_CONTESTED', 'Nothing here can be contested.');
  return row;
}

const decisionSchema = z.object({ to: z.enum(['claimant', 'holder']), note: z.string().max(2000).nullish() });

/** The manager decides an open dispute: it goes back, or it stays. */
export async function settleDispute(
  kit: Kit,
  leads: Leads,
  { actor, now, requestId }: VerbContext,
  id: number,
  body: unknown,
): Promise<{ state: string }> {
  const { to, note } = decisionSchema.parse(body);
  return inTransaction(kit.db, async (trx) => {
    const row = await one<{ lead_id: number; claimant_id: number; holder_id: number | null; manager_id: number | null; state: string }>(
      trx,
      `SELECT d.lead_id, d.claimant_id, d.holder_id, d.state, m.manager_id FROM crm_routing_disputes d
       LEFT JOIN crm_members m ON m.id = d.claimant_id WHERE d.id = ? FOR UPDATE OF d`,
      [id],
    );
    if (!row) throw notFound('Dispute');
    const judges = row.manager_id === actor.memberId || kit.access.can(actor, 'routing-policies', 'update');
    if (!judges || actor.memberId === row.claimant_id) throw forbidden();
    if (row.state !== 'open') throw conflict('DISPUTE_SETTLED', 'This dispute is already settled.', { state: row.state });
    const state = to === 'claimant' ? 'returned' : 'kept';
    await trx.raw('UPDATE crm_routing_disputes SET state = ?, decided_by = ?, note = ?, decided_at = ?, frozen_until = NULL WHERE id = ?', [
      state,
      actor.memberId,
      note ?? null,
      now,
      id,
    ]);
    if (to === 'claimant') {
      await leads.apply({
        trx,
        changes: [
          {
            op: 'hold',
            id: row.lead_id,
            to: { ownerId: row.claimant_id, poolId: null },
            event: 'lead.given_back',
            data: { reasonCode: 'DISPUTE', note: note ?? null },
          },
        ],
        actor,
        cause: { type: 'dispute', id: requestId },
        now,
      });
    }
    return { state };
  });
}
