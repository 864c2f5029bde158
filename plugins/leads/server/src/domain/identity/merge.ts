import { isBlank } from './text';

/** Who wins when both have a value: the survivor, the newcomer, the longer text, or the field is never touched. */
export const MERGE_RULES = ['survivor', 'incoming', 'longest', 'never'] as const;
export type MergeRule = (typeof MERGE_RULES)[number];
export interface MergePolicy {
  /** For fields not named below; `survivor` when absent: only blanks are filled. */
  readonly default?: MergeRule;
  readonly fields?: Readonly<Record<string, MergeRule>>;
}
type Values = Readonly<Record<string, unknown>>;

/** Facts about how the survivor came in: a later arrival does not rewrite them unless a policy says so. */
const ORIGIN = new Set(['source', 'medium', 'campaign', 'landingPage', 'referrer', 'utm', 'ip', 'capturedAt']);

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.trim().length : Array.isArray(value) ? value.length : 0);

function pick(mine: unknown, theirs: unknown, rule: MergeRule): unknown {
  if (rule === 'never' || isBlank(theirs)) return mine;
  if (isBlank(mine) || rule === 'incoming') return theirs;
  return rule === 'longest' && lengthOf(theirs) > lengthOf(mine) ? theirs : mine;
}

/** `custom` and other objects are merged key by key; a rule for `custom.budget` goes before one for `custom`. */
function mergeObject(mine: Values, theirs: Values, field: string, policy: MergePolicy, fallback: MergeRule): Values {
  const entries = Object.keys(theirs).map(
    (key) => [key, pick(own(mine, key), theirs[key], policy.fields?.[`${field}.${key}`] ?? fallback)] as const,
  );
  return { ...mine, ...Object.fromEntries(entries.filter(([key, value]) => value !== undefined && value !== own(mine, key))) };
}

const own = (values: Values, key: string): unknown => (Object.hasOwn(values, key) ? values[key] : undefined);
const same = (left: unknown, right: unknown): boolean => left === right || JSON.stringify(left) === JSON.stringify(right);

/**
 * The changes that merging `incoming` into `survivor` makes: blanks are filled, the survivor's values stay unless the policy says otherwise.
 * Origin fields (source, campaign, utm …) travel together: they are filled only when the survivor has no source of its own.
 * Returns only what differs; neither argument is touched; merging the same values again gives an empty patch.
 */
export function mergeValues(survivor: Values, incoming: Values, options: { readonly policy?: MergePolicy } = {}): Record<string, unknown> {
  const policy = options.policy ?? {};
  const ownOrigin = !isBlank(survivor.source);
  const patch: Record<string, unknown> = {};
  for (const field of Object.keys(incoming)) {
    const explicit = policy.fields?.[field];
    const rule = explicit ?? (ORIGIN.has(field) ? (ownOrigin ? 'never' : 'survivor') : (policy.default ?? 'survivor'));
    const mine = own(survivor, field);
    const theirs = incoming[field];
    const nested = isObject(theirs) && (isObject(mine) || isBlank(mine)) && rule !== 'never' && field !== 'utm';
    const value = nested ? mergeObject(isObject(mine) ? mine : {}, theirs, field, policy, rule) : pick(mine, theirs, rule);
    if (value !== undefined && !(isBlank(value) && isBlank(mine)) && !same(mine, value)) patch[field] = value;
  }
  return patch;
}
