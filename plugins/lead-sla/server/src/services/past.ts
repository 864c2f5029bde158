import { many, snake } from '@leadsea/crm-core';
import type { Entry, LeadRow, WorkingSet } from '@leadsea/leads';
import type { Metric } from '../../../contracts';
import { pausesOf, type PastPause } from '../domain/past-pauses';
import { isAboutRow } from './metrics';

/** A clock that is opened now and counts from before. */
export interface LateOpening {
  readonly entry: Entry;
  readonly metric: Metric;
  readonly startedAt: Date;
}

interface Change {
  readonly lead: number;
  readonly at: Date;
  readonly before: Readonly<Record<string, unknown>>;
}

interface Past {
  readonly from: Date;
  readonly row: LeadRow;
}

/** Names of history that stand for a reference. */
const REFERENCES = new Set(['owner', 'pool', 'team', 'homePool', 'keptFor', 'account']);

const columnsOf = (before: Change['before'], row: Readonly<LeadRow>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(before).flatMap(([name, value]) => {
      const column = REFERENCES.has(name) ? `${snake(name)}_id` : snake(name);
      return column in row ? [[column, value]] : [];
    }),
  );

/** A lead as it was between `start` and this change set, oldest first: what history says was before each change is laid over what came after. */
function rewind(row: LeadRow, changes: readonly Change[], start: Date): Past[] {
  const states: Past[] = [];
  let state = row;
  for (const { at, before } of [...changes].reverse()) {
    states.unshift({ from: at, row: state });
    state = { ...state, ...columnsOf(before, row) };
  }
  return [{ from: start, row: state }, ...states];
}

const changesSince = (set: WorkingSet, ids: readonly number[], since: Date): Promise<Change[]> =>
  many<Change>(
    set.trx,
    `SELECT subject_id AS lead, at, before FROM crm_events
     WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND at > ? AND before IS NOT NULL ORDER BY id`,
    [[...ids], since],
  );

/** The list under a key, made where there is none. */
function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const known = lists.get(key);
  if (known) return known;
  const list: Item[] = [];
  lists.set(key, list);
  return list;
}

/** Whether the past of a metric's pause can be known from the rows of the lead as they were. */
const isKnowable = ({ pause, resume }: Metric): boolean => Boolean(pause) && isAboutRow(pause!) && (!resume || isAboutRow(resume));

/**
 * when clocks that count from before would have been paused, by the history of their leads; by the place in `openings`. Two statements
 * for any number, none where nothing begins in the past or no pause asks about the lead itself.
 */
export async function pastPauses(set: WorkingSet, openings: readonly LateOpening[]): Promise<ReadonlyMap<number, readonly PastPause[]>> {
  const asked = openings.flatMap(({ entry, metric, startedAt }, place) =>
    entry.before !== null && startedAt < set.now && isKnowable(metric) ? [{ place, entry, before: entry.before, metric, startedAt }] : [],
  );
  if (asked.length === 0) return new Map();
  const since = asked.reduce((first, { startedAt }) => (startedAt < first ? startedAt : first), set.now);
  const changes = new Map<number, Change[]>();
  for (const change of await changesSince(set, [...new Set(asked.map(({ entry }) => entry.id))], since))
    listIn(changes, change.lead).push(change);
  const lives = asked.map(({ entry, before, startedAt, ...rest }) => {
    const own = (changes.get(entry.id) ?? []).filter(({ at }) => at > startedAt);
    return { ...rest, entry, startedAt, states: rewind(before, own, startedAt) };
  });
  // Each state of each lead is asked as a lead of its own, by a number that no lead has.
  let number = 0;
  const states = lives.flatMap(({ place, entry, states: past }) =>
    past.map(({ from, row }) => {
      number -= 1;
      return { place, from, entry: { ...entry, id: number, row: { ...row, id: number } } };
    }),
  );
  const hits = await set.matches(
    lives.flatMap(({ place, metric: { pause, resume } }) => [
      { key: `${place}:pause`, condition: pause! },
      ...(resume ? [{ key: `${place}:resume`, condition: resume }] : []),
    ]),
    states.map((state) => state.entry),
  );
  const byPlace = new Map<number, (typeof states)[number][]>();
  for (const state of states) listIn(byPlace, state.place).push(state);
  return new Map(
    lives.map(({ place, startedAt }) => {
      const held = listIn(byPlace, place).map(({ from, entry }) => ({
        from,
        paused: (hits.get(entry.id)?.has(`${place}:pause`) ?? false) && !hits.get(entry.id)?.has(`${place}:resume`),
      }));
      return [place, pausesOf(held, startedAt, set.now)];
    }),
  );
}
