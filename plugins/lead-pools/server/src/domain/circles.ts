import type { Pool } from '../../../contracts';

type Ways = Pick<Pool, 'entry' | 'recycle'>;
interface Named {
  readonly key: string;
  readonly body: Ways;
}
/** Pools through which leads come back to where they began: `['east', 'west']` = from here to east, from there to west, from there back here. */
export type Circle = readonly string[];

/** Pools that leads recycled from here go to; the pool itself is no move. */
const recycledTo = ({ recycle }: Ways): readonly string[] =>
  [recycle.returnTo, ...recycle.rules.map((rule) => rule.returnTo), ...recycle.returns.map((rule) => rule.to)].flatMap((key) =>
    key ? [key] : [],
  );

const enteredTo = ({ entry }: Ways): readonly string[] => entry.rules.map((rule) => rule.to);

/** The shortest way from the pool back to itself; null when there is none. */
function circleOf(own: Named, others: readonly Named[], next: (body: Ways) => readonly string[]): Circle | null {
  const bodies = new Map([...others, own].map(({ key, body }) => [key, body]));
  const seen = new Set<string>();
  let ways: (readonly string[])[] = next(own.body).flatMap((key) => (key === own.key ? [] : [[key]]));
  while (ways.length > 0) {
    const longer: (readonly string[])[] = [];
    for (const way of ways) {
      const last = way.at(-1) ?? '';
      const body = bodies.get(last);
      if (!body || seen.has(last)) continue;
      seen.add(last);
      for (const key of next(body)) {
        if (key === own.key) return way;
        longer.push([...way, key]);
      }
    }
    ways = longer;
  }
  return null;
}

/** Leads that are taken back out of this pool's hands end, by way of other pools, in this one again: they are passed round instead of worked. */
export const recycleCircle = (own: Named, others: readonly Named[]): Circle | null => circleOf(own, others, recycledTo);

/** Entry rules that send leads on to each other. */
export const entryCircle = (own: Named, others: readonly Named[]): Circle | null => circleOf(own, others, enteredTo);
