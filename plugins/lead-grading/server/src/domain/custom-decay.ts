import type { Decay } from '../../../contracts';
import type { DecayKind } from '../../../contracts/grading';

type Custom = Extract<Decay, { type: 'custom' }>;
export type StepDecay = Extract<Decay, { type: 'step' }>;

const SAMPLES = 200;
const MOST_DAYS = 3650;
const kinds = new Map<string, DecayKind>();
const sampled = new WeakMap<Custom, StepDecay>();

/** @throws Error when another decay has that kind */
export function addDecayKind(decay: DecayKind): void {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(decay.kind)) throw new Error(`"${decay.kind}" is no kind: lower-case letters, digits, hyphens.`);
  const known = kinds.get(decay.kind);
  if (known && known !== decay) throw new Error(`Two decays are called "${decay.kind}".`);
  kinds.set(decay.kind, decay);
}

export const findDecayKind = (kind: string): DecayKind | null => kinds.get(kind) ?? null;
export const decayKinds = (): readonly DecayKind[] => [...kinds.values()];

/** What a model says, and the defaults for what it leaves out. */
export const paramsOf = (kind: DecayKind, given: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(kind.params.map((param) => [param.key, given[param.key] ?? param.default]));

function sample(kind: DecayKind, given: Readonly<Record<string, number>>): StepDecay {
  const params = paramsOf(kind, given);
  const width = Math.min(MOST_DAYS, Math.max(1 / 24, kind.horizonDays(params))) / SAMPLES;
  const steps: StepDecay['steps'] = [];
  for (let index = 0; index <= SAMPLES; index += 1) {
    const part = kind.left(index * width, params);
    const percent = Math.round(100 * Math.min(1, Math.max(0, Number.isFinite(part) ? part : 0)));
    if (percent !== (steps.at(-1)?.percent ?? 100)) steps.push({ afterDays: index * width, percent });
  }
  return { type: 'step', steps };
}

/**
 * A registered decay as the steps it is evaluated by. One whose plugin is gone keeps all points: a model that was published goes on grading,
 * and its next draft is refused by lint.
 */
export function stepsOf(decay: Custom): StepDecay {
  const known = sampled.get(decay);
  if (known) return known;
  const kind = findDecayKind(decay.kind);
  if (!kind) return { type: 'step', steps: [] };
  const steps = sample(kind, decay.params);
  sampled.set(decay, steps);
  return steps;
}
