import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { someone, startCompany, type Company } from '../support/fixtures';

const PAYLOADS = path.resolve(__dirname, '../../../shared/data/payloads');
const withFiles = existsSync(PAYLOADS) ? describe : describe.skip;
const file = (name: string): string => readFileSync(path.join(PAYLOADS, name), 'utf8');

interface Answer {
  readonly accepted: number;
  readonly results: readonly { readonly status: string; readonly lead: number | null; readonly code?: string }[];
  readonly error?: { readonly details: { readonly code: string } & Record<string, unknown> };
}

let company: Company;

async function send(key: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer }> {
  const form = body instanceof URLSearchParams;
  const response = await fetch(`${company.server.url}/api/capture/${key}`, {
    method: 'POST',
    headers: { ...(form ? {} : { 'content-type': 'application/json' }), ...headers },
    body: form ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}
const leadOf = async (answer: { body: Answer }): Promise<Record<string, unknown>> => company.lead(answer.body.results[0]!.lead!);
const total = async (table: string): Promise<number> =>
  Number((await company.db(table).count<{ count: string }[]>('* as count'))[0]?.count);
const all = async (): Promise<number[]> =>
  Promise.all(['crm_leads', 'crm_lead_keys', 'crm_events', 'crm_captures', 'crm_engagements'].map(total));

beforeAll(async () => {
  company = await startCompany();
  await company.source('fenced', { allowed_origins: JSON.stringify(['https://shop.example']) });
  await company.source('closed', { active: false });
  await company.source('ads', { adapter: 'google-ads', defaults: JSON.stringify({ medium: 'cpc' }) });
}, 300_000);
afterAll(() => company?.server.close());

describe('what the public entrance takes', () => {
  test('one lead as JSON, with the source, the raw payload and an engagement kept', async () => {
    const payload = someone({ email: 'Jane.Doe@Firm-One.example', phone: '+86 138 0000 1234', favourite_colour: 'blue' });
    const answer = await send('web', payload);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ accepted: 1, results: [{ status: 'created' }] });
    const lead = await leadOf(answer);
    expect(lead).toMatchObject({
      email: 'Jane.Doe@firm-one.example',
      email_key: expect.any(String),
      phone: '+8613800001234',
      source: 'web',
      stage: 'lead',
      quarantine: null,
    });
    const [kept] = await company.db('crm_captures').where({ lead_id: lead['id'] });
    expect(kept).toMatchObject({ status: 'created', payload });
    const [engagement] = await company.db('crm_engagements').where({ lead_id: lead['id'] });
    expect(engagement).toMatchObject({ kind: 'form', data: { unmapped: { favourite_colour: 'blue' } } });
  });

  test('a form post', async () => {
    const answer = await send('web', new URLSearchParams({ name: '王小明', email: 'wang@form.example', company: '华信科技' }));
    expect(answer.status).toBe(202);
    expect(await leadOf(answer)).toMatchObject({ name: '王小明', company: '华信科技', email: 'wang@form.example' });
  });

  test('a list of 500, answered one by one; 501 are refused and nothing of them is kept', async () => {
    const list = Array.from({ length: 500 }, () => someone());
    const answer = await send('web', list);
    expect([answer.status, answer.body.accepted, new Set(answer.body.results.map(({ lead }) => lead)).size]).toEqual([202, 500, 500]);
    const before = await all();
    const refused = await send('web', [...list, someone()]);
    expect([refused.status, refused.body.error?.details]).toEqual([413, { code: 'CAPTURE_TOO_MANY', limit: 500, given: 501 }]);
    expect(await all()).toEqual(before);
  });

  test('nothing, an empty list and things that are no leads are refused by code', async () => {
    const before = await all();
    expect((await send('web', [])).body.error?.details.code).toBe('CAPTURE_EMPTY');
    expect((await send('web', ['text'])).body.error?.details).toEqual({ code: 'CAPTURE_INVALID', index: 0 });
    expect((await send('web', {})).status).toBe(400);
    expect((await all()).slice(0, 3)).toEqual(before.slice(0, 3));
  });

  test('a lead from a page on another site gets the headers of CORS and of security, as every answer does', async () => {
    const response = await fetch(`${company.server.url}/api/capture/web`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', origin: 'https://shop.example' },
      body: JSON.stringify(someone()),
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const preflight = await fetch(`${company.server.url}/api/capture/web`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });

  test('what is no JSON is refused by code, what is too large before it is read to the end, and what is packed is unpacked', async () => {
    const before = await all();
    const post = async (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) => {
      const response = await fetch(`${company.server.url}/api/capture/web`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return { status: response.status, body: (await response.json()) as Answer };
    };
    expect(await post('{"name": "An')).toMatchObject({ status: 400, body: { error: { details: { code: 'BODY_INVALID' } } } });
    const large = await post(JSON.stringify({ name: 'x'.repeat(8 * 1024 * 1024) })).catch(() => null);
    // The connection may be closed before the client has sent everything.
    if (large) expect(large).toMatchObject({ status: 413, body: { error: { details: { code: 'CAPTURE_TOO_LARGE' } } } });
    expect(await all()).toEqual(before);
    const packed = await post(gzipSync(JSON.stringify(someone({ name: 'Packed Person' }))), { 'content-encoding': 'gzip' });
    expect(packed).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await leadOf(packed)).toMatchObject({ name: 'Packed Person' });
  });

  test('an unknown key and a key that was switched off are not found', async () => {
    for (const key of ['nobody', 'closed', "x' OR '1'='1"]) {
      const answer = await send(encodeURIComponent(key), someone());
      expect([answer.status, answer.body.error?.details.code]).toEqual([404, 'CAPTURE_KEY_UNKNOWN']);
    }
  });

  test('a browser on another site may not send; the listed site and a server may', async () => {
    const refused = await send('fenced', someone(), { origin: 'https://evil.example' });
    expect([refused.status, refused.body.error?.details]).toEqual([403, { code: 'ORIGIN_NOT_ALLOWED', origin: 'https://evil.example' }]);
    expect((await send('fenced', someone(), { origin: 'https://shop.example' })).status).toBe(202);
    expect((await send('fenced', someone())).status).toBe(202);
  });
});

describe('once is once', () => {
  test('the same idempotency key twice makes one lead and one of everything', async () => {
    const payload = { name: 'Only Once', company: 'Once Ltd' };
    const first = await send('web', payload, { 'idempotency-key': 'once-1' });
    const before = await all();
    const second = await send('web', payload, { 'idempotency-key': 'once-1' });
    expect([second.status, second.body.results[0]]).toEqual([202, { status: 'repeated', lead: first.body.results[0]!.lead }]);
    expect(await all()).toEqual(before);
  });

  test('ten simultaneous posts with one idempotency key make one lead', async () => {
    const payload = { name: 'Ten at once', company: 'Ten Ltd' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('web', payload, { 'idempotency-key': 'ten-1' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(new Set(answers.map(({ body }) => body.results[0]!.lead)).size).toBe(1);
    expect(await company.db('crm_leads').where({ name: 'Ten at once' })).toHaveLength(1);
  });

  test('the source’s own id is taken once, and the same id of another source is another lead', async () => {
    const payload = { id: 'A-1', name: 'By id', company: 'Id Ltd' };
    const [first, again] = [await send('web', payload), await send('web', { ...payload, title: 'CTO' })];
    expect(again.body.results[0]!.lead).toBe(first.body.results[0]!.lead);
    expect(await leadOf(again)).toMatchObject({ external_id: 'web:A-1', title: 'CTO' });
    const other = await send('fenced', payload);
    expect(other.body.results[0]!.lead).not.toBe(first.body.results[0]!.lead);
  });

  test('twenty simultaneous posts with one address make exactly one lead and nineteen merges, each with its event and its engagement', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send('web', { name: `Twin ${index}`, email: index % 2 ? 'TWIN@same.example' : 'twin@same.example' }),
      ),
    );
    const ids = new Set(answers.map(({ body }) => body.results[0]!.lead));
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([202]);
    expect(ids.size).toBe(1);
    const [id] = [...ids];
    expect(answers.map(({ body }) => body.results[0]!.status).sort()).toEqual(['created', ...Array<string>(19).fill('merged')]);
    const types = (await company.events()).filter((event) => event.subject_id === id).map((event) => event.type);
    expect(types.filter((type) => type === 'lead.created')).toHaveLength(1);
    expect(types.filter((type) => type === 'lead.duplicate_merged')).toHaveLength(19);
    expect(await company.db('crm_leads').whereILike('email', 'twin@same.example')).toHaveLength(1);
    expect(await company.db('crm_engagements').where({ lead_id: id })).toHaveLength(20);
    expect(await company.db('crm_captures').where({ lead_id: id })).toHaveLength(20);
  });

  test('a merge fills blanks and overwrites nothing', async () => {
    const first = await send('web', { name: 'Ann', email: 'ann@blank.example', title: 'CEO' });
    await send('web', { name: 'Anna', email: 'ann@blank.example', city: 'Berlin' });
    expect(await leadOf(first)).toMatchObject({ name: 'Ann', title: 'CEO', city: 'Berlin' });
  });

  test('a shared phone with two different addresses is a link, not a merge', async () => {
    const [a, b] = [
      await send('web', { name: 'A', email: 'a@family.example', phone: '+8613900005555' }),
      await send('web', { name: 'B', email: 'b@family.example', phone: '+8613900005555' }),
    ];
    expect(b.body.results[0]!.status).toBe('linked');
    expect((await leadOf(b))['duplicate_of']).toBe(a.body.results[0]!.lead);
  });
});

describe('what is malformed is kept and marked', () => {
  test.each([
    ['an address that is none', { email: 'not an address' }, 'email-invalid'],
    ['a text that is too long', { title: 'x'.repeat(3000) }, 'incomplete'],
  ])('%s', async (_what, more, quarantine) => {
    const payload = { name: 'Malformed', phone: `+861370000${Math.floor(1000 + Math.random() * 8999)}`, ...more };
    const answer = await send('web', payload);
    expect(answer.status).toBe(202);
    const lead = await leadOf(answer);
    expect(lead).toMatchObject({ name: 'Malformed', quarantine });
    expect((await company.db('crm_captures').where({ lead_id: lead['id'] }).first())?.['payload']).toEqual(payload);
  });

  test('a value no field can take is kept beside the lead', async () => {
    const answer = await send('web', someone({ employees: 'many' }));
    expect(await leadOf(answer)).toMatchObject({ employees: null, quarantine: null });
    expect(await company.db('crm_engagements').where({ lead_id: answer.body.results[0]!.lead }).first()).toMatchObject({
      data: { unmapped: { employees: 'many' } },
    });
  });

  test('characters a database cannot store do not cost the lead', async () => {
    const answer = await send('web', { name: 'Zero\u0000Byte', email: 'zero@bytes.example', note: 'lone \ud800 half' });
    expect(answer.status).toBe(202);
    expect(await leadOf(answer)).toMatchObject({ email: 'zero@bytes.example' });
  });

  test('in a list the bad ones are refused one by one and the good ones stay', async () => {
    const answer = await send('web', [someone(), {}, someone()]);
    expect([answer.status, answer.body.accepted, answer.body.results.map(({ status }) => status)]).toEqual([
      202,
      2,
      ['created', 'refused', 'created'],
    ]);
  });
});

withFiles('what platforms really send', () => {
  test('the test lead of Google Ads is marked as a test and keeps its own id', async () => {
    const payload = JSON.parse(file('google_ads_lead_form_test.json')) as Record<string, unknown>;
    const answer = await send('ads', payload);
    expect(answer.status).toBe(202);
    expect(await leadOf(answer)).toMatchObject({
      email: 'work-test@example.com',
      company: 'CompanyName',
      title: 'JobTitle',
      is_test: true,
      medium: 'cpc',
      external_id: `ads:${String(payload['lead_id'])}`,
    });
    expect((await send('ads', payload)).body.results[0]!.lead).toBe(answer.body.results[0]!.lead);
  });

  test('an entry of Gravity Forms', async () => {
    expect(await leadOf(await send('web', JSON.parse(file('gravityforms_entry_shape.json'))))).toMatchObject({
      email: 'jane@example.com',
      external_id: 'web:1-42',
    });
  });

  test('a submission of HubSpot', async () => {
    expect(await leadOf(await send('web', JSON.parse(file('hubspot_form_submit.json'))))).toMatchObject({ email: 'example@example.com' });
  });

  test('the fields of Salesforce’s web-to-lead form, sent as a form', async () => {
    const names = [...file('salesforce_web_to_lead_form.html').matchAll(/ name="(\w+)"/g)].map((match) => match[1]!);
    expect(names).toEqual(expect.arrayContaining(['first_name', 'last_name', 'email']));
    const values: Record<string, string> = {
      oid: '00D000000000000',
      retURL: 'https://example.com/thanks',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@engine.example',
      city: 'London',
      country: 'GB',
    };
    const form = new URLSearchParams(
      [...new Set([...names, ...Object.keys(values)])].map((name): [string, string] => [name, values[name] ?? '']),
    );
    expect(await leadOf(await send('web', form))).toMatchObject({ name: 'Ada Lovelace', email: 'ada@engine.example', city: 'London' });
  });

  test('Contact Form 7: filled it is a lead, empty it is refused', async () => {
    const payload = JSON.parse(file('wordpress_cf7_feedback_fields.json')) as Record<string, string>;
    expect((await send('web', payload)).status).toBe(400);
    expect(await leadOf(await send('web', { ...payload, 'your-name': 'Carl', 'your-email': 'carl@seven.example' }))).toMatchObject({
      name: 'Carl',
      email: 'carl@seven.example',
    });
  });

  test('a notification of Meta only names leads: it is refused with the reason, and the payload is kept', async () => {
    const payload = JSON.parse(file('meta_leadgen_webhook.json')) as Record<string, unknown>;
    const answer = await send('web', payload);
    expect([answer.status, answer.body.error?.details.code]).toEqual([400, 'CAPTURE_NEEDS_FETCH']);
    expect(await company.db('crm_captures').where({ status: 'refused' }).whereRaw(`payload->>'object' = 'page'`)).toHaveLength(1);
  });
});
