import { CUSTOM_FIELD_TYPES, FIELD_ENTITIES, type CustomFieldType, type FieldEntity } from '../../plugins/crm-core/contracts/custom-field';
import { perform, uploadBytes } from '../support/import-file';
import { expectStatus, someone, startCompany, type Company, type ErrorBody } from '../support/fixtures';

/** What one type takes, keeps and gives back. */
interface Row {
  /** What the definition needs beyond its type. */
  readonly more?: Record<string, unknown>;
  /** Two values as a program sends them, the lesser one first, and as they are kept. */
  readonly sent: readonly [unknown, unknown];
  readonly kept: readonly [unknown, unknown];
  /** The first one as it is written in a file, as a browser's form sends it, and as an export writes it. */
  readonly cell: string;
  readonly form: readonly string[];
  readonly exported: string;
  /** A value of another kind, as a program sends it and as a file writes it. */
  readonly bad: unknown;
  readonly badCell: string;
  /** Why the row of a file is refused. */
  readonly cellCode: string;
  /** Rules that only the first value fulfils, as operator and operand, and one that cannot be asked. */
  readonly asked: readonly (readonly [string, unknown])[];
  readonly askedBadly: readonly [string, unknown];
  /** Filters of a list that only the first value passes, as suffix and value, and one that is refused. */
  readonly listed: readonly (readonly [string, unknown])[];
  readonly listedBadly: readonly [string, unknown];
  /** A list of values has no order. */
  readonly unsorted?: true;
}

const choice = (value: string) => ({ value, label: { zh: `${value}（中）`, en: `${value} word` } });
const CHOICES = { options: [choice('a'), choice('b'), choice('c')] };
const words = (first: string, second: string, bad: string, cellCode: string): Row => ({
  sent: [first, second],
  kept: [first, second],
  cell: first,
  form: [first],
  exported: first,
  bad,
  badCell: bad,
  cellCode,
  asked: [
    ['=', first],
    ['beginsWith', first.slice(0, -1)],
    ['notContains', second],
    ['in', [first, 'x']],
  ],
  askedBadly: ['=', { a: 1 }],
  listed: [
    ['', first],
    ['_like', first.slice(1)],
    ['_in', [first]],
  ],
  listedBadly: ['_in', [{ a: 1 }]],
});
const numbers = (first: number, second: number, cell: string, bad: unknown, badCell: string, cellCode: string): Row => ({
  sent: [String(first), second],
  kept: [first, second],
  cell,
  form: [String(first)],
  exported: String(first),
  bad,
  badCell,
  cellCode,
  asked: [
    ['=', first],
    ['<', second],
    ['between', [first - 1, first]],
  ],
  askedBadly: ['=', 'many'],
  listed: [
    ['', first],
    ['_lt', second],
    ['_lte', first],
  ],
  listedBadly: ['_gte', 'many'],
});

const ROWS: Readonly<Record<CustomFieldType, Row>> = {
  text: { ...words('Alpha', 'Beta', 'far too long a text', 'TEXT_TOO_LONG'), more: { validation: { maxLength: 10 } } },
  textarea: {
    ...words('one\ntwo', 'zwei', 'far too long a text', 'TEXT_TOO_LONG'),
    more: { validation: { maxLength: 10 } },
    cell: '"one\ntwo"',
    exported: '"one\ntwo"',
  },
  email: words('ann@firm.example', 'bob@firm.example', 'ann at firm', 'EMAIL_SYNTAX'),
  phone: words('+8613800138000', '+8613900139000', 'call me', 'PHONE_UNREADABLE'),
  url: words('https://a.example/x', 'https://b.example/x', 'javascript:alert(1)', 'URL_INVALID'),
  number: numbers(2.5, 7.25, '"2,5"', [1], 'some', 'NUMBER_INVALID'),
  integer: numbers(7, 12, '7', 7.5, '7.5', 'INTEGER_INVALID'),
  money: { ...numbers(1200.5, 1300, '"￥1,200.50"', -1, '-1', 'VALUE_INVALID'), more: { validation: { min: 0 } } },
  boolean: {
    sent: [false, true],
    kept: [false, true],
    cell: '否',
    form: ['false'],
    exported: 'false',
    bad: 'perhaps',
    badCell: 'perhaps',
    cellCode: 'BOOLEAN_INVALID',
    asked: [
      ['isFalse', null],
      ['=', false],
      ['!=', true],
    ],
    askedBadly: ['=', 'perhaps'],
    listed: [
      ['', false],
      ['_ne', true],
    ],
    listedBadly: ['', 'perhaps'],
  },
  date: {
    sent: ['2026-02-28', '2026-03-01'],
    kept: ['2026-02-28', '2026-03-01'],
    cell: '2026/2/28',
    form: ['2026-02-28'],
    exported: '2026-02-28',
    bad: '2026-02-30',
    badCell: '2026-02-30',
    cellCode: 'DATE_INVALID',
    asked: [
      ['=', '2026-02-28'],
      ['<', '2026-03-01'],
    ],
    askedBadly: ['=', '2026-02-30'],
    listed: [
      ['', '2026-02-28'],
      ['_lt', '2026-03-01'],
      ['_lte', '2026-02-28'],
    ],
    listedBadly: ['', '2026-02-30'],
  },
  datetime: {
    sent: ['2026-03-02T10:00:00+08:00', '2026-03-02T02:00:01Z'],
    kept: ['2026-03-02T02:00:00.000Z', '2026-03-02T02:00:01.000Z'],
    cell: '2026-03-02 02:00:00',
    form: ['2026-03-02T10:00:00+08:00'],
    exported: '2026-03-02T02:00:00.000Z',
    bad: 'soon',
    badCell: 'soon',
    cellCode: 'DATE_INVALID',
    asked: [['<', '2026-03-02T02:00:01Z']],
    askedBadly: ['<', 'soon'],
    listed: [
      ['_lt', '2026-03-02T02:00:01Z'],
      ['_lte', '2026-03-02T10:00:00+08:00'],
    ],
    listedBadly: ['_lt', 'soon'],
  },
  select: {
    ...words('a', 'b', 'z', 'OPTION_UNKNOWN'),
    more: CHOICES,
    cell: 'a word',
    asked: [
      ['=', 'a'],
      ['in', ['a', 'c']],
    ],
    listed: [
      ['', 'a'],
      ['_in', ['a', 'c']],
    ],
  },
  multiselect: {
    more: CHOICES,
    sent: [
      ['a', 'b', 'a'],
      ['b', 'c'],
    ],
    kept: [
      ['a', 'b'],
      ['b', 'c'],
    ],
    cell: 'a word;b',
    form: ['a', 'b'],
    exported: 'a; b',
    bad: ['a', 'z'],
    badCell: 'a;z',
    cellCode: 'OPTION_UNKNOWN',
    asked: [
      ['hasAny', ['a']],
      ['hasAll', ['a', 'b']],
      ['hasNone', ['c']],
    ],
    askedBadly: ['hasAny', { a: 1 }],
    listed: [['_in', ['a']]],
    listedBadly: ['_gte', 'a'],
    unsorted: true,
  },
  reference: {
    sent: [3, 4],
    kept: [3, 4],
    cell: '3',
    form: ['3'],
    exported: '3',
    bad: 'Li',
    badCell: 'Li',
    cellCode: 'REFERENCE_INVALID',
    asked: [
      ['=', 3],
      ['in', [3, 9]],
    ],
    askedBadly: ['=', 'Li'],
    listed: [
      ['', 3],
      ['_in', [3, 9]],
    ],
    listedBadly: ['', 'Li'],
  },
};

let company: Company;
const keyOf = (type: string): string => `own_${type}`;
const refused = ({ status, body }: { status: number; body: unknown }): string => `${status} ${(body as ErrorBody).error.details.code}`;
const create = (key: string, value: unknown, more: Record<string, unknown> = {}) =>
  company.admin.post<{ id: number }>('/api/console/leads', someone({ ...more, custom: { [key]: value } }));
const made = async (key: string, value: unknown, more: Record<string, unknown> = {}): Promise<number> =>
  expectStatus(await create(key, value, more), 200).id;
/** What the database keeps; undefined = nothing. */
const kept = async (id: number, key: string): Promise<unknown> => ((await company.lead(id))['custom'] as Record<string, unknown>)[key];
const list = (filter: object, more = '') =>
  company.admin.get<{ id: number; custom: Record<string, unknown> }[]>(
    `/api/console/leads?filter=${encodeURIComponent(JSON.stringify(filter))}${more}`,
  );
const ids = async (filter: object, more = ''): Promise<number[]> => expectStatus(await list(filter, more), 200).map(({ id }) => id);

/** A record of each kind that can have fields of its own; leads have the whole table. */
let others: Readonly<Record<Exclude<FieldEntity, 'lead'>, { readonly path: string; readonly table: string; readonly id: number }>>;

beforeAll(async () => {
  company = await startCompany();
  const { admin } = company;
  for (const entity of FIELD_ENTITIES)
    for (const type of CUSTOM_FIELD_TYPES) {
      const definition = { entity, key: keyOf(type), type, label: { zh: type, en: type }, ...ROWS[type].more };
      expectStatus(await admin.post('/api/console/fields', definition), 200);
    }
  const [lead] = await company.capture([someone()]);
  const account = expectStatus(await admin.post<{ id: number }>('/api/console/accounts', { name: 'Own Fields Ltd' }), 200).id;
  await company.db('crm_leads').where({ id: lead }).update({ stage: 'sql' });
  const deal = expectStatus(await admin.post<{ id: number }>(`/api/console/leads/${lead}/convert`, { name: 'Deal' }), 200).id;
  expectStatus(await admin.post(`/api/console/leads/${lead}/activities`, { kind: 'note', note: 'Seen' }), 200);
  const note = await company.db('crm_activities').where({ lead_id: lead }).first<{ id: number }>('id');
  others = {
    account: { path: 'accounts', table: 'crm_accounts', id: account },
    opportunity: { path: 'opportunities', table: 'crm_opportunities', id: deal },
    activity: { path: 'activities', table: 'crm_activities', id: note.id },
  };
}, 300_000);
afterAll(() => company?.server.close());

test('every type of field has its row in this table', () => {
  expect(Object.keys(ROWS).sort()).toEqual([...CUSTOM_FIELD_TYPES].sort());
});

describe.each(CUSTOM_FIELD_TYPES.map((type) => [type, ROWS[type], keyOf(type)] as const))('a field of the type %s', (type, row, key) => {
  const [less, more] = row.sent;
  const [first, second] = row.kept;
  /** Only leads of this test, the one with the lesser value first. */
  const campaign = `entrance-${type}`;
  let pair: readonly [number, number];
  beforeAll(async () => {
    pair = [await made(key, less, { campaign }), await made(key, more, { campaign })];
  });
  const where = (operator: string, value: unknown) => ({ combinator: 'and', rules: [{ field: `lead.custom.${key}`, operator, value }] });

  test('is given with a new record, read back as it is kept, and refused with its code', async () => {
    expect([await kept(pair[0], key), await kept(pair[1], key)]).toEqual([first, second]);
    const { body } = await company.admin.get<{ custom: Record<string, unknown> }>(`/api/console/leads/${pair[0]}`);
    expect(body.custom[key]).toEqual(first);
    const name = `Never ${type}`;
    expect(refused(await create(key, row.bad, { name }))).toBe('400 VALUE_INVALID');
    expect(await company.db('crm_leads').where({ name })).toEqual([]);
  });

  test('is changed, cleared, and kept when the change is refused; for many records as for one', async () => {
    const id = await made(key, less);
    const put = (value: unknown) => company.admin.put(`/api/console/leads/${id}`, { custom: { [key]: value } });
    expectStatus(await put(more), 200);
    expect(await kept(id, key)).toEqual(second);
    expect(refused(await put(row.bad))).toBe('400 VALUE_INVALID');
    expect(await kept(id, key)).toEqual(second);
    expectStatus(await put(null), 200);
    expect((await kept(id, key)) ?? null).toBeNull();
    const edit = (value: unknown) =>
      company.admin.post<{ results: unknown[] }>('/api/console/leads/edit', { ids: [id], values: { [`custom.${key}`]: value } });
    expect(expectStatus(await edit(less), 200).results).toMatchObject([{ id, ok: true }]);
    expect(await kept(id, key)).toEqual(first);
    expect(refused(await edit(row.bad))).toBe('400 VALUE_INVALID');
    expect(await kept(id, key)).toEqual(first);
  });

  test('comes with a file; a row that does not fit is refused with its code and the others come', async () => {
    const rows = [
      `name,email,own`,
      `Fits ${type},fits.${type}@file.example,${row.cell}`,
      `Odd ${type},odd.${type}@file.example,${row.badCell}`,
    ];
    const { body: draft } = await uploadBytes(company.admin, `${type}.csv`, rows.join('\n'), { timeZone: 'UTC' });
    const mapping = ['name', 'email', 'own'].map((column) => ({
      column,
      target: column === 'own' ? `custom.${key}` : column,
      ...(column === 'own' ? { options: { decimalComma: type === 'number' } } : {}),
    }));
    expectStatus(await company.admin.put(`/api/console/imports/${draft.id}`, { mapping }), 200);
    const { progress } = await perform(company.admin, draft.id, 'start');
    const { body: errors } = await company.admin.get<string>(`/api/console/imports/${draft.id}/errors`);
    expect(errors).toContain(`odd.${type}@file.example`);
    expect(errors).toContain(`,${row.cellCode},`);
    const came = await company.db('crm_leads').whereLike('name', `% ${type}`).whereLike('email', '%file.example').select('name', 'custom');
    expect([progress, came]).toMatchObject([{ created: 1 }, [{ name: `Fits ${type}`, custom: { [key]: first } }]]);
  });

  test('comes in from outside as data and as a form of a browser; what does not fit is left out and the lead waits', async () => {
    const [sent, odd] = await company.capture([someone({ custom: { [key]: less } }), someone({ custom: { [key]: row.bad } })]);
    expect(await company.lead(sent!)).toMatchObject({ quarantine: null, custom: { [key]: first } });
    expect(await company.lead(odd!)).toMatchObject({ quarantine: 'incomplete' });
    expect((await kept(odd!, key)) ?? null).toBeNull();
    const form = new URLSearchParams({ email: `form.${type}@firm.example`, name: `Form ${type}` });
    for (const part of row.form) form.append(`custom.${key}`, part);
    const response = await fetch(`${company.server.url}/api/capture/web`, { method: 'POST', body: form });
    expect(response.status).toBe(202);
    const { results } = (await response.json()) as { results: { lead: number }[] };
    expect(await company.lead(results[0]!.lead)).toMatchObject({ quarantine: null, custom: { [key]: first } });
  });

  test('a merge fills what is blank, keeps what is there, and takes what was chosen', async () => {
    const [blank, other, third] = [await made(key, null), await made(key, less), await made(key, more)];
    expectStatus(await company.admin.post(`/api/console/leads/${blank}/merge`, { losers: [other] }), 200);
    expect(await kept(blank, key)).toEqual(first);
    const [fourth, fifth] = [await made(key, less), await made(key, more)];
    expectStatus(await company.admin.post(`/api/console/leads/${fourth}/merge`, { losers: [third] }), 200);
    expect(await kept(fourth, key)).toEqual(first);
    expectStatus(
      await company.admin.post(`/api/console/leads/${fourth}/merge`, { losers: [fifth], fields: { [`custom.${key}`]: fifth } }),
      200,
    );
    expect(await kept(fourth, key)).toEqual(second);
  });

  test('is asked for in conditions, and a question it cannot answer is refused', async () => {
    for (const [operator, value] of row.asked)
      expect([operator, await ids({ campaign, where: where(operator, value) })]).toEqual([operator, [pair[0]]]);
    expect((await ids({ campaign, where: where('notNull', null) })).sort()).toEqual([...pair].sort());
    expect(await ids({ campaign, where: where('null', null) })).toEqual([]);
    expect(refused(await list({ where: where(...row.askedBadly) }))).toBe('400 CONDITION_INVALID');
  });

  test('filters and sorts the list, both ways, and refuses what it cannot be compared with', async () => {
    const filter = (suffix: string, value: unknown) => ({ campaign, [`custom.${key}${suffix}`]: value });
    for (const [suffix, value] of row.listed) expect([suffix, await ids(filter(suffix, value))]).toEqual([suffix, [pair[0]]]);
    expect((await ids(filter('_null', false))).sort()).toEqual([...pair].sort());
    expect(refused(await list(filter(...row.listedBadly)))).toBe('400 QUERY_INVALID');
    const sort = (order: string): string => `&sort=${encodeURIComponent(JSON.stringify([`custom.${key}`, order]))}`;
    if (row.unsorted) {
      expect(refused(await list({ campaign }, sort('ASC')))).toBe('400 QUERY_INVALID');
      return;
    }
    expect(await ids({ campaign }, sort('ASC'))).toEqual(pair);
    expect(await ids({ campaign }, sort('DESC'))).toEqual([...pair].reverse());
  });

  test('is written into an export', async () => {
    const query = new URLSearchParams({ filter: JSON.stringify({ id: [pair[0]] }), columns: JSON.stringify(['id', `custom.${key}`]) });
    const body = expectStatus(await company.admin.get<string>(`/api/console/leads/export?${query.toString()}`), 200);
    expect(
      body
        .replace(/^\uFEFF/, '')
        .trim()
        .split('\r\n')
        .slice(1)
        .join('\n'),
    ).toBe(`${pair[0]},${row.exported}`);
  });

  test('accounts, deals and follow-ups take it, find it by it and refuse what does not fit like a lead', async () => {
    expect(['lead', ...Object.keys(others)].sort()).toEqual([...FIELD_ENTITIES].sort());
    for (const [entity, { path, table, id }] of Object.entries(others)) {
      const put = (value: unknown) => company.admin.put(`/api/console/${path}/${id}`, { custom: { [key]: value } });
      expectStatus(await put(less), 200);
      expect([entity, refused(await put(row.bad))]).toEqual([entity, '400 VALUE_INVALID']);
      const stored = await company.db(table).where({ id }).first<{ custom: Record<string, unknown> }>('custom');
      expect([entity, stored.custom[key]]).toEqual([entity, first]);
      const condition = {
        combinator: 'and',
        rules: [{ field: `${entity}.custom.${key}`, operator: row.asked[0]![0], value: row.asked[0]![1] }],
      };
      const found = await company.admin.get<{ id: number }[]>(
        `/api/console/${path}?filter=${encodeURIComponent(JSON.stringify({ where: condition }))}`,
      );
      expect([entity, expectStatus(found, 200).map((one) => one.id)]).toEqual([entity, [id]]);
    }
  });
});
