import { badRequest, conflict, many, type Kit, type VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Clock } from '../domain/clock';
import { checkPause, pauseRulesOf, type PauseRefusal } from '../domain/pause';
import { canWaive } from '../domain/waive';
import { changeClock, type By } from './change-clocks';

export interface PauseRequest {
  readonly reason: string;
  readonly note?: string | null;
  readonly until?: Date | null;
}

const REFUSED: Readonly<Record<PauseRefusal, string>> = {
  PAUSE_NOT_ALLOWED: 'This deadline cannot be paused by hand.',
  PAUSE_REASON_UNKNOWN: 'Choose one of the reasons of the contract.',
  PAUSE_LIMIT: 'The pauses of this deadline are used up. Ask your manager.',
  PAUSE_NOT_RUNNING: 'Only a deadline that runs can be paused.',
  PAUSE_NEEDS_EVIDENCE: 'Log the mail or message to the customer first; the pause waits for the answer to it.',
};

const by = ({ actor, requestId }: VerbContext, type: string, note?: string | null): By => ({
  actor,
  cause: { type, id: requestId, ...(note ? { note } : {}) },
});

/** something was sent to the customer since the clock began. */
async function hasSent(trx: Knex.Transaction, clock: Clock): Promise<boolean> {
  const rows = await many<{ id: number }>(
    trx,
    `SELECT id FROM crm_activities WHERE lead_id = ? AND direction = 'outbound' AND kind IN ('mail', 'message', 'call', 'meeting', 'visit')
       AND occurred_at >= ? AND NOT coalesce(automatic, false) AND NOT coalesce(bulk, false) LIMIT 1`,
    [clock.leadId, clock.startedAt],
  );
  return rows.length > 0;
}

/** pauses a clock by hand. @throws AppError PAUSE_… with what would help. */
export function pauseClock(kit: Kit, context: VerbContext, id: number, request: PauseRequest): Promise<Clock> {
  const { actor, now } = context;
  if (request.until && request.until.getTime() <= now.getTime())
    throw badRequest('PAUSE_UNTIL_PAST', 'A pause ends in the future.', { field: 'until' });
  return changeClock(kit, id, by(context, 'pause', request.note), now, async ({ clock, shelf }, trx) => {
    const metric = shelf.metric(clock.versionId, clock.metric);
    const answer = checkPause(clock, metric, request.reason, await hasSent(trx, clock));
    if (!answer.ok)
      throw conflict(answer.code, REFUSED[answer.code], {
        reasons: pauseRulesOf(metric)?.reasons.map(({ key, label }) => ({ key, label })) ?? [],
      });
    const { key, untilInbound } = answer.reason;
    return { kind: 'pause', reason: key, untilInbound, until: request.until ?? null, by: actor.memberId };
  });
}

/** Ends a pause by hand. @throws AppError PAUSE_NOT_PAUSED for one that a condition keeps, or none. */
export const resumeClock = (kit: Kit, context: VerbContext, id: number): Promise<Clock> =>
  changeClock(kit, id, by(context, 'resume'), context.now, async ({ clock }) => {
    if (clock.state !== 'paused' || clock.pauseKind !== 'manual')
      throw conflict('PAUSE_NOT_BY_HAND', 'Only a pause that somebody made by hand can be ended by hand.');
    return { kind: 'resume' };
  });

/** waives a miss, with the reason. @throws AppError WAIVE_NOT_MISSED */
export const waiveClock = (kit: Kit, context: VerbContext, id: number, reason: string): Promise<Clock> =>
  changeClock(kit, id, by(context, 'waive', reason), context.now, async ({ clock }) => {
    if (!canWaive(clock)) throw conflict('WAIVE_NOT_MISSED', 'Only a miss can be waived, and only once.');
    return { kind: 'waive', by: context.actor.memberId, reason };
  });

/** Takes a waiver back. @throws AppError WAIVE_NONE */
export const unwaiveClock = (kit: Kit, context: VerbContext, id: number): Promise<Clock> =>
  changeClock(kit, id, by(context, 'unwaive'), context.now, async ({ clock }) => {
    if (clock.state !== 'waived') throw conflict('WAIVE_NONE', 'This miss was not waived.');
    return { kind: 'unwaive', by: context.actor.memberId };
  });
