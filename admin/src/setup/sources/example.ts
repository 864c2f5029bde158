type Sample = { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> };

const column = (id: string, value: string) => ({ column_id: id, string_value: value });
const answer = (name: string, value: string) => ({ name, values: [value] });

const OWN: Sample = {
  json: { name: 'Test Person', email: 'test@example.com', phone: '+86 138 0013 8000', company: 'Example Ltd', country: 'CN', isTest: true },
};
/** One lead in the shape each sender really uses. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'google-ads': {
    json: {
      lead_id: 'test-1',
      is_test: true,
      user_column_data: [column('FULL_NAME', 'Test Person'), column('EMAIL', 'test@example.com'), column('COMPANY_NAME', 'Example Ltd')],
    },
  },
  meta: {
    json: {
      id: '1',
      field_data: [answer('full_name', 'Test Person'), answer('email', 'test@example.com'), answer('company_name', 'Example Ltd')],
    },
  },
  hubspot: {
    json: {
      fields: [
        { name: 'firstname', value: 'Test' },
        { name: 'lastname', value: 'Person' },
        { name: 'email', value: 'test@example.com' },
        { name: 'company', value: 'Example Ltd' },
      ],
    },
  },
  'salesforce-web-to-lead': {
    form: {
      oid: '00D000000000000',
      first_name: 'Test',
      last_name: 'Person',
      email: 'test@example.com',
      company: 'Example Ltd',
      debug: '1',
    },
  },
  cf7: { form: { _wpcf7: '1', 'your-name': 'Test Person', 'your-email': 'test@example.com', 'your-message': 'Hello' } },
  'gravity-forms': {
    json: { id: '1', form_id: '1', date_created: '2026-01-31 09:00:00', '1.3': 'Test', '1.6': 'Person', '2': 'test@example.com' },
  },
};

/** Whether the example says of itself that it is a test. */
export const saysTest = (adapter: string): boolean => /"is_?test"|debug/i.test(JSON.stringify(SAMPLES[adapter] ?? OWN));

/** A command for a shell that sends one lead to `url` in the shape of this adapter. */
export const curlOf = (url: string, adapter: string): string => {
  const sample = SAMPLES[adapter] ?? OWN;
  const parts =
    'json' in sample
      ? [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(sample.json, null, 2)}'`]
      : Object.entries(sample.form).map(([name, value]) => `--data-urlencode '${name}=${value}'`);
  return [`curl -X POST '${url}'`, ...parts].join(' \\\n  ');
};
