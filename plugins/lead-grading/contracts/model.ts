import { z } from 'zod';
import { decaySchema } from './decay';
import { productsSchema } from './product';
import { behaviourRuleSchema, cap, condition, fitRuleSchema, key, text } from './rules';

export * from './decay';
export * from './product';
export { behaviourRuleSchema, fitRuleSchema, repeatSchema } from './rules';
export type { BehaviourRule, FitRule, Repeat } from './rules';

/** The policy kind and the console resource of a grading model. */
export const GRADING_KIND = 'grading-model';
export const GRADING_RESOURCE = 'grading-models';

export const LETTERS = ['A', 'B', 'C', 'D'] as const;
export type Letter = (typeof LETTERS)[number];
export const NUMBERS = [1, 2, 3, 4] as const;
export type EngagementNumber = (typeof NUMBERS)[number];
export const HEATS = ['hot', 'warm', 'cold'] as const;
export type Heat = (typeof HEATS)[number];
/** What the `label` column holds: a heat, or the hard disqualification, which is a flag and not minus 100 points. */
export type Label = Heat | 'disqualified';
export type Grade = `${Letter}${EngagementNumber}`;
export const GRADES: readonly Grade[] = LETTERS.flatMap((letter) => NUMBERS.map((number): Grade => `${letter}${number}`));

const groupSchema = z.object({ key, label: text, cap: cap.optional() });
export type RuleGroup = z.infer<typeof groupSchema>;

const factAxis = z.object({
  cap: cap.default(100),
  groups: z.array(groupSchema).default([]),
  rules: z.array(fitRuleSchema).max(200).default([]),
});
export type FactAxis = z.infer<typeof factAxis>;
const engagementAxis = z.object({
  cap: cap.default(100),
  decay: decaySchema.default({ type: 'half-life', days: 30 }),
  groups: z.array(groupSchema).default([]),
  rules: z.array(behaviourRuleSchema).max(200).default([]),
});

const percent = z.number().int().min(0).max(100);
/** Share of the leads, in per cent, that are at or above a band. */
const share = z.number().min(0.1).max(99.9);
const thresholds = z.object({
  /** Least fit for A, B and C; below C is D. */
  letters: z.object({ A: z.number().int(), B: z.number().int(), C: z.number().int() }),
  /** Least engagement for 1, 2 and 3; below 3 is 4. */
  numbers: z.object({ 1: z.number().int(), 2: z.number().int(), 3: z.number().int() }),
  /** A band once entered is left only below its threshold minus this many points. */
  hysteresis: z.number().int().min(0).max(100).default(0),
  /** A better number counts only when the lead had it this long ago already. */
  dwellMinutes: z.number().int().min(0).max(10_080).default(0),
  /** Which axis gives the number. */
  numberBy: z.enum(['engagement', 'intent']).default('engagement'),
  /**
   * Bands by rank instead of points: the best A per cent are A, and so on. The limits are measured over all graded leads when the model is
   * published and every `refreshDays`; `letters` and `numbers` above hold until thirty leads are there to be ranked.
   */
  quantile: z
    .object({
      letters: z.object({ A: share, B: share, C: share }),
      numbers: z.object({ 1: share, 2: share, 3: share }),
      refreshDays: z.number().int().min(1).max(365).default(7),
    })
    .optional(),
});
export type Thresholds = z.infer<typeof thresholds>;

const labelling = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('grid'),
    cells: z.partialRecord(z.enum(GRADES as readonly [Grade, ...Grade[]]), z.enum(HEATS)),
    /** What a cell is called, e.g. A1 "call today". */
    names: z.partialRecord(z.enum(GRADES as readonly [Grade, ...Grade[]]), text).optional(),
  }),
  z.object({ by: z.literal('score'), hot: z.number().int(), warm: z.number().int() }),
]);
export type Labelling = z.infer<typeof labelling>;

/** What recycling does to a lead's engagement: nothing, begin again at nothing, or keep it and ask for more than before. */
const recycling = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('keep') }),
  z.object({ mode: z.literal('reset') }),
  /** The label stays below `hot` until the score is `points` above what it was when the lead was recycled. */
  z.object({ mode: z.literal('delta'), points: z.number().int().min(1).max(1000) }),
  /** The same with a share of what it was. */
  z.object({ mode: z.literal('relative'), percent: z.number().int().min(1).max(1000) }),
]);
export type Recycling = z.infer<typeof recycling>;

/** Something worth telling: the nth time a lead does something. Told once per lead. */
const momentSchema = z.object({
  key,
  label: text,
  kind: z.string().min(1),
  match: z.string().min(1).optional(),
  product: z.string().min(1).optional(),
  nth: z.number().int().min(1).max(1000).default(1),
});
export type Moment = z.infer<typeof momentSchema>;

export const ACCOUNT_STRATEGIES = ['max', 'sum', 'blend', 'roles'] as const;
/**
 * The score of a company from those of its leads: the best one, all together up to the cap, 0.6 of the best and 0.4 of the mean of the
 * others, or the mean weighted by role. A company from `qualifiedFrom` on is qualified, though perhaps none of its leads is.
 */
const accountSchema = z.object({
  strategy: z.enum(ACCOUNT_STRATEGIES).default('blend'),
  cap: z.number().int().min(1).max(100_000).default(100),
  qualifiedFrom: z.number().int().min(1).default(60),
  /** Points for each further role of the buying committee that is engaged. */
  breadthPoints: z.number().int().min(0).max(100).default(5),
  /** The buying committee; of a lead the first role that holds counts. */
  roles: z
    .array(
      z.object({
        key,
        label: text,
        when: condition,
        weight: z.number().int().min(0).max(100).default(50),
        needed: z.boolean().default(false),
      }),
    )
    .max(20)
    .default([]),
});
export type AccountScoring = z.infer<typeof accountSchema>;

/** Days after which a challenger is compared with the champion. */
export const SHADOW_DAYS = 14;

export const gradingModelSchema = z.object({
  /** `shadow` = published and scoring silently beside the live models: nothing of a lead changes. */
  mode: z.enum(['live', 'shadow']).default('live'),
  /** Days a silent model scores before it is compared with the live one by itself; absent = `SHADOW_DAYS`. */
  shadowDays: z.number().int().min(1).max(365).optional(),
  /** Leads it grades; of several live models the first in position order that applies grades the lead. Absent = all. */
  appliesTo: condition.optional(),
  fit: factAxis,
  engagement: engagementAxis,
  /** What it wants just now: conditions over recent behaviour, live and without a memory. Absent = the model has no such axis. */
  intent: factAxis.optional(),
  /** Per cent of each axis in the total score. */
  weights: z.object({ fit: percent, engagement: percent, intent: percent.default(0) }).default({ fit: 50, engagement: 50, intent: 0 }),
  total: z.object({ cap: cap.default(100), floor: z.number().int().min(-100_000).max(0).default(0) }).default({ cap: 100, floor: 0 }),
  thresholds,
  labelling,
  labels: z.partialRecord(z.enum([...HEATS, 'disqualified']), text).optional(),
  disqualify: z
    .array(z.object({ key, label: text, when: condition }))
    .max(50)
    .default([]),
  /** The stored engagement is never further than this many points from its value at this moment. */
  refreshPoints: z.number().int().min(1).max(1000).default(5),
  moments: z.array(momentSchema).max(50).default([]),
  /** Absent = companies get no score from this model. */
  account: accountSchema.optional(),
  /** Absent = only what the lead has done, without products. */
  products: productsSchema.optional(),
  recycle: recycling.default({ mode: 'keep' }),
  /** What publishing does to leads whose grade changes: `silent` = no event and no action, `announce` = as if each had just changed. */
  regrade: z.enum(['silent', 'announce']).default('silent'),
});
export type GradingModel = z.infer<typeof gradingModelSchema>;
/** What a template or a seed may leave out. */
export type GradingModelInput = z.input<typeof gradingModelSchema>;
