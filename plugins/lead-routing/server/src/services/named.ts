import type { Knex } from 'knex';
import type { NamedPerson, RoutingRule } from '../../../contracts';
import type { CandidateRef, Plan, RoutedLead } from '../domain/facts';
import { findDestination } from '../domain/extensions';
import type { Directory } from './people';

/** Whom the destinations of implementers name: by rule of a policy (its version and key), by lead. */
export type Named = ReadonlyMap<string, ReadonlyMap<number, readonly NamedPerson[]>>;

export const namedKey = (versionId: number, rule: string): string => `${versionId}:${rule}`;

interface Asking {
  readonly versionId: number;
  readonly rules: readonly RoutingRule[];
  readonly leads: readonly { readonly id: number; readonly row: Readonly<Record<string, unknown>>; readonly holds: ReadonlySet<string> }[];
}

/** Asks every such destination once for all leads that reach its rule. One whose plugin is gone names nobody. */
export async function loadNamed(db: Knex | Knex.Transaction, asking: readonly Asking[], now: Date): Promise<Named> {
  const named = new Map<string, ReadonlyMap<number, readonly NamedPerson[]>>();
  for (const { versionId, rules, leads } of asking) {
    for (const rule of rules) {
      const { destination } = rule;
      if (destination.kind !== 'custom') continue;
      const concerned = leads.filter(({ holds }) => holds.has(rule.key)).map(({ id, row }) => ({ id, row }));
      const kind = concerned.length > 0 ? findDestination(destination.type) : null;
      if (kind) named.set(namedKey(versionId, rule.key), await kind.resolve({ leads: concerned, db, now }, destination.params));
    }
  }
  return named;
}

const everybody = (byLead: ReadonlyMap<number, readonly NamedPerson[]>): readonly NamedPerson[] => [
  ...new Map([...byLead.values()].flat().map((one) => [String(one.member).toLowerCase(), one])).values(),
];

/** Ids and addresses of everybody who is named, for loading them. */
export function namedMembers(named: Named): { readonly ids: readonly number[]; readonly emails: readonly string[] } {
  const people = [...named.values()].flatMap(everybody).map(({ member }) => member);
  return {
    ids: people.filter((member) => typeof member === 'number'),
    emails: people.filter((member) => typeof member === 'string'),
  };
}

/** The people of one rule over all leads, with delegates of those on leave: who shares its ledger. */
export const unionOf = (named: Named, versionId: number, rule: string, directory: Pick<Directory, 'resolve'>): readonly CandidateRef[] => {
  const byLead = named.get(namedKey(versionId, rule));
  if (!byLead) return [];
  return directory.resolve({ kind: 'group', members: everybody(byLead).map(({ member, weight = 1 }) => ({ member, weight })) });
};

/** Each lead with those of the people of its rules that are named for it; who stands in for one of them included. */
export function withNamed(
  leads: readonly RoutedLead[],
  plans: ReadonlyMap<number, Plan>,
  named: Named,
  { idOf }: Pick<Directory, 'idOf'>,
): readonly RoutedLead[] {
  if (named.size === 0) return leads;
  return leads.map((lead) => {
    const own = (plans.get(lead.versionId)?.rules ?? []).flatMap(({ rule, target }): [string, readonly CandidateRef[]][] => {
      if (target.kind !== 'custom') return [];
      const people = named.get(namedKey(lead.versionId, rule.key))?.get(lead.id) ?? [];
      const ids = new Set(people.map(({ member }) => idOf(member)));
      const isMeant = ({ id, standsFor }: CandidateRef): boolean => ids.has(id) || (standsFor !== undefined && ids.has(standsFor));
      return [[rule.key, target.candidates.filter(isMeant)]];
    });
    return own.length === 0 ? lead : { ...lead, named: new Map(own) };
  });
}
