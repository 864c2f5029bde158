import { many, type Condition, type Kit } from '@leadsea/crm-core';
import type { Entry, Lifecycle, Reactor, Transition, WorkingSet } from '../../../../contracts';
import { isOncePerCycle } from '../../domain/lifecycle/cycle';
import { movesFrom } from '../../domain/lifecycle/transitions';
import { missingFields } from '../../resources/required';
import { enterStage, leadEvent } from '../apply/changes';
import { liveLifecycle } from '../stages';

export { liveLifecycle };

const MAX_STEPS = 3;

const checked = new WeakMap<Lifecycle, ReadonlySet<Condition>>();

/** Automatic moves that can be asked here: one over a fact of a plugin that is not installed (the grade, say) is left to people. */
function knownMoves(kit: Kit, graph: Lifecycle): ReadonlySet<Condition> {
  const known = checked.get(graph);
  if (known) return known;
  const isSound = (condition: Condition | null | undefined): boolean =>
    !condition || !kit.conditions.check(condition, 'lead').some((finding) => finding.level === 'error');
  const sound = new Set(graph.transitions.flatMap((move) => (move.auto && isSound(move.auto) && isSound(move.guard) ? [move.auto] : [])));
  checked.set(graph, sound);
  return sound;
}

/** A move with a guard is made only when both hold. */
const whenOf = (move: Transition, condition: Condition): Condition =>
  move.guard ? { combinator: 'and', rules: [condition, move.guard] } : condition;

interface Held {
  readonly id: number;
  readonly isNew: boolean;
  readonly stage: string;
  readonly to: string;
  readonly missing: readonly string[];
}

/**
 * Leaves a reason why a move the product would make was not made: the fields that have no value. Said once for as long as the same is missing;
 * one statement, and only when something is held.
 */
async function tellHeld(set: WorkingSet, held: readonly Held[], versionId: number | null): Promise<void> {
  if (held.length === 0) return;
  const old = held.filter(({ isNew }) => !isNew).map(({ id }) => id);
  const { rows } =
    old.length === 0
      ? { rows: [] }
      : await set.trx.raw<{ rows: { id: number; data: { to?: string; missing?: string[] } }[] }>(
          `SELECT DISTINCT ON (subject_id) subject_id AS id, data FROM crm_events
           WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND type IN ('lead.stage_held', 'lead.stage_changed') ORDER BY subject_id, id DESC`,
          [old],
        );
  const told = new Map(rows.map(({ id, data }) => [id, JSON.stringify([data?.to, data?.missing])]));
  for (const { id, stage, to, missing } of held)
    if (told.get(id) !== JSON.stringify([to, missing]))
      set.emit(leadEvent(id, 'lead.stage_held', { policyVersionId: versionId, data: { from: stage, to, missing: [...missing] } }));
}

/** Whether anything happened to a lead by which it may move. One that was just recycled stays until something new happens. */
const mayMove = ({ row, before, changed, engagements, activities, asks }: Entry): boolean =>
  changed.size + engagements.length + activities.length + asks.size > 0 &&
  row.quarantine === null &&
  (before === null || (row.cycle ?? 1) <= (before.cycle ?? 1));

const moveKey = (id: number, stage: string): string => `${id} ${stage}`;

/**
 * Moves that the product makes once in a cycle (§6) and that these leads have had in the cycle they are in: they entered that stage, by whomever,
 * and it was not taken back. One statement, and only when a lead that is not new is about to make such a move.
 */
async function hadThisCycle(
  set: WorkingSet,
  moves: readonly { readonly entry: Entry; readonly move: Transition }[],
): Promise<ReadonlySet<string>> {
  const asked = moves.filter(({ entry, move }) => !entry.isNew && isOncePerCycle(move));
  if (asked.length === 0) return new Set();
  const rows = await many<{ id: number; stage: string; told: boolean }>(
    set.trx,
    `SELECT a.id, a.stage, bool_or(e.type = 'lead.stage_repeated') AS told
     FROM unnest(?::int[], ?::text[], ?::int[]) AS a(id, stage, cycle)
     JOIN crm_events e ON e.subject = 'lead' AND e.subject_id = a.id AND e.type IN ('lead.stage_changed', 'lead.stage_repeated')
       AND coalesce((e.data ->> 'cycle')::int, 1) = a.cycle AND a.stage IN (e.before ->> 'stage', e.after ->> 'stage', e.data ->> 'to')
     GROUP BY a.id, a.stage
     HAVING sum(CASE WHEN e.type <> 'lead.stage_changed' THEN 0 WHEN coalesce(e.data ->> 'undone', 'false') = 'true' THEN -(e.before ->> 'stage' = a.stage)::int
                     ELSE (e.after ->> 'stage' = a.stage)::int END) > 0`,
    [asked.map(({ entry }) => entry.id), asked.map(({ move }) => move.to), asked.map(({ entry }) => entry.row.cycle ?? 1)],
  );
  for (const { id, stage, told } of rows) {
    const { cycle, stage: from } = set.entry(id).row;
    if (!told) set.emit(leadEvent(id, 'lead.stage_repeated', { data: { from, to: stage, cycle } }));
  }
  return new Set(rows.map(({ id, stage }) => moveKey(id, stage)));
}

/** Takes the automatic moves whose condition holds now; a crossing of a grade once per cycle, so a lead never swings to and fro. */
export const lifecycleReactor = (kit: Kit): Reactor => ({
  stage: 'lifecycle',
  name: 'lifecycle',
  run: async (set) => {
    const { graph, versionId } = await liveLifecycle(kit);
    const known = knownMoves(kit, graph);
    for (const entry of set.entries)
      if (entry.isNew && entry.row.stage === 'lead' && graph.initial !== 'lead') set.set(entry.id, { stage: graph.initial });
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const moves = set.entries.flatMap((entry) =>
        !mayMove(entry)
          ? []
          : movesFrom(graph, entry.row.stage).flatMap((move) =>
              move.auto && known.has(move.auto) ? [{ entry, move, condition: move.auto }] : [],
            ),
      );
      if (moves.length === 0) return;
      const distinct = new Map(moves.map(({ move, condition }) => [`${move.from}>${move.to}`, whenOf(move, condition)]));
      const hits = await set.matches(
        [...distinct].map(([key, condition]) => ({ key, condition })),
        [...new Set(moves.map(({ entry }) => entry))],
      );
      const held: Held[] = [];
      const due = moves.filter(({ entry, move }) => entry.row.stage !== move.to && hits.get(entry.id)?.has(`${move.from}>${move.to}`));
      const had = await hadThisCycle(set, due);
      let moved = false;
      for (const { entry, move } of due) {
        if ((entry.row.stage !== move.from && move.from !== '*') || entry.row.stage === move.to) continue;
        if (had.has(moveKey(entry.id, move.to))) continue;
        const missing = missingFields(move.requires, entry.row);
        if (missing.length > 0) {
          held.push({ id: entry.id, isNew: entry.isNew, stage: entry.row.stage, to: move.to, missing });
          continue;
        }
        const { score_epoch: epoch, score_base: base } = entry.row;
        enterStage(set, entry, graph, { to: move.to }, { policyVersionId: versionId, data: { automatic: true } });
        if (entry.row.score_epoch !== epoch || entry.row.score_base !== base) set.ask(entry.id, 'recycled');
        moved = true;
      }
      await tellHeld(set, held, versionId);
      if (!moved) return;
    }
  },
});
