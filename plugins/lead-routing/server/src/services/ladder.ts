import { many } from '@leadsea/crm-core';
import type { Kit, NoticeInput, TimerHandler } from '@leadsea/crm-core';
import type { Entry, LeadChange, Leads, WorkingSet } from '@leadsea/leads';
import { nextMove, type LadderMove } from '../domain/ladder';
import { ladderStepOf } from './asks';
import type { LeadPast } from './lead-facts';
import type { LivePolicy } from './plans';

export const ladderKey = (leadId: number): string => `routing-ladder:${leadId}`;

/** Asks again at `at`, if nobody has answered and the owner is the same by then. */
function arm(set: WorkingSet, entry: Entry, at: Date, ask: readonly string[]): void {
  set.arm({
    kind: 'routing.ladder',
    key: ladderKey(entry.id),
    subject: 'lead',
    subjectId: entry.id,
    dueAt: at,
    payload: { owner: entry.row.owner_id, since: set.now.toISOString(), ask },
  });
}

export const askAgain = (set: WorkingSet, entry: Entry, at: Date): void => arm(set, entry, at, ['reroute:sla-breach']);
const armStep = (set: WorkingSet, entry: Entry, step: number, seconds: number): void =>
  arm(set, entry, new Date(set.now.getTime() + Math.max(1, seconds) * 1000), ['reroute:ladder', `ladder:${step}`]);

const notice = (entry: Entry, memberId: number, to: 'owner' | 'manager'): NoticeInput => ({
  memberId,
  type: 'routing.ladder',
  subject: 'lead',
  subjectId: entry.id,
  title:
    to === 'owner'
      ? { zh: '线索已超时，请尽快跟进，否则将被改派', en: 'A deadline has passed: follow up, or the lead goes to somebody else' }
      : { zh: '下属的线索已超时', en: 'A lead of somebody in your team has passed its deadline' },
  ...(entry.row.name ? { body: { zh: entry.row.name, en: entry.row.name } } : {}),
  link: `/leads/${entry.id}`,
});

export type LadderOutcome = 'route' | 'done' | { readonly forced: 'manager' | { readonly pool: string; readonly offered: boolean } };

/** Carries out what the ladder says about a lead whose deadline was missed; `route` = it goes through the rules now. */
export function climb(
  set: WorkingSet,
  { entry, policy }: { readonly entry: Entry; readonly policy: LivePolicy },
  past: LeadPast | undefined,
  managers: ReadonlyMap<number, number>,
): LadderOutcome {
  const steps = policy.body.reroute.ladder;
  const move: LadderMove = nextMove(steps, past?.ladder ?? null, entry.row.last_follow_up_at, ladderStepOf(entry.asks));
  if (move.kind === 'route') return 'route';
  if (move.kind === 'wait') {
    armStep(set, entry, move.step, move.seconds);
    return 'done';
  }
  const owner = entry.row.owner_id;
  set.defer(async (trx) => {
    await trx.raw(
      `INSERT INTO crm_routing_ladders (lead_id, step, owner_id, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (lead_id) DO UPDATE SET step = excluded.step, owner_id = excluded.owner_id, at = excluded.at`,
      [entry.id, move.step, owner, set.now],
    );
  });
  switch (move.action) {
    case 'reassign':
      return 'route';
    case 'manager':
      return { forced: 'manager' };
    case 'pool':
    case 'offer':
      return move.pool === null ? 'route' : { forced: { pool: move.pool, offered: move.action === 'offer' } };
    case 'notify-owner':
    case 'notify-manager': {
      const to = move.action === 'notify-owner' ? owner : owner === null ? null : (managers.get(owner) ?? null);
      if (to !== null) set.notify(notice(entry, to, move.action === 'notify-owner' ? 'owner' : 'manager'));
      const next = steps[move.step + 1];
      if (next) armStep(set, entry, move.step + 1, next.wait);
      return 'done';
    }
  }
}

/** `routing.ladder`: the next step of a lead that still has the owner who missed the deadline and has not been followed up since. */
export const ladderHandler =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const rows = await many<{ id: number; owner_id: number | null; last_follow_up_at: Date | null }>(
      trx,
      'SELECT id, owner_id, last_follow_up_at FROM crm_leads WHERE id = ANY(?::int[]) AND merged_into IS NULL',
      [due.map((timer) => timer.subjectId)],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const changes = due.flatMap((timer): LeadChange[] => {
      const { owner, since, ask } = timer.payload as { owner?: number | null; since?: string; ask?: string[] };
      const row = byId.get(timer.subjectId);
      if (!row || !since || !ask || row.owner_id === null || row.owner_id !== owner) return [];
      const answered = row.last_follow_up_at !== null && row.last_follow_up_at.getTime() > new Date(since).getTime();
      return answered ? [] : [{ op: 'touch', id: row.id, ask }];
    });
    if (changes.length === 0) return;
    await leads.apply({
      trx,
      changes,
      actor: { ...kit.actors.system('Routing'), kind: 'timer' },
      cause: { type: 'timer', id: 'routing.ladder' },
      now,
    });
  };
