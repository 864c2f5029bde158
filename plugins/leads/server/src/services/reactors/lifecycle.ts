import type { Condition, Kit } from '@leadsea/crm-core';
import type { Lifecycle, Reactor, Transition, WorkingSet } from '../../../../contracts';
import { movesFrom } from '../../domain/lifecycle/transitions';
import { missingFields } from '../../resources/required';
import { leadEvent } from '../apply/changes';
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

/** Takes the automatic moves whose condition holds now; each kind of move once per cycle, so a lead never swings to and fro. */
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
        entry.changed.size + entry.engagements.length + entry.activities.length + entry.asks.size === 0 || entry.row.quarantine !== null
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
      let moved = false;
      for (const { entry, move } of moves) {
        if (entry.row.stage !== move.from && move.from !== '*') continue;
        if (entry.row.stage === move.to || !hits.get(entry.id)?.has(`${move.from}>${move.to}`)) continue;
        const missing = missingFields(move.requires, entry.row);
        if (missing.length > 0) {
          held.push({ id: entry.id, isNew: entry.isNew, stage: entry.row.stage, to: move.to, missing });
          continue;
        }
        set.emit(
          leadEvent(entry.id, 'lead.stage_changed', {
            before: { stage: entry.row.stage, stageEnteredAt: entry.row.stage_entered_at ?? null },
            after: { stage: move.to, stageEnteredAt: set.now },
            policyVersionId: versionId,
            data: { automatic: true },
          }),
        );
        set.set(entry.id, { stage: move.to, stage_entered_at: set.now });
        moved = true;
      }
      await tellHeld(set, held, versionId);
      if (!moved) return;
    }
  },
});
