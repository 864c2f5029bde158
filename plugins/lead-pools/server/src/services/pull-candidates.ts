import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Pull, PullOrder } from '../../../contracts';

const TERMS: Readonly<Record<PullOrder, string>> = {
  urgency: 'CASE WHEN l.next_action_at <= :now THEN l.next_action_at END ASC NULLS LAST',
  grade: 'l.grade ASC NULLS LAST',
  score: 'l.score DESC NULLS LAST',
  age: 'l.pool_entered_at ASC',
  fresh: 'l.captured_at DESC NULLS LAST',
};

export interface PullQuestion {
  readonly poolId: number;
  readonly memberId: number;
  readonly pull: Pull;
  readonly embargoSeconds: number;
  readonly closed: readonly string[];
  /** Tried already in this request. */
  readonly without: readonly number[];
  readonly count: number;
}

type Phase = { readonly where: string; readonly order: readonly string[] };

/** Urgency as the first key is two walks of an index instead of one sort of the whole pool: first what is promised and due, then the rest. */
function phasesOf([first, ...rest]: readonly PullOrder[]): readonly Phase[] {
  const terms = rest.map((key) => TERMS[key]);
  if (first !== 'urgency') return [{ where: 'TRUE', order: [...(first ? [TERMS[first]] : []), ...terms] }];
  return [
    { where: 'l.next_action_at <= :now', order: ['l.next_action_at ASC', ...terms] },
    { where: '(l.next_action_at IS NULL OR l.next_action_at > :now)', order: terms },
  ];
}

const SELECT = ({ where, order }: Phase, lock: boolean): string => `
  SELECT l.id FROM crm_leads l
  WHERE l.pool_id = :pool AND l.owner_id IS NULL AND l.merged_into IS NULL AND l.pool_entered_at <= :rested
    AND (l.do_not_contact_until IS NULL OR l.do_not_contact_until <= :now) AND l.stage <> ALL(:closed::text[]) AND l.id <> ALL(:without::int[])
    AND ${where}
    AND NOT EXISTS (SELECT 1 FROM crm_pool_offers o WHERE o.member_id = :member AND o.lead_id = l.id AND o.state IN ('skipped', 'expired') AND o.ended_at > :passed)
  ORDER BY ${[...order, 'l.id'].join(', ')} LIMIT :count ${lock ? 'FOR NO KEY UPDATE OF l SKIP LOCKED' : ''}`;

/**
 * The next leads for one person in the order of the queue, locked, without those another person is just taking: two people who ask at once
 * get two leads and neither waits.
 */
export async function pullCandidates(trx: Knex.Transaction, question: PullQuestion, now: Date): Promise<readonly number[]> {
  const bindings = {
    pool: question.poolId,
    member: question.memberId,
    now,
    rested: new Date(now.getTime() - question.embargoSeconds * 1000),
    passed: new Date(now.getTime() - question.pull.restSeconds * 1000),
    closed: [...question.closed],
    without: [...question.without],
  };
  const found: number[] = [];
  for (const phase of phasesOf(question.pull.order)) {
    if (found.length >= question.count) break;
    const { rows } = await trx.raw<{ rows: { id: number }[] }>(SELECT(phase, true), { ...bindings, count: question.count - found.length });
    found.push(...rows.map((row) => row.id));
  }
  return found;
}

/** How many leads wait in a queue for anybody, at most `most`. */
export async function waitingIn(
  db: Knex | Knex.Transaction,
  poolId: number,
  closed: readonly string[],
  now: Date,
  most = 1000,
): Promise<number> {
  const [row] = await many<{ n: number }>(
    db,
    `SELECT count(*)::int AS n FROM (
       SELECT 1 FROM crm_leads l WHERE l.pool_id = ? AND l.owner_id IS NULL AND l.merged_into IS NULL AND l.stage <> ALL(?::text[])
         AND (l.do_not_contact_until IS NULL OR l.do_not_contact_until <= ?) LIMIT ?) x`,
    [poolId, [...closed], now, most],
  );
  return row?.n ?? 0;
}
