import type { Contract, Metric } from '../../../contracts';

/** What the clock of the lead itself beside a clock per owner is called: no metric of a person can have this key. */
export const leadClockKey = (key: string): string => `${key}.lead`;

const remembered = new WeakMap<Contract, readonly Metric[]>();

/**
 * the metrics of a contract, with a clock of the lead itself beside every one that a new owner changes, so that passing a lead on
 * cannot hide delay. Contracts that measure the same side by the lead already have it. It tells nobody and moves nothing.
 */
export function metricsOf(body: Contract): readonly Metric[] {
  const known = remembered.get(body);
  if (known) return known;
  const measured = new Set(body.metrics.filter((metric) => metric.clockOwner === 'lead').map((metric) => metric.obligor));
  const beside = body.metrics
    .filter((metric) => (metric.clockOwner === 'owner' || metric.clockOwner === 'owner_remaining') && !measured.has(metric.obligor))
    .map((metric): Metric => {
      const activities = metric.stop.activities ? { ...metric.stop.activities, authors: 'any' as const } : metric.stop.activities;
      return {
        ...metric,
        key: leadClockKey(metric.key),
        label: { zh: `${metric.label.zh}（线索全程）`, en: `${metric.label.en} (of the lead)` },
        clockOwner: 'lead',
        calendarSource: 'fixed',
        stop: { ...metric.stop, activities },
        warns: [],
        onWarn: [],
        onBreach: [],
        onMet: [],
        pauses: null,
      };
    });
  const metrics = [...body.metrics, ...beside];
  remembered.set(body, metrics);
  return metrics;
}
