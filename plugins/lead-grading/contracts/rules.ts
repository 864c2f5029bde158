import type { Condition, LocalisedText } from '@leadsea/crm-core';
import { z } from 'zod';

export const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'lower-case letters, digits and hyphens');
export const text: z.ZodType<LocalisedText, LocalisedText> = z.object({ zh: z.string().min(1), en: z.string().min(1) });
export const points = z.number().int().min(-1000).max(1000);
export const cap = z.number().int().min(0).max(100_000);
/** Days or hours only: windows and decay are elapsed time, not business time. */
export const window = z.string().regex(/^P(\d{1,4}D|T\d{1,5}H)$/, 'an ISO 8601 duration in days (P7D) or hours (PT24H)');

export const condition: z.ZodType<Condition, Condition> = z.lazy(() =>
  z.object({
    id: z.string().optional(),
    combinator: z.enum(['and', 'or']),
    not: z.boolean().optional(),
    rules: z.array(
      z.union([
        condition,
        z.object({
          id: z.string().optional(),
          field: z.string().min(1),
          operator: z.string().min(1),
          value: z.unknown().optional(),
          valueSource: z.enum(['value', 'field']).optional(),
          args: z.record(z.string(), z.unknown()).optional(),
        }),
      ]),
    ),
  }),
);

const ruleBase = { key, label: text, group: key.optional() };

/** Points while a condition over the lead holds; may be negative. Behaviour inside a window is a condition too (`behaviour.count`). */
const conditionRule = z.object({ ...ruleBase, type: z.literal('condition'), points, when: condition });
/** Points per value of one fact; the first band or value that holds wins. */
const valuesRule = z.object({
  ...ruleBase,
  type: z.literal('values'),
  field: z.string().min(1),
  /** `hasAny` for a fact that is a list. */
  operator: z.enum(['in', 'hasAny']).default('in'),
  values: z.record(z.string(), points),
  /** For a value that is present and not listed. */
  otherwise: points.optional(),
});
/** Points per range of a number, `[from, to)`. */
const bandsRule = z.object({
  ...ruleBase,
  type: z.literal('bands'),
  field: z.string().min(1),
  bands: z
    .array(z.object({ from: z.number().optional(), to: z.number().optional(), points }))
    .min(1)
    .max(50),
});
/** Points for how often something was done lately, e.g. three visits in seven days 40, one in thirty days 10: of the rows that hold the best counts. */
const frequencyRule = z.object({
  ...ruleBase,
  type: z.literal('frequency'),
  kind: z.string().min(1),
  /** As in a behaviour rule: part of the asset, `*` for anything. */
  match: z.string().min(1).optional(),
  product: z.string().min(1).optional(),
  /** `within` absent = ever. */
  rows: z
    .array(z.object({ min: z.number().int().min(1).max(1000), within: window.optional(), points }))
    .min(1)
    .max(20),
});
export const fitRuleSchema = z.discriminatedUnion('type', [conditionRule, valuesRule, bandsRule, frequencyRule]);
export type FitRule = z.infer<typeof fitRuleSchema>;

/** How often one rule may give its points: see `repeatSlot` for the exact meaning. */
export const repeatSchema = z.union([
  z.literal('each'),
  z.literal('once'),
  z.literal('oncePerAsset'),
  z.object({ max: z.number().int().min(1).max(1000), within: window }),
]);
export type Repeat = z.infer<typeof repeatSchema>;

/** Points for each engagement that matches; negative points take away what is there, never more. */
export const behaviourRuleSchema = z.object({
  ...ruleBase,
  kind: z.string().min(1),
  /** Part of the asset, case-insensitive: `/pricing`; with `*` the whole asset must fit, `*` standing for anything. */
  match: z.string().min(1).optional(),
  product: z.string().min(1).optional(),
  points,
  repeat: repeatSchema.default('each'),
  cap: cap.optional(),
});
export type BehaviourRule = z.infer<typeof behaviourRuleSchema>;
