import { gradingModelSchema, type ScoreExplanation } from '../../plugins/lead-grading';
import { gradingKind } from '../../plugins/lead-grading/server/src/services/policy-kind';
import acme, { pager } from '../extension/acme';
import { startCompany, until, type Company } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';

/** An implementer's plugin, built by the same compiler and run beside the product's own. */
let company: Company;
let product: InProcess;
let member: number;
const NOW = new Date('2026-03-02T04:00:00Z');

beforeAll(async () => {
  company = await startCompany();
  member = (await company.person('ann', { roles: ['sales'] })).id;
  await company.server.stop();
  product = await openInProcess(company.server.database, [acme]);
}, 300_000);
afterAll(async () => {
  await product?.core.jobs.stop();
  await product?.close();
  await company?.server.close();
});

test('a fact of its own is offered to the condition builder and decides in SQL', async () => {
  const { kit } = product.core;
  expect(kit.conditions.describe('lead').map(({ key }) => key)).toContain('lead.nameLength');
  const condition = { combinator: 'and', rules: [{ field: 'lead.nameLength', operator: '>', value: 3 }] } as const;
  const { sql, bindings } = kit.conditions.compile(condition, 'lead', 'l', { now: NOW, actor: null });
  const { rows } = await kit.db.raw<{ rows: { name: string }[] }>(
    `SELECT name FROM (VALUES ('Bo'), ('Anna'), (NULL)) AS l(name) WHERE ${sql}`,
    [...bindings] as string[],
  );
  expect(rows).toEqual([{ name: 'Anna' }]);
});

test('a reactor of its own runs in the change of a lead, and what it adds is there when the change is', async () => {
  const { outcomes } = await product.leads.apply({
    changes: ['Acme', 'Other'].map((name) => ({ op: 'create', values: { name: `Buyer of ${name}`, company: name } })),
    actor: product.core.kit.actors.system(),
    cause: { type: 'test' },
    now: NOW,
  });
  const rows = await Promise.all(outcomes.map((outcome) => company.lead(outcome.id ?? 0)));
  expect(rows.map((row) => row['campaign'])).toEqual(['acme-vip', null]);
  expect(await company.events('acme.vip')).toHaveLength(1);
});

describe('a decay of its own', () => {
  const DAY = 86_400_000;
  const text = (en: string) => ({ zh: en, en });
  const draft = (params: Record<string, number>) => ({
    fit: {},
    engagement: {
      decay: { type: 'custom' as const, kind: 'after-the-fair', params },
      rules: [{ key: 'fair', kind: 'webinar', label: text('Fair'), points: 60, repeat: 'each' as const }],
    },
    weights: { fit: 0, engagement: 100 },
    thresholds: { letters: { A: 3, B: 2, C: 1 }, numbers: { 1: 50, 2: 25, 3: 10 } },
    labelling: { by: 'score' as const, hot: 50, warm: 20 },
  });
  const policies = () => product.core.kit.policies;
  const system = () => product.core.kit.actors.system();
  /** Captures a lead that came to the fair so many days ago. */
  async function visitor(days: number): Promise<number> {
    const { outcomes } = await product.leads.apply({
      changes: [
        {
          op: 'create',
          values: { name: `Visitor ${days}`, email: `visitor${days}@fair-${days}.de` },
          engagement: { kind: 'webinar', occurredAt: new Date(NOW.getTime() - days * DAY) },
        },
      ],
      actor: system(),
      cause: { type: 'test' },
      now: NOW,
    });
    return outcomes[0]?.id ?? 0;
  }

  test('is checked like any other part of a model, grades leads, is reviewed at its step, previewed and explained', async () => {
    const kind = gradingKind(product.core.kit);
    const lint = (params: Record<string, number>) => kind.lint?.(gradingModelSchema.parse(draft(params)), { key: 'fair' });
    expect(await lint({ days: 500 })).toContainEqual(expect.objectContaining({ code: 'DECAY_PARAM', level: 'error' }));
    expect((await lint({ days: 8 }))?.filter(({ level }) => level === 'error')).toEqual([]);
    await policies().upsert({ kind: 'grading-model', key: 'fair', name: 'Fair', body: draft({ days: 8 }), publish: true }, system(), NOW);
    product.core.policies.invalidate();
    const [fresh, half] = [await visitor(4), await visitor(12)];
    expect(await company.lead(fresh)).toMatchObject({ engagement: 60, label: 'hot' });
    expect(await company.lead(half)).toMatchObject({ engagement: 30, label: 'warm' });
    // Whole for eight days, so the first step comes four days from now.
    const timer = await company
      .db('crm_timers')
      .where({ key: `grading:${fresh}`, state: 'armed' })
      .first<{ due_at: Date }>('due_at');
    expect((timer?.due_at.getTime() ?? 0) - NOW.getTime()).toBeGreaterThanOrEqual(4 * DAY);
    expect((timer?.due_at.getTime() ?? 0) - NOW.getTime()).toBeLessThan(4.3 * DAY);
    const told = (await product.leads.explainLead('score', half, { actor: system(), now: NOW })) as ScoreExplanation;
    expect(told).toMatchObject({ engagement: 30, lostToDecay: 30 });
    const preview = await kind.preview?.(gradingModelSchema.parse(draft({ days: 40 })), { id: 0, key: 'fair' }, system());
    expect(preview).toBeDefined();
  });
});

test('a payload of its own form becomes a lead; a source may name it', async () => {
  const read = product.leads.captureAdapters.find('kontakt', {});
  expect(read({ kontakt: { voller_name: 'Eva Muster', mail: 'eva@firma.example' }, firma: 'Muster' })).toMatchObject({
    values: { name: 'Eva Muster', email: 'eva@firma.example', company: 'Muster' },
  });
  expect(read({ name: 'Eva' })).toMatchObject({ error: { code: 'CAPTURE_SHAPE' } });
});

test('a notification channel of its own delivers after the change has committed, with retry and log like the others', async () => {
  const { kit, jobs } = product.core;
  await jobs.start();
  await kit.db.transaction((trx) =>
    kit.notify(trx, [{ memberId: member, type: 'acme.page', title: { zh: '速回', en: 'Call back' } }], NOW),
  );
  await until('the pager rings', async () => pager.length > 0);
  expect(pager[0]).toMatchObject({ type: 'acme.page', recipients: [{ memberId: member }], items: [{ title: { en: 'Call back' } }] });
  await until('it is in the log', async () => company.db('crm_deliveries').where({ channel: 'pager', state: 'sent' }).first());
  expect(await company.db('crm_notifications').where({ type: 'acme.page' })).toHaveLength(1);
});
