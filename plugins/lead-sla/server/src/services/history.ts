import { many, notFound, type Kit } from '@leadsea/crm-core';
import type { Clock, Segment } from '../domain/clock';
import { rebuild } from '../domain/happening';
import { findClocks } from './clock-store';
import { loadShelf } from './shelf';

interface StepRow {
  readonly at: Date;
  readonly step: unknown;
}

export interface Rebuilt {
  readonly stored: Clock;
  readonly clock: Clock | null;
  readonly segments: readonly Segment[];
}

interface Named {
  readonly step: {
    readonly versionId?: number;
    readonly clock?: { readonly versionId?: number };
    readonly holder?: { key: string | null; revision: string | null };
    readonly revision?: string | null;
  };
}

/** computes a clock again from the history of its lead. What differs from the stored one was changed past the engine. */
export async function rebuildClock(kit: Kit, clockId: number): Promise<Rebuilt> {
  const [stored] = await findClocks(kit.db, 'WHERE c.id = ?', [clockId]);
  if (!stored) throw notFound('Clock');
  const rows = await many<StepRow>(
    kit.db,
    `SELECT at, data -> 'step' AS step FROM crm_events
     WHERE subject = 'lead' AND subject_id = ? AND type LIKE 'clock.%' AND (data ->> 'clock')::int = ? AND jsonb_exists(data, 'step') ORDER BY id`,
    [stored.leadId, clockId],
  );
  const named = rows.map((row) => row.step) as Named['step'][];
  const shelf = await loadShelf(kit, [stored], {
    versions: named.flatMap((step) => [step.versionId, step.clock?.versionId].filter((id): id is number => typeof id === 'number')),
    calendars: named.flatMap((step) => [
      ...(step.holder ? [step.holder] : []),
      ...(typeof step.revision === 'string' ? [{ key: stored.calendarKey, revision: step.revision }] : []),
    ]),
  });
  return { stored, ...rebuild(rows, shelf) };
}
