import { badRequest, many, type Actor, type Condition, type Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE, type Lifecycle } from '@leadsea/leads';
import type { Contract, PeriodObligation } from '../../../contracts';
import { PERIOD_DAYS } from '../domain/period';
import { QUALIFIED_FACT, qualifiedCondition } from '../domain/qualified';

const WEEKS = 13;

export interface Supply {
  /** Leads captured in each of the last 13 weeks, and those of them that fit the definition; the oldest first. */
  readonly weeks: readonly { readonly week: string; readonly leads: number; readonly qualified: number }[];
  readonly perWeek: number;
  /** What marketing has promised, and what the same supply would give in the period. */
  readonly promises: readonly {
    readonly key: string;
    readonly label: PeriodObligation['label'];
    readonly atLeast: number;
    readonly expected: number;
    readonly enough: boolean;
  }[];
}

/** Whether marketing can supply enough under this definition: what the last quarter would have given. */
export async function supplyOf(kit: Kit, body: Contract, now: Date): Promise<Supply> {
  const condition = body.qualified ? qualifiedCondition(body.qualified) : { combinator: 'and' as const, rules: [] };
  const compiled = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
  const rows = await many<{ week: number; leads: number; qualified: number }>(
    kit.db,
    `SELECT floor(extract(epoch FROM ?::timestamptz - l.captured_at) / 604800)::int AS week, count(*)::int AS leads,
       count(*) FILTER (WHERE ${compiled.sql})::int AS qualified
     FROM crm_leads l WHERE l.captured_at > ?::timestamptz - interval '${WEEKS} weeks' AND l.captured_at <= ? AND l.merged_into IS NULL
       AND l.quarantine IS NULL AND NOT coalesce(l.is_test, false) GROUP BY 1`,
    [now, ...compiled.bindings, now, now],
  );
  const byWeek = new Map(rows.map((row) => [row.week, row]));
  const weeks = Array.from({ length: WEEKS }, (_, index) => {
    const back = WEEKS - 1 - index;
    const row = byWeek.get(back);
    return {
      week: new Date(now.getTime() - (back + 1) * 604_800_000).toISOString().slice(0, 10),
      leads: row?.leads ?? 0,
      qualified: row?.qualified ?? 0,
    };
  });
  const perWeek = weeks.reduce((sum, week) => sum + week.qualified, 0) / WEEKS;
  const promises = (body.obligations ?? []).flatMap((one) => {
    if (one.kind !== 'period' || one.measure.kind === 'share' || one.obligor !== 'marketing') return [];
    const expected = Math.round((perWeek * PERIOD_DAYS[one.period]) / 7);
    return [{ key: one.key, label: one.label, atLeast: one.atLeast, expected, enough: expected >= one.atLeast }];
  });
  return { weeks, perWeek: Math.round(perWeek * 10) / 10, promises };
}

/**
 * Makes the definition of the contract the rule of the lifecycle: the automatic move into the offered stage asks the fact
 * `sla.qualified` and nothing else. Publishes a new version of the stage graph.
 */
export async function bindLifecycle(kit: Kit, body: Contract, actor: Actor, now: Date): Promise<{ readonly versionId: number | null }> {
  if (!body.qualified) throw badRequest('QUALIFIED_MISSING', 'The contract does not say what a qualified lead is.');
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  const graph = live?.body ?? STANDARD_LIFECYCLE;
  const stage = body.handOff?.offered ?? 'mql';
  const auto: Condition = { combinator: 'and', rules: [{ field: QUALIFIED_FACT, operator: 'isTrue' }] };
  const moves = graph.transitions.filter((move) => move.to === stage && move.from === graph.initial);
  if (moves.length === 0) throw badRequest('STAGE_UNKNOWN', `The stage graph has no move from ${graph.initial} to ${stage}.`, { stage });
  const next: Lifecycle = { ...graph, transitions: graph.transitions.map((move) => (moves.includes(move) ? { ...move, auto } : move)) };
  const { versionId } = await kit.policies.upsert(
    { kind: 'lifecycle', key: live?.key ?? 'standard', name: live?.name ?? 'Standard', body: next, publish: true },
    actor,
    now,
  );
  return { versionId };
}
