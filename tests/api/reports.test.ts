import { expectStatus, someone, startCompany, until, type Company, type ErrorBody, type Person } from '../support/fixtures';

interface Funnel {
  readonly stages: readonly {
    readonly key: string;
    readonly now: number;
    readonly entered: number;
    readonly forward: number;
    readonly back: number;
    readonly lost: number;
    readonly medianSeconds: number | null;
  }[];
}
interface Rows {
  readonly ids: readonly number[];
  readonly more: boolean;
}

let company: Company;
let ann: Person;
let boss: Person;
let marketing: Person;
let ids: number[];

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T01:00:00Z');
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();
const move = async (id: number, to: string, more: Record<string, unknown> = {}): Promise<void> =>
  void expectStatus(await company.admin.post(`/api/console/leads/${id}/stage`, { to, ...more }), 200);
const report = async <T>(path: string, who: { readonly api: Person['api'] } = { api: company.admin }): Promise<T> =>
  expectStatus(await who.api.get<T>(`/api/console/reports/${path}`), 200);
const stageOf = (funnel: Funnel, key: string) => funnel.stages.find((stage) => stage.key === key)!;

const movesSummed = async (): Promise<number> =>
  Number((await company.db('crm_report_hours').where({ kind: 'moved' }).sum('n as n').first<{ n: string }>())?.n);

/** Four leads come in at hour 0 and are moved over two days; the last moves are too young to be summed up. */
beforeAll(async () => {
  company = await startCompany();
  ann = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  boss = await company.person('boss', { roles: ['sales-manager'], team: company.salesTeam });
  marketing = await company.person('mara', { roles: ['marketing'] });
  await company.moveClock(at(0));
  ids = await company.capture([someone(), someone(), someone(), someone()]);
  await company.capture([someone({ isTest: true })]);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: ids.slice(0, 2), owner: ann.id }), 200);
  await company.moveClock(at(4));
  for (const id of ids) await move(id, 'srl');
  await company.moveClock(at(28));
  await move(ids[0]!, 'sql');
  await move(ids[1]!, 'recycled', { reason: 'not_now' });
  await move(ids[2]!, 'disqualified', { reason: 'spam' });
  await company.moveClock(at(52));
  await move(ids[1]!, 'mql');
}, 300_000);
afterAll(() => company?.server.close());

test('the funnel counts what stands, what came and what left each way, with the time between', async () => {
  const funnel = await report<Funnel>('funnel?days=30');
  expect(stageOf(funnel, 'srl')).toMatchObject({ now: 1, entered: 4, forward: 1, back: 1, lost: 1 });
  expect(Math.abs(stageOf(funnel, 'srl').medianSeconds! / (24 * 3600) - 1)).toBeLessThan(0.2);
  expect(stageOf(funnel, 'lead')).toMatchObject({ entered: 4, forward: 4, back: 0 });
  expect(stageOf(funnel, 'mql')).toMatchObject({ now: 1, entered: 1 });
  expect(stageOf(funnel, 'disqualified')).toMatchObject({ now: 1, entered: 1 });
});

test('sums of the hours past and events since say the same as the events alone', async () => {
  const fromEvents = await report<Funnel>('funnel?days=30');
  await until('the hours are summed up', async () => (await movesSummed()) === 7);
  const summed = await report<Funnel>('funnel?days=30');
  expect(summed.stages).toEqual(fromEvents.stages);
  await company.moveClock(at(60));
  expect((await report<Funnel>('funnel?days=30')).stages).toEqual(summed.stages);
  expect(await movesSummed()).toBe(8);
});

test('a span leaves out what was before and after it', async () => {
  const funnel = await report<Funnel>(`funnel?from=${at(20)}&to=${at(40)}`);
  expect(stageOf(funnel, 'srl')).toMatchObject({ entered: 0, forward: 1, back: 1, lost: 1 });
  expect(stageOf(funnel, 'lead').entered).toBe(0);
  const refused = await company.admin.get<ErrorBody>(`/api/console/reports/funnel?from=${at(40)}&to=${at(20)}`);
  expect([refused.status, refused.body.error.details.code]).toEqual([400, 'QUERY_INVALID']);
});

test('a person sees the numbers of the leads he may see', async () => {
  expect(stageOf(await report<Funnel>('funnel?who=me', ann), 'srl')).toMatchObject({ now: 0, entered: 2, forward: 1, back: 1, lost: 0 });
  expect(stageOf(await report<Funnel>('funnel?who=all', ann), 'srl')).toMatchObject({ entered: 2 });
  expect(stageOf(await report<Funnel>('funnel?who=team', boss), 'srl')).toMatchObject({ entered: 2 });
  expect(stageOf(await report<Funnel>('funnel?who=all', marketing), 'srl')).toMatchObject({ entered: 4 });
  const rows = await report<Rows>('rows/entered?stage=srl', ann);
  expect([...rows.ids].sort()).toEqual(ids.slice(0, 2).sort());
});

test('every number opens its rows', async () => {
  const funnel = await report<Funnel>('funnel?days=30');
  for (const { key, entered } of funnel.stages) {
    const rows = await report<Rows>(`rows/entered?days=30&stage=${key}`);
    expect([key, rows.more, rows.ids.length]).toEqual([key, false, entered]);
  }
  expect((await report<Rows>('rows/left?days=30&stage=srl&direction=forward')).ids).toEqual([ids[0]]);
  expect((await report<Rows>('rows/left?days=30&stage=srl&direction=back')).ids).toEqual([ids[1]]);
  expect((await report<Rows>('rows/left?days=30&stage=srl&direction=lost')).ids).toEqual([ids[2]]);
  expect((await company.admin.get('/api/console/reports/rows/nonsense')).status).toBe(400);
});

test('sources tell how far what came in has come', async () => {
  const { lines } = await report<{ lines: { leads: number; stages: Record<string, number> }[] }>('sources?days=30');
  const total = lines.reduce((sum, line) => sum + line.leads, 0);
  expect(total).toBe(5);
  expect(lines.reduce((sum, line) => sum + (line.stages['sql'] ?? 0), 0)).toBe(1);
});

test('what came in is split by a list of the company’s own as soon as it is made, by no field a role does not show, and by nothing else', async () => {
  const option = (value: string) => ({ value, label: { zh: value, en: value } });
  const field = {
    entity: 'lead',
    key: 'tier',
    type: 'select',
    label: { zh: '层级', en: 'Tier' },
    options: [option('gold'), option('tin')],
  };
  expectStatus(await company.admin.post('/api/console/fields', field), 200);
  expectStatus(await company.admin.put(`/api/console/leads/${ids[0]}`, { custom: { tier: 'gold' } }), 200);
  interface Split {
    readonly by: string;
    readonly lines: readonly { value: string | null; leads: number; stages: Record<string, number> }[];
  }
  const { by, lines } = await report<Split>('sources?days=30&by=custom.tier');
  const usual = await report<Split>('sources?days=30');
  expect([by, usual.by]).toEqual(['custom.tier', 'source']);
  const total = (split: Split['lines']): number => split.reduce((sum, line) => sum + line.leads, 0);
  expect(total(lines)).toBe(total(usual.lines));
  expect(lines.find(({ value }) => value === 'gold')).toMatchObject({ leads: 1 });
  expect(lines.map(({ value }) => value)).not.toContain('tin');
  expect((await company.admin.get('/api/console/reports/sources?by=custom.nope')).status).toBe(400);
  expect((await company.admin.get('/api/console/reports/sources?by=email')).status).toBe(400);
  const role = await company
    .db('crm_roles')
    .where({ key: 'sales' })
    .first<{ id: number; fields: Record<string, Record<string, string>> }>();
  const fields = { ...role?.fields, leads: { ...role?.fields['leads'], 'custom.tier': 'hidden' } };
  expectStatus(await company.admin.put(`/api/console/roles/${role?.id}`, { fields }), 200);
  expect((await ann.api.get('/api/console/reports/sources?by=custom.tier')).status).toBe(403);
});

test('the trend has one line per day of the reader', async () => {
  const { days } = await report<{ days: { day: string; created: number; entered: Record<string, number> }[] }>('trend?days=30');
  expect(days.find(({ day }) => day === '2026-03-02')).toMatchObject({ created: 4, entered: { srl: 4 } });
  expect(days.find(({ day }) => day === '2026-03-03')?.entered).toMatchObject({ sql: 1, recycled: 1, disqualified: 1 });
});

test('my numbers and those of my people', async () => {
  const log = { kind: 'call', outcome: 'connected', durationSeconds: 60 };
  expectStatus(await ann.api.post(`/api/console/leads/${ids[0]}/activities`, log), 200);
  expect(await report('numbers?days=30', ann)).toMatchObject({ held: 2, untouched: 1, followUps: 1, contacted: 1, won: 0 });
  const { lines } = await report<{ lines: Record<string, number>[] }>('people?who=team&days=30', boss);
  expect(lines).toMatchObject([{ member: ann.id, held: 2, untouched: 1, followUps: 1 }]);
  expect((await report<Rows>(`rows/followed?member=${ann.id}`, boss)).ids).toEqual([ids[0]]);
});

test('a field a role does not show is not counted by either', async () => {
  const role = await company.db('crm_roles').where({ key: 'sales' }).first<{ fields: Record<string, Record<string, string>> }>();
  const fields = { ...role?.fields, leads: { ...role?.fields['leads'], stage: 'hidden' } };
  await company
    .db('crm_roles')
    .where({ key: 'sales' })
    .update({ fields: JSON.stringify(fields) });
  await company.db.raw(`SELECT pg_notify('crm_roles', '')`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await ann.api.get('/api/console/reports/funnel')).status).toBe(403);
});
