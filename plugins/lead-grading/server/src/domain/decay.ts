import type { Decay } from '../../../contracts';
import { stepsOf } from './custom-decay';

/** The fixed instant of forward decay. Changing it would re-scale every stored `engagement_log`. */
export const GRADING_EPOCH = Date.UTC(2020, 0, 1);
/** Half-lives after which an engagement counts nothing: 2^-200 of its points. */
export const FORGOTTEN_HALF_LIVES = 200;
/** Values this close below a half round up, so that two orders of the same sum never show different integers. */
export const ROUND_SLACK = 1e-6;
/**
 * Fewer points than this are none. Sums of points that cancel each other leave a rest of rounding that depends on the order of the
 * additions; a logarithm would keep that rest for ever.
 */
export const NOTHING = 1e-9;
const DAY_MS = 86_400_000;

/** True when the decay keeps the order of leads as time passes, so that the sum is stored once in forward form. */
export const isForward = (decay: Decay): boolean => decay.type === 'half-life' || decay.type === 'none';

/** Full periods of inactivity that have passed when the latest engagement is `idleDays` old: 0 until `afterDays`. */
export const idlePeriods = (decay: Extract<Decay, { type: 'inactivity' }>, idleDays: number): number =>
  idleDays < decay.afterDays ? 0 : 1 + Math.floor((idleDays - decay.afterDays) / decay.everyDays);

/** `(instant − epoch) / half-life`: the exponent by which forward decay scales an engagement; 0 without decay. */
export const exponentAt = (decay: Decay, at: Date): number =>
  decay.type === 'half-life' ? (at.getTime() - GRADING_EPOCH) / (decay.days * DAY_MS) : 0;

/**
 * The part of its points an engagement still has after `ageMs` (§6). Half-life 30 d: 0.7071 after 15 d, 0.5 after 30 d;
 * linear 50 % in 30 d: 0.75 after 15 d, 0 after 60 d. An engagement dated ahead of `now` counts in full. Inactivity asks not for the age
 * of the engagement but for `idleMs`, the age of the lead's latest one.
 */
export function decayFactor(decay: Decay, ageMs: number, idleMs = ageMs): number {
  const days = Math.max(0, ageMs) / DAY_MS;
  switch (decay.type) {
    case 'none':
      return 1;
    case 'half-life': {
      const halves = days / decay.days;
      return halves > FORGOTTEN_HALF_LIVES ? 0 : 2 ** -halves;
    }
    case 'linear':
      return Math.max(0, 1 - (decay.percent / 100) * (days / decay.days));
    case 'step': {
      const reached = decay.steps.filter((step) => days >= step.afterDays);
      const last = reached.reduce<(typeof reached)[number] | null>((a, b) => (a && a.afterDays > b.afterDays ? a : b), null);
      return last ? last.percent / 100 : 1;
    }
    case 'custom':
      return decayFactor(stepsOf(decay), ageMs);
    case 'inactivity':
      return Math.max(0, 1 - (decay.percent / 100) * idlePeriods(decay, Math.max(0, idleMs) / DAY_MS));
  }
}

/** Value now → forward form: log2 of the value scaled to the epoch; null when nothing is left. */
export const toLog = (decay: Decay, value: number, now: Date): number | null =>
  value > 0 ? Math.log2(value) + exponentAt(decay, now) : null;

/** What is stored of a sum of points: its forward form; null where next to nothing is left or the decay has no such form. */
export const storedLog = (decay: Decay, value: number, now: Date): number | null =>
  isForward(decay) && value > NOTHING ? toLog(decay, value, now) : null;

/** Forward form → value at `now`. */
export const valueOfLog = (decay: Decay, log: number | null, now: Date): number => (log === null ? 0 : 2 ** (log - exponentAt(decay, now)));

/**
 * Adds an engagement of `points` > 0 at `at` to a stored forward value without reading the others: the order of additions does not matter.
 * Exact only for rules without repeat limits, caps and penalties; those need the history.
 */
export function addToLog(decay: Decay, log: number | null, points: number, at: Date): number {
  const added = Math.log2(points) + exponentAt(decay, at);
  if (log === null) return added;
  const high = Math.max(log, added);
  return high + Math.log2(1 + 2 ** (Math.min(log, added) - high));
}

/** When a half-life value of `value` at `now` has fallen to `target`; null when it never does. */
export function fallsTo(decay: Decay, value: number, target: number, now: Date): Date | null {
  if (decay.type !== 'half-life' || value <= 0 || target <= 0) return null;
  return new Date(now.getTime() + Math.max(0, Math.log2(value / target)) * decay.days * DAY_MS);
}

/** What is shown and compared with thresholds: the nearest integer, at most the axis cap. */
export const shownEngagement = (value: number, cap: number): number => Math.min(cap, Math.floor(value + 0.5 + ROUND_SLACK));
