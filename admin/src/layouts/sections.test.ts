import type { CustomField } from '../api/types';
import type { BuiltIn } from './catalogue';
import { factsOf } from './facts-of';
import { formSections, liveField, settled } from './sections';

const label = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });
const builtIn = (name: string, section = 'person'): BuiltIn => ({ name, section, words: `fields.${name}`, input: 'text' });
const field = (key: string, more: Partial<CustomField> = {}): CustomField => ({
  id: 1,
  entity: 'lead',
  key,
  type: 'text',
  label: label(key),
  options: [],
  required: false,
  defaultValue: null,
  validation: {},
  section: 'custom',
  position: 0,
  visibleWhen: null,
  pii: false,
  indexed: false,
  retired: false,
  ...more,
});
const option = (value: string, more: { when?: string[]; retired?: boolean } = {}) => ({ value, label: label(value), ...more });
const rule = (name: string, value: unknown) => ({ combinator: 'and' as const, rules: [{ field: `lead.${name}`, operator: '=', value }] });
const names = (sections: ReturnType<typeof formSections>): unknown =>
  sections.map(({ key, fields }) => [key, fields.map((one) => one.name)]);

describe('a form', () => {
  const fields = [builtIn('name'), builtIn('company', 'company')];
  const custom = [field('budget'), field('seat', { section: 'person' }), field('old', { retired: true })];

  test('nobody laid out has built-in fields by section, with the company’s own where they belong', () => {
    expect(names(formSections(undefined, fields, custom, () => true))).toEqual([
      ['person', ['name', 'custom.seat']],
      ['company', ['company']],
      ['custom', ['custom.budget']],
    ]);
  });

  test('laid out has what was placed, in that order, without what the member may not see or what is gone', () => {
    const layout = {
      sections: [
        { key: 'top', label: label('Top'), columns: 1 as const, fields: ['custom.budget', 'name', 'custom.old', 'nope'] },
        { key: 'rest', label: label('Rest'), collapsed: true, fields: ['company'] },
      ],
    };
    const sections = formSections(layout, fields, custom, (name) => name !== 'company');
    expect(names(sections)).toEqual([['top', ['custom.budget', 'name']]]);
    expect(sections[0]).toMatchObject({ columns: 1, collapsed: false, label: label('Top') });
  });
});

describe('a custom field while the record is edited', () => {
  const draft = { source: 'fair', 'custom.province': 'gd', 'custom.city': '' };
  const now = factsOf('lead', draft, { _masked: ['phone'], ...{ stage: 'new', phone: '138****' } });

  test('comes, goes and becomes required with what is entered', () => {
    expect(liveField(field('why', { visibleWhen: rule('source', 'fair') }), draft, now, null).visible).toBe(true);
    expect(liveField(field('why', { visibleWhen: rule('source', 'web') }), draft, now, null).visible).toBe(false);
    expect(liveField(field('why', { requiredWhen: rule('source', 'fair') }), draft, now, null).required).toBe(true);
    expect(liveField(field('why', { requiredWhen: rule('source', 'web') }), draft, now, null).required).toBe(false);
    expect(liveField(field('why', { required: true, visibleWhen: rule('source', 'web') }), draft, now, null).required).toBe(false);
  });

  test('is closed by what is saved, not by what is entered', () => {
    const closed = field('price', { readOnlyWhen: rule('stage', 'won') });
    expect(liveField(closed, draft, now, factsOf('lead', {}, { _masked: [], ...{ stage: 'won' } })).readOnly).toBe(true);
    expect(liveField(closed, { stage: 'won' }, now, factsOf('lead', {}, { _masked: [], ...{ stage: 'new' } })).readOnly).toBe(false);
    expect(liveField(closed, draft, now, null).readOnly).toBe(false);
  });

  test('stays shown, optional and open where the form does not know', () => {
    const masked = field('why', { visibleWhen: rule('phone', '1'), requiredWhen: rule('phone', '1') });
    expect(liveField(masked, draft, now, now)).toMatchObject({ visible: true, required: false, readOnly: false });
  });

  test('offers the options that go with the value it depends on, and a retired one only where it is chosen', () => {
    const city = field('city', {
      type: 'select',
      parentField: 'province',
      options: [option('sz', { when: ['gd'] }), option('hz', { when: ['zj'] }), option('any'), option('gone', { retired: true })],
    });
    const values = (of: Record<string, unknown>): string[] => liveField(city, of, now, null).options.map(({ value }) => value);
    expect(values(draft)).toEqual(['sz', 'any']);
    expect(values({ 'custom.province': '' })).toEqual(['any']);
    expect(values({ 'custom.province': 'zj', 'custom.city': 'gone' })).toEqual(['hz', 'any', 'gone']);
  });
});

test('a choice that no longer goes with the value above it is cleared, through all levels', () => {
  const custom = [
    field('country', { type: 'select', options: [option('cn'), option('de')] }),
    field('province', { type: 'select', parentField: 'country', options: [option('gd', { when: ['cn'] })] }),
    field('cities', { type: 'multiselect', parentField: 'province', options: [option('sz', { when: ['gd'] }), option('all')] }),
  ];
  const before = { name: 'Ada', 'custom.country': 'cn', 'custom.province': 'gd', 'custom.cities': ['sz', 'all'] };
  expect(settled(before, custom)).toEqual(before);
  expect(settled({ ...before, 'custom.country': 'de' }, custom)).toEqual({
    name: 'Ada',
    'custom.country': 'de',
    'custom.province': '',
    'custom.cities': ['all'],
  });
});
