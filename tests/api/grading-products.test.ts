import { insertRow } from '../../plugins/crm-core';
import type { BacktestResult, CheckupResult, GradingModelInput, ProductScore } from '../../plugins/lead-grading';
import { TWO_SIDES_CONTRACT } from '../../plugins/lead-sla';
import { api } from '../support/server';
import { DAY, ok, startGrading, text, type GradingWorld } from './grading-world';

jest.setTimeout(300_000);
const START = Date.UTC(2026, 2, 2, 12);

/** Products, companies by network, the quota of a contract, and the quarterly report, on a running product. */
let world: GradingWorld;
let model = 0;
beforeAll(async () => {
  world = await startGrading(START);
  model = await world.create('products', body);
  await world.publish(model, body);
}, 300_000);
afterAll(() => world?.close(), 60_000);

const when = (field: string, operator: string, value: unknown) => ({ combinator: 'and' as const, rules: [{ field, operator, value }] });
const body: GradingModelInput = {
  fit: { rules: [{ type: 'condition', key: 'boss', label: text('Boss'), points: 60, when: when('lead.title', '=', 'CEO') }] },
  engagement: { rules: [{ key: 'visit', kind: 'visit', label: text('Visit'), points: 20, repeat: 'each' }] },
  thresholds: { letters: { A: 50, B: 30, C: 10 }, numbers: { 1: 50, 2: 25, 3: 10 } },
  labelling: { by: 'score', hot: 40, warm: 20 },
  products: {
    overall: 'weighted',
    list: [
      { key: 'crm', label: text('CRM'), weight: 75 },
      {
        key: '云盘',
        label: text('Drive'),
        weight: 25,
        assets: ['/drive'],
        rules: [{ type: 'condition', key: 'asked', label: text('Asked'), points: 30, when: when('lead.product', '=', 'drive') }],
      },
    ],
  },
};

describe('lead × product', () => {
  let first = 0;
  let second = 0;
  const sortedBy = async (field: string, filter: Record<string, unknown> = {}): Promise<number[]> => {
    const query = new URLSearchParams({ sort: JSON.stringify([field, 'DESC']), range: '[0,1]', filter: JSON.stringify(filter) });
    return (await ok(world.admin.get<{ id: number }[]>(`/api/console/leads?${query.toString()}`))).map((lead) => lead.id);
  };

  test('each product has its score, by its tag, by its pages, and by rules of its own; the lead has an overall and a best one', async () => {
    first = await world.lead({ product: 'drive' });
    second = await world.lead();
    await world.did(first, 'visit', { asset: '/drive/pricing' });
    await world.did(second, 'visit', { product: 'crm' });
    await world.did(second, 'visit', { product: 'crm' });
    await world.did(second, 'visit', { product: 'other' });
    expect(await world.view(first)).toMatchObject({ productScores: { 云盘: 50 }, productScore: 13, topProduct: '云盘' });
    expect(await world.view(second)).toMatchObject({ productScores: { crm: 40 }, productScore: 30, topProduct: 'crm' });
    const told = await ok(world.admin.get<ProductScore[]>(`/api/console/leads/${first}/product-scores`));
    expect(told).toEqual([expect.objectContaining({ product: '云盘', label: text('Drive'), score: 50, fromRules: 30, engagements: 1 })]);
    const others = await ok(world.admin.get<ProductScore[]>(`/api/console/leads/${second}/product-scores`));
    expect(others.map(({ product, score, label }) => [product, score, label?.en])).toEqual([
      ['crm', 40, 'CRM'],
      ['other', 20, undefined],
    ]);
  });

  test('lists are sorted and filtered by the overall score, by one product, and by the best one', async () => {
    await world.idle('grading.product-indexes');
    expect(await sortedBy('productScore')).toEqual([second, first]);
    expect(await sortedBy('productScores.云盘')).toEqual([first, second]);
    expect(await sortedBy('score', { topProduct: 'crm' })).toEqual([second]);
    expect(await sortedBy('score', { where: when('product.crm', '>=', 30) })).toEqual([second]);
    expect(await sortedBy('score', { where: when('lead.productScore', '<', 20) })).toEqual([first]);
  });

  test('a list sorted by one product reads an index of its own', async () => {
    const [plan] = await world.server.database.knex.transaction(async (trx) => {
      await trx.raw('SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off');
      const { rows } = await trx.raw<{ rows: Record<string, unknown>[] }>(
        `EXPLAIN (FORMAT JSON) SELECT id FROM crm_leads WHERE merged_into IS NULL ORDER BY ((product_scores ->> '云盘')::int) DESC NULLS LAST, id LIMIT 50`,
      );
      return rows;
    });
    expect(JSON.stringify(plan)).toMatch(/crm_leads_product_[0-9a-f]{12}/);
  });

  test('what time takes is taken from the stored scores, within the points the model allows', async () => {
    await world.moveTo(START + 30 * DAY);
    const { productScores } = await world.view(second);
    expect(Math.abs((productScores?.['crm'] ?? 0) - 20)).toBeLessThanOrEqual(5);
    await world.moveTo(START + 31 * DAY);
  });

  test('a model without products takes them away again', async () => {
    const { products: _, ...plain } = body;
    await world.publish(model, plain);
    expect(await world.view(second)).toMatchObject({ productScores: null, productScore: null, topProduct: null });
    await world.publish(model, body);
    expect((await world.view(second)).topProduct).toBe('crm');
  });
});

describe('companies by network', () => {
  interface Answer {
    readonly ranges: number;
    readonly accounts: number;
    readonly problems: readonly { readonly line: number; readonly code: string }[];
  }
  let serial = 0;
  /** By the public entrance, as a form does: the console may not type an address in. */
  async function capture(values: Record<string, unknown>): Promise<number> {
    const answer = await ok(api(world.server.url).post<{ results: { lead: number }[] }>('/api/capture/web', [values]));
    return answer.results[0]?.lead ?? 0;
  }
  const nameless = (ip: string, more: Record<string, unknown> = {}): Promise<number> => {
    serial += 1;
    return capture({ name: `Visitor ${serial}`, wechat: `wx-visitor-${serial}`, ip, ...more });
  };
  beforeAll(async () => {
    const source = { key: 'web', name: 'web', adapter: 'auto', defaults: {}, allowed_origins: [], active: true };
    await insertRow(world.server.database.knex, 'crm_sources', source, world.now());
  });

  test('a table of ranges is imported; lines that cannot be are named, and missing companies created', async () => {
    const before = await nameless('203.0.113.9');
    expect((await world.view(before)).account).toBeNull();
    const csv = [
      '网段,公司,域名',
      '203.0.113.0/24,Netz AG,netz-ag.de',
      '203.0.113.8-203.0.113.11,Netz Labor GmbH,',
      'not a range,Netz AG,',
      '2001:db8::/32,,netz-ag.de',
    ].join('\n');
    const answer = await ok(world.admin.post<Answer>('/api/console/account-ranges/import', { csv }));
    expect(answer).toMatchObject({ ranges: 3, accounts: 2, problems: [{ line: 4, code: 'RANGE_INVALID' }] });
    await world.idle('leads.account-ranges');
    const nameOf = async (lead: number): Promise<string | undefined> =>
      (
        await world.many<{ name: string }>('SELECT a.name FROM crm_leads l JOIN crm_accounts a ON a.id = l.account_id WHERE l.id = ?', [
          lead,
        ])
      )[0]?.name;
    // The narrowest network counts; a lead that was here before is joined too.
    expect(await nameOf(before)).toBe('Netz Labor GmbH');
    expect(await nameOf(await nameless('203.0.113.77'))).toBe('Netz AG');
    expect(await nameOf(await nameless('2001:db8:1::5'))).toBe('Netz AG');
    expect(await nameOf(await nameless('198.51.100.1'))).toBeUndefined();
    expect(await nameOf(await nameless('no address'))).toBeUndefined();
  });

  test('what a lead says of itself counts before where it came from', async () => {
    const account = (
      await ok(world.admin.post<{ id: number }>('/api/console/accounts', { name: 'Says It', website: 'https://says-it.de' }))
    ).id;
    const id = await capture({ name: 'Said', email: 'said@says-it.de', ip: '203.0.113.78' });
    expect((await world.view(id)).account).toBe(account);
  });

  test('the score of a company takes in the leads its network brought', async () => {
    await world.publish(model, { ...body, account: { strategy: 'sum', qualifiedFrom: 50, cap: 100 } });
    const first = await nameless('203.0.113.101', { title: 'CEO' });
    await nameless('203.0.113.102', { title: 'CEO' });
    const { account } = await world.view(first);
    const read = () => ok(world.admin.get<{ grading?: { score: number; qualified: boolean } }>(`/api/console/accounts/${account ?? 0}`));
    await world.until('the company', async () => (await read()).grading?.qualified === true);
    expect((await world.view(first)).score).toBeLessThan(50);
  });

  test('a range that is none is refused, and only those who may keep accounts keep ranges', async () => {
    const [account] = await ok(world.admin.get<{ id: number }[]>('/api/console/accounts?range=[0,0]'));
    const refused = await world.admin.post<{ error: { details: { code: string } } }>('/api/console/account-ranges', {
      account: account?.id,
      range: '10.0.0.0/99',
    });
    expect([refused.status, refused.body.error.details.code]).toEqual([400, 'RANGE_INVALID']);
  });
});

describe('the quota of the contract', () => {
  test('a forecast is compared with what marketing owes by the contract in force', async () => {
    const contract = { ...TWO_SIDES_CONTRACT, signing: 'none' as const };
    const { id } = await ok(world.admin.post<{ id: number }>('/api/console/sla-contracts', { key: 'both', name: 'Both', draft: contract }));
    const quotaOf = async (): Promise<BacktestResult['forecast']> => (await world.study<BacktestResult>(model, 'backtest')).result.forecast;
    const done = await world.lead({ title: 'CEO' });
    await world.stage(done, 'won').catch(async () => {
      for (const stage of ['srl', 'sql', 'won']) await world.stage(done, stage);
    });
    expect((await quotaOf())?.quotaPerWeek).toBeNull();
    await ok(world.admin.post(`/api/console/sla-contracts/${id}/publish`, { note: 'test' }));
    const forecast = await quotaOf();
    // Three hundred a quarter.
    expect(forecast?.quotaPerWeek).toBeCloseTo((300 * 4 * 7) / 365.25, 5);
    expect(forecast?.contract).toEqual(contract.title);
  });
});

describe('the quarterly report', () => {
  test('is made by itself, and whoever published the model has one open task that leads to it', async () => {
    await world.moveTo(START + 130 * DAY);
    interface Task {
      readonly id: number;
      readonly title: { readonly en: string };
      readonly link: string | null;
      readonly lead: number | null;
      readonly owner: number;
    }
    const open = () => ok(world.admin.get<Task[]>(`/api/console/tasks?filter=${encodeURIComponent('{"state":"open","kind":"review"}')}`));
    const [task] = (await open()).filter(({ title }) => title.en.includes('products'));
    expect(task).toMatchObject({ lead: null, title: { en: 'Check the grading model “products”' } });
    const study = Number(/study=(\d+)$/.exec(task?.link ?? '')?.[1]);
    const read = () =>
      ok(world.admin.get<{ status: string; options: unknown; result: CheckupResult }>(`/api/console/grading-studies/${study}`));
    await world.until('the report', async () => (await read()).status === 'done');
    expect(await read()).toMatchObject({ options: { scheduled: true }, result: { rules: [{ key: 'boss' }, { key: 'visit' }] } });
    // The next quarter takes the place of what nobody did.
    await world.moveTo(START + 225 * DAY);
    const later = (await open()).filter(({ title }) => title.en.includes('products'));
    expect(later).toHaveLength(1);
    expect(later[0]?.id).not.toBe(task?.id);
    await ok(world.admin.post(`/api/console/tasks/${later[0]?.id ?? 0}/done`, {}));
    expect((await open()).filter(({ title }) => title.en.includes('products'))).toEqual([]);
  });
});
