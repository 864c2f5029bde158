/**
 * Re-grade of the whole table against one plain UPDATE of the same rows, in one run on one database:
 * `GRADING_BENCH=1000000 npx jest tests/db/grading-bench`.
 */
import type { Knex } from 'knex';
import type { GradingModelInput } from '../../plugins/lead-grading';
import { regradeRange } from '../../plugins/lead-grading/server/src/services/regrade';
import type { TestDatabase } from '../support/postgres';
import { NOW, engagement, makeWorld, openGradingDatabase, react, text, version } from './grading-support';

const LEADS = Number(process.env['GRADING_BENCH'] ?? 0);
const RULES = 40;
const RANGE = 20_000;

let database: TestDatabase;
let db: Knex;

const when = (field: string, operator: string, value?: unknown) => ({ combinator: 'and' as const, rules: [{ field, operator, value }] });
const fields = ['lead.title', 'lead.company', 'lead.industry', 'lead.city'];
/** 34 fit rules of several kinds over 6 facts, and 6 behaviour rules. */
function bigModel(points: number): GradingModelInput {
  const rules: NonNullable<GradingModelInput['fit']['rules']> = Array.from({ length: RULES - 6 }, (_, index) => {
    const base = { key: `r${index}`, label: text(`Rule ${index}`), group: index % 2 ? 'g' : undefined };
    const field = fields[index % fields.length] ?? '';
    if (index % 7 === 0) return { ...base, type: 'bands', field: 'lead.employees', bands: [{ to: 10 * index, points }, { from: 10 * index, points: 2 }] };
    if (index % 7 === 1) return { ...base, type: 'values', field, values: { [`v${index}`]: points, [`v${index + 1}`]: 2 }, otherwise: 0 };
    if (index % 7 === 2) return { ...base, type: 'condition', points, when: when('lead.custom.budget', '>', index) };
    return { ...base, type: 'condition', points: index % 5 === 0 ? -points : points, when: when(field, index % 2 ? '=' : 'contains', `v${index}`) };
  });
  const kinds = ['visit', 'form', 'download', 'webinar', 'mail-open', 'mail-click'];
  return {
    fit: { cap: 100, groups: [{ key: 'g', label: text('g'), cap: 60 }], rules },
    engagement: { decay: { type: 'half-life', days: 30 }, rules: kinds.map((kind, index) => ({ key: kind, kind, label: text(kind), points: 5 + index, cap: 40, repeat: 'each' })) },
    thresholds: { letters: { A: 60, B: 40, C: 20 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 },
    labelling: { by: 'score', hot: 50, warm: 20 },
  };
}


import { gradeSelectSql, regradeSql } from '../../plugins/lead-grading/server/src/sql/grade';
import { engagementValuesSql } from '../../plugins/lead-grading/server/src/sql/engagement';
import { engagementsBetween } from '../../plugins/lead-grading/server/src/services/engagement-source';
import { fitScoreSql } from '../../plugins/lead-grading/server/src/sql/fit';
import { compilerFor } from '../../plugins/lead-grading/server/src/services/models';
import { sql as S, raw } from '../../plugins/lead-grading/server/src/sql/fragments';
void regradeRange; void engagement; void react;
test('scratch', async () => {
    database = await openGradingDatabase(); db = database.knex;
    const N = 20000;
    await db.raw(`INSERT INTO crm_leads (name, title, company, industry, city, employees, custom)
       SELECT 'Lead ' || i, 'v' || (i * 7919::bigint % 40), 'Company v' || (i * 104729::bigint % 40), 'v' || (i * 31 % 40), 'v' || (i * 17 % 40), i % 500, jsonb_build_object('budget', i % 100) FROM generate_series(1, ?::int) i`, [N]);
    await db.raw(`INSERT INTO crm_engagements (lead_id, kind, asset, occurred_at)
       SELECT 1 + (i * 48271::bigint % ?), (ARRAY['visit','form','download','webinar','mail-open','mail-click'])[1 + i % 6], '/page/' || i % 50, ?::timestamptz - (i * 69621::bigint % 7776000) * interval '1 second' FROM generate_series(1, ?::int) i`, [N, NOW, N]);
    await db.raw('VACUUM ANALYZE');
    const world = makeWorld(db, [bigModel(5)]);
    const model = version(bigModel(5), 1).body;
    const compile = compilerFor(world.kit, 'l', NOW);
    const q = { model, versionId: 1, compile, where: S`l.id BETWEEN 1 AND ${N}`, engagements: engagementsBetween(1, N), now: NOW };
    const show = async (name: string, s: { sql: string; bindings: readonly unknown[] }) => {
      await db.transaction(async (trx) => {
        await trx.raw('SET LOCAL jit = off; SET LOCAL enable_nestloop = off');
        for (let k = 0; k < 2; k += 1) {
        const { rows } = await trx.raw('EXPLAIN (ANALYZE, TIMING OFF) ' + s.sql, s.bindings as never);
        const lines = rows.map((r: Record<string, string>) => r['QUERY PLAN']);
        console.info(name, k === 1 ? lines.slice(0, process.env['FULL'] ? 99 : 0).join('\n').slice(0, 6000) : '', lines.slice(-2).join(' | '));
        }
        throw new Error('rollback');
      }).catch((e) => { if (e.message !== 'rollback') throw e; });
    };
    await show('plain', S`UPDATE crm_leads SET fit_score = 1, score = 2, graded_at = now()`);
    await show('scan', S`SELECT l.id FROM crm_leads l WHERE l.id BETWEEN 1 AND ${N}`);
    await show('fit', S`SELECT l.id, ${fitScoreSql(model, compile)} FROM crm_leads l WHERE l.id BETWEEN 1 AND ${N}`);
    await show('eng', engagementValuesSql(model, q.engagements, NOW));
    await show('grade', gradeSelectSql(q));
    await show('regrade', regradeSql(q, 1, 1, N));
    console.info(fitScoreSql(model, compile).sql.slice(0, 3000));
    void raw;
    await database.close();
});
