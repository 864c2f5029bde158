/** Ways of reaching somebody that he can allow or forbid one by one. */
export const CONSENT_CHANNELS = ['call', 'mail', 'message'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];
export const CONSENT_BASES = ['consent', 'legitimateInterest', 'contract'] as const;
export type ConsentBasis = (typeof CONSENT_BASES)[number];

/** One thing a person said about one channel; kept for good, the newest per channel counts. */
export interface ConsentInput {
  readonly channel: ConsentChannel;
  readonly state: 'granted' | 'withdrawn';
  readonly basis?: ConsentBasis;
  /** The words that were agreed to. */
  readonly text?: string | null;
  /** Where it was said: key of a capture source, `console`, `import`. */
  readonly source?: string | null;
  readonly ip?: string | null;
  readonly note?: string | null;
  readonly at?: Date;
}

/** Nobody who has forbidden every channel is contacted before this day. */
export const NEVER = new Date('9999-12-31T00:00:00.000Z');
