/** One lead of a back-test: what the model said when sales met it, and what came of it. */
export interface Scored {
  readonly won: boolean;
  readonly score: number;
  readonly grade: string;
  readonly label: string;
}

export interface Decile {
  /** 1 = the best tenth. */
  readonly decile: number;
  readonly from: number;
  readonly to: number;
  readonly leads: number;
  readonly won: number;
  readonly rate: number;
}

/** Leads in tenths by score, the best first; ties are cut by position, so the tenths are of one size. */
export function deciles(leads: readonly Scored[]): readonly Decile[] {
  const sorted = [...leads].sort((a, b) => b.score - a.score);
  return Array.from({ length: 10 }, (_, index) => {
    const part = sorted.slice(Math.round((index * sorted.length) / 10), Math.round(((index + 1) * sorted.length) / 10));
    const won = part.filter((lead) => lead.won).length;
    return {
      decile: index + 1,
      from: part.at(-1)?.score ?? 0,
      to: part[0]?.score ?? 0,
      leads: part.length,
      won,
      rate: part.length === 0 ? 0 : won / part.length,
    };
  }).filter((part) => part.leads > 0);
}

export interface ThresholdRow {
  readonly score: number;
  /** Leads at or above, their part of all, and what became of them. */
  readonly leads: number;
  readonly volume: number;
  readonly precision: number;
  readonly recall: number;
}

const STEPS = 20;

/** What each threshold on the score would let through: up to twenty scores from the lowest to the highest seen. */
export function thresholdRows(leads: readonly Scored[]): readonly ThresholdRow[] {
  if (leads.length === 0) return [];
  const sorted = [...leads].sort((a, b) => a.score - b.score);
  const [low, high] = [sorted[0]?.score ?? 0, sorted.at(-1)?.score ?? 0];
  const step = Math.max(1, Math.ceil((high - low) / STEPS));
  const wins = leads.filter((lead) => lead.won).length;
  const rows: ThresholdRow[] = [];
  for (let score = low; score <= high; score += step) {
    const above = leads.filter((lead) => lead.score >= score);
    const won = above.filter((lead) => lead.won).length;
    rows.push({
      score,
      leads: above.length,
      volume: above.length / leads.length,
      precision: above.length === 0 ? 0 : won / above.length,
      recall: wins === 0 ? 0 : won / wins,
    });
  }
  return rows;
}

export interface BandRow {
  readonly band: string;
  readonly leads: number;
  readonly won: number;
  readonly rate: number;
}

/** Win rate per grade or label. */
export function bandRows(leads: readonly Scored[], bandOf: (lead: Scored) => string): readonly BandRow[] {
  const counts = new Map<string, { leads: number; won: number }>();
  for (const lead of leads) {
    const count = counts.get(bandOf(lead)) ?? { leads: 0, won: 0 };
    counts.set(bandOf(lead), { leads: count.leads + 1, won: count.won + (lead.won ? 1 : 0) });
  }
  return [...counts]
    .map(([band, { leads: all, won }]) => ({ band, leads: all, won, rate: won / all }))
    .sort((a, b) => a.band.localeCompare(b.band));
}

export interface MoveRow {
  readonly before: string;
  readonly after: string;
  readonly leads: number;
  readonly won: number;
}

/** How leads would move between the letters of two models, by what became of them. */
export function migration(before: readonly Scored[], after: readonly Scored[]): readonly MoveRow[] {
  const counts = new Map<string, MoveRow>();
  after.forEach((lead, index) => {
    const from = (before[index]?.grade ?? '').slice(0, 1);
    const to = lead.grade.slice(0, 1);
    const row = counts.get(from + to) ?? { before: from, after: to, leads: 0, won: 0 };
    counts.set(from + to, { ...row, leads: row.leads + 1, won: row.won + (lead.won ? 1 : 0) });
  });
  return [...counts.values()].sort((a, b) => a.before.localeCompare(b.before) || a.after.localeCompare(b.after));
}

export interface CalibrationRow {
  readonly leads: number;
  /** Mean chance the model gave, and what part was won. */
  readonly predicted: number;
  readonly actual: number;
}

/** Chances against outcomes in tenths of the leads, lowest first. */
export function calibration(chances: readonly number[], won: readonly boolean[]): readonly CalibrationRow[] {
  const order = chances.map((_, index) => index).sort((a, b) => (chances[a] ?? 0) - (chances[b] ?? 0));
  return Array.from({ length: 10 }, (_, index) => {
    const part = order.slice(Math.round((index * order.length) / 10), Math.round(((index + 1) * order.length) / 10));
    return {
      leads: part.length,
      predicted: part.reduce((sum, at) => sum + (chances[at] ?? 0), 0) / Math.max(1, part.length),
      actual: part.filter((at) => won[at]).length / Math.max(1, part.length),
    };
  }).filter((row) => row.leads > 0);
}
