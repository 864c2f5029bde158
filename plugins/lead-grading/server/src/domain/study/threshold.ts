import type { ThresholdProposal } from '../../../../contracts';
import type { Scored } from './report';

/** Normal quantile of a two-sided interval of 95 per cent. */
const Z = 1.959964;
/** With fewer leads above a threshold, or fewer of them won, its win rate says little. */
const LEAST_ABOVE = 30;
const LEAST_WON = 10;

/** Wilson's interval of a share, which stays between 0 and 1 and holds for few; nothing seen = anything. */
export function wilson(hits: number, all: number): { readonly low: number; readonly high: number } {
  if (all === 0) return { low: 0, high: 1 };
  const share = hits / all;
  const z2 = (Z * Z) / all;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((share * (1 - share)) / all + z2 / (4 * all))) / (1 + z2);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

interface Cut {
  readonly score: number;
  readonly leads: number;
  readonly won: number;
}

/** What each score seen would let through as a threshold, highest first. */
function cutsOf(scored: readonly Scored[]): readonly Cut[] {
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  let won = 0;
  return sorted.flatMap((lead, index): Cut[] => {
    if (lead.won) won += 1;
    return sorted[index + 1]?.score === lead.score ? [] : [{ score: lead.score, leads: index + 1, won }];
  });
}

/**
 * The threshold history speaks for: with a quota, the highest score that still brings as many qualified leads a week; without one, or when only
 * every lead together would or not even that, the score that tells won from lost best (largest recall less false alarms). Null when nothing tells them apart.
 */
export function proposeThreshold(scored: readonly Scored[], leadsPerWeek: number, quotaPerWeek: number | null): ThresholdProposal | null {
  const wins = scored.filter((lead) => lead.won).length;
  const losses = scored.length - wins;
  if (wins === 0 || losses === 0) return null;
  const cuts = cutsOf(scored);
  const perWeek = (cut: Cut): number => (leadsPerWeek * cut.leads) / scored.length;
  const gain = (cut: Cut): number => cut.won / wins - (cut.leads - cut.won) / losses;
  const owed =
    quotaPerWeek === null || leadsPerWeek <= 0 ? undefined : cuts.find((cut) => cut.leads < scored.length && perWeek(cut) >= quotaPerWeek);
  const best = cuts.reduce<Cut | null>((a, b) => (a !== null && gain(a) >= gain(b) ? a : b), null);
  const chosen = owed ?? (best !== null && gain(best) > 0 ? best : undefined);
  if (!chosen) return null;
  return {
    score: chosen.score,
    basis: owed ? 'quota' : 'separation',
    leads: chosen.leads,
    precision: chosen.won / chosen.leads,
    ...wilson(chosen.won, chosen.leads),
    recall: chosen.won / wins,
    perWeek: leadsPerWeek > 0 ? perWeek(chosen) : null,
    few: chosen.leads < LEAST_ABOVE || chosen.won < LEAST_WON,
  };
}
