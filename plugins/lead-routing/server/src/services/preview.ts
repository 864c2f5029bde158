import { many } from '@leadsea/crm-core';
import type { Condition, Kit, LocalisedText } from '@leadsea/crm-core';
import { OTHERWISE, type RoutingPolicy } from '../../../contracts';
import { tableReports } from './samples';

const PREVIEW_DAYS = 30;
const NOT_HERE = -2;
const LEFT_OVER = -1;
const OTHERWISE_LABEL: LocalisedText = { zh: '兜底', en: 'Otherwise' };

interface CountRow {
  /** Position of the rule that takes a lead by the draft. */
  readonly rule: number;
  /** By the live version; null when there is none. */
  readonly was: number | null;
  readonly recent: number;
  readonly unowned: number;
}

const keyOf = (body: RoutingPolicy, position: number): string | null =>
  position === NOT_HERE ? null : position === LEFT_OVER ? OTHERWISE : (body.rules[position]?.key ?? null);

/**
 * By which rule the leads of the last 30 days, and those nobody has now, would first be taken: by condition, before anybody's limits. Against
 * the live version: which leads a rule newly takes, which it no longer takes (both of the last 30 days), and the rules that are gone.
 */
export async function previewRouting(
  kit: Kit,
  body: RoutingPolicy,
  { id, key }: { readonly id: number; readonly key: string },
): Promise<Record<string, unknown>> {
  const now = kit.clock.now();
  const live = (await kit.policies.liveById<RoutingPolicy>(id))?.body ?? null;
  const bindings: unknown[] = [];
  const sqlOf = (condition: Condition | null | undefined): string => {
    if (!condition) return 'TRUE';
    const compiled = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
    bindings.push(...compiled.bindings);
    return compiled.sql;
  };
  // The fragments are made in the order in which they stand in the statement, for the order of their bindings.
  const taken = ({ when, rules }: RoutingPolicy): string =>
    `CASE WHEN NOT (${sqlOf(when)}) THEN ${NOT_HERE} ${rules.map((rule, index) => `WHEN ${sqlOf(rule.when)} THEN ${index}`).join(' ')} ELSE ${LEFT_OVER} END`;
  const since = new Date(now.getTime() - PREVIEW_DAYS * 86_400_000);
  const rows = await many<CountRow>(
    kit.db,
    `SELECT x.rule, x.was, count(*) FILTER (WHERE x.recent)::int AS recent, count(*) FILTER (WHERE x.unowned)::int AS unowned FROM (
       SELECT ${taken(body)} AS rule, ${live ? taken(live) : 'NULL::int'} AS was, l.captured_at >= ? AS recent, l.owner_id IS NULL AND l.pool_id IS NULL AS unowned
       FROM crm_leads l WHERE l.merged_into IS NULL AND l.is_test IS NOT TRUE AND (l.captured_at >= ? OR (l.owner_id IS NULL AND l.pool_id IS NULL))) x
     GROUP BY x.rule, x.was`,
    [...bindings, since, since],
  );
  const sum = (of: 'recent' | 'unowned', test: (row: CountRow) => boolean): number =>
    rows.filter(test).reduce((total, row) => total + row[of], 0);
  const isKey = (row: CountRow, wanted: string): boolean => keyOf(body, row.rule) === wanted;
  const wasKey = (row: CountRow, wanted: string): boolean => live !== null && row.was !== null && keyOf(live, row.was) === wanted;
  const against = (rule: string): { added: number; removed: number } | undefined =>
    live
      ? {
          added: sum('recent', (row) => isKey(row, rule) && !wasKey(row, rule)),
          removed: sum('recent', (row) => wasKey(row, rule) && !isKey(row, rule)),
        }
      : undefined;
  const counts = (position: number): { recent: number; unowned: number } => ({
    recent: sum('recent', ({ rule }) => rule === position),
    unowned: sum('unowned', ({ rule }) => rule === position),
  });
  const kept = new Set(body.rules.map((rule) => rule.key));
  return {
    days: PREVIEW_DAYS,
    total: sum('recent', () => true),
    unowned: sum('unowned', () => true),
    notForThisPolicy: counts(NOT_HERE),
    tables: await tableReports(kit, { body, key, versionId: 0 }),
    rules: [
      ...body.rules.map((rule, index) => ({ key: rule.key, label: rule.label, ...counts(index), ...against(rule.key) })),
      { key: OTHERWISE, label: OTHERWISE_LABEL, ...counts(LEFT_OVER), ...against(OTHERWISE) },
    ],
    /** Rules of the live version that the draft no longer has. */
    gone: (live?.rules ?? [])
      .filter((rule) => !kept.has(rule.key))
      .map((rule) => ({ key: rule.key, label: rule.label, ...against(rule.key) })),
  };
}
