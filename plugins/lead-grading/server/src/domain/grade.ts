import { GRADES, LETTERS, NUMBERS } from '../../../contracts';
import type { Grade, GradingModel, Heat, Label, Labelling } from '../../../contracts';
import { ROUND_SLACK, fallsTo } from './decay';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

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

/** What else a grade may depend on than fit and engagement. */
export interface GradeContext {
  /** Null when the model has no intent axis. */
  readonly intent?: number | null;
  /** Engagement as it was `dwellMinutes` ago; absent = the model asks for no dwell. */
  readonly settled?: number | null;
  /** The score at which the lead was recycled; null when it was not, or has come back since. */
  readonly scoreBase?: number | null;
}

/** How fast points that keep no forward form may fade. */
export interface Pace {
  /** Points that are not used up yet, over all engagements that count. */
  readonly alive: number;
  /** The next instant at which the decay takes a step. */
  readonly nextAt: Date | null;
  /** Engagement with the product the lead did most with; no product falls by more points than it. */
  readonly product?: number;
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

/** §6 dwell: a better band than the held one (none = the worst) counts only as far as it was reached at the earlier moment too. */
export const bandWithDwell = (band: number, settledBand: number, current: number | null, worst: number): number => {
  const held = current ?? worst;
  return band < held ? Math.min(held, Math.max(band, settledBand)) : band;
};

/** Weighted sum of the axes, nearest integer, between the total's floor and cap. */
export function totalScore(model: GradingModel, fit: number, engagement: number, intent = 0): number {
  const { weights } = model;
  const sum = Math.floor((weights.fit * fit + weights.engagement * engagement + weights.intent * intent) / 100 + 0.5);
  return Math.max(model.total.floor, Math.min(model.total.cap, sum));
}

function heatOf(labelling: Labelling, grade: Grade, score: number, settled: number | null, current: Heat | null, margin: number): Heat {
  if (labelling.by === 'grid') return labelling.cells[grade] ?? 'cold';
  const limits = [labelling.hot, labelling.warm];
  const held = current === null ? null : HEAT_ORDER.indexOf(current);
  const band = bandWithHysteresis(score, limits, held, margin);
  return HEAT_ORDER[settled === null ? band : bandWithDwell(band, bandOf(settled, limits), held, limits.length)] ?? 'cold';
}

/** The score a recycled lead must reach before it is anything but cold; null when nothing is asked. */
export function requiredScore({ recycle }: Pick<GradingModel, 'recycle'>, base: number | null | undefined): number | null {
  if (base === null || base === undefined) return null;
  if (recycle.mode === 'delta') return base + recycle.points;
  return recycle.mode === 'relative' ? Math.ceil((base * (100 + recycle.percent)) / 100) : null;
}

/** Letter over fit, number over engagement or intent, heat by the grid or the total score. `engagement` is the shown integer. */
export function decideGrade(
  model: GradingModel,
  fit: number,
  engagement: number,
  current: CurrentGrade | null,
  { intent = null, settled = null, scoreBase = null }: GradeContext = {},
): GradeResult {
  const { letters, numbers, hysteresis } = model.thresholds;
  const letterNow = current ? LETTERS.findIndex((letter) => current.grade.startsWith(letter)) : null;
  const numberNow = current ? NUMBERS.findIndex((number) => current.grade.endsWith(String(number))) : null;
  const letter = LETTERS[bandWithHysteresis(fit, [letters.A, letters.B, letters.C], letterNow, hysteresis)] ?? 'D';
  const limits = [numbers[1], numbers[2], numbers[3]];
  const byIntent = model.thresholds.numberBy === 'intent';
  const reached = bandWithHysteresis(byIntent ? (intent ?? 0) : engagement, limits, numberNow, hysteresis);
  const number =
    NUMBERS[settled === null || byIntent ? reached : bandWithDwell(reached, bandOf(settled, limits), numberNow, limits.length)] ?? 4;
  const grade: Grade = `${letter}${number}`;
  const score = totalScore(model, fit, engagement, intent ?? 0);
  const settledScore = settled === null ? null : totalScore(model, fit, settled, intent ?? 0);
  const heat = heatOf(model.labelling, grade, score, settledScore, current?.heat ?? null, hysteresis);
  const required = requiredScore(model, scoreBase);
  return { score, grade, heat: required !== null && score < required ? 'cold' : heat };
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
  if (thresholds.numberBy === 'intent') return null;
  const { numbers, hysteresis } = thresholds;
  const limit = [numbers[1], numbers[2], numbers[3]][Number(grade[1]) - 1];
  return limit === undefined ? null : limit - hysteresis - 1;
}

/** The largest engagement at which the total score is so low that the held heat is left; null when it cannot be or the grid decides. */
function heatLeftAt({ labelling, thresholds, weights, total }: GradingModel, fit: number, intent: number, heat: Heat): number | null {
  if (labelling.by === 'grid' || heat === 'cold' || weights.engagement === 0) return null;
  const score = labelling[heat] - thresholds.hysteresis - 1;
  if (total.floor > score) return null;
  return Math.ceil((100 * (score + 0.5) - weights.fit * fit - weights.intent * intent) / weights.engagement) - 1;
}

/**
 * When the lead must be graded again because time passes and nothing else: the exact instant at which its engagement leaves its band or
 * is `refreshPoints` below what is stored, whichever comes first; the next step of a decay in steps; null when nothing will change.
 * A linear decay falls at most as fast as all its points together: the review comes at that instant, finds how much is left under the caps,
 * and is set again, so that it closes in on the crossing to the minute. `value` is the engagement before the axis cap.
 */
export function nextReview(
  model: GradingModel,
  fit: number,
  value: number,
  engagement: number,
  held: GradeResult,
  now: Date,
  { intent = null, pace }: { readonly intent?: number | null; readonly pace?: Pace | null } = {},
): Date | null {
  const { decay } = model.engagement;
  if (decay.type === 'step' || decay.type === 'inactivity' || decay.type === 'custom')
    return pace?.nextAt ? new Date(pace.nextAt.getTime() + 1000) : null;
  if (decay.type === 'none') return null;
  const target = engagement <= 0 ? -1 : targetOf(model, fit, intent ?? 0, engagement, held);
  if (decay.type === 'linear') return engagement <= 0 && !pace?.product ? null : linearReview(model, value, target, pace, now);
  const product = Math.floor((pace?.product ?? 0) + 0.5 + ROUND_SLACK);
  const falls = [
    target < 0 ? null : fallsTo(decay, value, target + 0.5 - ROUND_SLACK, now),
    product <= model.refreshPoints ? null : fallsTo(decay, pace?.product ?? 0, product - model.refreshPoints + 0.5 - ROUND_SLACK, now),
  ].flatMap((at) => (at ? [at.getTime()] : []));
  // One second on: at the instant itself the value still rounds into the band, and a timer may not be armed for now.
  return falls.length === 0 ? null : new Date(Math.max(Math.min(...falls), now.getTime()) + 1000);
}

/** The largest shown engagement at which something that is stored has changed; below 0 when nothing will. */
const targetOf = (model: GradingModel, fit: number, intent: number, engagement: number, held: GradeResult): number =>
  Math.max(numberLeftAt(model, held.grade) ?? -1, heatLeftAt(model, fit, intent, held.heat) ?? -1, engagement - model.refreshPoints);

/** Penalties fade too and let the value rise, so with them the lead is looked at every day at the latest. */
function linearReview(model: GradingModel, value: number, target: number, pace: Pace | null | undefined, now: Date): Date | null {
  const { decay, rules } = model.engagement;
  if (decay.type !== 'linear' || !pace || pace.alive <= 0) return null;
  const perDay = (pace.alive * decay.percent) / 100 / decay.days;
  const days = target < 0 ? Infinity : Math.max(0, value - (target + 0.5 - ROUND_SLACK)) / perDay;
  const latest = rules.some((rule) => rule.points < 0) ? 1 : Infinity;
  const wait = Math.min(days, latest);
  return Number.isFinite(wait) ? new Date(now.getTime() + Math.max(MINUTE_MS, wait * DAY_MS + 1000)) : null;
}
