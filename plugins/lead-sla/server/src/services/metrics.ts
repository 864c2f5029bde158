import type { Condition, Kit } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Contract, Metric } from '../../../contracts';
import { metricsOf } from '../domain/lead-clock';
import { contractsInForce } from './in-force';

/** One metric of one published contract. */
export interface MetricRef {
  readonly contractId: number;
  readonly versionId: number;
  readonly calendar: string | null;
  readonly metric: Metric;
  readonly live: boolean;
}

/** The metrics of a version, each with what it belongs to. */
export const refsOf = (version: { contractId: number; versionId: number; body: Contract }, live: boolean): MetricRef[] =>
  metricsOf(version.body).map((metric) => ({
    contractId: version.contractId,
    versionId: version.versionId,
    calendar: version.body.calendar,
    metric,
    live,
  }));

export const refKey = (one: { readonly versionId: number }, metric: string): string => `${one.versionId}:${metric}`;
export const pairKey = (contractId: number, metric: string): string => `${contractId}:${metric}`;

/** Metrics that open clocks now, and those of other versions that still have open ones. */
export async function loadMetrics(kit: Kit, versionIds: Iterable<number>, now: Date): Promise<ReadonlyMap<string, MetricRef>> {
  const live = await contractsInForce(kit, now);
  const known = new Set(live.map((version) => version.versionId));
  const older = await Promise.all([...new Set(versionIds)].filter((id) => !known.has(id)).map((id) => kit.policies.version<Contract>(id)));
  const refs = [
    ...live.flatMap((version) => refsOf(version, true)),
    ...older.flatMap(({ policyId, versionId, body }) => refsOf({ contractId: policyId, versionId, body }, false)),
  ];
  return new Map(refs.map((one) => [refKey(one, one.metric.key), one]));
}

export interface NamedCondition {
  readonly key: string;
  readonly condition: Condition;
}

/** Every condition a metric asks, named so that the answers can be found again. */
export function conditionsOf(key: string, metric: Metric): NamedCondition[] {
  const named = (name: string, condition: Condition | null | undefined): NamedCondition[] =>
    condition ? [{ key: `${key}:${name}`, condition }] : [];
  return [
    ...named('start', metric.start),
    ...named('stop', metric.stop.when),
    ...named('pause', metric.pause),
    ...named('resume', metric.resume),
    ...named('cancel', metric.cancel),
    ...named('reset', metric.reset?.when),
    ...metric.targets.flatMap((target, row) => named(`target${row}`, target.when)),
  ];
}

/** the first target that matches; the last one is for all others. */
export const targetRow = (key: string, metric: Metric, hits: ReadonlySet<string>): number => {
  const row = metric.targets.findIndex((target, index) => !target.when || hits.has(`${key}:target${index}`));
  return row === -1 ? metric.targets.length - 1 : row;
};

/** True when a condition asks only what stands on the lead itself: then its past can be known from the row as it was. */
export const isAboutRow = (condition: Condition): boolean =>
  condition.rules.every((rule) => ('field' in rule ? rule.field.startsWith('lead.') : isAboutRow(rule)));

/** the field a clock counts from; the fallback where it is empty or no date. */
export function startInstant(metric: Metric, row: Readonly<LeadRow>, fallback: Date): Date {
  const field = metric.startAt ?? null;
  if (field === 'captured') return row.captured_at;
  if (field === 'stage') return row.stage_entered_at;
  if (field === 'held') return row.held_since ?? fallback;
  if (field === null) return fallback;
  const value = row.custom[field.slice('custom.'.length)];
  const at = typeof value === 'string' || value instanceof Date ? new Date(value) : null;
  return at && !Number.isNaN(at.getTime()) ? at : fallback;
}
