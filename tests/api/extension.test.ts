import { gradingModelSchema, type ScoreExplanation } from '../../plugins/lead-grading';
import { gradingKind } from '../../plugins/lead-grading/server/src/services/policy-kind';
import acme, { pager } from '../extension/acme';
import { routingRuleSchema } from '../../plugins/lead-routing/contracts';
import { describeExtensions } from '../../plugins/lead-routing/server/src/domain/extensions';
import { extensionFindings } from '../../plugins/lead-routing/server/src/services/policy-kind';
import { replay } from '../../plugins/lead-routing/server/src/services/replay';
import { addPerson, startCompany, until, type Company } from '../support/fixtures';
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

describe('a ranking and a destination of its own', () => {
  const label = { zh: '规则', en: 'The rule' };
  const OTHERWISE = { kind: 'member', email: 'ann@test.example' };
  const publish = async (key: string, rule: Record<string, unknown>): Promise<number> => {
    const body = {
      when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: key }] },
      rules: [{ key: 'own', label, ...rule }],
      otherwise: OTHERWISE,
    };
    const made = await product.core.kit.policies.upsert(
      { kind: 'routing-policy', key, name: key, body, publish: true },
      product.core.kit.actors.system(),
      NOW,
    );
    return made.policyId;
  };
  const give = async (values: readonly Record<string, unknown>[]) => {
    const { outcomes } = await product.leads.apply({
      changes: values.map((one, index) => ({ op: 'create' as const, values: { name: `Lead ${index}`, ...one } })),
      actor: product.core.kit.actors.system(),
      cause: { type: 'test' },
      now: NOW,
    });
    return Promise.all(outcomes.map((outcome) => company.lead(outcome.id ?? 0)));
  };
  const person = (name: string, skills: readonly string[]) =>
    addPerson(company.db, name, { roles: ['sales'], skills: JSON.stringify(skills) }).then(({ id }) => id);

  test('decide live, in a batch, with the product’s filters, ledger and reasons, and replay to the same', async () => {
    const [one, two, elsewhere] = [
      await person('office-1', ['office:杭州']),
      await person('office-2', ['office:杭州']),
      await person('office-3', ['office:广州']),
    ];
    await publish('acme-offices', { destination: { kind: 'custom', type: 'acme-office' }, periodCap: { per: 'day', max: 2 } });
    const rows = await give(['杭州', '广州', '杭州', '杭州', '杭州', '杭州', '成都'].map((city) => ({ city, campaign: 'acme-offices' })));
    const ownersIn = (city: string): unknown[] => rows.filter((row) => row['city'] === city).map((row) => row['owner_id']);
    expect(ownersIn('杭州').sort()).toEqual([one, one, two, two, member].sort());
    expect(ownersIn('广州')).toEqual([elsewhere]);
    expect(ownersIn('成都')).toEqual([member]);
    const decisions = await company
      .db('crm_decisions')
      .where({ kind: 'route' })
      .whereIn('subject_id', rows.map((row) => row['id']) as number[]);
    for (const { id } of decisions) expect(await replay(product.core.kit, id)).toMatchObject({ same: true });
    expect(await company.db('crm_ledger').where({ group_key: 'route:acme-offices:own' })).toHaveLength(5);
  });

  test('rank by what the lead asks for, with parameters from the policy and the usual ties', async () => {
    const [plain, expert] = [await person('plain', ['crm']), await person('expert', ['crm', 'erp'])];
    const members = [plain, expert].map((id) => ({ member: id }));
    await publish('acme-experts', {
      destination: { kind: 'group', members },
      ranking: 'custom:acme-veterans',
      rankingParams: { patience: 0 },
    });
    const rows = await give(['erp', 'erp', 'crm', 'crm'].map((value) => ({ product: value, campaign: 'acme-experts' })));
    expect(rows.filter((row) => row['product'] === 'erp').map((row) => row['owner_id'])).toEqual([expert, expert]);
    expect(rows.filter((row) => row['product'] === 'crm').map((row) => row['owner_id'])).toContain(plain);
  });

  test('are offered to the form with a schema, refused by lint with wrong parameters or when they are gone, and work in the simulator’s dry run', async () => {
    const { rankings, destinations } = describeExtensions();
    expect(rankings).toContainEqual(
      expect.objectContaining({
        key: 'acme-veterans',
        schema: expect.objectContaining({
          properties: {
            patience: expect.objectContaining({ type: 'number', default: 1, label: { zh: '负荷权重', en: 'Weight of the load' } }),
            looksAt: expect.objectContaining({
              enum: ['both', 'product', 'industry'],
              options: expect.objectContaining({ product: { zh: '仅产品', en: 'Product only' } }),
            }),
          },
        }),
      }),
    );
    expect(destinations.map(({ key }) => key)).toContain('acme-office');
    const found = (rule: Record<string, unknown>) =>
      extensionFindings(routingRuleSchema.parse({ key: 'own', label, destination: OTHERWISE, ...rule }), 'rules[0]').map(
        ({ code, path }) => `${code} ${path}`,
      );
    expect(found({ ranking: 'custom:acme-veterans', rankingParams: { patience: 99 } })).toEqual([
      'PARAMS_INVALID rules[0].rankingParams.patience',
    ]);
    expect(found({ ranking: 'custom:gone' })).toEqual(['RANKING_UNKNOWN rules[0].ranking']);
    expect(found({ destination: { kind: 'custom', type: 'gone' } })).toEqual(['DESTINATION_UNKNOWN rules[0].destination.type']);
    expect(found({ destination: { kind: 'custom', type: 'acme-office', params: { prefix: 'a:b' } } })).toEqual([
      'ACME_PREFIX rules[0].destination.params',
    ]);
    const before = await company.db('crm_ledger').count();
    const { decisions } = await product.leads.simulate({
      changes: [{ op: 'create', values: { name: 'S', city: '广州', campaign: 'acme-offices' } }],
      actor: product.core.kit.actors.system(),
      cause: { type: 'simulate' },
      now: NOW,
    });
    expect(decisions.find(({ kind }) => kind === 'route')?.result).toMatchObject({ rule: 'own', destination: 'custom', reason: 'RULE' });
    expect(await company.db('crm_ledger').count()).toEqual(before);
  });
});
