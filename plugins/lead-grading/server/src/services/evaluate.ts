import type { Kit, Sql } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { GradingModel, Label } from '../../../contracts';
import { windowsOf } from '../domain/conditions';
import { shownEngagement, storedLog } from '../domain/decay';
import { factPoints, fitScore, intentScore } from '../domain/fit';
import { currentGrade, decideGrade, labelOf, nextReview } from '../domain/grade';
import type { CurrentGrade, GradeResult, Pace } from '../domain/grade';
import { NO_PRODUCTS, gradeProducts } from '../domain/products';
import type { ProductGrade } from '../domain/products';
import { engagementDetailSql, engagementValuesSql, windowExitSql } from '../sql/engagement';
import type { EngagementSource } from '../sql/engagement';
import { settledAt, sourceUntil } from '../sql/grade';
import { branchArraySql, disqualifyArraySql } from '../sql/fit';
import { join, raw, sql } from '../sql/fragments';
import { productBranchesSql, productValuesSql } from '../sql/products';
import { compilerFor, modelIndexSql } from './models';
import type { ModelVersion } from './models';

/** One behaviour rule of one lead as the detail statement returns it; `rule` is its index in the model. */
export interface DetailRow {
  readonly lead_id: number;
  readonly rule: number;
  readonly matched: number;
  readonly counted: number;
  readonly decayed: number;
  readonly points: number;
  readonly latest_ids: readonly number[] | null;
  readonly latest_at: readonly Date[] | null;
  readonly latest_assets: readonly (string | null)[] | null;
  readonly value: number;
  readonly alive?: number;
  readonly next_at?: Date | null;
}

/** Everything known about one lead's grade at one moment. */
export interface Evaluation {
  readonly version: ModelVersion;
  /** Per fit rule the branch that holds (1-based), 0 for none. */
  readonly taken: readonly number[];
  readonly fit: number;
  readonly details: readonly DetailRow[];
  /** Engagement before the axis cap, its forward form, and as shown. */
  readonly value: number;
  readonly log: number | null;
  readonly engagement: number;
  readonly intent: number | null;
  readonly held: CurrentGrade | null;
  readonly result: GradeResult;
  readonly products: ProductGrade;
  readonly disqualified: readonly number[];
  readonly label: Label;
  /** When time alone will change something. */
  readonly reviewAt: Date | null;
}

/** The stored columns grading reads back. */
export interface GradedRow {
  readonly id: number;
  readonly grade: string | null;
  readonly label: string | null;
  readonly grade_version_id: number | null;
  readonly score_base?: number | null;
}

/** A SELECT over leads under alias `l`, wherever they are: the working set or the table. */
export type LeadSelect = (columns: Sql) => Promise<readonly FitRow[]>;

export interface FitRow {
  readonly id: number;
  readonly model: number | null;
  readonly taken: readonly number[] | null;
  readonly disqualified: readonly number[] | null;
  /** Per product rule the branch that holds; absent when no model scores products. */
  readonly product_rules?: readonly number[] | null;
}

export interface EvaluateInput {
  readonly kit: Kit;
  readonly db: Knex;
  readonly models: readonly ModelVersion[];
  readonly leads: readonly GradedRow[];
  /** Leads that may have engagements; the history of the others is not read. */
  readonly withHistory: readonly number[];
  readonly select: LeadSelect;
  readonly engagementsOf: (leadIds: readonly number[], model: GradingModel) => EngagementSource;
  readonly now: Date;
}

/** Runs a composed statement. */
export async function rowsOf<Row>(db: Knex, query: Sql): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(query.sql, query.bindings as Knex.RawBinding[]);
  return rows;
}

/**
 * Settings of a transaction that grades leads by the thousand: compiling to machine code costs more than running over a range, and on a
 * table just filled, of which the planner knows nothing yet, nested loops would be chosen and never end.
 */
export async function planForBulk(trx: Knex.Transaction): Promise<void> {
  await trx.raw('SET LOCAL jit = off; SET LOCAL enable_nestloop = off');
}

/** Select list of the one fit statement: the model of each lead and, for that model only, which branches hold. */
function fitColumns(kit: Kit, models: readonly ModelVersion[], now: Date): Sql {
  const compile = compilerFor(kit, 'l', now);
  const index = modelIndexSql(models, compile);
  const perModel = (part: (model: GradingModel) => Sql): Sql =>
    sql`CASE ${index} ${join(
      models.map(({ body }, position) => sql`WHEN ${position} THEN ${part(body)}`),
      ' ',
    )} END`;
  const products = models.some(({ body }) => body.products)
    ? sql`, ${perModel((model) => (model.products ? productBranchesSql(model.products, compile) : raw('NULL::int2[]')))} AS product_rules`
    : raw('');
  return sql`l.id, ${index} AS model, ${perModel((model) => branchArraySql(model, compile))} AS taken, ${perModel((model) => disqualifyArraySql(model, compile))} AS disqualified${products}`;
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a === null ? b : b === null || a < b ? a : b);

/** What some leads did, as one model sees it. */
interface History {
  readonly details: ReadonlyMap<number, readonly DetailRow[]>;
  /** When an engagement leaves a window of the model. */
  readonly exits: ReadonlyMap<number, Date>;
  /** Engagement before the cap at the earlier moment a dwell asks about. */
  readonly settled: ReadonlyMap<number, number>;
  /** Engagement with each product, in the order of the model's list. */
  readonly products: ReadonlyMap<number, ProductHistory>;
}

interface ProductHistory extends Pace {
  readonly values: readonly number[];
}

/** The windows after which a lead must be looked at again: those of its conditions, and its dwell. */
export const watchedWindows = (model: GradingModel): ReturnType<typeof windowsOf> => [
  ...windowsOf(model),
  ...(model.thresholds.dwellMinutes > 0 ? [{ kind: null, ms: model.thresholds.dwellMinutes * 60_000 }] : []),
];

async function historyOf(input: EvaluateInput, model: GradingModel, ids: readonly number[]): Promise<History> {
  const details = new Map<number, DetailRow[]>();
  const exits = new Map<number, Date>();
  const settled = new Map<number, number>();
  if (ids.length === 0) return { details, exits, settled, products: new Map() };
  const source = input.engagementsOf(ids, model);
  if (model.engagement.rules.length > 0) {
    for (const row of await rowsOf<DetailRow>(input.db, engagementDetailSql(model, source, input.now)))
      details.set(row.lead_id, [...(details.get(row.lead_id) ?? []), row]);
  }
  const past = settledAt(model, input.now);
  if (past) {
    const query = engagementValuesSql(model, sourceUntil(source, past), past);
    for (const row of await rowsOf<{ lead_id: number; value: number }>(input.db, query)) settled.set(row.lead_id, row.value);
  }
  const windows = watchedWindows(model);
  if (windows.length > 0) {
    for (const row of await rowsOf<{ lead_id: number; at: Date }>(input.db, windowExitSql(windows, source, input.now)))
      exits.set(row.lead_id, row.at);
  }
  return { details, exits, settled, products: await productsOf(input, model, source) };
}

interface ProductRow {
  readonly lead_id: number;
  readonly product: number;
  readonly value: number;
  readonly alive?: number;
  readonly next_at?: Date | null;
}

/** One statement, none when the model scores no products. */
async function productsOf(
  input: EvaluateInput,
  model: GradingModel,
  source: EngagementSource,
): Promise<ReadonlyMap<number, ProductHistory>> {
  const found = new Map<number, ProductHistory>();
  if (!model.products || model.engagement.rules.length === 0) return found;
  for (const row of await rowsOf<ProductRow>(input.db, productValuesSql(model, model.products, source, input.now))) {
    const known = found.get(row.lead_id);
    const values = [...(known?.values ?? [])];
    values[row.product] = row.value;
    found.set(row.lead_id, {
      values,
      alive: Math.max(known?.alive ?? 0, row.alive ?? 0),
      nextAt: earlier(known?.nextAt ?? null, row.next_at ?? null),
      product: Math.max(known?.product ?? 0, row.value),
    });
  }
  return found;
}

const paceOf = (details: readonly DetailRow[], products: ProductHistory | undefined): Pace => ({
  alive: Math.max(
    products?.alive ?? 0,
    details.reduce((sum, row) => sum + (row.alive ?? 0), 0),
  ),
  nextAt: details.reduce<Date | null>((first, row) => earlier(first, row.next_at ?? null), products?.nextAt ?? null),
  product: products?.product ?? 0,
});

function evaluateOne(version: ModelVersion, row: FitRow, lead: GradedRow, history: History, now: Date): Evaluation {
  const model = version.body;
  const taken = row.taken ?? [];
  const details = history.details.get(row.id) ?? [];
  const exit = history.exits.get(row.id) ?? null;
  const points = factPoints(model, taken);
  const fit = fitScore(model, points);
  const intent = intentScore(model, points);
  const value = details[0]?.value ?? 0;
  const settled = settledAt(model, now) ? shownEngagement(history.settled.get(row.id) ?? 0, model.engagement.cap) : null;
  const engagement = shownEngagement(value, model.engagement.cap);
  const held = lead.grade_version_id === version.versionId ? currentGrade(lead.grade, lead.label) : null;
  const result = decideGrade(model, fit, engagement, held, { intent, settled, scoreBase: lead.score_base ?? null });
  const disqualified = (row.disqualified ?? []).flatMap((holds, index) => (holds === 1 ? [index] : []));
  const leaves = exit && new Date(exit.getTime() + 1000);
  const products = history.products.get(row.id);
  return {
    version,
    taken,
    fit,
    details,
    value,
    log: storedLog(model.engagement.decay, value, now),
    engagement,
    intent,
    held,
    result,
    products: model.products ? gradeProducts(model.products, products?.values ?? [], row.product_rules ?? []) : NO_PRODUCTS,
    disqualified,
    label: labelOf(result.heat, disqualified.length > 0),
    reviewAt: earlier(nextReview(model, fit, value, engagement, result, now, { intent, pace: paceOf(details, products) }), leaves),
  };
}

/**
 * Grades a set of leads: one statement for the fit of all, and per model at most two for what those with a history did.
 * @returns per lead its evaluation, or null when no live model applies to it
 */
export async function evaluateLeads(input: EvaluateInput): Promise<ReadonlyMap<number, Evaluation | null>> {
  const { kit, models, now } = input;
  const results = new Map<number, Evaluation | null>(input.leads.map((lead) => [lead.id, null]));
  if (models.length === 0 || input.leads.length === 0) return results;
  const leads = new Map(input.leads.map((lead) => [lead.id, lead]));
  const rows = await input.select(fitColumns(kit, models, now));
  const active = new Set(input.withHistory);
  for (const [index, version] of models.entries()) {
    const mine = rows.filter((row) => row.model === index);
    const history = await historyOf(
      input,
      version.body,
      mine.map((row) => row.id).filter((id) => active.has(id)),
    );
    for (const row of mine) {
      const lead = leads.get(row.id);
      if (lead) results.set(row.id, evaluateOne(version, row, lead, history, now));
    }
  }
  return results;
}
