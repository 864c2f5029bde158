import { perform, uploadBytes } from '../support/import-file';
import { expectStatus, someone, startCompany, until, type Company, type ErrorBody, type Person } from '../support/fixtures';
import type { Api } from '../support/api';

let company: Company;
let rep: Person;
const label = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });
const option = (value: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ value, label: label(value), ...more });
const web = (value: string) => ({ combinator: 'and', rules: [{ field: 'lead.source', operator: '=', value }] });

const make = async (key: string, type: string, more: Record<string, unknown> = {}): Promise<number> =>
  expectStatus(
    await company.admin.post<{ id: number }>('/api/console/fields', { entity: 'lead', key, type, label: label(key), ...more }),
    200,
  ).id;
const refused = async (answer: Promise<{ status: number; body: unknown }>): Promise<string> => {
  const { status, body } = await answer;
  return `${status} ${(body as ErrorBody).error.details.code}`;
};
const put = (id: number, values: unknown) => company.admin.put(`/api/console/fields/${id}`, values);
const createLead = (values: Record<string, unknown>) => company.admin.post<{ id: number }>('/api/console/leads', someone(values));
const lead = async (custom: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<number> =>
  expectStatus(await createLead({ ...more, custom }), 200).id;

beforeAll(async () => {
  company = await startCompany();
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

describe('a definition is checked as a whole', () => {
  test.each([
    ['a list without options', { type: 'select' }, 'options'],
    ['the same option twice', { type: 'select', options: [option('a'), option('a')] }, 'options'],
    ['options of a text', { type: 'text', options: [option('a')] }, 'options'],
    ['a default that is no option', { type: 'select', options: [option('a')], defaultValue: 'b' }, 'defaultValue'],
    ['a default of another kind', { type: 'number', defaultValue: 'many' }, 'defaultValue'],
    ['limits the wrong way round', { type: 'number', validation: { min: 5, max: 1 } }, 'validation.max'],
    ['a pattern that is none', { type: 'text', validation: { pattern: '(' } }, 'validation.pattern'],
    ['an index on a time', { type: 'datetime', indexed: true }, 'indexed'],
    ['an unknown type', { type: 'colour' }, 'type'],
    ['a key that cannot be a key', { key: 'Größe', type: 'text' }, 'key'],
    [
      'a condition over a fact that is not there',
      { type: 'text', visibleWhen: { combinator: 'and', rules: [{ field: 'lead.nope', operator: '=', value: 1 }] } },
      null,
    ],
    ['options that depend on nothing', { type: 'select', options: [option('a', { when: ['x'] })] }, 'parentField'],
  ])('%s is refused', async (_name, values, path) => {
    const { status, body } = await company.admin.post<ErrorBody>('/api/console/fields', {
      entity: 'lead',
      key: 'odd',
      label: label('odd'),
      ...values,
    });
    expect([status, body.error.details.code]).toEqual([400, 'FIELD_INVALID']);
    if (path) expect((body.error.details['issues'] as { path: string }[]).map((issue) => issue.path)).toContain(path);
  });

  test('key, kind of record and storage stay; a label and a wider type may change without touching data', async () => {
    const id = await make('count_a', 'integer');
    expect(await refused(put(id, { key: 'other' }))).toBe('400 FIELD_FIXED');
    expect(await refused(put(id, { entity: 'account' }))).toBe('400 FIELD_FIXED');
    expect(await refused(put(id, { type: 'text' }))).toBe('400 TYPE_FIXED');
    expectStatus(await put(id, { type: 'number', label: label('Renamed') }), 200);
  });

  test('two lists cannot depend on each other', async () => {
    const first = await make('ring_a', 'select', { options: [option('x')] });
    await make('ring_b', 'select', { options: [option('y')], parentField: 'ring_a' });
    expect(await refused(put(first, { parentField: 'ring_b' }))).toBe('400 FIELD_INVALID');
  });
});

describe('values are checked on every entrance', () => {
  beforeAll(async () => {
    await make('site', 'url');
    await make('born', 'date');
    await make('mail2', 'email');
    await make('grade', 'select', { options: [option('gold'), option('silver'), option('old', { retired: true })] });
    await make('code', 'text', { validation: { pattern: '[A-Z]{2}-\\d{3}' } });
    await make('why', 'text', { requiredWhen: web('fair') });
    await make('only_web', 'text', { visibleWhen: web('web-form'), required: true });
    await make('frozen', 'text', {
      readOnlyWhen: { combinator: 'and', rules: [{ field: 'lead.custom.grade', operator: '=', value: 'gold' }] },
    });
    await make('province2', 'select', { options: [option('gd'), option('zj')] });
    await make('city2', 'select', { options: [option('sz', { when: ['gd'] }), option('hz', { when: ['zj'] })], parentField: 'province2' });
  });

  test.each([
    [{ site: 'javascript:alert(1)' }, 'VALUE_INVALID'],
    [{ born: '2026-02-30' }, 'VALUE_INVALID'],
    [{ mail2: 'nobody' }, 'VALUE_INVALID'],
    [{ grade: 'bronze' }, 'VALUE_INVALID'],
    [{ grade: 'old' }, 'VALUE_INVALID'],
    [{ code: 'a-1' }, 'VALUE_INVALID'],
    [{ only_web: 'x' }, 'FIELD_NOT_APPLICABLE'],
    [{ province2: 'zj', city2: 'sz' }, 'OPTION_NOT_AVAILABLE'],
  ])('%j is refused', async (custom, code) => expect(await refused(createLead({ custom }))).toBe(`400 ${code}`));

  test('required under a condition: in a new record, and when an edit makes it so', async () => {
    expect(await refused(createLead({ source: 'fair' }))).toBe('400 VALUE_REQUIRED');
    expect(await refused(createLead({ source: 'web-form' }))).toBe('400 VALUE_REQUIRED');
    await lead({ why: 'met' }, { source: 'fair' });
    const plain = await lead({});
    const row = expectStatus(await company.admin.get<{ version: number }>(`/api/console/leads/${plain}`), 200);
    expect(await refused(company.admin.put(`/api/console/leads/${plain}`, { source: 'fair', version: row.version }))).toBe(
      '400 VALUE_REQUIRED',
    );
    expectStatus(
      await company.admin.put(`/api/console/leads/${plain}`, { source: 'fair', custom: { why: 'met' }, version: row.version }),
      200,
    );
  });

  test('read-only in a state: the value stays, other fields change', async () => {
    const id = await lead({ grade: 'gold', frozen: 'first' });
    expect(await refused(company.admin.put(`/api/console/leads/${id}`, { custom: { frozen: 'second' } }))).toBe('400 FIELD_READ_ONLY');
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { name: 'Renamed' }), 200);
    expect((await company.lead(id))['custom']).toMatchObject({ frozen: 'first' });
  });

  test('a capture is never refused: what does not apply is left out and the lead is marked', async () => {
    const [id] = await company.capture([someone({ custom: { only_web: 'x', grade: 'silver' } })]);
    expect(await company.lead(id!)).toMatchObject({ quarantine: 'incomplete', custom: { grade: 'silver' } });
    expect((await company.lead(id!))['custom']).not.toHaveProperty('only_web');
  });

  test.each<[string, Record<string, unknown>, unknown, unknown]>([
    ['text', { validation: { maxLength: 3 } }, 'abc', 'abcd'],
    ['textarea', { validation: { maxLength: 5 } }, 'a\nb', 'abcdef'],
    ['number', { validation: { min: 1, max: 9 } }, 2.5, 10],
    ['integer', {}, 7, 7.5],
    ['money', { validation: { min: 0 } }, 12.34, -1],
    ['boolean', {}, true, 'perhaps'],
    ['date', {}, '2026-02-28', '2026-02-29'],
    ['datetime', {}, '2026-03-02T02:00:00.000Z', 'soon'],
    ['select', { options: [option('a')] }, 'a', 'b'],
    ['multiselect', { options: [option('a'), option('b')] }, ['a', 'b'], ['a', 'c']],
    ['email', {}, 'li@firm.example', 'li at firm'],
    ['phone', {}, '+8613800138000', 'call me'],
    ['url', {}, 'https://firm.example/a', 'firm'],
    ['reference', {}, 1, 'Li'],
  ])('a field of the type %s takes what fits it and refuses what does not', async (type, more, good, bad) => {
    const key = `typed_${type}`;
    await make(key, type, more);
    expect(await refused(createLead({ custom: { [key]: bad } }))).toBe('400 VALUE_INVALID');
    expect((await company.lead(await lead({ [key]: good })))['custom']).toMatchObject({ [key]: good });
  });

  test('a default fills what a new lead does not say, by form and capture, and never an edit', async () => {
    await make('usual', 'select', { options: [option('basic'), option('plus')], defaultValue: 'basic' });
    const custom = async (id: number): Promise<unknown> => ((await company.lead(id))['custom'] as Record<string, unknown>)['usual'] ?? null;
    const made = await lead({});
    expect(await custom(made)).toBe('basic');
    expect(await custom(await lead({ usual: 'plus' }))).toBe('plus');
    const [captured] = await company.capture([someone()]);
    expect(await custom(captured!)).toBe('basic');
    expectStatus(await company.admin.put(`/api/console/leads/${made}`, { custom: { usual: null } }), 200);
    expectStatus(await company.admin.put(`/api/console/leads/${made}`, { name: 'Later' }), 200);
    expect(await custom(made)).toBeNull();
  });

  test('the conditions hold for many leads at once and for rows of a file, each answered by itself', async () => {
    const [free, gold] = [await lead({ frozen: 'x' }), await lead({ grade: 'gold', frozen: 'first' })];
    const { results } = expectStatus(
      await company.admin.post<{ results: { id: number; ok: boolean; code?: string }[] }>('/api/console/leads/edit', {
        ids: [free, gold],
        values: { 'custom.frozen': 'second' },
      }),
      200,
    );
    expect(results).toMatchObject([
      { id: free, ok: true },
      { id: gold, ok: false, code: 'FIELD_READ_ONLY' },
    ]);
    expect((await company.lead(gold))['custom']).toMatchObject({ frozen: 'first' });
    const rows = [
      'name,email,source,province2,city2,why',
      'Fits,fits@file.example,fair,gd,sz,met',
      'Lacks,lacks@file.example,fair,,,',
      'Odd,odd@file.example,other,zj,sz,',
    ];
    const { body: draft } = await uploadBytes(company.admin, 'rules.csv', rows.join('\n'));
    const target = (column: string): string => (['province2', 'city2', 'why'].includes(column) ? `custom.${column}` : column);
    const mapping = draft.headers.map((column) => ({ column, target: target(column) }));
    expectStatus(await company.admin.put(`/api/console/imports/${draft.id}`, { mapping }), 200);
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ done: 3, created: 1 });
    const came = await company.db('crm_leads').whereIn('name', ['Fits', 'Lacks', 'Odd']).select('name', 'custom');
    expect(came).toEqual([{ name: 'Fits', custom: expect.objectContaining({ city2: 'sz', why: 'met', usual: 'basic' }) as unknown }]);
  });

  test('a required field cannot be cleared afterwards', async () => {
    const id = await make('must', 'text', { required: true });
    const one = await lead({ must: 'x' });
    expect(await refused(company.admin.put(`/api/console/leads/${one}`, { custom: { must: null } }))).toBe('400 VALUE_REQUIRED');
    expectStatus(await put(id, { required: false }), 200);
  });
});

describe('a field over its life', () => {
  interface Told {
    readonly customFields: readonly {
      entity: string;
      key: string;
      label: { en: string };
      section: string;
      position: number;
      retired: boolean;
    }[];
    readonly facts: { readonly lead: readonly { readonly key: string }[] };
  }
  const told = async () => expectStatus(await company.admin.get<Told>('/api/console/meta'), 200);
  const fieldOf = async (key: string) => (await told()).customFields.find((field) => field.entity === 'lead' && field.key === key);
  const asked = async (key: string) => (await told()).facts.lead.some((fact) => fact.key === `lead.custom.${key}`);

  test('is renamed, moved to another section and put before others without touching a record', async () => {
    const [first, second] = [await make('order_one', 'text', { position: 50 }), await make('order_two', 'text', { position: 51 })];
    const id = await lead({ order_one: 'a', order_two: 'b' });
    const before = await company.db('crm_leads').where({ id }).first('custom', 'version', 'updated_at');
    expectStatus(await put(second, { label: label('Second, now first'), section: 'company', position: 50 }), 200);
    expectStatus(await put(first, { position: 51 }), 200);
    expect(await fieldOf('order_two')).toMatchObject({ label: { en: 'Second, now first' }, section: 'company', position: 50 });
    const inOrder = (await told()).customFields.map(({ key }) => key).filter((key) => key.startsWith('order_'));
    expect(inOrder).toEqual(['order_two', 'order_one']);
    expect(await company.db('crm_leads').where({ id }).first('custom', 'version', 'updated_at')).toEqual(before);
  });

  test('retired it is asked for and written nowhere; what was written stays and comes back with it', async () => {
    const field = await make('old_code', 'text');
    const id = await lead({ old_code: 'X-1' });
    expect(await asked('old_code')).toBe(true);
    expectStatus(await put(field, { retired: true }), 200);
    expect(await asked('old_code')).toBe(false);
    expect(await refused(createLead({ custom: { old_code: 'X-2' } }))).toBe('400 FIELD_NOT_WRITABLE');
    const filter = encodeURIComponent(JSON.stringify({ 'custom.old_code': 'X-1' }));
    expect((await company.admin.get(`/api/console/leads?filter=${filter}`)).status).toBe(400);
    expect((await company.db('crm_leads').where({ id }).first('custom')).custom).toMatchObject({ old_code: 'X-1' });
    expectStatus(await put(field, { retired: false }), 200);
    const found = expectStatus(await company.admin.get<{ id: number; custom: object }[]>(`/api/console/leads?filter=${filter}`), 200);
    expect(found).toMatchObject([{ id, custom: { old_code: 'X-1' } }]);
  });
});

describe('options', () => {
  test('a new label touches no record; an option in use is not removed; merging it does so everywhere', async () => {
    const id = await make('tier', 'select', { options: [option('a'), option('b'), option('c')] });
    const [first, second] = [await lead({ tier: 'a' }), await lead({ tier: 'b' })];
    expectStatus(await put(id, { options: [option('a', { label: label('Alpha') }), option('b'), option('c')] }), 200);
    expect((await company.lead(first))['custom']).toMatchObject({ tier: 'a' });
    const usage = expectStatus(await company.admin.get<{ records: number; options: unknown }>(`/api/console/fields/${id}/usage`), 200);
    expect(usage).toMatchObject({ records: 2, options: { a: 1, b: 1 } });
    expect(await refused(put(id, { options: [option('a'), option('c')] }))).toBe('409 OPTION_IN_USE');
    expectStatus(await put(id, { options: [option('a'), option('b')] }), 200);
    expectStatus(await company.admin.post(`/api/console/fields/${id}/merge-option`, { from: 'b', to: 'a' }), 200);
    await until('the option is gone', async () => {
      const row = await company.db('crm_fields').where({ id }).first<{ options: { value: string }[] }>();
      return row?.options.length === 1;
    });
    expect((await company.lead(second))['custom']).toMatchObject({ tier: 'a' });
    const told = await company.db('crm_events').where({ subject: 'lead', subject_id: second, cause_type: 'merge-option' });
    expect(told).toHaveLength(1);
    expect(await refused(company.admin.delete(`/api/console/fields/${id}`))).toBe('409 FIELD_IN_USE');
  });

  test('a field nobody has used can be deleted, by those who may', async () => {
    const id = await make('unused', 'text');
    expect(await refused(rep.api.delete(`/api/console/fields/${id}`))).toMatch(/^403/);
    expectStatus(await company.admin.delete(`/api/console/fields/${id}`), 200);
    expect(await refused(createLead({ custom: { unused: 'x' } }))).toBe('400 FIELD_NOT_WRITABLE');
  });
});

describe('an index', () => {
  test('is built beside running work, used by the list, and dropped again', async () => {
    const id = await make('budget_i', 'number', { indexed: true });
    await until('the index is ready', async () => {
      const body = expectStatus(await company.admin.get<{ index: string }>(`/api/console/fields/${id}`), 200);
      return body.index === 'ready';
    });
    await company.db.raw(
      `INSERT INTO crm_leads (name, stage, status, captured_at, stage_entered_at, custom) SELECT 'n' || i, 'new', 'new', now(), now(), jsonb_build_object('budget_i', i) FROM generate_series(1, 5000) i`,
    );
    await company.db.raw('ANALYZE crm_leads');
    const plan = await company.db.raw<{ rows: Record<string, string>[] }>(
      `EXPLAIN SELECT * FROM crm_leads "t" WHERE ("t"."custom"->>'budget_i')::numeric = 77`,
    );
    expect(JSON.stringify(plan.rows)).toContain(`crm_cf_${id}`);
    const list = await company.admin.get<unknown[]>(`/api/console/leads?filter=${encodeURIComponent('{"custom.budget_i":77}')}`);
    expect(list.body).toHaveLength(1);
    expectStatus(await put(id, { indexed: false }), 200);
    await until('the index is gone', async () => {
      const { rows } = await company.db.raw<{ rows: unknown[] }>(`SELECT 1 FROM pg_class WHERE relname = ?`, [`crm_cf_${id}`]);
      return rows.length === 0;
    });
  });
});

describe('personal data', () => {
  test('is masked by the pattern of the field for a role that reads it masked, and cannot be searched', async () => {
    await make('idcard', 'text', { pii: true, piiKind: 'identity', mask: { keepStart: 3, keepEnd: 2 } });
    const [role] = await company
      .db('crm_roles')
      .where({ key: 'sales' })
      .select<{ id: number; fields: Record<string, unknown> }[]>('id', 'fields');
    const fields = { ...role!.fields, leads: { ...(role!.fields['leads'] as object), 'custom.idcard': 'masked' } };
    expectStatus(await company.admin.put(`/api/console/roles/${role!.id}`, { fields }), 200);
    const id = await lead({ idcard: '110101199001011234' });
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [id], to: rep.id, member: rep.id, owner: rep.id }), 200);
    const seen = expectStatus(await rep.api.get<{ custom: Record<string, unknown> }>(`/api/console/leads/${id}`), 200);
    expect(seen.custom['idcard']).toBe('110******34');
    expect(await refused(rep.api.get(`/api/console/leads?filter=${encodeURIComponent('{"custom.idcard":"110101199001011234"}')}`))).toMatch(
      /FIELD_NOT_SEARCHABLE/,
    );
  });
});

describe('opportunities and follow-ups have fields of their own', () => {
  const kind = (value: string) => ({ combinator: 'and', rules: [{ field: 'activity.kind', operator: '=', value }] });
  const of = (entity: string, key: string, type: string, more: Record<string, unknown> = {}) =>
    company.admin.post<{ id: number }>('/api/console/fields', { entity, key, type, label: label(key), ...more });
  const find = async (resource: string, filter: unknown): Promise<{ id: number; custom: Record<string, unknown> }[]> =>
    expectStatus(
      await company.admin.get<{ id: number; custom: Record<string, unknown> }[]>(
        `/api/console/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`,
      ),
      200,
    );

  test('a follow-up is logged with them, checked by their rules, found by them and corrected', async () => {
    expectStatus(await of('activity', 'mood', 'select', { options: [option('good'), option('bad')] }), 200);
    expectStatus(await of('activity', 'room', 'text', { visibleWhen: kind('meeting') }), 200);
    expectStatus(await of('activity', 'reached', 'text', { requiredWhen: kind('visit') }), 200);
    const id = await lead({});
    const log = (body: unknown) => company.admin.post(`/api/console/leads/${id}/activities`, body);
    expect(await refused(log({ kind: 'call', outcome: 'connected', custom: { mood: 'angry' } }))).toBe('400 VALUE_INVALID');
    expect(await refused(log({ kind: 'call', outcome: 'connected', custom: { nope: 'x' } }))).toBe('400 FIELD_UNKNOWN');
    expect(await refused(log({ kind: 'call', outcome: 'connected', custom: { room: '3' } }))).toBe('400 FIELD_NOT_APPLICABLE');
    expect(await refused(log({ kind: 'visit' }))).toBe('400 VALUE_REQUIRED');
    expect(await company.db('crm_activities').where({ lead_id: id })).toEqual([]);
    expectStatus(await log({ kind: 'call', outcome: 'connected', custom: { mood: 'good' } }), 200);
    expectStatus(await log({ kind: 'meeting', custom: { mood: 'bad', room: 'Blue' } }), 200);
    const [call] = await find('activities', { lead: id, 'custom.mood': 'good' });
    expect(call?.custom).toMatchObject({ mood: 'good' });
    expect(await find('activities', { lead: id, 'custom.mood': 'bad' })).toHaveLength(1);
    const where = { combinator: 'and', rules: [{ field: 'activity.custom.room', operator: '=', value: 'Blue' }] };
    expect(await find('activities', { lead: id, where })).toHaveLength(1);
    expectStatus(await company.admin.put(`/api/console/activities/${call?.id}`, { note: 'Better', custom: { mood: 'bad' } }), 200);
    expect(await company.db('crm_activities').where({ id: call?.id }).first('note', 'custom', 'kind')).toEqual({
      note: 'Better',
      custom: { mood: 'bad' },
      kind: 'call',
    });
    expect(await refused(company.admin.put(`/api/console/activities/${call?.id}`, { kind: 'visit' }))).toBe('400 FIELD_NOT_WRITABLE');
    expect(await refused(company.admin.put(`/api/console/activities/${call?.id}`, { custom: { room: 'Red' } }))).toBe(
      '400 FIELD_NOT_APPLICABLE',
    );
  });

  test('a role that does not see a field of follow-ups neither reads nor fills it in', async () => {
    expectStatus(await of('activity', 'private_note', 'text'), 200);
    const [role] = await company
      .db('crm_roles')
      .where({ key: 'sales' })
      .select<{ id: number; fields: Record<string, object> }[]>('id', 'fields');
    const fields = { ...role!.fields, activities: { ...role!.fields['activities'], 'custom.private_note': 'hidden' } };
    expectStatus(await company.admin.put(`/api/console/roles/${role!.id}`, { fields }), 200);
    const id = await lead({});
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [id], to: rep.id, member: rep.id, owner: rep.id }), 200);
    const log = (custom: unknown) => rep.api.post(`/api/console/leads/${id}/activities`, { kind: 'note', note: 'x', custom });
    expect(await refused(log({ private_note: 'x' }))).toBe('400 FIELD_NOT_WRITABLE');
    expectStatus(await log({ mood: 'good' }), 200);
    const [seen] = expectStatus(
      await rep.api.get<{ custom: object }[]>(`/api/console/activities?filter=${encodeURIComponent(JSON.stringify({ lead: id }))}`),
      200,
    );
    expect(seen?.custom).toMatchObject({ mood: 'good' });
    expect(seen?.custom).not.toHaveProperty('private_note');
  });

  test('an opportunity is made with them, keeps to their rules, is found by them, and tells before and after of an edit', async () => {
    const won = { combinator: 'and', rules: [{ field: 'opportunity.amount', operator: '>', value: 1000 }] };
    expectStatus(await of('opportunity', 'rival', 'text', { requiredWhen: won }), 200);
    expectStatus(await of('opportunity', 'size', 'select', { options: [option('s'), option('l')], defaultValue: 's' }), 200);
    const id = await lead({});
    const stage = async (to: string): Promise<void> => void (await company.admin.post(`/api/console/leads/${id}/stage`, { to }));
    const { transitions, stages } = expectStatus(
      await company.admin.get<{
        transitions: { from: string; to: string; manual?: boolean }[];
        stages: { key: string; opportunity?: boolean }[];
      }>('/api/console/meta'),
      200,
    );
    const target = stages.find((one) => one.opportunity)?.key ?? 'opportunity';
    await company
      .db('crm_leads')
      .where({ id })
      .update({ stage: transitions.find((move) => move.to === target && move.manual !== false)?.from });
    await stage(target);
    const convert = (body: unknown) => company.admin.post<{ id: number }>(`/api/console/leads/${id}/convert`, body);
    expect(await refused(convert({ name: 'Deal', amount: 5000, currency: 'CNY' }))).toBe('400 VALUE_REQUIRED');
    expect(await company.db('crm_opportunities').where({ lead_id: id })).toEqual([]);
    const deal = expectStatus(await convert({ name: 'Deal', amount: 5000, currency: 'CNY', custom: { rival: 'Acme' } }), 200).id;
    expect(await find('opportunities', { 'custom.rival': 'Acme' })).toMatchObject([{ id: deal, custom: { rival: 'Acme', size: 's' } }]);
    const put = (body: unknown) => company.admin.put(`/api/console/opportunities/${deal}`, body);
    expect(await refused(put({ custom: { rival: null } }))).toBe('400 VALUE_REQUIRED');
    expectStatus(await put({ amount: 10, custom: { rival: null, size: 'l' } }), 200);
    expect(await find('opportunities', { 'custom.size': 'l' })).toHaveLength(1);
    const [told] = await company.db('crm_events').where({ subject: 'opportunity', subject_id: deal, type: 'opportunity.updated' });
    expect(told).toMatchObject({ before: { custom: { rival: 'Acme', size: 's' } }, after: { custom: { size: 'l' } } });
  });

  test('the console is told of the fields of every kind of record, as far as the role sees them', async () => {
    expectStatus(await of('account', 'told_of', 'text'), 200);
    const toldTo = async (person: { get: Api['get'] }): Promise<string[]> =>
      expectStatus(await person.get<{ customFields: { entity: string; key: string }[] }>('/api/console/meta'), 200).customFields.map(
        ({ entity, key }) => `${entity}.${key}`,
      );
    const all = ['account.told_of', 'opportunity.rival', 'opportunity.size', 'activity.mood', 'activity.private_note'];
    expect(await toldTo(company.admin)).toEqual(expect.arrayContaining(all));
    const seen = await toldTo(rep.api);
    expect(seen).toEqual(expect.arrayContaining(all.filter((name) => name !== 'activity.private_note')));
    expect(seen).not.toContain('activity.private_note');
  });
});

describe('layouts', () => {
  const form = (fields: string[]) => ({ sections: [{ key: 'main', label: label('Main'), fields }] });
  const layout = (body: unknown, role: string | null = null, view = 'form') =>
    company.admin.post<{ id: number }>('/api/console/layouts', { resource: 'leads', view, role, body });

  test('each role gets its own, others the common one, nobody a field he may not see', async () => {
    await make('secret_x', 'text');
    const [role] = await company
      .db('crm_roles')
      .where({ key: 'sales' })
      .select<{ id: number; fields: Record<string, unknown> }[]>('id', 'fields');
    const fields = { ...role!.fields, leads: { ...(role!.fields['leads'] as object), 'custom.secret_x': 'hidden' } };
    expectStatus(await company.admin.put(`/api/console/roles/${role!.id}`, { fields }), 200);
    expectStatus(await layout(form(['name', 'email'])), 200);
    expectStatus(await layout(form(['company', 'custom.secret_x']), 'sales'), 200);
    expectStatus(
      await layout({ columns: [{ field: 'name', width: 200 }, { field: 'score' }], sort: ['score', 'DESC'] }, null, 'list'),
      200,
    );
    const meta = async (person: Person | Company): Promise<Record<string, unknown>> => {
      const client = 'admin' in person ? person.admin : person.api;
      return expectStatus(await client.get<{ layouts: { leads: Record<string, unknown> } }>('/api/console/meta'), 200).layouts.leads;
    };
    expect(await meta(rep)).toMatchObject({ form: { sections: [{ fields: ['company'] }] }, list: { sort: ['score', 'DESC'] } });
    expect(await meta(company)).toMatchObject({ form: { sections: [{ fields: ['name', 'email'] }] } });
  });

  test('a field made afterwards is told to be on no form, is put on chosen ones with their own history, and only on those of its kind', async () => {
    const form = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/layouts', {
        resource: 'accounts',
        view: 'form',
        role: null,
        body: {
          sections: [
            { key: 'first', label: label('First'), fields: ['name'] },
            { key: 'last', label: label('Last'), fields: ['city'] },
          ],
        },
      }),
      200,
    );
    const field = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/fields', {
        entity: 'account',
        key: 'tier',
        type: 'text',
        label: label('tier'),
      }),
      200,
    );
    const found = async (): Promise<string[]> =>
      expectStatus(await company.admin.get<{ findings: { resource: string; id: number; code: string }[] }>('/api/console/lint'), 200)
        .findings.filter((item) => item.resource === 'fields' && item.id === field.id)
        .map(({ code }) => code);
    expect(await found()).toEqual(['FIELD_ON_NO_FORM']);
    const place = (id: number, layouts: unknown, by: Pick<Person, 'api'> = { api: company.admin }) =>
      by.api.post(`/api/console/fields/${id}/place`, { layouts });
    expectStatus(await place(field.id, [{ id: form.id, section: 'first' }]), 200);
    expectStatus(await place(field.id, [{ id: form.id }]), 200);
    const { body } = expectStatus(
      await company.admin.get<{ body: { sections: { fields: string[] }[] } }>(`/api/console/layouts/${form.id}`),
      200,
    );
    expect(body.sections.map(({ fields }) => fields)).toEqual([['name', 'custom.tier'], ['city']]);
    expect(await found()).toEqual([]);
    const types = await company.db('crm_events').where({ subject: 'layout', subject_id: form.id }).orderBy('id').pluck('type');
    expect(types).toEqual(['layout.created', 'layout.updated']);
    const ofLeads = await make('elsewhere', 'text');
    expect(await refused(place(ofLeads, [{ id: form.id }]))).toBe('400 LAYOUT_OTHER_KIND');
    expect((await place(field.id, [{ id: form.id }], rep)).status).toBeGreaterThanOrEqual(403);
  });

  test('an unknown field, a field twice, a second layout of a role and an unknown role are refused', async () => {
    expect(await refused(layout(form(['name', 'nope']), 'sdr'))).toBe('400 LAYOUT_INVALID');
    expect(await refused(layout(form(['name', 'name']), 'sdr'))).toBe('400 LAYOUT_INVALID');
    expect(await refused(layout(form(['name'])))).toBe('409 CONFLICT');
    expect(await refused(layout(form(['name']), 'nobody'))).toBe('400 ROLE_UNKNOWN');
    expect(await refused(rep.api.post('/api/console/layouts', { resource: 'leads', view: 'form', body: form(['name']) }))).toMatch(/^403/);
  });
});
