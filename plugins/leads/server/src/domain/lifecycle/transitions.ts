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
  for (const key of keys)
    if (!reached.has(key))
      findings.push({ level: 'warning', code: 'STAGE_UNREACHABLE', message: `No move leads to the stage "${key}".`, path: 'stages' });
  return findings;
}
