import { GRADES, LETTERS, NUMBERS } from '../../../contracts';
import type { Grade, GradingModel, Heat, Label, Labelling } from '../../../contracts';
import { ROUND_SLACK, fallsTo } from './decay';

/** What a lead holds now, when this model version gave it; otherwise thresholds are applied afresh. */
export interface CurrentGrade {
  readonly grade: Grade;
  readonly heat: Heat | null;
}

export interface GradeResult {
  readonly score: number;
  readonly grade: Grade;
  readonly heat: Heat;
}

const HEAT_ORDER: readonly Heat[] = ['hot', 'warm', 'cold'];

/** Index of the first threshold reached, best first; `limits.length` when none is. */
const bandOf = (value: number, limits: readonly number[]): number => {
  const index = limits.findIndex((limit) => value >= limit);
  return index === -1 ? limits.length : index;
};

/**
 * §6 hysteresis: rises at the threshold, falls only below threshold − margin, and then only as far as the margin allows.
 * Bands are indexes, 0 best; `current` null = no band held yet.
 */
export function bandWithHysteresis(value: number, limits: readonly number[], current: number | null, margin: number): number {
  const target = bandOf(value, limits);
  if (current === null || current >= target) return target;
  return Math.max(current, bandOf(value + margin, limits));
}

/** Weighted sum of the axes, nearest integer, between the total's floor and cap. */
export function totalScore(model: GradingModel, fit: number, engagement: number): number {
  const sum = Math.floor((model.weights.fit * fit + model.weights.engagement * engagement) / 100 + 0.5);
  return Math.max(model.total.floor, Math.min(model.total.cap, sum));
}

function heatOf(labelling: Labelling, grade: Grade, score: number, current: Heat | null, margin: number): Heat {
  if (labelling.by === 'grid') return labelling.cells[grade] ?? 'cold';
  const band = bandWithHysteresis(score, [labelling.hot, labelling.warm], current === null ? null : HEAT_ORDER.indexOf(current), margin);
  return HEAT_ORDER[band] ?? 'cold';
}

/** Letter over fit, number over engagement, heat by the grid or the total score. `engagement` is the shown integer. */
export function decideGrade(model: GradingModel, fit: number, engagement: number, current: CurrentGrade | null): GradeResult {
  const { letters, numbers, hysteresis } = model.thresholds;
  const letterNow = current ? LETTERS.findIndex((letter) => current.grade.startsWith(letter)) : null;
  const numberNow = current ? NUMBERS.findIndex((number) => current.grade.endsWith(String(number))) : null;
  const letter = LETTERS[bandWithHysteresis(fit, [letters.A, letters.B, letters.C], letterNow, hysteresis)] ?? 'D';
  const number = NUMBERS[bandWithHysteresis(engagement, [numbers[1], numbers[2], numbers[3]], numberNow, hysteresis)] ?? 4;
  const grade: Grade = `${letter}${number}`;
  const score = totalScore(model, fit, engagement);
  return { score, grade, heat: heatOf(model.labelling, grade, score, current?.heat ?? null, hysteresis) };
}

/** Reads a stored pair of columns; null when it is no grade of ours. A disqualified lead holds no heat. */
export function currentGrade(grade: string | null, label: string | null): CurrentGrade | null {
  const known = GRADES.find((each) => each === grade);
  if (!known) return null;
  return { grade: known, heat: HEAT_ORDER.find((heat) => heat === label) ?? null };
}

export const labelOf = (heat: Heat, disqualified: boolean): Label => (disqualified ? 'disqualified' : heat);

/** The largest engagement at which the number of the held grade is left; null when there is no lower one. */
function numberLeftAt({ thresholds }: GradingModel, grade: Grade): number | null {
  const { numbers, hysteresis } = thresholds;
  const limit = [numbers[1], numbers[2], numbers[3]][Number(grade[1]) - 1];
  return limit === undefined ? null : limit - hysteresis - 1;
}

/** The largest engagement at which the total score is so low that the held heat is left; null when it cannot be or the grid decides. */
function heatLeftAt({ labelling, thresholds, weights, total }: GradingModel, fit: number, heat: Heat): number | null {
  if (labelling.by === 'grid' || heat === 'cold' || weights.engagement === 0) return null;
  const score = labelling[heat] - thresholds.hysteresis - 1;
  if (total.floor > score) return null;
  return Math.ceil((100 * (score + 0.5) - weights.fit * fit) / weights.engagement) - 1;
}

/**
 * When the lead must be graded again because time passes and nothing else: the exact instant at which its engagement leaves its band or
 * is `refreshPoints` below what is stored, whichever comes first; a day for decays without a closed form; null when nothing will change.
 * `value` is the engagement before the axis cap.
 */
export function nextReview(model: GradingModel, fit: number, value: number, engagement: number, held: GradeResult, now: Date): Date | null {
  const { decay } = model.engagement;
  if (engagement <= 0 || decay.type === 'none') return null;
  if (decay.type !== 'half-life') return new Date(now.getTime() + 86_400_000);
  const target = Math.max(numberLeftAt(model, held.grade) ?? -1, heatLeftAt(model, fit, held.heat) ?? -1, engagement - model.refreshPoints);
  if (target < 0) return null;
  const at = fallsTo(decay, value, target + 0.5 - ROUND_SLACK, now);
  // One second on: at the instant itself the value still rounds into the band, and a timer may not be armed for now.
  return at && new Date(Math.max(at.getTime(), now.getTime()) + 1000);
}
