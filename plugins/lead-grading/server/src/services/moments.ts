import { matchPattern, type Kit } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import type { Moment } from '../../../contracts';
import { bind, int, join, raw, sql } from '../sql/fragments';
import { engagementsWith } from './engagement-source';
import { rowsOf } from './evaluate';
import type { ModelVersion } from './models';

interface Hit {
  readonly lead_id: number;
  readonly moment: number;
  readonly asset: string | null;
  readonly at: Date;
}

const orNull = (value: string | undefined) => (value === undefined ? raw('NULL::text') : bind('text', value));

/**
 * Tells interesting moments (`lead.moment`): an engagement of this change set that is the nth of its kind for its lead. A late one that
 * takes an earlier place moves the nth, which is told then if it is new itself. No statement when no model asks for any.
 */
export async function tellMoments(kit: Kit, set: WorkingSet, models: readonly ModelVersion[], entries: readonly Entry[]): Promise<void> {
  const moments: readonly Moment[] = models.flatMap(({ body }) => body.moments);
  const active = entries.filter((entry) => entry.engagements.some((engagement) => engagement.human));
  if (moments.length === 0 || active.length === 0) return;
  const added = active.flatMap((entry) => [...entry.engagements]);
  const source = engagementsWith(
    active.map((entry) => entry.id),
    added,
    { recycle: { mode: 'keep' } },
    new Map(),
  );
  const rows = moments.map(
    ({ kind, match, product, nth }, index) =>
      sql`(${index}, ${bind('text', kind)}, ${orNull(match === undefined ? undefined : matchPattern(match))}, ${orNull(product)}, ${int(nth)})`,
  );
  const hits = await rowsOf<Hit>(
    set.trx,
    sql`SELECT lead_id, moment, asset, at FROM (
        SELECT e.lead_id, e.id, e.asset, e.at, m.moment, m.nth, row_number() OVER (PARTITION BY e.lead_id, m.moment ORDER BY e.at, e.id) AS place
        FROM (${source.query}) e JOIN (VALUES ${join(rows, ', ')}) m(moment, kind, match, product, nth) ON e.kind = m.kind
          AND (m.match IS NULL OR e.asset ILIKE m.match) AND (m.product IS NULL OR e.product = m.product) WHERE e.human IS NOT FALSE) p
      WHERE place = nth AND id = ANY(${bind(
        'bigint[]',
        added.map((engagement) => engagement.id),
      )}) ORDER BY lead_id, moment`,
  );
  for (const { lead_id: id, moment, asset, at } of hits) {
    const told = moments[moment];
    if (told)
      set.emit({
        subject: 'lead',
        subjectId: id,
        type: 'lead.moment',
        data: { moment: told.key, label: told.label, kind: told.kind, nth: told.nth, asset, at },
      });
  }
}
