import { z } from 'zod';
import { LEAVE_WAYS } from './cooling';
import { condition, duration, localised, policyKey, ruleKey, timeKind } from './parts';

export const CLOCKS = ['follow-up', 'claim', 'stage', 'next-action', 'contract-end'] as const;
export type ClockName = (typeof CLOCKS)[number];
/** `close` = cancelled, `keep` = stays with the person who had it, `hand-over` = goes with the lead, to its next owner. */
export const TASK_FATES = ['close', 'keep', 'hand-over'] as const;
export type TaskFate = (typeof TASK_FATES)[number];

const clock = {
  /** A lead without an effective follow-up counts from the claim (§5.7). `next-action` and `contract-end` do not run while there is no date. */
  since: z.enum(CLOCKS).default('follow-up'),
  /** Key of the custom date field of the lead in which the contract ends; needed for `contract-end`. */
  field: z.string().nullish(),
  after: duration,
  time: timeKind,
};

export const recycleRuleSchema = z.object({
  key: ruleKey,
  label: localised,
  /** The segment: for which leads. */
  when: condition.nullish(),
  ...clock,
  /** All of these must have run out too. */
  also: z.array(z.object(clock)).max(5).default([]),
  /** A promised next action moves the start to it (A18). */
  waitForNextAction: z.boolean().default(true),
  /** Move also outside business hours. */
  outsideHours: z.boolean().default(false),
  /** Approved leave of the owner: `wait` = moved on his first working day, `shift` = days of leave do not count, `ignore`. */
  leave: z.enum(['wait', 'shift', 'ignore']).default('wait'),
  /** Key of the pool that receives; empty = by `returns`. */
  returnTo: policyKey.nullish(),
});

/** Where a lead goes when it leaves its owner; the first that fits. */
export const returnRuleSchema = z.object({
  /** Ways of leaving; empty = all. */
  ways: z.array(z.enum(LEAVE_WAYS)).default([]),
  /** Release reasons; empty = all. */
  reasons: z.array(z.string()).default([]),
  when: condition.nullish(),
  to: policyKey,
});

export const recycleSchema = z.object({
  rules: z.array(recycleRuleSchema).default([]),
  /** Warnings before the move, in business time. */
  warns: z.array(duration).max(5).default([]),
  returns: z.array(returnRuleSchema).default([]),
  /** Key of the pool that receives when no rule of `returns` fits; empty = the lead's home pool. */
  returnTo: policyKey.nullish(),
  /** Pools a person may choose from when he gives a lead back; empty = those in which he may see leads. */
  choices: z.array(policyKey).default([]),
  /** What becomes of open tasks when the lead goes back to a pool, and when it is handed to a colleague. */
  tasks: z
    .object({ onReturn: z.enum(TASK_FATES).default('close'), onTransfer: z.enum(TASK_FATES).default('close') })
    .default({ onReturn: 'close', onTransfer: 'close' }),
});

export type RecycleRule = z.infer<typeof recycleRuleSchema>;
export type ReturnRule = z.infer<typeof returnRuleSchema>;
