import { z } from 'zod';
import { coolingSchema } from './cooling';
import { dropSchema } from './drop';
import { exhaustedSchema } from './exhausted';
import { fairPlaySchema } from './fair-play';
import { followUpSchema } from './follow-up';
import { poolLimitSchema } from './limits';
import { poolFieldSchema, poolMemberSchema } from './members';
import { condition, duration, localised, policyKey, ruleKey } from './parts';
import { protectionSchema } from './protection';
import { pullSchema } from './pull';
import { recycleSchema } from './recycle';
import { stagedSchema } from './staged';

/** `claimable`: people take; `assigned`: administrators give out; `pull`: the product hands out the next best; `drop`: released at set times. */
export const POOL_KINDS = ['claimable', 'assigned', 'pull', 'drop'] as const;
export type PoolKind = (typeof POOL_KINDS)[number];

/** What happens to a lead that is about to enter: the first rule that holds sends it on to another pool. */
export const entryRuleSchema = z.object({ key: ruleKey, label: localised, when: condition, to: policyKey });

const body = z.object({
  kind: z.enum(POOL_KINDS).default('claimable'),
  description: z.string().max(2000).default(''),
  /** Pools with the same group are shown together and share limits of scope `group`: a department, a channel, a region. */
  group: policyKey.nullish(),
  members: z.array(poolMemberSchema).default([]),
  fields: z.array(poolFieldSchema).max(50).default([]),
  entry: z
    .object({
      /** Which leads belong here: a lead that has no home of its own goes back to the first pool whose condition it meets. */
      accepts: condition.nullish(),
      rules: z.array(entryRuleSchema).max(50).default([]),
    })
    .default({ rules: [] }),
  limits: z.array(poolLimitSchema).default([]),
  cooling: coolingSchema.default({ time: 'business', ways: {}, reasons: {}, team: false }),
  /** Seconds a lead rests after it entered the pool before anyone may claim it. */
  embargoSeconds: z.number().int().min(0).default(0),
  calendar: z.string().nullish(),
  followUp: followUpSchema.nullish(),
  protection: protectionSchema.default({
    rules: [],
    events: { opportunity: true, meetingDays: 14 },
    requests: { enabled: true, most: 'P14D', perHolding: 2, automatic: 0 },
    onExpiry: 'rules',
  }),
  recycle: recycleSchema.default({
    rules: [],
    warns: [],
    returns: [],
    choices: [],
    tasks: { onReturn: 'close', onTransfer: 'close' },
  }),
  /** Leads held when a version is published go back by its rules no sooner than this (unless they were told an earlier date already). */
  graceAfterPublish: duration.default('P3BD'),
  /** Of kind `pull`. */
  pull: pullSchema.nullish(),
  /** Of kind `drop`. */
  drop: dropSchema.nullish(),
  exhausted: exhaustedSchema.nullish(),
  fairPlay: fairPlaySchema.nullish(),
  staged: stagedSchema.nullish(),
  /** Receives leads that were never in a pool when they are given back. */
  isDefault: z.boolean().default(false),
});

/** Bodies of earlier versions say the wait of former owners as `coolingDays`. */
function upgrade(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('coolingDays' in raw)) return raw;
  const { coolingDays, ...rest } = raw as { coolingDays?: unknown; cooling?: unknown };
  if (rest.cooling !== undefined || typeof coolingDays !== 'number' || coolingDays <= 0) return rest;
  return { ...rest, cooling: { after: `P${coolingDays}D` } };
}

/** The body of a `pool` policy. */
export const poolSchema = z.preprocess(upgrade, body);

export type Pool = z.infer<typeof body>;
