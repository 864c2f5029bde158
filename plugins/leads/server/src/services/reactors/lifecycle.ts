import type { Condition, Kit } from '@leadsea/crm-core';
import type { Lifecycle, Reactor } from '../../../../contracts';
import { movesFrom } from '../../domain/lifecycle/transitions';
import { leadEvent } from '../apply/changes';
import { liveLifecycle } from '../stages';

export { liveLifecycle };

const MAX_STEPS = 3;

const checked = new WeakMap<Lifecycle, ReadonlySet<Condition>>();

/** Automatic moves that can be asked here: one over a fact of a plugin that is not installed (the grade, say) is left to people. */
function knownMoves(kit: Kit, graph: Lifecycle): ReadonlySet<Condition> {
  const known = checked.get(graph);
  if (known) return known;
  const sound = new Set(
    graph.transitions.flatMap((move) =>
      move.auto && !kit.conditions.check(move.auto, 'lead').some((finding) => finding.level === 'error') ? [move.auto] : [],
    ),
  );
  checked.set(graph, sound);
  return sound;
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
      const distinct = new Map(moves.map(({ move, condition }) => [`${move.from}>${move.to}`, condition]));
      const hits = await set.matches(
        [...distinct].map(([key, condition]) => ({ key, condition })),
        [...new Set(moves.map(({ entry }) => entry))],
      );
      let moved = false;
      for (const { entry, move } of moves) {
        if (entry.row.stage !== move.from && move.from !== '*') continue;
        if (entry.row.stage === move.to || !hits.get(entry.id)?.has(`${move.from}>${move.to}`)) continue;
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
      if (!moved) return;
    }
  },
});
