import type { AccountScoring } from '../../../contracts';

/** A lead as its company's score sees it. `role` is its place in the committee, null = none of them. */
export interface AccountLead {
  readonly id: number;
  readonly score: number;
  readonly role: number | null;
}

export interface AccountScore {
  readonly score: number;
  readonly qualified: boolean;
  /** Distinct roles with a lead that has any points. */
  readonly breadth: number;
  /** Keys of needed roles nobody holds. */
  readonly missing: readonly string[];
  readonly leads: number;
  /** The best lead. */
  readonly champion: number | null;
}

const CHAMPION = 0.6;
/** A lead without a role counts little where roles are weighed. */
const NO_ROLE = 10;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function baseScore({ strategy, roles }: AccountScoring, leads: readonly AccountLead[]): number {
  const scores = leads.map((lead) => lead.score).sort((a, b) => b - a);
  const [best = 0, ...rest] = scores;
  switch (strategy) {
    case 'max':
      return best;
    case 'sum':
      return scores.reduce((sum, score) => sum + Math.max(0, score), 0);
    case 'blend':
      return rest.length === 0 ? best : CHAMPION * best + (1 - CHAMPION) * mean(rest);
    case 'roles': {
      const weightOf = (lead: AccountLead): number => (lead.role === null ? NO_ROLE : (roles[lead.role]?.weight ?? NO_ROLE));
      const weights = leads.reduce((sum, lead) => sum + weightOf(lead), 0);
      return weights === 0 ? 0 : leads.reduce((sum, lead) => sum + weightOf(lead) * lead.score, 0) / weights;
    }
  }
}

/**
 * The score of a company (§6 account roll-up): by its strategy, plus points for each further engaged role, up to the cap. While a needed
 * role is missing the company stays one point below being qualified.
 */
export function accountScore(scoring: AccountScoring, leads: readonly AccountLead[]): AccountScore {
  const engaged = new Set(leads.flatMap((lead) => (lead.role !== null && lead.score > 0 ? [lead.role] : [])));
  const held = new Set(leads.map((lead) => lead.role));
  const missing = scoring.roles.flatMap((role, index) => (role.needed && !held.has(index) ? [role.key] : []));
  const breadthPoints = Math.max(0, engaged.size - 1) * scoring.breadthPoints;
  const full = Math.min(scoring.cap, Math.round(baseScore(scoring, leads) + breadthPoints));
  const score = leads.length === 0 ? 0 : missing.length > 0 ? Math.min(full, scoring.qualifiedFrom - 1) : full;
  const champion = leads.reduce<AccountLead | null>((best, lead) => (best === null || lead.score > best.score ? lead : best), null);
  return {
    score,
    qualified: score >= scoring.qualifiedFrom,
    breadth: engaged.size,
    missing,
    leads: leads.length,
    champion: champion?.id ?? null,
  };
}
