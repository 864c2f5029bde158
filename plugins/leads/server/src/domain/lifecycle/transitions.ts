import type { Lifecycle, Transition } from '../../../../contracts';

export interface LifecycleFinding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** Moves out of a stage: its own first, then those from anywhere (never to itself). */
export const movesFrom = (lifecycle: Lifecycle, stage: string): readonly Transition[] => [
  ...lifecycle.transitions.filter((transition) => transition.from === stage),
  ...lifecycle.transitions.filter(
    (transition) =>
      transition.from === '*' &&
      transition.to !== stage &&
      !lifecycle.transitions.some((own) => own.from === stage && own.to === transition.to),
  ),
];

export const findMove = (lifecycle: Lifecycle, from: string, to: string): Transition | null =>
  movesFrom(lifecycle, from).find((transition) => transition.to === to) ?? null;

/** Stages in which a lead is no longer worked: those that end in a win or a loss. */
export const closedStagesOf = (lifecycle: Lifecycle): readonly string[] =>
  lifecycle.stages.filter(({ type }) => type === 'won' || type === 'lost').map(({ key }) => key);

/** Where "qualify" leads: the stage's own first manual move that does not close the lead; null when there is none. */
export function nextStage(lifecycle: Lifecycle, stage: string): string | null {
  const closed = closedStagesOf(lifecycle);
  return lifecycle.transitions.find((move) => move.from === stage && move.manual && !closed.includes(move.to))?.to ?? null;
}

/** A graph is sound when every stage named exists, can be reached and no stage is declared twice. */
export function checkLifecycle(lifecycle: Lifecycle): LifecycleFinding[] {
  const findings: LifecycleFinding[] = [];
  const keys = lifecycle.stages.map((stage) => stage.key);
  const known = new Set(keys);
  if (known.size !== keys.length)
    findings.push({ level: 'error', code: 'STAGE_TWICE', message: 'Two stages have the same key.', path: 'stages' });
  if (!known.has(lifecycle.initial))
    findings.push({
      level: 'error',
      code: 'STAGE_UNKNOWN',
      message: `The first stage "${lifecycle.initial}" does not exist.`,
      path: 'initial',
    });
  lifecycle.transitions.forEach((transition, index) => {
    for (const end of [transition.from, transition.to]) {
      if (end !== '*' && !known.has(end))
        findings.push({
          level: 'error',
          code: 'STAGE_UNKNOWN',
          message: `A move names the stage "${end}", which does not exist.`,
          path: `transitions[${index}]`,
        });
    }
    const twin = lifecycle.transitions.findIndex((other) => other.from === transition.from && other.to === transition.to);
    if (twin < index)
      findings.push({
        level: 'error',
        code: 'MOVE_TWICE',
        message: `The move ${transition.from} → ${transition.to} is there twice.`,
        path: `transitions[${index}]`,
      });
  });
  const reached = new Set([lifecycle.initial]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { from, to } of lifecycle.transitions) {
      if ((from === '*' || reached.has(from)) && !reached.has(to)) {
        reached.add(to);
        grown = true;
      }
    }
  }
  lifecycle.stages.forEach(({ key, type }, index) => {
    const path = `stages[${index}]`;
    if (!reached.has(key))
      findings.push({ level: 'warning', code: 'STAGE_UNREACHABLE', message: `No move leads to the stage "${key}".`, path });
    if (type !== 'won' && type !== 'lost' && movesFrom(lifecycle, key).length === 0)
      findings.push({
        level: 'warning',
        code: 'STAGE_DEAD_END',
        message: `No move leads out of the stage "${key}", and it is not closed.`,
        path,
      });
  });
  if (!lifecycle.stages.some(({ type }) => type === 'won'))
    findings.push({ level: 'warning', code: 'NO_WON_STAGE', message: 'No stage is a win; reports cannot count one.', path: 'stages' });
  return [...findings, ...automaticCircles(lifecycle)];
}

/** Moves the product makes by itself that lead back to where they began, all by one condition: as long as it holds, a lead goes round. */
function automaticCircles(lifecycle: Lifecycle): LifecycleFinding[] {
  const moves = lifecycle.transitions.map((move, index) => ({ ...move, index })).filter(({ auto }) => auto);
  const leadsBack = (from: string, to: string, condition: string): boolean => {
    const seen = new Set([to]);
    for (const stage of seen) {
      if (stage === from) return true;
      for (const move of moves)
        if (JSON.stringify(move.auto) === condition && (move.from === stage || move.from === '*')) seen.add(move.to);
    }
    return false;
  };
  return moves
    .filter(({ from, to, auto, index }) => {
      const back = moves.some((other) => other.index !== index && JSON.stringify(other.auto) === JSON.stringify(auto));
      return from !== '*' && back && leadsBack(from, to, JSON.stringify(auto));
    })
    .map(({ from, to, index }) => ({
      level: 'error',
      code: 'AUTO_CIRCLE',
      message: `The move ${from} → ${to} and another one lead round in a circle by the same condition.`,
      path: `transitions[${index}]`,
    }));
}
