import type { Decay, DecayCurve } from '../../../contracts';
import { findDecayKind, paramsOf, stepsOf } from './custom-decay';
import { decayFactor } from './decay';

const DAY_MS = 86_400_000;
const SAMPLES = 60;
const MOST_DAYS = 3650;
/** Shown of a decay that has no end. */
const OPEN_DAYS = 90;
const HALF_LIVES = 5;
/** A step at this day is reached in spite of rounding. */
const SLACK_DAYS = 1e-6;

/** Days until the decay has done all it does. */
function spanOf(decay: Decay): number {
  switch (decay.type) {
    case 'none':
      return OPEN_DAYS;
    case 'half-life':
      return HALF_LIVES * decay.days;
    case 'linear':
      return (100 / decay.percent) * decay.days;
    case 'step':
      return Math.max(...decay.steps.map((step) => step.afterDays));
    case 'inactivity':
      return decay.afterDays + (Math.ceil(100 / decay.percent) - 1) * decay.everyDays;
    case 'custom': {
      const kind = findDecayKind(decay.kind);
      return kind ? kind.horizonDays(paramsOf(kind, decay.params)) : OPEN_DAYS;
    }
  }
}

/** The days on which a decay in steps falls. */
function fallsOf(decay: Decay, days: number): readonly number[] | null {
  if (decay.type === 'step') return decay.steps.map((step) => step.afterDays);
  if (decay.type === 'custom') return stepsOf(decay).steps.map((step) => step.afterDays);
  if (decay.type !== 'inactivity') return null;
  const falls = Math.min(Math.ceil(100 / decay.percent), Math.ceil((days - decay.afterDays) / decay.everyDays) + 1, 500);
  return Array.from({ length: Math.max(1, falls) }, (_, index) => decay.afterDays + index * decay.everyDays);
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** What is left of 100 points as days pass, by the very function leads are graded with; a little beyond its end, ten years at most. */
export function decayCurve(decay: Decay): DecayCurve {
  const end = Math.min(MOST_DAYS, Math.max(1, spanOf(decay)));
  const days = Math.min(MOST_DAYS, Math.ceil(decay.type === 'half-life' || decay.type === 'none' ? end : end * 1.15));
  const leftAt = (day: number): number => round(100 * decayFactor(decay, (day + SLACK_DAYS) * DAY_MS));
  const falls = fallsOf(decay, days);
  const samples = Array.from({ length: SAMPLES + 1 }, (_, index) => (index * days) / SAMPLES);
  const at = falls ? [0, ...falls.filter((day) => day > 0 && day < days), days] : decay.type === 'linear' ? [...samples, end] : samples;
  const points = [...new Set(at)].sort((a, b) => a - b).map((day) => ({ day: round(day), left: leftAt(day) }));
  const exact = decay.type === 'half-life' ? decay.days : decay.type === 'linear' ? end / 2 : null;
  const first = (most: number): number | null => points.find(({ left }) => left <= most)?.day ?? null;
  return { days, stepped: falls !== null, points, half: exact ?? first(50), none: decay.type === 'linear' ? round(end) : first(0) };
}
