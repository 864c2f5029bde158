import { many, one } from '@leadsea/crm-core';
import type { Kit, LocalisedText, Sql } from '@leadsea/crm-core';
import type { Lifecycle, Transition } from '../../../contracts/lifecycle';

interface MoveCount {
  readonly from: string;
  readonly to: string;
  readonly label: LocalisedText;
  /** Leads that stand where this move begins and for which it holds now. */
  readonly leads: number;
  /** Of them those the live graph would not move this way. */
  readonly newly: number;
  /** Leads the live graph would move this way and the draft would not. */
  readonly dropped: number;
}

const NOBODY: Sql = { sql: 'FALSE', bindings: [] };

const movedBy = async (kit: Kit, holds: Sql, held: Sql): Promise<Pick<MoveCount, 'leads' | 'newly' | 'dropped'>> =>
  (await one<Pick<MoveCount, 'leads' | 'newly' | 'dropped'>>(
    kit.db,
    `SELECT count(*) FILTER (WHERE x.holds)::int AS leads, count(*) FILTER (WHERE x.holds AND NOT x.held)::int AS newly,
       count(*) FILTER (WHERE x.held AND NOT x.holds)::int AS dropped
     FROM (SELECT (${holds.sql}) IS TRUE AS holds, (${held.sql}) IS TRUE AS held FROM crm_leads l WHERE l.merged_into IS NULL AND ((${holds.sql}) OR (${held.sql})) OFFSET 0) x`,
    [...holds.bindings, ...held.bindings, ...holds.bindings, ...held.bindings],
  )) ?? { leads: 0, newly: 0, dropped: 0 };

const nameOf = ({ from, to }: Transition): string => `${from}>${to}`;

/** What a stage graph would do to the leads there are: how many stand in each stage, whose stage is gone, and which moves the product would make by itself. */
export async function previewLifecycle(kit: Kit, draft: Lifecycle): Promise<Record<string, unknown>> {
  const now = kit.clock.now();
  const stages = await many<{ stage: string; leads: number }>(
    kit.db,
    'SELECT stage, count(*)::int AS leads FROM crm_leads WHERE merged_into IS NULL GROUP BY stage',
  );
  const counted = new Map(stages.map(({ stage, leads }) => [stage, leads]));
  const known = new Set(draft.stages.map(({ key }) => key));
  const live = (await kit.policies.live<Lifecycle>('lifecycle'))[0]?.body ?? null;
  const before = new Map((live?.transitions ?? []).filter(({ auto }) => auto).map((move) => [nameOf(move), move]));
  const moves: MoveCount[] = [];
  for (const move of draft.transitions) {
    if (!move.auto) continue;
    const old = before.get(nameOf(move));
    const count = await movedBy(kit, movable(kit, move, now), old ? movable(kit, old, now) : NOBODY);
    moves.push({ from: move.from, to: move.to, label: move.label, ...count });
  }
  const kept = new Set(moves.map((move) => `${move.from}>${move.to}`));
  for (const [name, old] of before)
    if (!kept.has(name))
      moves.push({ from: old.from, to: old.to, label: old.label, ...(await movedBy(kit, NOBODY, movable(kit, old, now))) });
  return {
    stages: draft.stages.map(({ key, label }) => ({
      key,
      label,
      leads: counted.get(key) ?? 0,
      isNew: !live?.stages.some((stage) => stage.key === key),
    })),
    /** Stages in which leads stand and which the draft does not have. */
    orphans: stages
      .filter(({ stage }) => !known.has(stage))
      .map(({ stage, leads }) => ({ key: stage, label: live?.stages.find(({ key }) => key === stage)?.label ?? null, leads })),
    moves,
  };
}

/** Which leads an automatic move is for: those where it begins, of which its condition and its guard hold. */
function movable(kit: Kit, move: Transition, now: Date): Sql {
  const parts = [move.auto, move.guard].flatMap((condition) =>
    condition ? [kit.conditions.compile(condition, 'lead', 'l', { now, actor: null })] : [],
  );
  const from = move.from === '*' ? { sql: 'l.stage <> ?', bindings: [move.to] } : { sql: 'l.stage = ?', bindings: [move.from] };
  const all = [from, ...parts];
  return { sql: all.map(({ sql }) => `(${sql})`).join(' AND '), bindings: all.flatMap(({ bindings }) => [...bindings]) };
}
