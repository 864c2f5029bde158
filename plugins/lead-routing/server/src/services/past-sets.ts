import { isDeepStrictEqual } from 'node:util';
import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { routingPolicySchema, type RoutingPolicy, type RoutingRule } from '../../../contracts';
import type { PastSet } from '../domain/back-test';
import { OWN_LOAD, ownLoadId, type Person, type Plan, type PlannedRule, type RoutedLead, type World } from '../domain/facts';
import { routeLeads, type Verdict } from '../domain/route';
import { standardKey } from './conditions';
import { groupKey, otherwiseRule, type LivePolicy } from './plans';
import { planAgain, unpackFacts, type Snapshot } from './snapshot';

/** Which of these facts of change sets are kept. */
export async function keptFacts(kit: Kit, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await many<{ id: string }>(kit.db, 'SELECT id FROM crm_routing_facts WHERE id = ANY(?::uuid[])', [[...new Set(ids)]]);
  return new Set(rows.map(({ id }) => id));
}

/** Packed facts, fetched for the steps that are next and given up when they are used: a replay of months does not hold them all. */
export class FactsAhead {
  private packed = new Map<string, Buffer>();

  constructor(private readonly kit: Kit) {}

  has(id: string): boolean {
    return this.packed.has(id);
  }

  async fetch(ids: readonly string[]): Promise<void> {
    const rows = await many<{ id: string; packed: Buffer }>(
      this.kit.db,
      'SELECT id, packed FROM crm_routing_facts WHERE id = ANY(?::uuid[])',
      [[...new Set(ids)]],
    );
    this.packed = new Map(rows.map(({ id, packed }) => [id, packed]));
  }

  /** Null = they have been removed since. */
  take(id: string): Buffer | null {
    const buffer = this.packed.get(id) ?? null;
    this.packed.delete(id);
    return buffer;
  }
}

/** A version of a routing policy that decided once. */
export interface PastVersion {
  readonly policyId: number;
  readonly body: RoutingPolicy;
}

/** Every version there ever was, by id; bodies as today's schema reads them, so that they can be compared. */
export async function loadVersions(kit: Kit): Promise<ReadonlyMap<number, PastVersion>> {
  const rows = await many<{ id: number; policy_id: number; body: unknown }>(
    kit.db,
    `SELECT v.id, v.policy_id, v.body FROM crm_policy_versions v JOIN crm_policies p ON p.id = v.policy_id WHERE p.kind = 'routing-policy'`,
  );
  return new Map(
    rows.map(({ id, policy_id: policyId, body }) => {
      const read = routingPolicySchema.safeParse(body);
      return [id, { policyId, body: read.success ? read.data : (body as RoutingPolicy) }];
    }),
  );
}

const PARTS = {
  when: ({ when }) => when,
  consent: ({ filters }) => filters.consent,
  destination: ({ destination }) => destination,
  ranking: ({ ranking }) => ranking,
  onEmpty: ({ onEmpty }) => onEmpty,
  loadLimits: ({ loadLimits }) => loadLimits,
  caps: ({ caps, periodCap }) => [caps, periodCap],
} as const satisfies Readonly<Record<string, (rule: RoutingRule) => unknown>>;
type PartName = keyof typeof PARTS;
const BODY_PARTS = {
  'the whole': (body) => body,
  capacity: ({ capacity }) => capacity,
  sticky: ({ sticky }) => sticky,
  'by revenue': (body) => byRevenue(body),
} as const satisfies Readonly<Record<string, (body: RoutingPolicy) => unknown>>;
type BodyPart = keyof typeof BODY_PARTS;
const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a ?? null, b ?? null);

/** What a policy and the version that decided then have in common: of that the answers of then are good. */
class Common {
  private readonly rules: ReadonlyMap<string, RoutingRule>;
  private readonly answers = new Map<string, boolean>();

  constructor(
    private readonly now: RoutingPolicy,
    private readonly then: RoutingPolicy,
  ) {
    this.rules = new Map([...then.rules, otherwiseRule(then)].map((rule) => [rule.key, rule]));
  }

  /** The rule of this key was the same in this. */
  rule(rule: RoutingRule, ...parts: readonly PartName[]): boolean {
    const before = this.rules.get(rule.key);
    return (
      before !== undefined && parts.every((name) => this.once(`${rule.key} ${name}`, () => same(PARTS[name](before), PARTS[name](rule))))
    );
  }

  body(name: BodyPart): boolean {
    return this.once(name, () => same(BODY_PARTS[name](this.now), BODY_PARTS[name](this.then)));
  }

  /** Policies are compared part by part for every lead: each part is looked at once. */
  private once(name: string, answer: () => boolean): boolean {
    const known = this.answers.get(name) ?? answer();
    this.answers.set(name, known);
    return known;
  }

  standard(key: string, part: (standard: RoutingPolicy['standards'][number]) => unknown): boolean {
    const [now, then] = [this.now, this.then].map(({ standards }) => standards.find((one) => one.key === key));
    return now !== undefined && then !== undefined && same(part(now), part(then));
  }
}

const byRevenue = ({ rules }: RoutingPolicy): boolean =>
  rules.some((rule) => rule.ranking === 'quality-balanced' && rule.value === 'revenue');

const pick = <Value>(
  now: ReadonlyMap<string, Value> | undefined,
  then: ReadonlyMap<string, Value> | undefined,
  isThen: (key: string) => boolean,
  keys: readonly string[],
): Map<string, Value> =>
  new Map(
    keys.flatMap((key) => {
      const value = (isThen(key) ? then : now)?.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

/** A lead with what was known of it then; what nobody asked then is as the replay found it. */
function knownThen(lead: RoutedLead, stored: RoutedLead, common: Common, policy: LivePolicy, versionThen: number): RoutedLead {
  const { rules, standards } = policy.body;
  const keys = rules.map(({ key }) => key);
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const isThen =
    (...parts: readonly PartName[]) =>
    (key: string): boolean => {
      const rule = byKey.get(key);
      return rule !== undefined && common.rule(rule, ...parts);
    };
  const chosen = (now: ReadonlySet<string> | undefined, then: ReadonlySet<string> | undefined, is: (key: string) => boolean): Set<string> =>
    new Set(keys.filter((key) => (is(key) ? then : now)?.has(key)));
  const sameDestination = isThen('destination');
  const asksThen = rules.filter(({ key, destination }) => destination.kind === 'webhook' && sameDestination(key)).map(({ key }) => key);
  const adds = new Map(lead.adds);
  const [own, ownThen] = [ownLoadId(policy), ownLoadId({ body: policy.body, versionId: versionThen })];
  if (common.body('capacity')) {
    adds.delete(own);
    const value = stored.adds?.get(ownThen);
    if (value !== undefined) adds.set(own, value);
  }
  for (const rule of rules.filter((one) => common.rule(one, 'loadLimits')))
    for (const [id, value] of stored.adds ?? []) if (id.startsWith(`limit:${groupKey(policy.key, rule.key)}:`)) adds.set(id, value);
  const heldStandards = new Set(stored.standards?.map(({ key }) => key));
  return {
    ...lead,
    ...(common.body('sticky') ? { sticky: stored.sticky } : {}),
    ...(common.body('by revenue') && stored.value !== undefined ? { value: stored.value } : {}),
    together: undefined,
    score: stored.score,
    grade: stored.grade,
    language: stored.language,
    ownerId: stored.ownerId,
    accountOwner: stored.accountOwner,
    previousOwners: stored.previousOwners,
    pastOwners: stored.pastOwners ?? [],
    refusedBy: stored.refusedBy ?? new Map(),
    values: { ...lead.values, ...stored.values },
    holds: chosen(lead.holds, stored.holds, isThen('when')),
    unreachable: chosen(lead.unreachable, stored.unreachable, isThen('consent')),
    rows: pick(lead.rows, stored.rows, isThen('when', 'destination'), keys),
    named: pick(lead.named, stored.named, sameDestination, keys),
    answers: new Map([
      ...[...(lead.answers ?? [])].filter(([key]) => !asksThen.includes(key)),
      ...pick(undefined, stored.answers, () => true, asksThen),
    ]),
    standards: standards.flatMap(({ key, label, leads }) => {
      const then = common.standard(key, (one) => one.leads);
      const id = standardKey(policy.versionId, key);
      const held = then ? !leads || heldStandards.has(standardKey(versionThen, key)) : lead.standards?.some((one) => one.key === id);
      return held ? [{ key: id, label }] : [];
    }),
    adds,
  };
}

type StoredPlan = Snapshot['plans'][number];

/** The policy with the people its rules led to then, as far as they are the same rules. */
function planThen(plan: Plan, stored: StoredPlan, common: Common): Plan {
  const rules = new Map([...stored.rules, stored.otherwise].filter((one) => 'caps' in one).map((one) => [one.key, one]));
  const again = (planned: PlannedRule): PlannedRule => {
    const { rule, target } = planned;
    const then = rules.get(rule.key);
    if (!then || !common.rule(rule, 'destination', 'ranking')) return planned;
    const own = then.target;
    const onEmpty = common.rule(rule, 'onEmpty') ? then.onEmpty : planned.onEmpty;
    if (own.kind !== 'table' || target.kind !== 'table') return { ...planned, target: own, onEmpty };
    const rows = [...own.rows].map(([index, row]) => [index, { ...row, group: target.rows.get(index)?.group ?? row.group }] as const);
    return { ...planned, target: { ...target, rows: new Map([...target.rows, ...rows]) }, onEmpty };
  };
  return { ...plan, rules: plan.rules.map(again), otherwise: again(plan.otherwise) };
}

/** Loads, caps and people of then, without what the policy counts otherwise now. */
function worldThen(
  world: World,
  policy: LivePolicy,
  common: Common | null,
  versionThen: number,
  today: ReadonlyMap<number, Person>,
): World {
  const { versionId, key, body } = policy;
  const bases = (part: PartName): readonly string[] =>
    [...body.rules].filter((rule) => !common?.rule(rule, part)).map((rule) => groupKey(key, rule.key));
  const loads = new Map(world.loads);
  const [own, ownThen] = [ownLoadId(policy), ownLoadId({ body, versionId: versionThen })];
  if (own !== OWN_LOAD) {
    const held = common?.body('capacity') ? world.loads.get(ownThen) : undefined;
    loads.delete(own);
    if (held) loads.set(own, held);
  }
  for (const base of bases('loadLimits'))
    for (const id of loads.keys()) if (id.startsWith(`limit:${base}:`) || id.startsWith(`group:${base}:`)) loads.delete(id);
  const caps = new Map(world.caps);
  for (const base of bases('caps')) for (const id of caps.keys()) if (id.startsWith(`rule:${base}:`)) caps.delete(id);
  if (body.standards.length === 0) return { ...world, loads, caps };
  const people = [...world.people].map(([id, person]): [number, Person] => {
    const now = today.get(id)?.meets;
    const meets = body.standards
      .filter((one) =>
        common?.standard(one.key, ({ people: asked }) => asked)
          ? person.meets?.has(standardKey(versionThen, one.key))
          : now?.has(standardKey(versionId, one.key)),
      )
      .map((one) => standardKey(versionId, one.key));
    return [id, { ...person, meets: new Set(meets) }];
  });
  return { ...world, loads, caps, people: new Map(people) };
}

/** How the facts of a change set are made ready for a policy; `today` = what is known of people now. */
export function pastSets(
  packed: Pick<FactsAhead, 'take'>,
  versions: ReadonlyMap<number, PastVersion>,
  { policy, plan, today }: { readonly policy: LivePolicy; readonly plan: Plan; readonly today: ReadonlyMap<number, Person> },
): (facts: string) => PastSet | null {
  const bodies = new Map<number, Common>();
  const commonWith = (version: number, body: RoutingPolicy): Common => {
    const common = bodies.get(version) ?? new Common(policy.body, body);
    bodies.set(version, common);
    return common;
  };
  return (facts) => {
    const buffer = packed.take(facts);
    if (!buffer) return null;
    const { at, plans, leads, world } = unpackFacts(buffer);
    const own = plans.find(({ policyId }) => policyId === policy.policyId);
    const body = own ? versions.get(own.versionId)?.body : undefined;
    const common = own && body ? commonWith(own.versionId, body) : null;
    const ours = (lead: RoutedLead | undefined): lead is RoutedLead => lead !== undefined && lead.versionId === own?.versionId;
    const again = (): Map<number, Plan> =>
      new Map(
        plans.flatMap((one) => {
          const version = versions.get(one.versionId);
          return version ? [[one.versionId, planAgain(one, version.body, otherwiseRule(version.body))] as const] : [];
        }),
      );
    const others = plans.length > 1 ? [...again()].filter(([version]) => version !== own?.versionId) : [];
    const byId = new Map(leads.map((lead) => [lead.id, lead]));
    const known = (lead: RoutedLead): RoutedLead => {
      const stored = byId.get(lead.id);
      if (ours(stored) && own && common) return knownThen(lead, stored, common, policy, own.versionId);
      return stored ? { ...lead, together: undefined, score: stored.score, grade: stored.grade } : lead;
    };
    let truth: ReadonlyMap<number, Verdict> | null = null;
    return {
      world: worldThen(world, policy, common, own?.versionId ?? 0, today),
      plans: new Map([...others, [policy.versionId, own && common ? planThen(plan, own, common) : plan]]),
      leads: new Map(leads.map((lead) => [lead.id, ours(lead) ? known({ ...lead, versionId: policy.versionId }) : lead])),
      changed: (id) => !ours(byId.get(id)) || !common?.body('the whole'),
      known,
      truth: () => (truth ??= routeLeads(leads, again(), world, at).verdicts),
    };
  };
}
