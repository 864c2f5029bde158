import { many } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import type { Contract, Metric } from '../../../contracts';
import type { Facts, HolderCalendar } from '../domain/advance';
import { isOpen, type Clock } from '../domain/clock';
import { findEvidence, isEvidence, type Parties } from '../domain/evidence';
import type { Shelf } from '../domain/happening';
import { calendarKeys, clockCalendar, loadCalendars, loadHolders, type HolderLookup } from './calendars';
import { lockLatest } from './clock-store';
import { conditionsOf, loadMetrics, refKey, targetRow, type MetricRef } from './metrics';
import { loadBodies, metricLookup } from './shelf';

type Hits = ReadonlyMap<number, ReadonlySet<string>>;

/** Everything the decisions need, fetched in a constant number of statements. */
export interface Material {
  readonly set: WorkingSet;
  readonly refs: ReadonlyMap<string, MetricRef>;
  readonly clocks: ReadonlyMap<number, readonly Clock[]>;
  readonly hits: Hits;
  readonly holder: HolderLookup;
  readonly shelf: Shelf;
  readonly managers: ReadonlyMap<number, number>;
}

/** R-32 `delegate`: who stands in for the owners; asked only where a metric says so and something was logged. */
async function managersOfOwners(set: WorkingSet, metrics: readonly Metric[]): Promise<ReadonlyMap<number, number>> {
  const needed = metrics.some((metric) => metric.stop.activities?.authors === 'delegate');
  const owners = set.entries.flatMap((entry) => (entry.activities.length > 0 ? [entry.row.owner_id, entry.before?.owner_id] : []));
  const ids = [...new Set(owners.filter((id): id is number => typeof id === 'number'))];
  if (!needed || ids.length === 0) return new Map();
  const rows = await many<{ id: number; manager_id: number }>(
    set.trx,
    'SELECT id, manager_id FROM crm_members WHERE id = ANY(?::int[]) AND manager_id IS NOT NULL',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.manager_id]));
}

/** Null when no contract measures anything here. */
export async function gather(set: WorkingSet): Promise<Material | null> {
  const stored = await lockLatest(
    set.trx,
    set.entries.filter((entry) => !entry.isNew).map((entry) => entry.id),
  );
  // None is there and none may begin.
  if (set.clocks === 'none' && stored.length === 0) return null;
  const refs = await loadMetrics(
    set.kit,
    stored.filter(isOpen).map((clock) => clock.versionId),
    set.now,
  );
  if (refs.size === 0) return null;
  const bodies = await loadBodies(
    set.kit,
    [...stored, ...refs.values()].map((one) => one.versionId),
  );
  return assemble(set, refs, stored, bodies);
}

/** What these metrics ask about the leads of a change set, and the clocks they have. */
export async function assemble(
  set: WorkingSet,
  refs: ReadonlyMap<string, MetricRef>,
  stored: readonly Clock[],
  bodies: ReadonlyMap<number, Contract>,
): Promise<Material> {
  const clocks = new Map<number, Clock[]>();
  for (const clock of stored) clocks.set(clock.leadId, [...(clocks.get(clock.leadId) ?? []), clock]);
  const hits = await set.matches([...refs].flatMap(([key, { metric }]) => conditionsOf(key, metric)));
  const rows = set.entries.map((entry) => entry.row);
  const metrics = [...refs.values()];
  const plain = metrics.map((one) => one.metric);
  const holder = await loadHolders(set.kit, metrics, rows, await calendarKeys(set.trx, plain, rows));
  const refsOfHolders = set.entries.flatMap((entry) =>
    metrics.flatMap(({ metric, calendar }) => metric.targets.map((_target, at) => holder(metric, calendar, at, entry.row))),
  );
  const calendars = await loadCalendars(set.kit, stored.map(clockCalendar));
  const held = new Map(refsOfHolders.map((one) => [`${one.key ?? ''}#${one.revision ?? ''}`, one.calendar]));
  const shelf: Shelf = {
    metric: metricLookup(bodies),
    calendar: (ref) => held.get(`${ref.key ?? ''}#${ref.revision ?? ''}`) ?? calendars(ref),
  };
  return { set, refs, clocks, hits, holder, shelf, managers: await managersOfOwners(set, plain) };
}

const idsOf = (ids: readonly (number | null | undefined)[]): number[] => ids.filter((id): id is number => typeof id === 'number');

/** Who keeps a lead for its owner, now or until this change: what he does is done for the owner. */
const keeperOf = ({ row, before }: Entry): (number | null)[] =>
  [row, before].flatMap((state) => (state?.kept_for_id ? [state.owner_id] : []));

const isTakenOver = ({ row, before }: Entry): boolean =>
  Boolean(before?.kept_for_id) && row.kept_for_id === null && row.owner_id !== null && row.owner_id === before?.owner_id;

function partiesOf({ set, managers }: Material, entry: Entry, metric: Metric, clock: Clock | null): Parties {
  const holders =
    metric.clockOwner === 'owner'
      ? [clock ? clock.ownerId : entry.row.owner_id, ...keeperOf(entry)]
      : [entry.row.owner_id, entry.before?.owner_id ?? null];
  return {
    holders,
    delegates: idsOf(idsOf(holders).map((id) => managers.get(id))),
    leadTeamId: entry.row.team_id,
    authorTeamId: set.actorOf(entry.id).teamId,
  };
}

function resetOf(entry: Entry, metric: Metric, parties: Parties, holds: boolean): Facts['reset'] {
  const rule = metric.reset?.activities;
  if (rule && entry.activities.some((activity) => isEvidence(activity, rule, parties))) return 'activity';
  return holds ? 'state' : 'no';
}

/** What is true of one lead, as one metric asks; evidence counts from the start of the clock, if there is one. */
export function factsOf(material: Material, entry: Entry, { metric, versionId }: MetricRef, clock: Clock | null): Facts {
  const { set, hits } = material;
  const key = refKey({ versionId }, metric.key);
  const held = hits.get(entry.id) ?? new Set<string>();
  const rule = metric.stop.activities;
  const parties = partiesOf(material, entry, metric, clock);
  const since = clock?.startedAt ?? new Date(set.now.getTime() - metric.backdateSeconds * 1000);
  return {
    start: held.has(`${key}:start`),
    stop: held.has(`${key}:stop`),
    cancel: held.has(`${key}:cancel`),
    pause: held.has(`${key}:pause`) && !held.has(`${key}:resume`),
    reset: resetOf(entry, metric, parties, held.has(`${key}:reset`)),
    inbound: entry.activities.some((activity) => activity.direction === 'inbound' && !activity.automatic),
    evidence:
      rule && entry.activities.length > 0
        ? findEvidence(entry.activities, rule, parties, { since, backdateSeconds: metric.backdateSeconds, now: set.now })
        : null,
    ownerId: entry.row.kept_for_id ?? entry.row.owner_id,
    ...(entry.row.kept_for_id ? { keeperId: entry.row.owner_id } : {}),
    ...(isTakenOver(entry) ? { takenOver: true } : {}),
    targetRow: targetRow(key, metric, held),
  };
}

export const holderOf = (material: Material, ref: MetricRef, facts: Facts, entry: Entry): HolderCalendar =>
  material.holder(ref.metric, ref.calendar, facts.targetRow, entry.row);
