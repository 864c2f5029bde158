import type { Kit } from '@leadsea/crm-core';
import { ADAPTERS, adapters, detectAdapter, type Adapter } from '../domain/capture';

/** Adapters of the implementer, by kit: each installation has its own. */
const added = new WeakMap<Kit, Map<string, Adapter>>();

const builtIn = (name: string): Adapter | undefined =>
  Object.hasOwn(adapters, name) ? Object.entries(adapters).find(([key]) => key === name)?.[1] : undefined;

/**
 * Teaches the capture entrance another form of payload: a source that names it reads every payload with it. Call it in `register()`.
 * @throws Error when the name is taken
 */
export function addCaptureAdapter(kit: Kit, name: string, adapter: Adapter): void {
  const own = added.get(kit) ?? new Map<string, Adapter>();
  if (name === 'auto' || builtIn(name) || own.has(name)) throw new Error(`The capture adapter ${name} is declared twice.`);
  added.set(kit, own.set(name, adapter));
}

/** Names a source may choose, `auto` not among them. */
export const adapterNames = (kit: Kit): readonly string[] => [...ADAPTERS, ...(added.get(kit)?.keys() ?? [])];

/** The adapter a source names; without one, or for a name that is gone, the one that knows the payload. */
export function adapterFor(kit: Kit, name: string | null, payload: unknown): Adapter {
  const named = name === null ? undefined : (added.get(kit)?.get(name) ?? builtIn(name));
  return named ?? adapters[detectAdapter(payload) ?? 'json'];
}
