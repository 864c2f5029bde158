/** What the opportunities of a list in one currency add up to; only those that have an amount are counted. */
export interface OpportunitySum {
  /** ISO 4217; null = amounts without a currency. */
  readonly by: string | null;
  readonly rows: number;
  readonly amount: number;
  /** How many of them have a probability, and the sum of amount × probability of these; null for who may not read probabilities. */
  readonly weighed: number | null;
  readonly weighted: number | null;
}
