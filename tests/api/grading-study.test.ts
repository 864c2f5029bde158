import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BacktestResult, GradingModelInput, SuggestResult } from '../../plugins/lead-grading';
import { importFile, sharedFile, withSharedData, type Column } from '../support/import-file';
import { api, startServer, type Api, type TestServer } from '../support/server';

jest.setTimeout(600_000);

let server: TestServer;
let admin: Api;
beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account?.identifier ?? '', account?.password ?? '');
});
afterAll(() => server?.close());

interface Study<Result> {
  readonly id: number;
  readonly status: string;
  readonly error: string | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly result: Result;
}

async function study<Result>(model: number, verb: string, options: object = {}): Promise<Study<Result>> {
  const { status, body } = await admin.post<{ study: number }>(`/api/console/grading-models/${model}/${verb}`, options);
  if (status !== 200) throw new Error(`${verb} was refused: ${JSON.stringify(body)}`);
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { body: found } = await admin.get<Study<Result>>(`/api/console/grading-studies/${body.study}`);
    if (!['queued', 'running'].includes(found.status)) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The ${verb} does not end.`);
}

const label = (text: string): { zh: string; en: string } => ({ zh: text, en: text });
const is = (field: string, value: unknown) => ({
  combinator: 'and' as const,
  rules: [{ field: `lead.custom.${field}`, operator: '=', value }],
});

const rest = {
  engagement: {},
  weights: { fit: 100, engagement: 0 },
  thresholds: { letters: { A: 60, B: 40, C: 20 }, numbers: { 1: 50, 2: 25, 3: 10 } },
  labelling: { by: 'score' as const, hot: 60, warm: 40 },
} satisfies Omit<GradingModelInput, 'fit'>;

const makeModel = async (key: string, draft: GradingModelInput): Promise<number> => {
  const { status, body } = await admin.post<{ id: number }>('/api/console/grading-models', { key, name: key, draft });
  if (status > 201) throw new Error(JSON.stringify(body));
  return body.id;
};

withSharedData('a company that brings its history', () => {
  /** What a marketer would say by feel, from fields a lead has when it comes. */
  const byHand: GradingModelInput = {
    ...rest,
    fit: {
      rules: [
        {
          type: 'values',
          key: 'origin',
          label: label('Origin'),
          field: 'lead.custom.lead_origin',
          values: { lead_add_form: 40, landing_page_submission: 20, api: 10 },
        },
        {
          type: 'condition',
          key: 'works',
          label: label('Works'),
          points: 30,
          when: is('what_is_your_current_occupation', 'working_professional'),
        },
        {
          type: 'bands',
          key: 'visits',
          label: label('Visits'),
          field: 'lead.custom.totalvisits',
          bands: [
            { from: 1, to: 4, points: 10 },
            { from: 4, points: 20 },
          ],
        },
      ],
    },
  };
  let model: number;

  test('imports won and lost with its leads: "no" in a file of the past is lost', async () => {
    const outcomes = (columns: readonly Column[]): readonly Column[] =>
      columns.map((column) =>
        column.column === 'Converted' ? { ...column, target: 'outcome', options: { ...column.options, noIsLost: true } } : column,
      );
    const done = await importFile(
      admin,
      sharedFile('xeducation/leads_older_70.csv'),
      { createFields: true, emptyValues: ['Select'] },
      outcomes,
    );
    expect(done.progress).toMatchObject({ created: 6468, failed: 0 });
    const { rows } = await server.database.knex.raw<{ rows: { stage: string; n: number }[] }>(
      'SELECT stage, count(*)::int AS n FROM crm_leads GROUP BY stage ORDER BY stage',
    );
    expect(rows).toEqual([
      { stage: 'lost', n: 4014 },
      { stage: 'won', n: 2454 },
    ]);
  });

  test('is shown what a hand-made model would have done, and which fields knew the outcome', async () => {
    model = await makeModel('by-hand', byHand);
    const { status, result, done, total } = await study<BacktestResult>(model, 'backtest');
    expect({ status, done, total }).toEqual({ status: 'done', done: 12_936, total: 12_936 });
    expect(result.decided).toMatchObject({ won: 2454, lost: 4014, studied: 6468 });
    expect(result.leaks.map(({ field, reason }) => [field.replace('lead.custom.', ''), reason])).toEqual([
      ['tags', 'NEAR_PERFECT'],
      ['lead_quality', 'FILLED_BY_OUTCOME'],
      ['lead_profile', 'FILLED_BY_OUTCOME'],
      ['asymmetrique_activity_index', 'FILLED_LATER'],
      ['asymmetrique_profile_index', 'FILLED_LATER'],
      ['asymmetrique_activity_score', 'FILLED_LATER'],
      ['asymmetrique_profile_score', 'FILLED_LATER'],
    ]);
    expect(result.leaks.every((leak) => leak.rules.length === 0)).toBe(true);
    expect(result.model?.low).toBeGreaterThan(0.6);
    expect(result.model?.high).toBeLessThan(0.75);
    expect(result.live).toBeNull();
    expect(result.deciles).toHaveLength(10);
    expect(result.deciles.reduce((sum, part) => sum + part.leads, 0)).toBe(6468);
    expect(result.deciles.reduce((sum, part) => sum + part.won, 0)).toBe(2454);
    expect(result.deciles[0]?.rate).toBeGreaterThan((result.deciles[9]?.rate ?? 1) * 2);
    expect(result.thresholds[0]).toMatchObject({ volume: 1, recall: 1 });
    expect(result.grades.reduce((sum, part) => sum + part.leads, 0)).toBe(6468);
    expect(result.forecast?.leadsPerWeek).toBe(0);
    expect(result.proposal).toMatchObject({ basis: 'separation', few: false, perWeek: null });
    expect(result.proposal?.low).toBeGreaterThan(2454 / 6468);
  });

  test('a model that reads a field written after contact is refused, with the rule named, unless somebody insists', async () => {
    const tags = {
      type: 'condition' as const,
      key: 'tagged',
      label: label('Tagged'),
      points: 50,
      when: is('tags', 'will_revert_after_reading_the_email'),
    };
    const leaking = await makeModel('leaking', { ...rest, fit: { rules: [tags] } });
    const refused = await study<BacktestResult>(leaking, 'backtest');
    expect(refused.status).toBe('refused');
    expect(refused.result.model).toBeNull();
    expect(refused.result.leaks[0]).toMatchObject({ field: 'lead.custom.tags', rules: ['tagged'] });
    const insisted = await study<BacktestResult>(leaking, 'backtest', { insist: true });
    expect(insisted.status).toBe('done');
    expect(insisted.result.model?.auc).toBeGreaterThan(0.7);
  });

  test('is proposed points that beat the hand-made ones on leads nothing was learnt from, and can publish them', async () => {
    const { status, result } = await study<SuggestResult>(model, 'suggest');
    expect(status).toBe('done');
    expect(result.train).toMatchObject({ leads: 4528 });
    expect(result.holdout).toMatchObject({ leads: 1940, won: 791 });
    const { suggested, draft, regression } = result.aucs ?? {};
    expect(suggested?.auc).toBeGreaterThan(0.85);
    expect(suggested?.low).toBeGreaterThan(draft?.high ?? 1);
    expect(regression?.auc).toBeGreaterThan((suggested?.auc ?? 1) - 0.02);
    const leaks = new Set(result.leaks.map((leak) => leak.field));
    expect(result.reasons.some((reason) => leaks.has(reason.field))).toBe(false);
    expect(result.reasons[0]).toMatchObject({ label: { en: expect.any(String) as unknown }, points: expect.any(Number) as unknown });
    const worst = Math.max(...result.calibration.map((row) => Math.abs(row.predicted - row.actual)));
    expect(worst).toBeLessThan(0.15);
    expect((await admin.put(`/api/console/grading-models/${model}`, { draft: result.body })).status).toBe(200);
    expect((await admin.post(`/api/console/grading-models/${model}/lint`)).body).not.toContainEqual(
      expect.objectContaining({ level: 'error' }),
    );
    expect((await admin.post(`/api/console/grading-models/${model}/publish`)).status).toBe(200);
    const again = await study<BacktestResult>(model, 'backtest');
    expect(again.result.live).toMatchObject({ version: 1 });
    expect(again.result.live?.auc).toBeCloseTo(again.result.model?.auc ?? 0, 9);
  });
});

test('a file that says when sales first met its leads: a back-test sees each as of that moment', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => {
    const won = index % 2 === 0;
    return `Met ${index},met${index}@first-contact.de,2026-01-0${1 + (index % 5)},2026-01-2${index % 5},2026-02-1${index % 5},${won ? 'won' : 'lost'}`;
  });
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'first-contact-')), 'met.csv');
  await writeFile(file, ['Name,Email,Captured,Met,Closed,Result', ...rows].join('\n'));
  const targets: Readonly<Record<string, string>> = {
    Captured: 'capturedAt',
    Met: 'firstContactAt',
    Closed: 'stageEnteredAt',
    Result: 'outcome',
  };
  const done = await importFile(admin, file, {}, (columns) =>
    columns.map((column) => (targets[column.column] ? { ...column, target: targets[column.column] ?? null, create: null } : column)),
  );
  expect(done.progress).toMatchObject({ created: 40, failed: 0 });
  const { rows: contacts } = await server.database.knex.raw<{ rows: { day: string; n: number }[] }>(
    `SELECT to_char(a.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS n FROM crm_activities a
     JOIN crm_leads l ON l.id = a.lead_id WHERE l.email LIKE '%@first-contact.de' AND NOT a.automatic AND NOT a.bulk GROUP BY 1 ORDER BY 1`,
  );
  expect(contacts).toEqual(['2026-01-20', '2026-01-21', '2026-01-22', '2026-01-23', '2026-01-24'].map((day) => ({ day, n: 8 })));
  // The same file again tells nothing new.
  await importFile(admin, file, {}, (columns) =>
    columns.map((column) => (targets[column.column] ? { ...column, target: targets[column.column] ?? null, create: null } : column)),
  );
  const [{ n } = { n: 0 }] = (
    await server.database.knex.raw<{ rows: { n: number }[] }>(
      `SELECT count(*)::int AS n FROM crm_activities a JOIN crm_leads l ON l.id = a.lead_id WHERE l.email LIKE '%@first-contact.de'`,
    )
  ).rows;
  expect(n).toBe(40);
});
