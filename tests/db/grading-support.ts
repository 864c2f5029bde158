import type { Knex } from 'knex';
import type { Actor, CustomField, EventInput, JobHandler, Kit, PolicyVersion } from '../../plugins/crm-core';
import { createConditionService } from '../../plugins/crm-core/server/src/services/conditions';
import { gradingModelSchema, type GradingModel, type GradingModelInput } from '../../plugins/lead-grading';
import { gradingMigrations } from '../../plugins/lead-grading/server/src/migrations';
import { gradingFacts } from '../../plugins/lead-grading/server/src/services/facts';
import { gradeReactor } from '../../plugins/lead-grading/server/src/services/reactor';
import type { DecisionInput, EngagementRow, Entry, LeadRow, WorkingSet } from '@leadsea/leads';
import { registerFacts } from '../../plugins/leads/server/src/services/facts';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

export const NOW = new Date('2026-03-02T12:00:00Z');
export const DAY = 86_400_000;
export const daysAgo = (days: number, from = NOW): Date => new Date(from.getTime() - days * DAY);
export const text = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });

/** Tables as grading meets them: the columns it reads and writes, and enough facts for rules. */
export async function openGradingDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  await database.knex.raw(`
    CREATE TABLE crm_leads (
      id serial PRIMARY KEY, name varchar(255), company varchar(255), title varchar(255), industry varchar(255), city varchar(255), employees int, annual_revenue numeric,
      custom jsonb NOT NULL DEFAULT '{}', account_id int, merged_into int, version int NOT NULL DEFAULT 1,
      fit_score int, engagement_log double precision, engagement int, intent_score int, score int, score_base int, score_epoch timestamptz, stars int, flames int, product_scores jsonb, product_score int, top_product varchar(255), grade varchar(255), label varchar(255), grade_version_id int, graded_at timestamptz
    ) WITH (fillfactor = 80);
    CREATE TABLE crm_engagements (
      id bigserial PRIMARY KEY, lead_id int NOT NULL, kind text NOT NULL, asset text, product text, occurred_at timestamptz NOT NULL,
      source text, external_id text, human boolean NOT NULL DEFAULT true, data jsonb
    );
    CREATE INDEX crm_engagements_lead ON crm_engagements (lead_id, occurred_at DESC);
  `);
  for (const migration of gradingMigrations) await migration.up(database.knex);
  return database;
}

const BUDGET: CustomField = {
  id: 1,
  entity: 'lead',
  key: 'budget',
  type: 'number',
  label: { zh: '预算', en: 'Budget' },
  options: [],
  required: false,
  defaultValue: null,
  validation: {},
  section: 'main',
  position: 0,
  visibleWhen: null,
  pii: false,
  indexed: false,
  retired: false,
};

export interface World {
  readonly kit: Kit;
  readonly armed: Map<string, Date>;
  readonly events: EventInput[];
  readonly jobs: Map<string, JobHandler>;
  models: PolicyVersion<GradingModel>[];
  now: Date;
}

/** A kit of which grading uses the database, the clock, the live models, timers, events and the real condition compiler over the real facts of leads. */
export function makeWorld(db: Knex, inputs: readonly GradingModelInput[]): World {
  const armed = new Map<string, Date>();
  const events: EventInput[] = [];
  const jobs = new Map<string, JobHandler>();
  const system: Actor = {
    kind: 'system',
    memberId: null,
    name: 'grading',
    teamId: null,
    teamIds: [],
    roles: [],
    poolIds: [],
    timeZone: 'UTC',
    locale: 'en',
  };
  const conditions = createConditionService();
  const world: World = {
    kit: undefined as never,
    armed,
    events,
    jobs,
    models: inputs.map((input, index) => version(input, index + 1)),
    now: NOW,
  };
  const parts: { readonly [Part in keyof Kit]?: Partial<Kit[Part]> } = {
    clock: { now: () => world.now },
    policies: {
      live: async <Body>() => world.models as readonly PolicyVersion<unknown>[] as readonly PolicyVersion<Body>[],
      version: async <Body>(id: number) =>
        world.models.find((model) => model.versionId === id) as PolicyVersion<unknown> as PolicyVersion<Body>,
    },
    jobs: { handle: (kind, handler) => void jobs.set(kind, handler) },
    timers: { handle: () => undefined, arm: async (_, timers) => timers.forEach((timer) => armed.set(timer.key, timer.dueAt)) },
    events: { append: async (_, added) => added.map((event) => events.push(event)) },
    actors: { system: () => system },
    conditions,
    custom: { fields: () => [BUDGET] },
    access: { field: (_, __, field) => (field === 'company' ? 'masked' : 'read'), scope: () => ({ sql: 'l.id <> 4', bindings: [] }) },
  };
  const kit = { ...parts, db } as Kit;
  registerFacts(kit);
  conditions.addFacts(gradingFacts);
  return Object.assign(world, { kit });
}

export const version = (input: GradingModelInput, versionId: number): PolicyVersion<GradingModel> => ({
  policyId: 1000 + versionId,
  versionId,
  number: versionId,
  kind: 'grading-model',
  key: `model-${versionId}`,
  name: `Model ${versionId}`,
  body: gradingModelSchema.parse(input),
  publishedAt: NOW,
});

export interface Applied {
  readonly decisions: readonly DecisionInput[];
  readonly events: readonly EventInput[];
  readonly statements: number;
}

export interface ChangeOf {
  readonly id: number;
  readonly isNew?: boolean;
  readonly asks?: readonly string[];
  readonly changed?: readonly string[];
  readonly engagements?: readonly Omit<EngagementRow, 'id'>[];
}

/** Runs the grade reactor over stored leads as one change set and writes what it staged; new engagements are stored before it, as the door does. */
export async function react(world: World, changes: readonly ChangeOf[], now = world.now): Promise<Applied> {
  const { db } = world.kit;
  return db.transaction(async (trx) => {
    const rows = new Map<number, LeadRow>(
      (
        await trx<LeadRow>('crm_leads').whereIn(
          'id',
          changes.map((change) => change.id),
        )
      ).map((row) => [row.id, row]),
    );
    const decisions: DecisionInput[] = [];
    const events: EventInput[] = [];
    const stored: EngagementRow[] = [];
    const written = new Map<number, Record<string, unknown>>();
    for (const change of changes) {
      for (const engagement of change.engagements ?? []) {
        const { rows: ids } = await trx.raw<{ rows: { id: string }[] }>(`SELECT nextval('crm_engagements_id_seq') AS id`);
        stored.push({ ...engagement, id: Number(ids[0]?.id) });
      }
    }
    if (stored.length > 0) await trx('crm_engagements').insert(stored);
    const entries = changes.map((change): Entry => ({
      id: change.id,
      isNew: change.isNew ?? false,
      before: null,
      get row() {
        return { ...rows.get(change.id), ...written.get(change.id) } as LeadRow;
      },
      changed: new Set(change.changed),
      activities: [],
      engagements: stored.filter((engagement) => engagement.lead_id === change.id),
      emitted: events,
      asks: new Set(change.asks),
    }));
    let statements = 0;
    const count = (): void => void (statements += 1);
    const set: Partial<WorkingSet> = {
      kit: world.kit,
      trx,
      now,
      entries,
      set: (id, columns) => void written.set(id, { ...written.get(id), ...columns }),
      emit: (event) => void events.push(event),
      decide: (decision) => void decisions.push(decision),
      arm: (timer) => void world.armed.set(timer.key, timer.dueAt),
      disarm: (key) => void world.armed.delete(key),
      select: async <Row>(build: Parameters<WorkingSet['select']>[0], chosen: readonly Entry[] = entries) => {
        const { columns, bindings } = build('l');
        const sql = `SELECT ${columns} FROM jsonb_populate_recordset(NULL::crm_leads, ?::jsonb) l`;
        const { rows: found } = await trx.raw<{ rows: Row[] }>(sql, [
          ...bindings,
          JSON.stringify(chosen.map((entry) => entry.row)),
        ] as Knex.RawBinding[]);
        return found;
      },
    };
    trx.on('query', count);
    await gradeReactor(world.kit).run(set as WorkingSet);
    trx.removeListener('query', count);
    for (const [id, columns] of written) await trx('crm_leads').where({ id }).update(columns);
    return { decisions, events, statements };
  });
}

export const GRADED = [
  'id',
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
] as const;
export type Graded = Pick<LeadRow, (typeof GRADED)[number]>;

export const stored = (db: Knex): Promise<Graded[]> =>
  db<LeadRow>('crm_leads')
    .select(...GRADED)
    .orderBy('id');

export const engagement = (leadId: number, kind: string, at: Date, over: Partial<EngagementRow> = {}): Omit<EngagementRow, 'id'> => ({
  lead_id: leadId,
  kind,
  asset: null,
  product: null,
  occurred_at: at,
  source: null,
  external_id: null,
  human: true,
  data: null,
  ...over,
});

/** A condition of rows joined by and. */
export const rows = (...rules: { field: string; operator: string; value?: unknown; args?: Record<string, unknown> }[]) => ({
  combinator: 'and' as const,
  rules,
});
export const boss = {
  type: 'condition' as const,
  key: 'boss',
  label: text('Boss'),
  points: 40,
  when: rows({ field: 'lead.title', operator: 'contains', value: 'CEO' }),
};
/** Two fit rules, two behaviours, a disqualification, heat by the score. */
export const model: GradingModelInput = {
  fit: { rules: [boss, { type: 'bands', key: 'size', label: text('Size'), field: 'lead.employees', bands: [{ from: 50, points: 20 }] }] },
  engagement: {
    decay: { type: 'half-life', days: 30 },
    rules: [
      { key: 'form', kind: 'form', label: text('Form'), points: 40, repeat: 'each' },
      { key: 'visit', kind: 'visit', label: text('Visit'), points: 5, cap: 10, repeat: 'each' },
    ],
  },
  disqualify: [{ key: 'student', label: text('Student'), when: rows({ field: 'lead.title', operator: 'contains', value: 'student' }) }],
  thresholds: { letters: { A: 50, B: 30, C: 10 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 },
  labelling: { by: 'score', hot: 50, warm: 20 },
  refreshPoints: 1000,
};

export const addLeads = async (db: Knex, leads: readonly Record<string, unknown>[]): Promise<number[]> =>
  (
    await db('crm_leads')
      .insert(leads.map((lead) => ({ ...lead })))
      .returning<{ id: number }[]>('id')
  ).map((row) => row.id);
