import { notFound } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Grade, GradingModel, Label, ScoreExplanation } from '../../../contracts';
import { nextSteps } from '../domain/next';
import { reasonsOf } from '../domain/reasons';
import { bind, sql } from '../sql/fragments';
import { storedEngagements } from './engagement-source';
import { evaluateLeads, rowsOf } from './evaluate';
import type { FitRow } from './evaluate';
import { liveModels } from './models';
import { reasonFacts, reasonOptions } from './reasons';

const LABELS: Readonly<Record<Label, LocalisedText>> = {
  hot: { zh: '热', en: 'Hot' },
  warm: { zh: '温', en: 'Warm' },
  cold: { zh: '冷', en: 'Cold' },
  disqualified: { zh: '不合格', en: 'Disqualified' },
};

/** The words for a label: the model's own, else the usual ones. */
export const labelText = (model: GradingModel, label: Label): LocalisedText => model.labels?.[label] ?? LABELS[label];

/** What a model calls a cell of its grid. */
export const gradeText = ({ labelling }: GradingModel, grade: Grade): LocalisedText | null =>
  (labelling.by === 'grid' ? labelling.names?.[grade] : undefined) ?? null;

const nothing = (row: LeadRow, now: Date): ScoreExplanation => ({
  grade: row.grade,
  label: row.label,
  labelText: null,
  score: row.score,
  fit: row.fit_score,
  engagement: row.engagement,
  intent: row.intent_score,
  gradeText: null,
  version: null,
  model: null,
  disqualified: [],
  rules: [],
  lostToCaps: 0,
  lostToDecay: 0,
  next: [],
  at: now.toISOString(),
});

/**
 * Why a lead has its score at `now`: evaluated afresh from its facts and its whole history, so it is right even where the stored value has
 * decayed since. Values of facts the actor may not read are left out and named.
 * @throws AppError NOT_FOUND; whether the actor may see the lead is the caller's gate
 */
export async function explainScore(kit: Kit, leadId: number, { actor, now }: { actor: Actor; now: Date }): Promise<ScoreExplanation> {
  const [row] = await rowsOf<LeadRow>(kit.db, sql`SELECT * FROM crm_leads WHERE id = ${bind('int', leadId)}`);
  if (!row) throw notFound('Lead');
  const evaluations = await evaluateLeads({
    kit,
    db: kit.db,
    models: await liveModels(kit),
    leads: [row],
    withHistory: [leadId],
    select: (columns) => rowsOf<FitRow>(kit.db, sql`SELECT ${columns} FROM crm_leads l WHERE l.id = ${bind('int', leadId)}`),
    engagementsOf: storedEngagements,
    now,
  });
  const evaluation = evaluations.get(leadId);
  if (!evaluation) return nothing(row, now);
  const { version, result, label } = evaluation;
  const facts = reasonFacts(evaluation, row);
  const reasons = reasonsOf(version.body, facts, reasonOptions(kit, actor));
  return {
    grade: result.grade,
    label,
    labelText: labelText(version.body, label),
    score: result.score,
    fit: evaluation.fit,
    engagement: evaluation.engagement,
    intent: evaluation.intent,
    gradeText: gradeText(version.body, result.grade),
    version: version.number,
    model: { key: version.key, name: version.name },
    disqualified: evaluation.disqualified.flatMap((index) => {
      const rule = version.body.disqualify[index];
      return rule ? [{ key: rule.key, label: rule.label }] : [];
    }),
    ...reasons,
    next: nextSteps(version.body, facts, result),
    at: now.toISOString(),
  };
}
