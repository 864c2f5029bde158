import { many } from '@leadsea/crm-core';
import type { Kit, LocalisedText } from '@leadsea/crm-core';

type Labels = ReadonlyMap<string, LocalisedText>;

/** Reasons of moves and of passing a lead on, in every version that was ever published; the newest name of each counts. */
const EVER = `
  SELECT DISTINCT ON (r ->> 'value') r ->> 'value' AS value, r -> 'label' AS label
  FROM crm_policy_versions v CROSS JOIN LATERAL (
    SELECT jsonb_path_query(v.body, '$.**.reasons[*]') UNION ALL SELECT jsonb_path_query(v.body, '$.**.skipReasons[*]')
  ) found(r)
  WHERE jsonb_typeof(r -> 'label') = 'object' AND r ->> 'value' IS NOT NULL ORDER BY r ->> 'value', v.id DESC`;

interface Cache {
  labels: Promise<Labels> | null;
}
const kept = new WeakMap<Kit, Cache>();

function watched(kit: Kit): Cache {
  const cache: Cache = { labels: null };
  kit.live.on('crm_policies', () => void (cache.labels = null));
  kept.set(kit, cache);
  return cache;
}

/**
 * What reasons are called, also those that no graph and no queue offers any more: history goes on to name them. Read once, and again after a policy
 * was published anywhere (NOTIFY crm_policies).
 */
export function reasonLabels(kit: Kit): Promise<Labels> {
  const cache = kept.get(kit) ?? watched(kit);
  cache.labels ??= many<{ value: string; label: LocalisedText }>(kit.db, EVER)
    .then((rows) => new Map(rows.map(({ value, label }) => [value, label])))
    .catch((error: unknown) => {
      cache.labels = null;
      throw error;
    });
  return cache.labels;
}
