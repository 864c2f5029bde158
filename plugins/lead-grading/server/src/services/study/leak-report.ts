import type { Actor, Kit, LocalisedText } from '@leadsea/crm-core';
import type { GradingModel, LeakResult } from '../../../../contracts';
import { fieldsOf } from '../../domain/conditions';
import { branchesOf, factRules } from '../../domain/fit';
import type { FieldColumn } from '../../domain/study/features';
import { findLeaks } from '../../domain/study/leaks';
import type { Leak } from '../../domain/study/leaks';
import { leakSentence } from '../../domain/study/sentences';
import type { History } from './decided';

/** Keys of the rules and disqualifications of a model that read a fact. */
export function rulesReading(model: GradingModel, field: string): readonly string[] {
  const facts = factRules(model).filter((rule) => branchesOf(rule).some((branch) => fieldsOf(branch.when).includes(field)));
  const out = model.disqualify.filter((rule) => fieldsOf(rule.when).includes(field));
  return [...facts, ...out].map((rule) => rule.key);
}

export const factNames = (kit: Kit): ((field: string) => LocalisedText) => {
  const names = new Map(kit.conditions.describe('lead').map((fact) => [fact.key, fact.label]));
  return (field) => names.get(field) ?? { zh: field, en: field };
};

/** The leaking facts in words, with the rules of a model that use them. */
export function leakReport(kit: Kit, columns: readonly FieldColumn[], history: History, model: GradingModel | null): readonly LeakResult[] {
  const nameOf = factNames(kit);
  const leaks: readonly Leak[] = findLeaks(
    columns,
    history.leads.map((lead) => lead.won),
    history.written,
    history.rows.map((row) => Number(row['import_id'] ?? 0)),
  );
  return leaks.map((leak) => ({
    ...leak,
    label: nameOf(leak.field),
    text: leakSentence(nameOf(leak.field), leak),
    rules: model ? rulesReading(model, leak.field) : [],
  }));
}

/** The person on whose behalf a study runs; null = the product itself. */
export const studyActor = async (kit: Kit, memberId: number | null): Promise<Actor | null> =>
  memberId === null ? null : kit.actors.member(memberId);
