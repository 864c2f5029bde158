import { z } from 'zod';
import { LADDER_ACTIONS, PAUSED_WEIGHT, RETURNS, WEEK_STARTS } from './constants';
import { destinationSchema, policyKey } from './destination';
import { condition, key, routingRuleSchema, text } from './rule';

/** which steps come before the rules. */
const stickySteps = {
  /** An owner named on arrival is kept. */
  explicitOwner: z.boolean(),
  duplicateOwner: z.boolean(),
  accountOwner: z.boolean(),
  previousOwnerDays: z.int().min(0).max(3650),
  /** A sticky owner who is away longer than so many days is passed over. */
  awayDays: z.int().min(0).max(365),
};
const stickySchema = z.object({
  explicitOwner: stickySteps.explicitOwner.default(true),
  duplicateOwner: stickySteps.duplicateOwner.default(true),
  accountOwner: stickySteps.accountOwner.default(false),
  previousOwnerDays: stickySteps.previousOwnerDays.default(0),
  awayDays: stickySteps.awayDays.default(0),
});
/** A step that is not named stays as it is for all sources: nothing is filled in. */
const bySourceSchema = z
  .object(stickySteps)
  .partial()
  .extend({ sources: z.array(z.string().min(1).max(100)).min(1).max(100) });
export type StickySteps = z.infer<typeof stickySchema>;

/** 考核标准: only people whose own record meets `people` get leads for which `leads` holds. */
export const standardSchema = z.object({ key, label: text, leads: condition.nullish(), people: condition });
export type Standard = z.infer<typeof standardSchema>;

/** what happens after a missed deadline, one step after the other until somebody answers. */
export const ladderStepSchema = z.object({
  /** Seconds after the step before (after the breach for the first). */
  wait: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(0),
  action: z.enum(LADDER_ACTIONS),
  /** With `pool` and `offer`. */
  pool: policyKey.nullish(),
});
export type LadderStep = z.infer<typeof ladderStepSchema>;

/** The body of a `routing-policy` policy (§4). */
export const routingPolicySchema = z.object({
  description: z.string().max(2000).default(''),
  /** Which leads this policy is for; the first live policy that fits decides. */
  when: condition.nullish(),
  sticky: stickySchema
    .extend({
      /** Steps switched for leads of these sources only. */
      bySource: z.array(bySourceSchema).default([]),
    })
    .prefault({}),
  /** what counts against a person's own capacity. Without a condition: all open leads, each as one. */
  capacity: z
    .object({
      leads: condition.nullish(),
      weights: z
        .array(z.object({ when: condition, weight: z.number().min(0).max(10) }))
        .max(10)
        .default([]),
      /** Leads whose deadlines are all paused, where no weight above says otherwise. */
      pausedWeight: z.number().min(0).max(1).default(PAUSED_WEIGHT),
    })
    .prefault({}),
  /** when a week of a cap or of a count begins. */
  weekStart: z.enum(WEEK_STARTS).default('monday'),
  /** leads that lie in a pool are routed when they enter one of these stages or labels. Without a holder every entry routes. */
  triggers: z
    .object({
      stages: z.array(z.string().min(1).max(60)).max(30).default([]),
      labels: z.array(z.string().min(1).max(60)).max(30).default([]),
      /** The open leads of somebody who is disabled are routed on at once; otherwise his hand-over says where they go. */
      ownerDisabled: z.boolean().default(false),
    })
    .prefault({}),
  /** what comes back so soon after it was given, for one of these reasons, counts neither in caps nor in shares. */
  returns: z
    .object({
      minutes: z.int().min(0).max(10_080).default(RETURNS.minutes),
      reasons: z
        .array(z.string().min(1).max(60))
        .max(20)
        .default([...RETURNS.reasons]),
    })
    .prefault({}),
  standards: z.array(standardSchema).max(20).default([]),
  rules: z.array(routingRuleSchema).max(200).default([]),
  /** For every lead no rule took. Mandatory: no lead is left lying. */
  otherwise: destinationSchema,
  /** whether people accept what they are given, and until when they may refuse it. */
  acceptance: z
    .object({
      mode: z.enum(['off', 'optional', 'required']).default('off'),
      rejectSeconds: z.int().min(60).max(604_800).default(3600),
      acceptSeconds: z.int().min(60).max(604_800).default(1800),
      /** With `required`: what a deadline that passed does. */
      onExpire: z.enum(['reroute', 'notify']).default('reroute'),
      /** The manager is told when somebody refuses more than this share of his last 30 days. */
      alertPercent: z.int().min(1).max(100).default(30),
    })
    .prefault({}),
  /** Guards of a re-route, and its steps. */
  reroute: z
    .object({
      maxHops: z.int().min(0).max(20).default(3),
      excludeLast: z.int().min(1).max(50).default(5),
      onExhausted: z.enum(['manager', 'otherwise']).default('manager'),
      ladder: z.array(ladderStepSchema).max(10).default([]),
      /** Not outside the hours in which somebody could take it. */
      onlyInHours: z.boolean().default(false),
      /** Not while a meeting with the lead is planned. */
      keepForMeeting: z.boolean().default(true),
    })
    .prefault({}),
  /** so many missed deadlines in a rolling day take a person offline. */
  autoOffline: z.object({ breaches: z.int().min(1).max(100) }).nullish(),
});
export type RoutingPolicy = z.infer<typeof routingPolicySchema>;
export type RoutingPolicyInput = z.input<typeof routingPolicySchema>;

/** The key under which the mandatory last rule appears in decisions and in the ledger. */
export const OTHERWISE = 'otherwise';

/** What holds unless a source has steps of its own, once for each policy: batches ask for every lead. */
const usualSteps = new WeakMap<RoutingPolicy['sticky'], StickySteps>();

function usualOf(sticky: RoutingPolicy['sticky']): StickySteps {
  const known = usualSteps.get(sticky);
  if (known) return known;
  const { bySource: _bySource, ...usual } = sticky;
  usualSteps.set(sticky, usual);
  return usual;
}

/** the steps for leads of one source. */
export function stickyFor({ sticky }: Pick<RoutingPolicy, 'sticky'>, source: string | null): StickySteps {
  const usual = usualOf(sticky);
  const own = source === null ? undefined : sticky.bySource.find(({ sources }) => sources.includes(source));
  if (!own) return usual;
  const { sources: _sources, ...changes } = own;
  return { ...usual, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}
