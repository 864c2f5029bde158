import { z } from 'zod';

export const decaySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  /** Half of the points are left after `days`. Kept in forward form. */
  z.object({ type: z.literal('half-life'), days: z.number().positive().max(3650) }),
  /** Loses `percent` of the first points in every `days`, evenly, down to nothing. */
  z.object({ type: z.literal('linear'), percent: z.number().positive().max(100), days: z.number().positive().max(3650) }),
  /** `percent` of the points are left once `afterDays` have passed; the last step reached counts. */
  z.object({
    type: z.literal('step'),
    steps: z
      .array(z.object({ afterDays: z.number().positive().max(3650), percent: z.number().min(0).max(100) }))
      .min(1)
      .max(20),
  }),
  /** Nothing fades while the lead is active; `afterDays` after the latest engagement `percent` of the points go, and again every `everyDays`, down to nothing. */
  z.object({
    type: z.literal('inactivity'),
    afterDays: z.number().positive().max(3650),
    percent: z.number().positive().max(100),
    everyDays: z.number().positive().max(3650),
  }),
  /** A decay an implementer has registered (`addDecay`); `params` by the names it declares, absent ones take its defaults. */
  z.object({
    type: z.literal('custom'),
    kind: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
    params: z.record(z.string().max(60), z.number()).default({}),
  }),
]);
export type Decay = z.infer<typeof decaySchema>;

/** How a decay looks: what is left of 100 points, by days since the behaviour (since the latest one, where fading asks for idleness). */
export interface DecayCurve {
  readonly days: number;
  /** It falls at the days named and is level between them. */
  readonly stepped: boolean;
  readonly points: readonly { readonly day: number; readonly left: number }[];
  /** Days after which half of the points are left at most, and none; null when it does not come to that within `days`. */
  readonly half: number | null;
  readonly none: number | null;
}
