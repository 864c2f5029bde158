/**
 * Re-grade of the whole table against one plain UPDATE of the same rows, in one run on one database:
 * `GRADING_BENCH=1000000 npx jest tests/db/grading-bench`.
 */
import type { Knex } from 'knex';
import type { GradingModelInput } from '../../plugins/lead-grading';
import { regradeRange } from '../../plugins/lead-grading/server/src/services/regrade';
import { leadsMigrations } from '../../plugins/leads/server/src/migrations';
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
    if (index % 7 === 0)
      return {
        ...base,
        type: 'bands',
        field: 'lead.employees',
        bands: [
          { to: 10 * index, points },
          { from: 10 * index, points: 2 },
        ],
      };
    if (index % 7 === 1) return { ...base, type: 'values', field, values: { [`v${index}`]: points, [`v${index + 1}`]: 2 }, otherwise: 0 };
    if (index % 7 === 2) return { ...base, type: 'condition', points, when: when('lead.custom.budget', '>', index) };
    return {
      ...base,
      type: 'condition',
      points: index % 5 === 0 ? -points : points,
      when: when(field, index % 2 ? '=' : 'contains', `v${index}`),
    };
  });
  const kinds = ['visit', 'form', 'download', 'webinar', 'mail-open', 'mail-click'];
  return {
    fit: { cap: 100, groups: [{ key: 'g', label: text('g'), cap: 60 }], rules },
    engagement: {
      decay: { type: 'half-life', days: 30 },
      rules: kinds.map((kind, index) => ({ key: kind, kind, label: text(kind), points: 5 + index, cap: 40, repeat: 'each' })),
    },
    thresholds: { letters: { A: 60, B: 40, C: 20 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 },
    labelling: { by: 'score', hot: 50, warm: 20 },
  };
}

/** The columns and every index the product's leads have, so that an UPDATE costs what it costs there. */
async function likeTheProduct(): Promise<void> {
  const statements: string[] = [];
  const record = { raw: async (statement: string) => (statements.push(...statement.split(';')), { rows: [{}] }) };
  for (const migration of leadsMigrations) await migration.up(record as never as Knex);
  await db.raw(`ALTER TABLE crm_leads ADD captured_at timestamptz, ADD owner_id int, ADD next_action_at timestamptz, ADD pool_id int, ADD pool_entered_at timestamptz, ADD stage varchar(255),
    ADD team_id int, ADD import_id int, ADD email_key varchar(255), ADD phone_key varchar(255), ADD company_key varchar(255), ADD domain_key varchar(255), ADD email varchar(255), ADD phone varchar(255), ADD note text`);
  for (const statement of statements) if (/CREATE (EXTENSION|(UNIQUE )?INDEX \w+ ON crm_leads )/.test(statement)) await db.raw(statement);
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

async function regradeAll(model: GradingModelInput, versionId: number): Promise<{ changed: number; timers: number }> {
  const world = makeWorld(db, [model]);
  world.models = [version(model, versionId)];
  let changed = 0;
  for (let from = 1; from <= LEADS; from += RANGE) {
    changed += (await db.transaction((trx) => regradeRange(world.kit, trx, world.models, from, from + RANGE - 1, NOW))).changed;
  }
  return { changed, timers: world.armed.size };
}

(LEADS > 0 ? test : test.skip)(
  `re-grade of ${LEADS} leads with ${RULES} rules`,
  async () => {
    database = await openGradingDatabase();
    db = database.knex;
    await likeTheProduct();
    await db.raw(
      `INSERT INTO crm_leads (name, title, company, industry, city, employees, custom, captured_at, owner_id, pool_id, stage, team_id, import_id, email_key, phone_key, company_key, note)
       SELECT 'Lead ' || i, 'v' || (i * 7919::bigint % 40), 'Company v' || (i * 104729::bigint % 40), 'v' || (i * 31 % 40), 'v' || (i * 17 % 40), i % 500, jsonb_build_object('budget', i % 100),
         now(), CASE WHEN i % 3 = 0 THEN i % 50 END, CASE WHEN i % 3 > 0 THEN i % 5 END, 'new', i % 7, 1, 'p' || i || '@example.org', '+86' || i, 'company ' || i % 90000, repeat('note ', 20)
       FROM generate_series(1, ?::int) i`,
      [LEADS],
    );
    await db.raw(
      `INSERT INTO crm_engagements (lead_id, kind, asset, occurred_at)
       SELECT 1 + (i * 48271::bigint % ?), (ARRAY['visit','form','download','webinar','mail-open','mail-click'])[1 + i % 6], '/page/' || i % 50, ?::timestamptz - (i * 69621::bigint % 7776000) * interval '1 second'
       FROM generate_series(1, ?::int) i`,
      [LEADS, NOW, LEADS],
    );
    await db.raw('VACUUM ANALYZE');
    const first = await seconds(() => regradeAll(bigModel(5), 1));
    await db.raw('VACUUM ANALYZE crm_leads');
    const plain = await seconds(() => db.raw('UPDATE crm_leads SET fit_score = fit_score + 1, score = score + 1, graded_at = ?', [NOW]));
    await db.raw('VACUUM ANALYZE crm_leads');
    let result = { changed: 0, timers: 0 };
    const regrade = await seconds(async () => (result = await regradeAll(bigModel(6), 2)));
    const again = await seconds(() => regradeAll(bigModel(6), 2));
    const world = makeWorld(db, [bigModel(6)]);
    world.models = [version(bigModel(6), 2)];
    const median = async (id: number): Promise<string> => {
      const times: number[] = [];
      for (let index = 0; index < 21; index += 1) times.push(await seconds(() => react(world, [{ id, asks: ['regrade'] }])));
      return ((times.sort((x, y) => x - y)[10] ?? 0) * 1000).toFixed(1);
    };
    const usual = await median(2);
    await db('crm_engagements').insert(
      Array.from({ length: 1000 }, (_, index) => engagement(1, 'visit', new Date(NOW.getTime() - index * 3_600_000))),
    );
    const busy = await median(1);
    process.stdout.write(
      `${JSON.stringify({
        leads: LEADS,
        plainUpdate: plain.toFixed(1),
        firstGrade: first.toFixed(1),
        regrade: regrade.toFixed(1),
        changed: result.changed,
        timers: result.timers,
        ratio: (regrade / plain).toFixed(2),
        nothingToChange: again.toFixed(1),
        oneLeadMs: usual,
        oneLeadWithThousandEngagementsMs: busy,
      })}\n`,
    );
    expect(result.changed).toBeGreaterThan(LEADS * 0.8);
    await database.close();
  },
  1_800_000,
);
