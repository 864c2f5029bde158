import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { guessMapping, joinName, type ColumnGuess, type TargetField } from './mapping';
import { inferType } from './infer';
import { previewRows } from './rows';
import { SAMPLE_BYTES, sniff } from './sniff';

const DATA = path.resolve(__dirname, '../../../../../../../shared/data');
const field = (key: string, zh: string, en: string, type = 'text'): TargetField => ({ key, label: { zh, en }, type });
const FIELDS: readonly TargetField[] = [
  field('name', '姓名', 'Name'),
  field('title', '职位', 'Title'),
  field('email', '邮箱', 'E-mail', 'email'),
  field('phone', '电话', 'Phone', 'phone'),
  field('wechat', '微信', 'WeChat'),
  field('company', '公司', 'Company'),
  field('website', '网站', 'Website', 'url'),
  field('industry', '行业', 'Industry'),
  field('employees', '员工数', 'Employees', 'integer'),
  field('annualRevenue', '年营业额', 'Annual revenue', 'money'),
  field('country', '国家', 'Country', 'country'),
  field('province', '省', 'Province'),
  field('city', '城市', 'City'),
  field('address', '地址', 'Address'),
  field('postcode', '邮编', 'Postcode'),
  field('source', '来源', 'Source'),
  field('campaign', '活动', 'Campaign'),
  field('landingPage', '着陆页', 'Landing page'),
  field('product', '产品', 'Product'),
  field('capturedAt', '获取时间', 'Captured at', 'datetime'),
  field('note', '备注', 'Note', 'textarea'),
  field('externalId', '外部编号', 'External id'),
  field('custom.budget', '预算', 'Budget', 'money'),
];
const targets = (guesses: readonly ColumnGuess[]): Record<string, string | null> =>
  Object.fromEntries(guesses.map((guess) => [guess.header, guess.part ? `${guess.target}.${guess.part}` : guess.target]));
const map = (headers: string[], ...rows: string[][]): ColumnGuess[] =>
  guessMapping(
    headers,
    rows.map((row) => Object.fromEntries(headers.map((header, index) => [header, row[index] ?? '']))),
    FIELDS,
  );

describe('guessing the mapping', () => {
  it('knows Chinese headers', () => {
    const headers = ['*姓名', '手机号码', '電子郵箱', '公司名称（必填）', '客户来源', '备注', '预算', '创建时间'];
    expect(targets(map(headers, ['张伟', '13800138000', 'a@b.com', 'X', '百度', '', '50000', '2024-01-02 10:00']))).toEqual({
      '*姓名': 'name',
      手机号码: 'phone',
      電子郵箱: 'email',
      '公司名称（必填）': 'company',
      客户来源: 'source',
      备注: 'note',
      预算: 'custom.budget',
      创建时间: 'capturedAt',
    });
  });
  it('knows English headers in any spelling, and joins names', () => {
    expect(targets(map(['FirstName', 'last_name', 'Email Address', 'Mobile Phone', 'Company', 'Zip/Postal Code']))).toEqual({
      FirstName: 'name.given',
      last_name: 'name.family',
      'Email Address': 'email',
      'Mobile Phone': 'phone',
      Company: 'company',
      'Zip/Postal Code': 'postcode',
    });
    expect([joinName('Jane', 'Doe'), joinName('伟', '张'), joinName('', 'Doe')]).toEqual(['Jane Doe', '张伟', 'Doe']);
  });
  it('gives every target once, to the surest column', () => {
    const guesses = map(['Work Email', 'Email'], ['a@b.com', 'c@d.com']);
    expect(targets(guesses)).toEqual({ 'Work Email': null, Email: 'email' });
    expect(guesses[0]?.proposed).toMatchObject({ key: 'work_email', type: 'email' });
  });
  it('goes by the values when the header says nothing or the opposite', () => {
    expect(targets(map(['Column 1', 'Column 2', 'Phone'], ['a@b.com', '13800138000', 'Yes'], ['c@d.com', '13900139000', 'No']))).toEqual({
      'Column 1': 'email',
      'Column 2': 'phone',
      Phone: null,
    });
  });
  it('proposes nothing for a column without values', () =>
    expect(map(['Fax', 'Name'], ['', 'J'])[0]).toMatchObject({ target: null, proposed: null }));
});

describe('types of columns', () => {
  it.each([
    [['Yes', 'No', 'Yes'], 'boolean'],
    [['是', '否', '否'], 'boolean'],
    [['1', '0', '1', '0', '0', '1', '1', '0'], 'boolean'],
    [['1', '0', '2', '0'], 'integer'],
    [['0', '0', '1'], 'integer'],
    [['1.5', '2'], 'number'],
    [['1,5', '2,25'], 'number'],
    [['007', '123'], 'text'],
    [['2024-01-02', '2024-12-31'], 'date'],
    [['2024-01-02 10:00', '2024-12-31 11:30:00'], 'datetime'],
    [['31/12/2024', '01/02/2024'], 'date'],
    [['Select', 'A', 'B', 'A', 'B', 'A'], 'select'],
    [['https://a.com', 'https://b.com/x'], 'url'],
    [['free words', 'other words', 'and more'], 'text'],
    [['line\nline'], 'textarea'],
    [['', ' '], 'text'],
  ])('%j is %s', (samples, type) => expect(inferType(samples).type).toBe(type));

  it('tells the order of dates, and when it cannot', () => {
    expect(inferType(['31/12/2024', '01/02/2024'])).toMatchObject({ dateFormat: 'dd/MM/yyyy', dateAmbiguous: false });
    expect(inferType(['12/31/2024', '01/02/2024'])).toMatchObject({ dateFormat: 'MM/dd/yyyy', dateAmbiguous: false });
    expect(inferType(['01.02.2024 10:00'])).toMatchObject({ dateFormat: 'dd.MM.yyyy HH:mm:ss', dateAmbiguous: true });
    expect(inferType(['1,5', '2,25'])).toMatchObject({ decimalComma: true });
  });
  it('makes options of stable keys and leaves out the words for nothing', () => {
    expect(inferType(['Select', 'Other Cities', 'other cities', '北京', '北京', '北京', 'N/A'])).toMatchObject({
      emptyValues: ['Select', 'N/A'],
      options: [
        { value: '北京', label: '北京', count: 3 },
        { value: 'other_cities', label: 'Other Cities', count: 2 },
      ],
    });
  });
});

(existsSync(DATA) ? describe : describe.skip)('real files', () => {
  async function guessed(file: string): Promise<ColumnGuess[]> {
    const bytes = readFileSync(path.join(DATA, file));
    const kind = sniff(bytes.subarray(0, SAMPLE_BYTES), file);
    if (kind.kind === 'unsupported') throw new Error(kind.code);
    const { headers, rows } = await previewRows([bytes], kind, 500);
    return guessMapping(
      headers,
      rows.map((row) => row.cells),
      FIELDS,
    );
  }
  it('the course leads map to what they are; the rest becomes typed custom fields', async () => {
    const guesses = await guessed('xeducation/leads_older_70.csv');
    const mapped = Object.fromEntries(Object.entries(targets(guesses)).filter(([, target]) => target !== null));
    expect(mapped).toEqual({ 'Prospect ID': 'externalId', 'Lead Source': 'source', Country: 'country', City: 'city' });
    const type = (header: string): string | undefined => guesses.find((guess) => guess.header === header)?.proposed?.type;
    expect(['Converted', 'Do Not Email', 'Magazine'].map(type)).toEqual(['boolean', 'boolean', 'boolean']);
    expect(['TotalVisits', 'Total Time Spent on Website', 'Lead Number'].map(type)).toEqual(['integer', 'integer', 'integer']);
    expect(type('Page Views Per Visit')).toBe('number');
    expect(['Specialization', 'Lead Origin', 'Last Activity', 'Lead Quality', 'Tags'].map(type)).toEqual(Array(5).fill('select'));
    expect(guesses.find((guess) => guess.header === 'Specialization')?.inferred.emptyValues).toEqual(['Select']);
    expect(guesses.every((guess) => guess.target !== null || guess.proposed !== null)).toBe(true);
  });
  it.each([
    [
      'olist/olist_marketing_qualified_leads_dataset.csv',
      { mql_id: 'externalId', first_contact_date: 'capturedAt', landing_page_id: 'landingPage', origin: 'source' },
    ],
    ['olist/sellers.csv', { seller_id: null, seller_zip_code_prefix: 'postcode', seller_city: 'city', seller_state: 'province' }],
    [
      'maven_crm/accounts.csv',
      {
        account: 'company',
        sector: 'industry',
        year_established: null,
        revenue: 'annualRevenue',
        employees: 'employees',
        office_location: null,
        subsidiary_of: null,
      },
    ],
    [
      'dedupe/fake_1000.csv',
      { unique_id: 'externalId', first_name: 'name.given', surname: 'name.family', dob: null, city: 'city', email: 'email', cluster: null },
    ],
  ])('%s', async (file, expected) => expect(targets(await guessed(file))).toEqual(expected));
  it('closed deals get dates, numbers and options', async () => {
    const guesses = await guessed('olist/olist_closed_deals_dataset.csv');
    const of = (header: string): string | null | undefined => guesses.find((guess) => guess.header === header)?.proposed?.type;
    expect(['won_date', 'declared_monthly_revenue', 'lead_type', 'has_company'].map(of)).toEqual([
      'datetime',
      'number',
      'select',
      'boolean',
    ]);
  });
});

describe('our own ids', () => {
  const fields: readonly TargetField[] = [
    { key: 'id', label: { zh: 'ID', en: 'ID' }, type: 'integer', words: ['id', 'opportunity id'] },
    { key: 'name', label: { zh: '商机名称', en: 'Name' }, type: 'text', words: ['deal name'] },
  ];
  const idColumn = (values: readonly string[]) =>
    guessMapping(
      ['opportunity_id', 'Deal name'],
      values.map((value, row) => ({ opportunity_id: value, 'Deal name': `Deal ${row}` })),
      fields,
    )[0];

  it('are whole numbers', () => expect(idColumn(['17', '18', '230'])).toMatchObject({ target: 'id' }));
  it('those of another system are none of ours: they may become a field of their own', () =>
    expect(idColumn(['1C1I7A6R', 'Z063OYW0', 'EC4QE1BX'])).toMatchObject({ target: null, proposed: { key: 'opportunity_id' } }));
});
