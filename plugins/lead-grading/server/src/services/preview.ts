import type { Actor, Kit } from '@leadsea/crm-core';
import type { GradingModel } from '../../../contracts';
import { gradeSelectSql } from '../sql/grade';
import { bind, join, raw, sql } from '../sql/fragments';
import { allEngagements } from './engagement-source';
import { planForBulk, rowsOf } from './evaluate';
import { compilerFor, gradedBySql, liveModels } from './models';

const MOVERS = 20;

interface CountRow {
  readonly grade_before: string | null;
  readonly label_before: string | null;
  readonly grade_after: string;
  readonly label_after: string;
  readonly count: number;
}

export interface Mover {
  readonly id: number;
  readonly name?: string | null;
  readonly company?: string | null;
  readonly before: { readonly grade: string | null; readonly label: string | null; readonly score: number | null };
  readonly after: { readonly grade: string; readonly label: string; readonly score: number };
}

export interface GradingPreview {
  readonly total: number;
  /** Leads whose grade or label would be another one; points alone fade every day and are no change. */
  readonly changed: number;
  readonly now: { readonly grades: Readonly<Record<string, number>>; readonly labels: Readonly<Record<string, number>> };
  readonly draft: { readonly grades: Readonly<Record<string, number>>; readonly labels: Readonly<Record<string, number>> };
  /** `warm>hot` → how many leads; leads without a label begin with `>`. */
  readonly moves: Readonly<Record<string, number>>;
  readonly movers: readonly Mover[];
  /**
   * What the change itself sets off: nothing for a model that only scores beside the others (`none`) and for one that changes leads silently;
   * `announce` = for each of `leads`, whose grade or label changes, as if it had just changed: the lifecycle, routing, clocks, messages.
   */
  readonly actions: { readonly kind: 'none' | 'silent' | 'announce'; readonly leads: number };
}

const tally = (rows: readonly CountRow[], keyOf: (row: CountRow) => string | null): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) counts[key] = (counts[key] ?? 0) + row.count;
  }
  return counts;
};

/**
 * What publishing a draft would do to the leads it grades: how many per grade and label now and then, who goes where, and the twenty
 * that move furthest among those the actor may see. Nothing is written.
 */
export async function previewModel(kit: Kit, body: GradingModel, policyId: number, actor: Actor): Promise<GradingPreview> {
  const now = kit.clock.now();
  const compile = compilerFor(kit, 'l', now);
  const live = await liveModels(kit);
  const position = live.findIndex((model) => model.policyId === policyId);
  const models = position === -1 ? [...live, { body }] : live.map((model, index) => (index === position ? { body } : model));
  const index = position === -1 ? models.length - 1 : position;
  const readable = (field: string): boolean => ['read', 'write'].includes(kit.access.field(actor, 'leads', field));
  const select = gradeSelectSql({
    model: body,
    versionId: null,
    compile,
    where: join([raw('l.merged_into IS NULL'), gradedBySql(models, index, compile)], ' AND '),
    engagements: allEngagements(body),
    now,
  });
  const name = readable('name') ? sql`'name', l.name,` : raw('');
  const company = readable('company') ? sql`'company', l.company,` : raw('');
  const query = sql`WITH g AS MATERIALIZED (${select})
    SELECT
      (SELECT coalesce(json_agg(c), '[]') FROM (SELECT b_grade AS grade_before, b_label AS label_before, grade AS grade_after, label AS label_after, count(*)::int AS count FROM g GROUP BY 1, 2, 3, 4) c) AS counts,
      (SELECT coalesce(json_agg(m.mover), '[]') FROM (
        SELECT json_build_object('id', l.id, ${name} ${company} 'before', json_build_object('grade', g.b_grade, 'label', g.b_label, 'score', g.b_score),
            'after', json_build_object('grade', g.grade, 'label', g.label, 'score', g.score)) AS mover
        FROM g JOIN crm_leads l ON l.id = g.id
        WHERE (g.b_grade IS DISTINCT FROM g.grade OR g.b_label IS DISTINCT FROM g.label) AND (${kit.access.scope(actor, 'leads', 'read', 'l')})
        ORDER BY abs(g.score - coalesce(g.b_score, 0)) DESC, l.id LIMIT ${bind('int', MOVERS)}) m) AS movers`;
  const [row] = await kit.db.transaction(async (trx) => {
    await planForBulk(trx);
    return rowsOf<{ counts: CountRow[]; movers: Mover[] }>(trx, query);
  });
  const counts = row?.counts ?? [];
  const moved = counts.filter((count) => count.label_before !== count.label_after);
  const regraded = counts.filter((count) => count.grade_before !== count.grade_after || count.label_before !== count.label_after);
  const told = regraded.reduce((sum, count) => sum + count.count, 0);
  return {
    total: counts.reduce((sum, count) => sum + count.count, 0),
    changed: told,
    now: { grades: tally(counts, (count) => count.grade_before), labels: tally(counts, (count) => count.label_before) },
    draft: { grades: tally(counts, (count) => count.grade_after), labels: tally(counts, (count) => count.label_after) },
    moves: tally(moved, (count) => `${count.label_before ?? ''}>${count.label_after}`),
    movers: row?.movers ?? [],
    actions: { kind: body.mode === 'shadow' ? 'none' : body.regrade, leads: told },
  };
}
