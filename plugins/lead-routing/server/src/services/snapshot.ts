import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { RoutingPolicy } from '../../../contracts';
import type { Plan, PlannedRule, RoutedLead, Target, World } from '../domain/facts';
import { inPartsOfToday } from '../domain/old-weights';
import { pack, unpack } from '../domain/pack';
import { WEIGHT_PARTS } from '../domain/weight';
import type { PackedFacts } from './ledger';

const gzipAside = promisify(gzip);
/** Larger sets are pressed beside the event loop, while the database is writing. */
const AT_ONCE = 200;

/** What a change set was decided from: a plan without its policy, which every version ever published keeps. */
export interface Snapshot {
  readonly at: Date;
  /** How many parts of a weight make 1; absent in facts kept before weights were exact. */
  readonly weightParts?: number;
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

/**
 * The facts of a change set under an id that is known at once; they are packed when they are asked for. Rules no lead could reach are left out.
 * What they are made of must not change until then.
 */
export function packFacts(
  plans: ReadonlyMap<number, Plan>,
  leads: readonly RoutedLead[],
  world: World,
  used: ReadonlySet<string>,
  at: Date,
): PackedFacts {
  const snapshot = (): Snapshot => ({
    at,
    weightParts: WEIGHT_PARTS,
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
  });
  const text = (): string => JSON.stringify(pack(snapshot()));
  return {
    id: randomUUID(),
    packed: async () => (leads.length > AT_ONCE ? gzipAside(text(), { level: 1 }) : gzipSync(text(), { level: 1 })),
  };
}

export const unpackFacts = (packed: Buffer): Snapshot =>
  inPartsOfToday(unpack(JSON.parse(gunzipSync(packed).toString('utf8'))) as Snapshot);

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
