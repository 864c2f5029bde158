import fc from 'fast-check';
import type { Knex } from 'knex';
import type { Decay, GradingModel, GradingModelInput } from '../../plugins/lead-grading';
import { evaluateEngagement, type EngagementEvent } from '../../plugins/lead-grading/server/src/domain/engagement';
import { addDecayKind } from '../../plugins/lead-grading/server/src/domain/custom-decay';
import { shownEngagement, valueOfLog } from '../../plugins/lead-grading/server/src/domain/decay';
import { decideGrade } from '../../plugins/lead-grading/server/src/domain/grade';
import { gradeProducts } from '../../plugins/lead-grading/server/src/domain/products';
import { regradeRange } from '../../plugins/lead-grading/server/src/services/regrade';
import type { EngagementRow, LeadRow } from '../../plugins/leads';
import type { TestDatabase } from '../support/postgres';
import {
  DAY,
  GRADED,
  NOW,
  daysAgo,
  engagement,
  makeWorld,
  openGradingDatabase,
  react,
  stored,
  text,
  type Graded,
  type World,
} from './grading-support';

/** A hundred random histories on a machine that may be busy; a law cut off half-way would go on writing under the next one. */
jest.setTimeout(300_000);

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openGradingDatabase();
  db = database.knex;
});
afterAll(() => database.close());

const cap = fc.option(fc.integer({ min: 5, max: 60 }), { nil: undefined });
const linear: Decay = { type: 'linear', percent: 50, days: 30 };
const step: Decay = {
  type: 'step',
  steps: [
    { afterDays: 20, percent: 30 },
    { afterDays: 3, percent: 80 },
  ],
};
const halfLife = fc.integer({ min: 1, max: 60 }).map((days): Decay => ({ type: 'half-life', days }));
const inactivity = fc
  .record({ afterDays: fc.integer({ min: 1, max: 10 }), everyDays: fc.integer({ min: 1, max: 7 }) })
  .map((days): Decay => ({ type: 'inactivity', percent: 30, ...days }));
/** An implementer's: full for a while, then falling in a straight line. */
addDecayKind({
  kind: 'plateau',
  label: text('Plateau'),
  params: [{ key: 'days', label: text('Days'), default: 10, min: 1, max: 365 }],
  horizonDays: ({ days = 10 }) => 2 * days,
  left: (age, { days = 10 }) => (age < days ? 1 : Math.max(0, 2 - age / days)),
});
const plateau = fc.integer({ min: 2, max: 40 }).map((days): Decay => ({ type: 'custom', kind: 'plateau', params: { days } }));
const decay = fc.oneof(halfLife, inactivity, plateau, fc.constantFrom<Decay>({ type: 'none' }, linear, step));
/** By tag, by asset where there is no tag, with points of its own. */
const products: fc.Arbitrary<NonNullable<GradingModelInput['products']>> = fc.record({
  list: fc.constant([
    { key: 'crm', label: text('CRM'), weight: 60, rules: [] },
    {
      key: 'hr & 云',
      label: text('HR'),
      weight: 30,
      assets: ['/pric*', 'nothing'],
      rules: [
        {
          type: 'condition' as const,
          key: 'boss',
          label: text('Boss'),
          points: 7,
          when: { combinator: 'and' as const, rules: [{ field: 'lead.title', operator: 'contains', value: 'CEO' }] },
        },
        { type: 'bands' as const, key: 'big', label: text('Big'), field: 'lead.employees', bands: [{ from: 1000, points: -9 }] },
      ],
    },
  ]),
  overall: fc.constantFrom('max' as const, 'sum' as const, 'weighted' as const),
  cap: fc.constantFrom(20, 100),
});
/** Frequency in windows, best row wins. */
const intentAxis: NonNullable<GradingModelInput['intent']> = {
  cap: 50,
  rules: [
    {
      type: 'frequency',
      key: 'often',
      label: text('Often'),
      kind: 'visit',
      match: '/pricing',
      rows: [
        { min: 1, within: 'P30D', points: 10 },
        { min: 2, within: 'P7D', points: 40 },
        { min: 1, points: 4 },
      ],
    },
    { type: 'frequency', key: 'forms', label: text('Forms'), kind: 'form', rows: [{ min: 1, within: 'PT24H', points: 20 }] },
  ],
};
const behaviour = (key: string, points: fc.Arbitrary<number>) =>
  fc.record({
    key: fc.constant(key),
    label: fc.constant(text(key)),
    kind: fc.constantFrom('visit', 'form'),
    match: fc.option(fc.constantFrom('/P', 'q', '*Q', '/p*'), { nil: undefined }),
    product: fc.option(fc.constant('crm'), { nil: undefined }),
    group: fc.option(fc.constantFrom('g1', 'g2'), { nil: undefined }),
    points,
    cap,
    repeat: fc.oneof(
      fc.constantFrom('each' as const, 'once' as const, 'oncePerAsset' as const),
      fc.record({ max: fc.integer({ min: 1, max: 3 }), within: fc.constantFrom('P1D', 'P7D', 'PT6H') }),
    ),
  });
const earned = fc.integer({ min: 1, max: 40 });

const anyModel = (hysteresis: number): fc.Arbitrary<GradingModelInput> =>
  fc
    .record({
      decay,
      capG: cap,
      capAxis: fc.integer({ min: 30, max: 300 }),
      fitCap: fc.integer({ min: 20, max: 60 }),
      a: behaviour('a', earned),
      b: behaviour('b', earned),
      c: behaviour('c', earned),
      d: behaviour('d', fc.integer({ min: -30, max: 0 })),
      grid: fc.boolean(),
      intent: fc.boolean(),
      products: fc.option(products, { nil: undefined }),
      dwellMinutes: fc.constantFrom(0, 0, 90, 3000),
      numberBy: fc.constantFrom('engagement' as const, 'engagement' as const, 'intent' as const),
    })
    .map(
      ({ decay: kept, capG, capAxis, fitCap, a, b, c, d, grid, intent, dwellMinutes, numberBy, products: scored }): GradingModelInput => ({
        ...(scored ? { products: scored } : {}),
        ...(intent ? { intent: intentAxis } : {}),
        fit: {
          cap: fitCap,
          groups: [{ key: 'person', label: text('Person'), cap: 25 }],
          rules: [
            {
              type: 'condition' as const,
              key: 'boss',
              group: 'person',
              label: text('Boss'),
              points: 20,
              when: {
                combinator: 'or' as const,
                rules: [
                  { field: 'lead.title', operator: 'contains', value: 'CEO' },
                  { field: 'lead.title', operator: 'contains', value: 'CTO' },
                ],
              },
            },
            {
              type: 'condition' as const,
              key: 'titled',
              group: 'person',
              label: text('Titled'),
              points: 10,
              when: { combinator: 'and' as const, rules: [{ field: 'lead.title', operator: 'notNull' }] },
            },
            {
              type: 'values' as const,
              key: 'industry',
              label: text('Industry'),
              field: 'lead.industry',
              values: { software: 15, farming: -20 },
              otherwise: 3,
            },
            {
              type: 'bands' as const,
              key: 'size',
              label: text('Size'),
              field: 'lead.employees',
              bands: [
                { to: 50, points: 5 },
                { from: 50, to: 500, points: 20 },
              ],
            },
          ],
        },
        engagement: {
          decay: kept,
          cap: capAxis,
          groups: [
            { key: 'g1', label: text('g1'), cap: capG },
            { key: 'g2', label: text('g2') },
          ],
          rules: [a, b, c, d],
        },
        weights: intent ? { fit: 40, engagement: 40, intent: 20 } : { fit: 40, engagement: 60 },
        disqualify: [
          {
            key: 'student',
            label: text('Student'),
            when: { combinator: 'and' as const, rules: [{ field: 'lead.title', operator: 'contains', value: 'student' }] },
          },
        ],
        thresholds: {
          letters: { A: 40, B: 20, C: 5 },
          numbers: { 1: 50, 2: 25, 3: 10 },
          hysteresis,
          dwellMinutes,
          ...(intent ? { numberBy } : {}),
        },
        labelling: grid
          ? {
              by: 'grid' as const,
              cells: { A1: 'hot' as const, A2: 'hot' as const, B1: 'hot' as const, B2: 'warm' as const, C1: 'warm' as const },
            }
          : { by: 'score' as const, hot: 40, warm: 15 },
      }),
    );

const anyEvents = fc.array(
  fc.record({
    lead: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom('visit', 'form', 'other'),
    asset: fc.constantFrom('/pricing', '/Q', null),
    product: fc.constantFrom('crm', null),
    hours: fc.oneof(fc.integer({ min: -2, max: 48 }), fc.integer({ min: 0, max: 24 * 60 })),
    human: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    rank: fc.integer(),
  }),
  { maxLength: 40, size: 'max' },
);
const LEADS = [
  { title: 'CEO', industry: 'software', employees: 80 },
  { title: 'student', industry: 'farming', employees: 3 },
  { title: null, industry: 'mining', employees: null },
  { title: 'Clerk', industry: null, employees: 5000 },
];

type Events = typeof anyEvents extends fc.Arbitrary<infer T> ? T : never;

async function freshLeads(): Promise<number[]> {
  await db.raw('TRUNCATE crm_leads, crm_engagements RESTART IDENTITY');
  return (
    await db('crm_leads')
      .insert(LEADS.map((lead) => ({ ...lead })))
      .returning<{ id: number }[]>('id')
  ).map((row) => row.id);
}

/** Grades the leads as new, then lets the events arrive in the order of their rank, in change sets of up to five. */
async function arrive(world: World, ids: readonly number[], events: Events): Promise<void> {
  await react(
    world,
    ids.map((id) => ({ id, isNew: true })),
  );
  const order = [...events].sort((a, b) => a.rank - b.rank);
  for (let start = 0; start < order.length; start += 5) {
    const part = order.slice(start, start + 5);
    const touched = [...new Set(part.map((event) => ids[event.lead] ?? 0))];
    await react(
      world,
      touched.map((id) => ({
        id,
        engagements: part
          .filter((event) => ids[event.lead] === id)
          .map(({ kind, asset, product, hours, human }) => engagement(id, kind, daysAgo(hours / 24), { asset, product, human })),
      })),
    );
  }
}

/** All points of a lead together are below this; rounding leaves a billionth of it at most. */
const MOST_POINTS = 40 * 40 * 3;
const TOLERANCE = MOST_POINTS * 1e-9;
/** Rows with the logarithm as the points it stands for: points of a sum that cancelled each other leave a rest only a logarithm sees. */
const inPoints = (world: World, rows: readonly Graded[], now = world.now): unknown =>
  rows.map((row) => ({ ...row, engagement_log: valueOfLog(world.models[0]!.body.engagement.decay, row.engagement_log, now) }));
const near = (world: World, rows: readonly Graded[], now = world.now): unknown =>
  (inPoints(world, rows, now) as Graded[]).map((row) => ({
    ...row,
    engagement_log: expect.closeTo(row.engagement_log ?? 0, 5) as unknown,
  }));
const bulk = (world: World, now = world.now): Promise<{ changed: number }> =>
  db.transaction((trx) => regradeRange(world.kit, trx, world.models, 1, 1000, now));

/** What `intentAxis` gives, counted by hand. */
function intentOf(events: readonly { kind: string; asset: string | null; at: Date; human: boolean }[], now: Date): number {
  const count = (kind: string, days: number, asset?: string): number =>
    events.filter(
      (event) =>
        event.human &&
        event.kind === kind &&
        event.at <= now &&
        event.at.getTime() > now.getTime() - days * DAY &&
        (asset === undefined || event.asset === asset),
    ).length;
  const often =
    count('visit', 7, '/pricing') >= 2 ? 40 : count('visit', 30, '/pricing') >= 1 ? 10 : count('visit', 9999, '/pricing') >= 1 ? 4 : 0;
  return Math.min(50, often + (count('form', 1) >= 1 ? 20 : 0));
}

/** The scores of the two products, each with its own engagements alone. */
function productsOf(model: GradingModel, isBoss: boolean, isBig: boolean, events: readonly EngagementEvent[]): Partial<Graded> {
  if (!model.products) return { product_scores: null, product_score: null, top_product: null };
  const belongs = [
    (event: EngagementEvent) => event.product === 'crm',
    (event: EngagementEvent) => event.product === null && event.asset === '/pricing',
  ];
  const values = belongs.map((isOf, index) => {
    const own = events.filter(isOf).map((event) => ({ ...event, product: model.products?.list[index]?.key ?? null }));
    return evaluateEngagement(model, own, NOW).value;
  });
  const { scores, overall, top } = gradeProducts(model.products, values, [isBoss ? 1 : 0, isBig ? 1 : 0]);
  return { product_scores: scores, product_score: overall, top_product: top };
}

test('stored grades equal those recomputed by the pure evaluator, in whatever order engagements arrive', async () => {
  await fc.assert(
    fc.asyncProperty(anyModel(0), anyEvents, async (input, events) => {
      const world = makeWorld(db, [input]);
      const model = world.models[0]!.body;
      const ids = await freshLeads();
      await arrive(world, ids, events);
      const history = await db<EngagementRow>('crm_engagements').select('*');
      for (const row of await stored(db)) {
        const mine = history
          .filter((event) => event.lead_id === row.id)
          .map((event) => ({ ...event, id: Number(event.id), at: event.occurred_at }));
        const { value, log } = evaluateEngagement(model, mine, NOW);
        const shown = shownEngagement(value, model.engagement.cap);
        expect(row.engagement).toBe(shown);
        const { decay: kept } = model.engagement;
        expect(Math.abs(valueOfLog(kept, row.engagement_log, NOW) - valueOfLog(kept, log, NOW))).toBeLessThanOrEqual(TOLERANCE);
        expect(row).toMatchObject(productsOf(model, row.id === ids[0], row.id === ids[3], mine));
        const intent = model.intent ? intentOf(mine, NOW) : null;
        expect(row.intent_score).toBe(intent);
        const past = new Date(NOW.getTime() - model.thresholds.dwellMinutes * 60_000);
        const settled =
          model.thresholds.dwellMinutes === 0
            ? null
            : shownEngagement(
                evaluateEngagement(
                  model,
                  mine.filter((event) => event.at <= past),
                  past,
                ).value,
                model.engagement.cap,
              );
        const { score, grade, heat } = decideGrade(model, row.fit_score ?? NaN, shown, null, { intent, settled });
        expect(row).toMatchObject({ score, grade, label: row.id === ids[1] ? 'disqualified' : heat });
      }
    }),
    { numRuns: 60 },
  );
});

test('the bulk re-grade gives what the live reactor gave, and changes nothing where nothing is to change', async () => {
  await fc.assert(
    fc.asyncProperty(anyModel(0), anyEvents, async (input, events) => {
      const world = makeWorld(db, [input]);
      await arrive(world, await freshLeads(), events);
      const live = await stored(db);
      expect((await bulk(world)).changed).toBe(0);
      await db('crm_leads').update(
        Object.fromEntries([...GRADED.slice(1), 'grade_version_id', 'graded_at'].map((column) => [column, null])),
      );
      expect((await bulk(world)).changed).toBe(LEADS.length);
      expect(inPoints(world, await stored(db))).toEqual(near(world, live));
    }),
    { numRuns: 60 },
  );
});

test('with hysteresis, live and bulk leave bands at the same moment', async () => {
  await fc.assert(
    fc.asyncProperty(anyModel(7), anyEvents, fc.integer({ min: 1, max: 90 }), async (input, events, days) => {
      const world = makeWorld(db, [input]);
      const ids = await freshLeads();
      await arrive(world, ids, events);
      const before = await db<LeadRow>('crm_leads').select('*');
      const later = new Date(NOW.getTime() + days * DAY);
      await react(
        world,
        ids.map((id) => ({ id, asks: ['regrade'] })),
        later,
      );
      const live = await stored(db);
      for (const row of before) await db('crm_leads').where({ id: row.id }).update(row);
      await bulk(world, later);
      expect(inPoints(world, await stored(db), later)).toEqual(near(world, live, later));
    }),
    { numRuns: 40 },
  );
});
