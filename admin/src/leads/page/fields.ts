import type { CustomField, Lead } from '../../api/types';

export type InputType = 'text' | 'number' | 'email' | 'tel' | 'url' | 'area';

export interface PlainField {
  key: keyof Lead;
  input: InputType;
}

export interface FieldSection {
  key: string;
  fields: PlainField[];
}

const field = (key: PlainField['key'], input: InputType = 'text'): PlainField => ({ key, input });

/** Built-in fields of a lead that people read and write, in the order of the page. */
export const SECTIONS: FieldSection[] = [
  {
    key: 'person',
    fields: [field('name'), field('title'), field('email', 'email'), field('phone', 'tel'), field('wechat'), field('language')],
  },
  {
    key: 'company',
    fields: [
      field('company'),
      field('website', 'url'),
      field('industry'),
      field('employees', 'number'),
      field('annualRevenue', 'number'),
      field('currency'),
    ],
  },
  { key: 'place', fields: [field('country'), field('province'), field('city'), field('address', 'area'), field('postcode')] },
  {
    key: 'origin',
    fields: [field('source'), field('medium'), field('campaign'), field('landingPage'), field('product'), field('note', 'area')],
  },
];

export type Draft = Record<string, unknown>;

/** Draft values of a lead, custom fields under `custom.<key>`. */
export const draftOf = (lead: Lead, custom: readonly CustomField[]): Draft => ({
  ...Object.fromEntries(SECTIONS.flatMap((section) => section.fields).map(({ key }) => [key, lead[key] ?? ''])),
  ...Object.fromEntries(custom.map(({ key }) => [`custom.${key}`, lead.custom?.[key] ?? ''])),
});

const cleaned = (value: unknown): unknown => (value === '' ? null : value);

/** Only what was changed, in the shape of a PUT body; an emptied field is null. Returns null when nothing was changed. */
export const changesOf = (before: Draft, after: Draft): Record<string, unknown> | null => {
  const body: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    if (JSON.stringify(value) === JSON.stringify(before[key])) continue;
    if (key.startsWith('custom.')) custom[key.slice('custom.'.length)] = cleaned(value);
    else body[key] = cleaned(value);
  }
  if (Object.keys(custom).length > 0) body.custom = custom;
  return Object.keys(body).length > 0 ? body : null;
};
