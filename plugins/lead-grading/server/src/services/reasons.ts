import type { Actor, Kit } from '@leadsea/crm-core';
import type { BehaviourDetail, ReasonFacts, ReasonOptions } from '../domain/reasons';
import type { Evaluation } from './evaluate';

const detailsOf = (evaluation: Evaluation): readonly BehaviourDetail[] =>
  evaluation.details.map((row) => ({
    rule: row.rule,
    matched: row.matched,
    counted: row.counted,
    decayed: row.decayed,
    points: row.points,
    latest: (row.latest_ids ?? []).flatMap((id, index) => {
      const at = row.latest_at?.[index];
      return at ? [{ id, at, asset: row.latest_assets?.[index] ?? null }] : [];
    }),
  }));

/** An evaluation as the facts its reasons are written from. */
export const reasonFacts = (evaluation: Evaluation, row: Readonly<Record<string, unknown>>): ReasonFacts => ({
  row,
  taken: evaluation.taken,
  fit: evaluation.fit,
  details: detailsOf(evaluation),
  value: evaluation.value,
  engagement: evaluation.engagement,
  intent: evaluation.intent,
});

/** Names of facts, and which values an actor may not read; without an actor all values are kept (decisions, read through the gate). */
export function reasonOptions(kit: Kit, actor: Actor | null): ReasonOptions {
  const facts = new Map(kit.conditions.describe('lead').map((fact) => [fact.key, fact]));
  return {
    factLabel: (field) => facts.get(field)?.label ?? { zh: field, en: field },
    isHidden: (field) => {
      if (actor === null) return false;
      const guard = facts.get(field)?.accessField;
      if (guard === undefined) return false;
      const access = kit.access.field(actor, 'leads', guard);
      return access === 'hidden' || access === 'masked';
    },
  };
}
