import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { adapters, detectAdapter } from './adapters';
import { isError, type Captured, type CaptureResult } from './result';

const FOLDER = path.resolve(__dirname, '../../../../../../../shared/data/payloads');
const real = existsSync(FOLDER) ? describe : describe.skip;
const text = (file: string): string => readFileSync(path.join(FOLDER, file), 'utf8');
const payload = (file: string): Record<string, unknown> => JSON.parse(text(file)) as Record<string, unknown>;
function captured(result: CaptureResult): Captured {
  if (isError(result)) throw new Error(result.error.code);
  return result;
}

real('what platforms really send', () => {
  it('Google Ads', () => {
    const sent = payload('google_ads_lead_form_test.json');
    expect(detectAdapter(sent)).toBe('google-ads');
    const got = captured(adapters['google-ads'](sent, { googleKey: '123456' }));
    expect(got).toMatchObject({
      isTest: true,
      externalId: sent.lead_id,
      values: {
        name: 'FirstName LastName',
        company: 'CompanyName',
        email: 'work-test@example.com',
        title: 'JobTitle',
        source: 'google-ads',
        medium: 'cpc',
        campaign: '10000000000',
        utm: { gclid: sent.gcl_id },
      },
      unmapped: { form_id: 52083961646, adgroup_id: 20000000000, creative_id: 30000000000 },
    });
    expect(adapters['google-ads'](sent, { googleKey: 'other' })).toMatchObject({ error: { code: 'CAPTURE_KEY_MISMATCH' } });
  });

  it('Meta names leads that must be fetched', () => {
    const sent = payload('meta_leadgen_webhook.json');
    expect(detectAdapter(sent)).toBe('meta');
    expect(adapters.meta(sent)).toMatchObject({
      error: {
        code: 'CAPTURE_NEEDS_FETCH',
        needsFetch: [
          {
            leadId: '123123123123',
            formId: '12312312312',
            pageId: '123123123',
            adId: '12312312312',
            createdAt: '2015-08-21T01:26:24.000Z',
          },
          { leadId: '123123123124' },
        ],
      },
    });
  });

  it('HubSpot', () => {
    const sent = payload('hubspot_form_submit.json');
    expect(detectAdapter(sent)).toBe('hubspot');
    expect(captured(adapters.hubspot(sent))).toEqual({
      values: { email: 'example@example.com', landingPage: 'www.example.com/page' },
      consent: {
        basis: 'legitimateInterest',
        granted: true,
        text: 'Legitimate interest consent text',
        channels: [{ key: '999', granted: true, text: 'Legitimate interest consent text' }],
      },
      unmapped: { hutk: '6f453d92607b8108998dc213178ad214', pageName: 'Example page' },
    });
  });

  it('Salesforce web-to-lead, every field of the form filled', () => {
    const html = text('salesforce_web_to_lead_form.html').replace(/<!--[\s\S]*?-->/g, '');
    const names = [...html.matchAll(/name=["']([^"']+)["']/g)].map((match) => match[1] ?? '');
    const answers: Record<string, string> = {
      first_name: 'Jane',
      last_name: 'Doe',
      email: 'jane@acme.com',
      phone: '(202) 555-0123',
      city: 'Reno',
      state: 'NV',
      country: 'United States',
      zip: '89501',
      description: 'Call\r\nme',
      '00N7F000003dFjX': 'Neutral',
      oid: '00D000000000000',
      retURL: 'https://example.com/thanks',
      captcha_settings: '{}',
      submit: 'submit',
    };
    const sent = Object.fromEntries(names.map((name) => [name, answers[name]]));
    expect(Object.keys(sent).sort()).toEqual(Object.keys(answers).sort());
    expect(detectAdapter(sent)).toBe('salesforce-web-to-lead');
    const values = {
      name: 'Jane Doe',
      email: 'jane@acme.com',
      phone: '(202) 555-0123',
      city: 'Reno',
      province: 'NV',
      country: 'US',
      postcode: '89501',
      note: 'Call\nme',
    };
    expect(captured(adapters['salesforce-web-to-lead'](sent))).toEqual({ values, unmapped: { '00N7F000003dFjX': 'Neutral' } });
    const mapped = captured(adapters['salesforce-web-to-lead'](sent, { fieldMap: { '00N7F000003dFjX': 'custom.mood' } }));
    expect(mapped).toEqual({ values: { ...values, custom: { mood: 'Neutral' } }, unmapped: {} });
  });

  it('Contact Form 7, empty and filled', () => {
    const sent = payload('wordpress_cf7_feedback_fields.json');
    expect(detectAdapter(sent)).toBe('cf7');
    expect(adapters.cf7(sent)).toMatchObject({ error: { code: 'CAPTURE_EMPTY' } });
    const filled = {
      ...sent,
      'your-name': '张伟',
      'your-email': 'wei@acme.cn',
      'tel-42': '13800138000',
      'your-subject': 'Price',
      'your-message': 'How\nmuch?',
      'checkbox-7': ['A', 'B'],
      'acceptance-1': '1',
    };
    expect(captured(adapters.cf7(filled))).toEqual({
      values: { name: '张伟', email: 'wei@acme.cn', phone: '13800138000', note: 'Price\nHow\nmuch?', language: 'en-US' },
      consent: { basis: 'consent', granted: true, text: null, channels: [] },
      unmapped: { 'checkbox-7': ['A', 'B'], form_id: '516', post_id: '517' },
    });
  });

  it('Gravity Forms', () => {
    const sent = payload('gravityforms_entry_shape.json');
    expect(detectAdapter(sent)).toBe('gravity-forms');
    const got = captured(adapters['gravity-forms']({ ...sent, '4': 'Blue' }, { fieldMap: { '4': 'custom.colour' } }));
    expect(got).toMatchObject({
      externalId: '1-42',
      values: {
        name: 'Jane Doe',
        email: 'jane@example.com',
        phone: '(202) 555-0123',
        ip: '203.0.113.42',
        landingPage: 'https://example.com/contact',
        capturedAt: '2026-01-15T10:30:00.000Z',
        custom: { colour: 'Blue' },
      },
    });
    expect(got.values.country).toBeUndefined();
  });
});

describe('adapters', () => {
  it('reads a fetched Meta lead', () => {
    const lead = {
      id: '444',
      created_time: '2024-05-01T10:00:00+0000',
      campaign_name: 'May',
      platform: 'ig',
      form_id: '9',
      field_data: [
        { name: 'full_name', values: ['Ann Lee'] },
        { name: 'work_email', values: ['ann@acme.com'] },
        { name: 'phone_number', values: ['+16502530000'] },
        { name: 'budget?', values: ['10k'] },
      ],
      custom_disclaimer_responses: [{ checkbox_key: 'news', is_checked: '' }],
    };
    expect(detectAdapter(lead)).toBe('meta');
    expect(captured(adapters.meta(lead))).toEqual({
      externalId: '444',
      values: {
        name: 'Ann Lee',
        email: 'ann@acme.com',
        phone: '+16502530000',
        source: 'instagram',
        medium: 'paid-social',
        campaign: 'May',
        capturedAt: '2024-05-01T10:00:00.000Z',
      },
      consent: { basis: 'consent', granted: false, text: null, channels: [{ key: 'news', granted: false, text: null }] },
      unmapped: { 'budget?': ['10k'], form_id: '9' },
    });
    expect(
      captured(
        adapters.meta({
          ...lead,
          field_data: [
            { name: 'email', values: ['test@fb.com'] },
            { name: 'x', values: ['<test lead: dummy data for x>'] },
          ],
        }),
      ).isTest,
    ).toBe(true);
  });
  it('does not trust an id that lost digits', () => {
    const value = { leadgen_id: Number('12345678901234567890'), form_id: '1' };
    expect(adapters.meta({ object: 'page', entry: [{ changes: [{ field: 'leadgen', value }] }] })).toMatchObject({
      error: { code: 'CAPTURE_ID_PRECISION' },
    });
  });
  it('prefers the work address and keeps the other', () => {
    const columns = [
      { column_id: 'EMAIL', string_value: 'a@gmail.com' },
      { column_id: 'WORK_EMAIL', string_value: 'a@acme.com' },
      { column_name: 'Which plan?', column_id: 'which_plan', string_value: 'Pro' },
    ];
    const got = captured(adapters['google-ads']({ lead_id: '1', user_column_data: columns }));
    expect([got.values.email, got.unmapped]).toEqual(['a@acme.com', { EMAIL: 'a@gmail.com', 'Which plan?': 'Pro' }]);
  });
  it('reads the own shape and understandable names', () => {
    const sent = {
      externalId: 'x-1',
      firstName: 'Ann',
      last_name: 'Lee',
      E_mail: ' ann@acme.com ',
      employees: '1,200',
      annual_revenue: '5万',
      country: '中国',
      capturedAt: '2024-05-01 10:00',
      landingPage: 'https://a.com/?utm_source=baidu&utm_medium=cpc&utm_campaign=May&gclid=g1&x=1',
      custom: { budget: 5, empty: '' },
      colour: 'red',
      consent: true,
      is_test: '1',
      other: { a: 1 },
    };
    expect(detectAdapter(sent)).toBe('json');
    expect(captured(adapters.json(sent, { timeZone: 'Asia/Shanghai', source: 'web' }))).toEqual({
      externalId: 'x-1',
      isTest: true,
      consent: { basis: 'consent', granted: true, text: null, channels: [] },
      values: {
        name: 'Ann Lee',
        email: 'ann@acme.com',
        employees: 1200,
        annualRevenue: 50_000,
        country: 'CN',
        capturedAt: '2024-05-01T02:00:00.000Z',
        landingPage: sent.landingPage,
        source: 'baidu',
        medium: 'cpc',
        campaign: 'May',
        utm: { source: 'baidu', medium: 'cpc', campaign: 'May', gclid: 'g1' },
        custom: { budget: 5 },
      },
      unmapped: { colour: 'red', other: { a: 1 } },
    });
  });
  it('is not confused by names that every object has', () => {
    const sent = JSON.parse(
      '{"name":"Ann","constructor":"x","valueOf":"y","__proto__":{"polluted":1},"custom":{"__proto__":1,"flag":false}}',
    ) as unknown;
    const got = captured(adapters.json(sent));
    expect(got).toEqual({ values: { name: 'Ann', custom: { flag: false } }, unmapped: { constructor: 'x', valueOf: 'y' } });
    expect('polluted' in got.unmapped).toBe(false);
  });
  it('keeps what does not fit a field', () => {
    const got = captured(adapters.json({ name: 'Ann', country: 'Narnia', employees: '51-200', email: 'a@b.com', Email: 'c@d.com' }));
    expect(got).toEqual({
      values: { name: 'Ann', email: 'a@b.com' },
      unmapped: { country: 'Narnia', employees: '51-200', Email: 'c@d.com' },
    });
  });
  it('never throws and never loses an answer', () => {
    for (const adapter of Object.values(adapters))
      fc.assert(
        fc.property(fc.anything(), (anything) => typeof adapter(anything) === 'object'),
        { numRuns: 200 },
      );
    const answer = fc.string({ minLength: 1 }).filter((value) => value.trim() !== '' && !/none/i.test(value));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('colour', 'size', 'employees', 'email', 'Email', 'country'), answer), (sent) => {
        const got = captured(adapters.json({ ...sent, name: 'Ann' }));
        return Object.keys(sent).every(
          (key) => key in got.values || key in got.unmapped || (key === 'Email' && got.values.email !== undefined),
        );
      }),
    );
  });
});
