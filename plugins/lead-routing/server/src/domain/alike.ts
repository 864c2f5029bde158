import type { Plan, RoutedLead } from './facts';

const plain = (value: unknown): unknown =>
  value instanceof Map
    ? [...(value as Map<unknown, unknown>)].map((entry) => entry.map(plain))
    : value instanceof Set
      ? [...(value as Set<unknown>)]
      : value;

/** What a lead is, but for how long it has waited; found once. */
const kinds = new WeakMap<RoutedLead, string>();

function kindOf(lead: RoutedLead): string {
  const known = kinds.get(lead);
  if (known !== undefined) return known;
  const { versionId, ownerId, accountOwner, language, values, previousOwners, pastOwners, reroute, guard, forced, sticky, standards } =
    lead;
  const { holds, refusedBy, rows, named, answers, unreachable } = lead;
  const kind = JSON.stringify([
    [versionId, ownerId, accountOwner, language, values, previousOwners, pastOwners, reroute, guard, forced, sticky, standards],
    [holds, refusedBy, rows, named, answers, unreachable].map(plain),
  ]);
  kinds.set(lead, kind);
  return kind;
}

/**
 * What a decision about a lead that waits looks at, as one text: who is not free for one of them is not for another, as long as nobody gets or loses a lead. Grade, score
 * and worth say who of several gets it, not whether anybody does. Null = it does not wait.
 */
export function alike(lead: RoutedLead, { rules }: Plan, now: Date): string | null {
  if (lead.waiting.size === 0) return null;
  const over = rules.flatMap(({ rule, target }) => {
    const since = lead.waiting.get(rule.key);
    const seconds = target.kind === 'hold' ? target.seconds : rule.holdSeconds;
    return since && since.getTime() + seconds * 1000 <= now.getTime() ? [rule.key] : [];
  });
  return `${kindOf(lead)} ${[...lead.waiting.keys()].join()} ${over.join()}`;
}
