import { many, one } from '@leadsea/crm-core';
import type { Kit, LocalisedText } from '@leadsea/crm-core';
import type { Lifecycle, Transition } from '../../../contracts/lifecycle';

interface MoveCount {
  readonly from: string;
  readonly to: string;
  readonly label: LocalisedText;
  /** Leads that stand where this move begins and for which it holds now. */
  readonly leads: number;
  /** Of them those the live graph would not move this way. */
  readonly newly: number;
}

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
    const holds = movable(kit, move, now);
    const old = before.get(nameOf(move));
    const held = old ? movable(kit, old, now) : { sql: 'FALSE', bindings: [] };
    const count = await one<{ leads: number; newly: number }>(
      kit.db,
      `SELECT count(*)::int AS leads, count(*) FILTER (WHERE NOT (${held.sql}))::int AS newly FROM crm_leads l WHERE l.merged_into IS NULL AND ${holds.sql}`,
      [...held.bindings, ...holds.bindings],
    );
    moves.push({ from: move.from, to: move.to, label: move.label, leads: count?.leads ?? 0, newly: count?.newly ?? 0 });
  }
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
function movable(kit: Kit, move: Transition, now: Date): { readonly sql: string; readonly bindings: readonly unknown[] } {
  const parts = [move.auto, move.guard].flatMap((condition) =>
    condition ? [kit.conditions.compile(condition, 'lead', 'l', { now, actor: null })] : [],
  );
  const from = move.from === '*' ? { sql: 'l.stage <> ?', bindings: [move.to] } : { sql: 'l.stage = ?', bindings: [move.from] };
  const all = [from, ...parts];
  return { sql: all.map(({ sql }) => `(${sql})`).join(' AND '), bindings: all.flatMap(({ bindings }) => [...bindings]) };
}
