import type { Host, LocalisedText } from '@leadsea/crm-core';

/** One number of a decay that people set in the form. */
export interface DecayParam {
  readonly key: string;
  readonly label: LocalisedText;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/**
 * A way for points to fade that an implementer adds. The product samples `left` at two hundred instants over `horizonDays`, to the whole per
 * cent, and treats what comes out as a decay in steps: so one function of TypeScript is the same in the live reactor, in SQL over a million
 * leads, in previews, back-tests and explanations, and every step is taken at its exact instant.
 */
export interface DecayKind {
  /** Lower-case letters, digits and hyphens; what a model's `engagement.decay.kind` says. */
  readonly kind: string;
  readonly label: LocalisedText;
  /** One sentence under the choice. */
  readonly help?: LocalisedText;
  readonly params: readonly DecayParam[];
  /** After this many days it no longer changes; at most 3,650. */
  horizonDays(params: Readonly<Record<string, number>>): number;
  /** Part of its points, 0 to 1, an engagement still has after `ageDays`. Pure: no clock, no randomness, no I/O. */
  left(ageDays: number, params: Readonly<Record<string, number>>): number;
}

/** What grading offers the plugins above it: `getGrading(strapi)`, in `register()`. */
export interface Grading {
  /** @throws Error when another decay has that kind */
  addDecay(decay: DecayKind): void;
}

/** The grading service of a Strapi instance. */
export const getGrading = (strapi: Pick<Host, 'plugin'>): Grading => strapi.plugin('lead-grading').service('grading') as Grading;
