import { databaseJson, notFound } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText, Sql } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Grade, GradingModel, Label, ScoreExplanation } from '../../../contracts';
import { GRADING_KIND } from '../../../contracts';
import { nextSteps } from '../domain/next';
import { reasonsOf } from '../domain/reasons';
import { rowAsOf } from '../domain/study/outcome';
import type { FieldChange } from '../domain/study/outcome';
import { sourceUntil } from '../sql/grade';
import { bind, raw, sql } from '../sql/fragments';

import { engagementsWith } from './engagement-source';
import { evaluateLeads, rowsOf } from './evaluate';
import type { FitRow } from './evaluate';
import { liveModels } from './models';
import { accountsAsOf } from './past-account';
import type { ModelVersion } from './models';
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

/** Events that say what a lead was before: its values, and with its stage the cycle it was in. */
const TELLING = ['lead.updated', 'lead.stage_changed', 'lead.duplicate_merged', 'lead.absorbed', 'lead.separated', 'lead.account_matched'];

interface Asked {
  readonly actor: Actor;
  readonly now: Date;
}

async function getLead(kit: Kit, leadId: number): Promise<LeadRow> {
  const [row] = await rowsOf<LeadRow>(kit.db, sql`SELECT * FROM crm_leads WHERE id = ${bind('int', leadId)}`);
  if (!row) throw notFound('Lead');
  return row;
}

/**
 * Why a lead has its score at `now`: evaluated afresh from its facts and its whole history, so it is right even where the stored value has
 * decayed since. Values of facts the actor may not read are left out and named.
 * @throws AppError NOT_FOUND; whether the actor may see the lead is the caller's gate
 */
export async function explainScore(kit: Kit, leadId: number, { actor, now }: Asked): Promise<ScoreExplanation> {
  return explainRow(kit, await getLead(kit, leadId), await liveModels(kit), { actor, now });
}

/** The models that were live at a moment, in today's order; a model that went back to a version counts with that. */
async function modelsAt(kit: Kit, at: Date): Promise<readonly ModelVersion[]> {
  const rows = await rowsOf<{ id: number }>(
    kit.db,
    sql`SELECT DISTINCT ON (p.position, p.id) v.id FROM crm_policies p JOIN crm_policy_versions v ON v.policy_id = p.id
      WHERE p.kind = ${bind('text', GRADING_KIND)} AND v.published_at <= ${bind('timestamptz', at)} AND (p.state <> 'retired' OR EXISTS (
        SELECT 1 FROM crm_events e WHERE e.subject = 'policy' AND e.subject_id = p.id AND e.type = 'policy.retired' AND e.at > ${bind('timestamptz', at)}))
      ORDER BY p.position, p.id, v.number DESC`,
  );
  const versions = await Promise.all(rows.map(({ id }) => kit.policies.version<GradingModel>(id)));
  return versions.filter(({ body }) => body.mode !== 'shadow');
}

/**
 * The same for a moment that has passed: the lead as its history says it was, what it had done by then, and the models that were live.
 * Its account is the one it was in then, as that was. `current` asks today's models about that moment. Bands by rank, scores of companies and
 * what was held are today's: none of them is kept for the past.
 */
export async function explainScoreAt(kit: Kit, leadId: number, at: Date, current: boolean, actor: Actor): Promise<ScoreExplanation> {
  const row = await getLead(kit, leadId);
  const changes = await rowsOf<FieldChange>(
    kit.db,
    sql`SELECT at, CASE WHEN type = 'lead.account_matched' THEN coalesce(before, '{"account": null}') ELSE before END AS before FROM crm_events WHERE subject = 'lead' AND subject_id = ${bind('int', leadId)} AND type = ANY(${bind('text[]', TELLING)}) AND at > ${bind('timestamptz', at)}`,
  );
  const past = { ...rowAsOf(row, changes, at), grade: null, label: null, grade_version_id: null } as LeadRow;
  const accounts = await accountsAsOf(kit, past.account_id, at);
  return explainRow(kit, past, current ? await liveModels(kit) : await modelsAt(kit, at), { actor, now: at }, accounts);
}

/** @param accounts what stands in for the table of accounts; absent = as they are */
async function explainRow(
  kit: Kit,
  row: LeadRow,
  models: readonly ModelVersion[],
  { actor, now }: Asked,
  accounts: Sql = raw(''),
): Promise<ScoreExplanation> {
  const epoch = row.score_epoch;
  const evaluations = await evaluateLeads({
    kit,
    db: kit.db,
    models,
    leads: [row],
    withHistory: [row.id],
    select: (columns) =>
      rowsOf<FitRow>(
        kit.db,
        sql`${accounts} SELECT ${columns} FROM json_populate_recordset(NULL::crm_leads, ${bind('json', databaseJson([row]))}) l`,
      ),
    engagementsOf: (ids, model) =>
      sourceUntil(engagementsWith(ids, [], model, epoch ? new Map([[row.id, new Date(epoch)]]) : new Map()), now),
    now,
  });
  const evaluation = evaluations.get(row.id);
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
