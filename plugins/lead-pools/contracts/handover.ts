import { z } from 'zod';
import { condition } from './parts';

const id = z.number().int().positive();

/** Where leads that fit a rule go. `team`: evenly to those of the team who are at work; `home`: back to the pools they came from. */
export const splitRuleSchema = z.object({
  when: condition.nullish(),
  to: z.discriminatedUnion('type', [
    z.object({ type: z.literal('member'), id }),
    z.object({ type: z.literal('team'), id }),
    z.object({
      type: z.literal('shares'),
      shares: z
        .array(z.object({ member: id, weight: z.number().int().min(1).max(1000) }))
        .min(1)
        .max(100),
    }),
    z.object({ type: z.literal('pool'), id }),
    z.object({ type: z.literal('home') }),
  ]),
});
export type SplitRule = z.infer<typeof splitRuleSchema>;

export const handoverSchema = z.object({
  member: id,
  kind: z.enum(['leave', 'leaver']),
  /** Default: the leave in the person's profile, else now. */
  from: z.iso.datetime({ offset: true }).nullish(),
  /** First moment the person is back; not for a leaver. */
  to: z.iso.datetime({ offset: true }).nullish(),
  split: z.array(splitRuleSchema).min(1).max(50),
  /** What becomes of open tasks: they go with the lead, or are closed. */
  tasks: z.enum(['hand-over', 'close']).default('hand-over'),
  /** What comes back by itself on the first working day: leads the delegate did not touch, all, or none. */
  automatic: z.enum(['untouched', 'all', 'none']).default('untouched'),
  /** Go on although some leads are out of reach of the one who plans. */
  partial: z.boolean().default(false),
});
export type HandoverInput = z.infer<typeof handoverSchema>;
