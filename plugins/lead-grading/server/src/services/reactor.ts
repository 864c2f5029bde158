import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor, WorkingSet } from '@leadsea/leads';
import { columnOf, conditionsOf, fieldsOf } from '../domain/conditions';
import { sameScores } from '../domain/products';
import { gradeRecord } from '../domain/record';
import { ACCOUNTS_JOB } from './accounts';
import { engagementsWith } from './engagement-source';
import { evaluateLeads } from './evaluate';
import type { Evaluation, FitRow } from './evaluate';
import { liveModels } from './models';
import type { ModelVersion } from './models';
import { tellMoments } from './moments';
import { reasonFacts } from './reasons';
import { reviewKey, reviewTimer } from './review';

/** Columns this reactor writes; a change of theirs is no reason to grade. */
const OWN = [
  'fit_score',
  'engagement_log',
  'engagement',
  'intent_score',
  'score',
  'grade',
  'label',
  'product_scores',
  'product_score',
  'top_product',
  'grade_version_id',
  'graded_at',
] as const;
const IGNORED: ReadonlySet<string> = new Set([...OWN, 'version', 'updated_at', 'stars', 'flames', 'score_epoch', 'score_base']);

interface Relevance {
  /** Whether a changed column may change a fact of the models. A fact of unknown origin makes every change count. */
  column(column: string, row: Readonly<Record<string, unknown>>): boolean;
  /** Whether the models read what sales did. */
  readonly activities: boolean;
}

function relevance(models: readonly ModelVersion[]): Relevance {
  const fields = [...new Set(models.flatMap(({ body }) => conditionsOf(body).flatMap(({ condition }) => fieldsOf(condition))))];
  return {
    activities: fields.some((field) => field.startsWith('activity.')),
    column: (column, row) =>
      !IGNORED.has(column) &&
      fields.some((field) => {
        const from = columnOf(field, row);
        if (from !== null) return from === column;
        if (field.startsWith('behaviour.') || field.startsWith('activity.')) return false;
        return field.startsWith('account.') ? column === 'account_id' : true;
      }),
  };
}

const mustGrade = (entry: Entry, relevant: Relevance, recycling: boolean): boolean =>
  entry.row.merged_into === null &&
  (entry.isNew ||
    (recycling && (entry.changed.has('score_epoch') || entry.changed.has('score_base'))) ||
    entry.asks.has('regrade') ||
    entry.engagements.length > 0 ||
    (relevant.activities && entry.activities.length > 0) ||
    [...entry.changed].some((column) => relevant.column(column, entry.row)));

/** A new lead without an engagement has no history to read. */
const hasHistory = (entry: Entry): boolean => !entry.isNew || entry.engagements.length > 0;

const columnsOf = (evaluation: Evaluation) => ({
  fit_score: evaluation.fit,
  engagement_log: evaluation.log,
  engagement: evaluation.engagement,
  intent_score: evaluation.intent,
  score: evaluation.result.score,
  grade: evaluation.result.grade,
  label: evaluation.label,
  product_scores: evaluation.products.scores,
  product_score: evaluation.products.overall,
  top_product: evaluation.products.top,
  grade_version_id: evaluation.version.versionId,
  graded_at: null,
});

const sameLog = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 1e-9 : (a ?? null) === (b ?? null);

/** Whether anything stored would change: the twin of `changedSql`. */
const differs = (row: Entry['row'], columns: ReturnType<typeof columnsOf>): boolean =>
  (['fit_score', 'engagement', 'intent_score', 'score', 'grade', 'label', 'product_score', 'top_product'] as const).some(
    (column) => (row[column] ?? null) !== columns[column],
  ) ||
  !sameLog(row.engagement_log, columns.engagement_log) ||
  !sameScores(row['product_scores'], columns.product_scores);

/** When what was heard of only now happened, if that was before: a crossing is dated when it is seen (§6), and says since when it was due. */
function effectiveAt({ engagements }: Entry, now: Date): { readonly effectiveAt?: Date } {
  const last = Math.max(...engagements.map((engagement) => engagement.occurred_at.getTime()));
  return engagements.length > 0 && last < now.getTime() ? { effectiveAt: new Date(last) } : {};
}

function write(set: WorkingSet, entry: Entry, evaluation: Evaluation): void {
  const columns = columnsOf(evaluation);
  const before = entry.row;
  const held = { grade: before.grade, label: before.label, score: before.score };
  if (evaluation.reviewAt) set.arm(reviewTimer(entry.id, evaluation.reviewAt));
  else if (!entry.isNew) set.disarm(reviewKey(entry.id));
  if (!differs(before, columns)) return;
  set.set(entry.id, { ...columns, graded_at: set.now });
  const { versionId, key } = evaluation.version;
  if (entry.isNew || held.score !== columns.score || held.grade !== columns.grade || held.label !== columns.label)
    decide(set, entry, evaluation, held);
  if (held.grade === columns.grade && held.label === columns.label) return;
  set.emit({
    subject: 'lead',
    subjectId: entry.id,
    type: 'lead.graded',
    before: held.grade === null && held.label === null ? null : held,
    after: { grade: columns.grade, label: columns.label, score: columns.score },
    policyVersionId: versionId,
    data: { model: key, fit: evaluation.fit, engagement: evaluation.engagement, ...effectiveAt(entry, set.now) },
  });
}

function decide(set: WorkingSet, entry: Entry, evaluation: Evaluation, held: Readonly<Record<string, unknown>>): void {
  const { body: model, versionId, key, number } = evaluation.version;
  const { facts, ...reasons } = gradeRecord(model, reasonFacts(evaluation, entry.row));
  set.decide({
    kind: 'grade',
    leadId: entry.id,
    policyVersionId: versionId,
    inputs: { model: key, version: number, before: held, facts },
    result: {
      fit: evaluation.fit,
      engagement: evaluation.engagement,
      ...(evaluation.intent === null ? {} : { intent: evaluation.intent }),
      score: evaluation.result.score,
      grade: evaluation.result.grade,
      label: evaluation.label,
      ...(evaluation.disqualified.length > 0 ? { disqualified: evaluation.disqualified.map((index) => model.disqualify[index]?.key) } : {}),
      ...reasons,
    },
  });
}

/** Takes the grade from a lead to which no model applies any more. */
function clear(set: WorkingSet, entry: Entry): void {
  const { grade, label, score, grade_version_id: version } = entry.row;
  if (version === null || version === undefined) return;
  set.set(entry.id, { ...Object.fromEntries(OWN.map((column) => [column, null])) });
  set.disarm(reviewKey(entry.id));
  set.emit({
    subject: 'lead',
    subjectId: entry.id,
    type: 'lead.graded',
    before: { grade, label, score },
    after: { grade: null, label: null, score: null },
    policyVersionId: version,
  });
}

/** Grades these leads of a change set: one statement for the fit of all, at most two per live model for what they did. */
async function grade(kit: Kit, set: WorkingSet, models: readonly ModelVersion[], entries: readonly Entry[]): Promise<void> {
  const epochs = new Map(entries.flatMap(({ id, row }) => (row.score_epoch ? [[id, row.score_epoch] as const] : [])));
  const added = entries.flatMap((entry) => [...entry.engagements]);
  const evaluations = await evaluateLeads({
    kit,
    db: set.trx,
    models,
    leads: entries.map((entry) => entry.row),
    withHistory: entries.filter(hasHistory).map((entry) => entry.id),
    select: (columns) => set.select<FitRow>(() => ({ columns: columns.sql, bindings: columns.bindings }), entries),
    engagementsOf: (ids, model) => engagementsWith(ids, added, model, epochs),
    now: set.now,
  });
  for (const entry of entries) {
    const evaluation = evaluations.get(entry.id);
    if (evaluation) write(set, entry, evaluation);
    else clear(set, entry);
  }
}

const mindsRecycling = (models: readonly ModelVersion[]): boolean => models.some(({ body }) => body.recycle.mode !== 'keep');

/** The `grade` stage: grades the leads of a change set that are new, asked `regrade`, did something, were recycled or taken up again, or had a fact of a model changed. */
export const gradeReactor = (kit: Kit): Reactor => ({
  stage: 'grade',
  name: 'lead-grading',
  run: async (set) => {
    const models = await liveModels(kit);
    if (models.length === 0) return;
    const relevant = relevance(models);
    const recycling = mindsRecycling(models);
    const entries = set.entries.filter((entry) => mustGrade(entry, relevant, recycling));
    if (entries.length === 0) return;
    await grade(kit, set, models, entries);
    await tellMoments(kit, set, models, entries);
    if (models.some(({ body }) => body.account) && entries.some(({ row, changed }) => row.account_id !== null && changed.has('score')))
      set.enqueue({ kind: ACCOUNTS_JOB, payload: {}, key: ACCOUNTS_JOB });
  },
});

/** After the lifecycle: leads that a move of the product itself recycled or took up again have the grade that goes with it at once. */
export const recycledReactor = (kit: Kit): Reactor => ({
  stage: 'lifecycle',
  name: 'lead-grading-recycled',
  run: async (set) => {
    const entries = set.entries.filter(({ asks }) => asks.has('recycled'));
    if (entries.length === 0) return;
    const models = await liveModels(kit);
    if (mindsRecycling(models)) await grade(kit, set, models, entries);
  },
});
