import type { CandidateRef, Person } from './facts';
import { isOnLeave } from './filters';

/** a chain of people on leave is followed so far. */
const DEPTH = 3;

/** Who stands for a person on leave: the first of the chain who is there; null when there is none, the chain is too long or a circle. */
export function delegateOf(person: Person, people: ReadonlyMap<number, Person>, now: Date): Person | null {
  const seen = new Set([person.id]);
  let current = person;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = current.delegateId ? people.get(current.delegateId) : undefined;
    if (!next || seen.has(next.id)) return null;
    if (!isOnLeave(next, now)) return next;
    seen.add(next.id);
    current = next;
  }
  return null;
}

/**
 * people on leave keep their row (with the reason), and whoever stands for them joins with their weight. Somebody who is in the list
 * anyway carries both weights; both lose and gain it without a jump, because a changed weight only counts from now on.
 */
export function withDelegates(
  candidates: readonly CandidateRef[],
  people: ReadonlyMap<number, Person>,
  now: Date,
): readonly CandidateRef[] {
  const away = candidates.flatMap((ref) => {
    const person = people.get(ref.id);
    const delegate = person && isOnLeave(person, now) ? delegateOf(person, people, now) : null;
    return delegate ? [{ ref, delegate }] : [];
  });
  if (away.length === 0) return candidates;
  const extra = new Map<number, { weight: number; place: number; standsFor: number }>();
  for (const { ref, delegate } of away) {
    const known = extra.get(delegate.id);
    extra.set(delegate.id, {
      weight: (known?.weight ?? 0) + ref.weight,
      place: Math.min(known?.place ?? ref.place, ref.place),
      standsFor: known?.standsFor ?? ref.id,
    });
  }
  const listed = new Set(candidates.map(({ id }) => id));
  return [
    ...candidates.map((ref) => ({ ...ref, weight: ref.weight + (extra.get(ref.id)?.weight ?? 0) })),
    ...[...extra].filter(([id]) => !listed.has(id)).map(([id, { weight, place, standsFor }]) => ({ id, weight, place, standsFor })),
  ];
}
