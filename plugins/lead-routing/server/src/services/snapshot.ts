import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RoutingPolicy } from '../../../contracts';
import type { Plan, PlannedRule, RoutedLead, Target, World } from '../domain/facts';
import { pack, unpack } from '../domain/pack';
import type { PackedFacts } from './ledger';

/** What a change set was decided from: a plan without its policy, which every version ever published keeps. */
export interface Snapshot {
  readonly at: Date;
  readonly plans: readonly {
    readonly policyId: number;
    readonly versionId: number;
    readonly key: string;
    readonly name: string;
    readonly rules: readonly StoredRule[];
    readonly otherwise: StoredRule;
  }[];
  readonly leads: readonly RoutedLead[];
  readonly world: World;
}

type StoredRule = Omit<PlannedRule, 'rule'> & { readonly key: string };

const NOBODY: Target = { kind: 'people', candidates: [] };

const stored = (planned: PlannedRule, used: ReadonlySet<string>): StoredRule => {
  const { rule, ...rest } = planned;
  return used.has(rule.key) ? { ...rest, key: rule.key } : { key: rule.key, group: planned.group, target: NOBODY, onEmpty: null };
};

/** Packs the facts of a change set; rules no lead could reach are left out. */
export function packFacts(
  plans: ReadonlyMap<number, Plan>,
  leads: readonly RoutedLead[],
  world: World,
  used: ReadonlySet<string>,
  at: Date,
): PackedFacts {
  const snapshot: Snapshot = {
    at,
    plans: [...plans.values()].map(({ policyId, versionId, key, name, rules, otherwise }) => ({
      policyId,
      versionId,
      key,
      name,
      rules: rules.map((rule) => stored(rule, used)),
      otherwise: stored(otherwise, used),
    })),
    leads,
    world,
  };
  return { id: randomUUID(), packed: gzipSync(JSON.stringify(pack(snapshot)), { level: 1 }) };
}

export const unpackFacts = (packed: Buffer): Snapshot => unpack(JSON.parse(gunzipSync(packed).toString('utf8'))) as Snapshot;

/** The plan of a snapshot with its policy put back. */
export function planAgain(plan: Snapshot['plans'][number], body: RoutingPolicy, otherwise: PlannedRule['rule']): Plan {
  const rules = new Map(body.rules.map((rule) => [rule.key, rule]));
  const again = ({ key, ...rest }: StoredRule): PlannedRule[] => {
    const rule = rules.get(key) ?? (key === otherwise.key ? otherwise : undefined);
    return rule ? [{ ...rest, rule }] : [];
  };
  const [last] = again(plan.otherwise);
  return {
    ...plan,
    body,
    rules: plan.rules.flatMap(again),
    otherwise: last ?? { rule: otherwise, group: '', target: NOBODY, onEmpty: null },
  };
}
