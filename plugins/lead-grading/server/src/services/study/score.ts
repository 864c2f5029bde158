import { databaseJson } from '@leadsea/crm-core';
import type { Kit, Sql } from '@leadsea/crm-core';
import type { GradingModel } from '../../../../contracts';
import { shownEngagement } from '../../domain/decay';
import { evaluateEngagement } from '../../domain/engagement';
import { factPoints, fitScore, intentScore } from '../../domain/fit';
import { decideGrade, labelOf } from '../../domain/grade';
import { shifted } from '../../domain/study/outcome';
import type { Scored } from '../../domain/study/report';
import { branchArraySql, disqualifyArraySql } from '../../sql/fit';
import { bind, raw, sql } from '../../sql/fragments';
import { rowsOf } from '../evaluate';
import { compilerFor } from '../models';
import type { History } from './decided';
import type { Progress } from './store';

/** Leads per statement: what they did is searched without an index. */
const BATCH = 250;

/** A studied lead's score; null when the model does not apply to it. */
export type AsOfScore =
  | (Scored & {
      readonly taken: readonly number[];
      /** Per behaviour rule the points it gave. */
      readonly did: readonly number[];
    })
  | null;

interface FactRow {
  readonly id: number;
  readonly applies: boolean;
  readonly taken: readonly number[];
  readonly disqualified: readonly number[];
}

/**
 * The rules of a model over leads as they were at different moments: every row and all it did is moved in time so that its moment becomes
 * `now`, what came later is left out, and tables of the same names stand before the real ones for the length of the statement. So the
 * conditions are those that run in production, word for word. Accounts are as they are today.
 */
function factsSql(
  kit: Kit,
  model: GradingModel,
  rows: readonly Readonly<Record<string, unknown>>[],
  moments: readonly { id: number; at: Date }[],
  now: Date,
): Sql {
  const compile = compilerFor(kit, 'l', now);
  const applies = model.appliesTo ? sql`coalesce((${compile(model.appliesTo)}), FALSE)` : raw('TRUE');
  const moved = raw('t.occurred_at + m.shift AS occurred_at');
  return sql`WITH m AS MATERIALIZED (SELECT id, at, ${bind('timestamptz', now)} - at AS shift FROM jsonb_to_recordset(${bind('jsonb', JSON.stringify(moments))}) x(id int, at timestamptz)),
    crm_engagements AS (SELECT t.id, t.lead_id, t.kind, t.asset, t.product, ${moved}, t.source, t.external_id, t.human, t.data FROM crm_engagements t JOIN m ON m.id = t.lead_id WHERE t.occurred_at <= m.at),
    crm_activities AS (SELECT t.id, t.lead_id, t.member_id, t.kind, t.direction, t.outcome, t.subject, t.note, t.duration_seconds, ${moved}, t.automatic, t.bulk, t.evidence FROM crm_activities t JOIN m ON m.id = t.lead_id WHERE t.occurred_at < m.at)
    SELECT l.id, ${applies} AS applies, ${branchArraySql(model, compile)} AS taken, ${disqualifyArraySql(model, compile)} AS disqualified
    FROM json_populate_recordset(NULL::crm_leads, ${bind('json', databaseJson(rows))}) l`;
}

/** What a lead had done that counts: for a model that begins again when a lead is recycled, since it last was by then. */
function counted(model: GradingModel, { engagements, rows }: History, index: number): History['engagements'][number] {
  const done = engagements[index] ?? [];
  const epoch = rows[index]?.['score_epoch'];
  if (model.recycle.mode !== 'reset' || !(epoch instanceof Date || typeof epoch === 'string')) return done;
  const since = new Date(epoch);
  return done.filter((event) => event.at > since);
}

/** Scores every studied lead with a model, as of its own moment, without hysteresis: what it would have been given when sales met it. */
export async function scoreHistory(kit: Kit, model: GradingModel, history: History, progress?: Progress): Promise<readonly AsOfScore[]> {
  const now = kit.clock.now();
  const scores: AsOfScore[] = [];
  for (let start = 0; start < history.leads.length; start += BATCH) {
    const leads = history.leads.slice(start, start + BATCH);
    const rows = leads.map((lead, index) => shifted(history.rows[start + index] ?? {}, now.getTime() - lead.asOf.getTime()));
    const found = await rowsOf<FactRow>(
      kit.db,
      factsSql(
        kit,
        model,
        rows,
        leads.map(({ id, asOf }) => ({ id, at: asOf })),
        now,
      ),
    );
    const byId = new Map(found.map((row) => [row.id, row]));
    leads.forEach((lead, index) => {
      const facts = byId.get(lead.id);
      if (!facts?.applies) return void scores.push(null);
      const points = factPoints(model, facts.taken);
      const fit = fitScore(model, points);
      const intent = intentScore(model, points);
      const { value, rules } = evaluateEngagement(model, counted(model, history, start + index), lead.asOf);
      const { score, grade, heat } = decideGrade(model, fit, shownEngagement(value, model.engagement.cap), null, { intent });
      const label = labelOf(
        heat,
        facts.disqualified.some((holds) => holds === 1),
      );
      scores.push({ won: lead.won, score, grade, label, taken: facts.taken, did: rules.map((rule) => rule.points) });
    });
    if (progress) await progress(history.leads.length + start + leads.length, history.leads.length * 2, 'scores');
  }
  return scores;
}
