import { z } from 'zod';
import { MAX_WEIGHT } from './constants';

export const policyKey = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
export const DESTINATION_KINDS = [
  'member',
  'team',
  'group',
  'role',
  'pool',
  'account-owner',
  'previous-owner',
  'table',
  'webhook',
  'hold',
  'custom',
] as const;

/** A member by id, or by e-mail address so that a policy can be carried to another installation. */
export const memberRefSchema = z.union([z.int().min(1), z.string().min(3).max(320)]);
export type MemberRef = z.infer<typeof memberRefSchema>;

const member = z.object({ kind: z.literal('member'), id: z.int().min(1).optional(), email: z.string().max(320).optional() });
/** The team and the teams below it. */
const team = z.object({ kind: z.literal('team'), key: z.string().min(1) });
const role = z.object({ kind: z.literal('role'), key: z.string().min(1), team: z.string().min(1).nullish() });
const pool = z.object({ kind: z.literal('pool'), key: policyKey });

/** Where a row of a table or a fallback may point: nothing that must be decided in turn. */
export const plainDestinationSchema = z.discriminatedUnion('kind', [member, team, role, pool]);
export type PlainDestination = z.infer<typeof plainDestinationSchema>;

export const TABLE_LIMITS = { columns: 8, rows: 5000, cell: 500 } as const;
export const HIT_POLICIES = ['first', 'unique'] as const;

/**
 * A decision table: columns are facts, a row holds one cell per column and a destination. An empty cell or `*` is any value, `|` separates
 * alternatives, `10..50`, `>=100` and `<5` are numbers. Text ignores case, width and surrounding spaces.
 */
export const tableSchema = z.object({
  kind: z.literal('table'),
  columns: z.array(z.string().min(1).max(80)).max(TABLE_LIMITS.columns),
  /** `first`: the first row that fits; `unique`: more than one that fits is nobody's lead. */
  hit: z.enum(HIT_POLICIES).default('first'),
  rows: z
    .array(z.object({ cells: z.array(z.string().max(TABLE_LIMITS.cell)).max(TABLE_LIMITS.columns), to: plainDestinationSchema }))
    .max(TABLE_LIMITS.rows),
});
export type DecisionTable = z.infer<typeof tableSchema>;

export const destinationSchema = z.discriminatedUnion('kind', [
  member,
  team,
  z.object({
    kind: z.literal('group'),
    members: z.array(z.object({ member: memberRefSchema, weight: z.number().min(0).max(MAX_WEIGHT).default(1) })).max(500),
  }),
  role,
  pool,
  z.object({ kind: z.literal('account-owner') }),
  /** Whoever held the lead last, if that was not longer ago than so many days. */
  z.object({ kind: z.literal('previous-owner'), days: z.int().min(1).max(3650).default(90) }),
  tableSchema,
  /** Another system decides: it is asked after the change is stored, and the lead waits until it answers or the time is over. */
  z.object({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }).max(2000),
    timeoutMs: z.int().min(200).max(15_000).default(3000),
    fallback: plainDestinationSchema,
  }),
  /** Named by an implementer's code for each lead (`addDestination`). */
  z.object({
    kind: z.literal('custom'),
    type: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
    params: z.record(z.string().max(60), z.unknown()).default({}),
  }),
  /** Waits (for enrichment, for a shift), then goes on with the next rule. */
  z.object({
    kind: z.literal('hold'),
    seconds: z
      .int()
      .min(1)
      .max(30 * 86_400),
  }),
]);
export type Destination = z.infer<typeof destinationSchema>;
