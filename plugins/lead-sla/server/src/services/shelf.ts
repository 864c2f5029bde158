import type { Kit } from '@leadsea/crm-core';
import type { Contract } from '../../../contracts';
import type { Clock } from '../domain/clock';
import type { HolderRef, Shelf } from '../domain/happening';
import { metricsOf } from '../domain/lead-clock';
import { clockCalendar, loadCalendars } from './calendars';

/** Bodies of contract versions, by id; versions never change and are cached by the kit. */
export async function loadBodies(kit: Kit, versionIds: Iterable<number>): Promise<ReadonlyMap<number, Contract>> {
  const ids = [...new Set(versionIds)];
  return new Map(await Promise.all(ids.map(async (id) => [id, (await kit.policies.version<Contract>(id)).body] as const)));
}

/** Metrics of these versions, by key. */
export const metricLookup =
  (bodies: ReadonlyMap<number, Contract>): Shelf['metric'] =>
  (versionId, key) => {
    const body = bodies.get(versionId);
    const found = body && metricsOf(body).find((metric) => metric.key === key);
    if (!found) throw new Error(`Version ${versionId} has no metric "${key}".`);
    return found;
  };

/** Versions and calendars of some clocks, and of the calendars named beside. */
export async function loadShelf(
  kit: Kit,
  clocks: readonly Clock[],
  more: { versions?: readonly number[]; calendars?: readonly HolderRef[] } = {},
): Promise<Shelf> {
  const bodies = await loadBodies(kit, [...clocks.map((clock) => clock.versionId), ...(more.versions ?? [])]);
  const calendars = await loadCalendars(kit, [...clocks.map(clockCalendar), ...(more.calendars ?? [])]);
  return { metric: metricLookup(bodies), calendar: calendars };
}
