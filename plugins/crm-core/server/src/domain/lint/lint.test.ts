import type { CustomField, RoleSpec } from '../../../../contracts';
import { lintFields } from './fields';
import { circular, lintPeople, type PeopleFacts, type PersonFacts } from './people';
import { lintRoles } from './roles';

const role = (key: string, more: Partial<RoleSpec> = {}): RoleSpec & { id: number } => ({
  id: 1,
  key,
  label: { zh: key, en: key },
  resources: {},
  fields: {},
  ...more,
});
const person = (id: number, more: Partial<PersonFacts> = {}): PersonFacts => ({
  id,
  name: `P${id}`,
  team: 1,
  manager: null,
  roles: ['sales'],
  calendarKey: null,
  active: true,
  hasAccount: true,
  ...more,
});
const sound: PeopleFacts = {
  members: [person(1), person(2, { manager: 1 })],
  teams: [{ id: 1, key: 'east', name: 'East', parent: null, calendarKey: 'office' }],
  roles: [role('sales', { resources: { leads: { read: ['team'] } } })],
  calendars: ['office'],
};
const codes = (found: readonly { code: string; id: number | null }[]): string[] => found.map(({ code, id }) => `${code}:${id}`);
const withMember = (more: Partial<PersonFacts>): string[] => codes(lintPeople({ ...sound, members: [...sound.members, person(3, more)] }));

describe('people', () => {
  test('a company in order has no findings', () => expect(lintPeople(sound)).toEqual([]));
  test.each<[string, Partial<PersonFacts>, string[]]>([
    ['nobody without a role', { roles: [] }, ['MEMBER_WITHOUT_ROLE:3']],
    ['a role that is gone is named, and is no role', { roles: ['gone'] }, ['MEMBER_ROLE_UNKNOWN:3', 'MEMBER_WITHOUT_ROLE:3']],
    ['a team role without a team reaches nothing', { team: null }, ['MEMBER_WITHOUT_TEAM:3']],
    ['a calendar that is not live', { calendarKey: 'old' }, ['MEMBER_CALENDAR_UNKNOWN:3']],
    ['no account', { hasAccount: false }, ['MEMBER_WITHOUT_ACCOUNT:3']],
    ['his own manager', { manager: 3 }, ['MANAGER_CIRCLE:3']],
    ['whoever left is not judged', { active: false, roles: [], calendarKey: 'old' }, []],
  ])('%s', (_name, more, expected) => expect(withMember(more)).toEqual(expected));
  test('a manager who left', () => {
    const members = [person(1, { active: false }), person(2, { manager: 1 })];
    expect(codes(lintPeople({ ...sound, members }))).toEqual(['MANAGER_INACTIVE:2']);
  });
  test('a ring of three is found whole, a path into a ring is none', () => {
    const next = new Map([
      [1, 2],
      [2, 3],
      [3, 1],
      [4, 1],
      [5, null],
    ] as const);
    expect(circular([1, 2, 3, 4, 5], (id) => next.get(id as 1) ?? null)).toEqual([1, 2, 3]);
  });
  test('teams: empty ones, rings, calendars that are not live', () => {
    const teams = [
      ...sound.teams,
      { id: 2, key: 'a', name: 'A', parent: 3, calendarKey: null },
      { id: 3, key: 'b', name: 'B', parent: 2, calendarKey: 'old' },
      { id: 4, key: 'c', name: 'C', parent: null, calendarKey: null },
    ];
    expect(codes(lintPeople({ ...sound, teams }))).toEqual(['TEAM_CIRCLE:2', 'TEAM_CIRCLE:3', 'TEAM_CALENDAR_UNKNOWN:3', 'TEAM_EMPTY:4']);
  });
});

describe('roles', () => {
  const fields = new Map([['leads', ['id', 'name', 'phone']]]);
  const of = (one: Partial<RoleSpec>, people = 2): string[] =>
    lintRoles({
      roles: [role('x', { ...one, resources: { roles: { update: ['all'] }, ...one.resources } })],
      fields,
      holders: new Map([['x', people]]),
    }).map(({ code }) => code);
  test.each<[string, Partial<RoleSpec>, string[]]>([
    ['sound', { resources: { leads: { read: ['own'], update: ['own'] } }, fields: { leads: { '*': 'write' } } }, []],
    [
      'writes what it cannot read',
      { resources: { leads: { update: ['own'] } }, fields: { leads: { '*': 'write' } } },
      ['ROLE_WRITES_UNREAD'],
    ],
    [
      'may write but has no field to',
      { resources: { leads: { read: ['own'], update: ['own'] } }, fields: { leads: { '*': 'read' } } },
      ['ROLE_WRITES_NOTHING'],
    ],
    ['reads rows without a field', { resources: { leads: { read: ['own'] } }, fields: {} }, ['ROLE_READS_NOTHING']],
    [
      'a field that is gone',
      { resources: { leads: { read: ['own'] } }, fields: { leads: { name: 'read', 'custom.gone': 'masked' } } },
      ['ROLE_FIELD_UNKNOWN'],
    ],
    [
      'hiding a field that lists do not have',
      { resources: { leads: { read: ['own'] } }, fields: { leads: { name: 'read', ip: 'hidden' } } },
      [],
    ],
    ['the scope none gives nothing', { resources: { leads: { update: ['none'] } }, fields: {} }, []],
  ])('%s', (_name, one, expected) => expect(of(one)).toEqual(expected));
  test('a resource that is only changed by its verbs asks for no field to write', () => {
    const one = role('x', { resources: { leads: { read: ['own'], update: ['own'] } }, fields: { leads: { '*': 'read' } } });
    const found = (written: ReadonlySet<string>) =>
      lintRoles({ roles: [one], fields, written, holders: new Map() }).map(({ code }) => code);
    expect(found(new Set())).toEqual([]);
    expect(found(new Set(['leads']))).toEqual(['ROLE_WRITES_NOTHING']);
  });
  test('rows limited by a field that is gone, by an option that is gone, by what the role does not read', () => {
    const limitable = new Map([
      [
        'leads',
        new Map<string, readonly string[] | null>([
          ['country', null],
          ['custom.region', ['north', 'south']],
        ]),
      ],
    ]);
    const found = (only: RoleSpec['only'], access: RoleSpec['fields'] = { leads: { '*': 'read' } }) =>
      lintRoles({
        roles: [role('x', { resources: { leads: { read: ['all'] } }, fields: access, only })],
        fields: new Map(),
        limitable,
        holders: new Map(),
      }).map(({ code, path }) => `${code} ${path}`);
    expect(found({ leads: { country: ['CN'], 'custom.region': ['north'] } })).toEqual([]);
    expect(found({ leads: { 'custom.gone': ['x'] } })).toEqual(['ROLE_LIMIT_UNKNOWN only.leads.custom.gone']);
    expect(found({ tasks: { country: ['x'] } })).toEqual(['ROLE_LIMIT_UNKNOWN only.tasks.country']);
    expect(found({ leads: { 'custom.region': ['north', 'west'] } })).toEqual(['ROLE_LIMIT_OPTION only.leads.custom.region']);
    expect(found({ leads: { country: ['CN'] } }, { leads: { '*': 'read', country: 'masked' } })).toEqual([
      'ROLE_LIMIT_UNREAD only.leads.country',
    ]);
  });
  test('one person away from being locked out', () => {
    expect(of({}, 1)).toEqual(['ADMIN_ALONE']);
    expect(of({}, 2)).toEqual([]);
  });
});

describe('fields', () => {
  const field = (more: Partial<CustomField>): CustomField => ({
    id: 7,
    entity: 'lead',
    key: 'size',
    type: 'text',
    label: { zh: '规模', en: 'Size' },
    options: [],
    required: false,
    defaultValue: null,
    validation: {},
    section: 'more',
    position: 0,
    visibleWhen: null,
    pii: false,
    indexed: false,
    retired: false,
    ...more,
  });
  const option = (value: string, more = {}) => ({ value, label: { zh: value, en: value }, ...more });
  const parent = field({ id: 8, key: 'region', type: 'select', options: [option('north')] });
  const run = (fields: readonly CustomField[], broken = false) =>
    lintFields({ fields, check: () => (broken ? [{ level: 'error', code: 'CONDITION_INVALID', message: 'no such fact' }] : []) }).map(
      ({ code, level, path }) => `${level} ${code} ${path}`,
    );
  const placed = (...names: string[]) => new Map([['lead', { count: 1, fields: new Set(names.map((name) => `custom.${name}`)) }]]);
  test('a field that stands on no form that is laid out is told, where there are such forms', () => {
    const codes = (forms: Parameters<typeof lintFields>[0]['forms'], one = field({})) =>
      lintFields({ fields: [one], check: () => [], forms }).map(({ code }) => code);
    expect(codes(placed('other'))).toEqual(['FIELD_ON_NO_FORM']);
    expect(codes(placed('size'))).toEqual([]);
    expect(codes(new Map())).toEqual([]);
    expect(codes(placed('other'), field({ retired: true }))).toEqual([]);
    expect(codes(placed('other'), field({ entity: 'account' }))).toEqual([]);
  });
  const condition = { combinator: 'and' as const, rules: [] };
  test.each<[string, readonly CustomField[], string[], boolean?]>([
    ['sound', [field({})], []],
    [
      'a list without a choice',
      [field({ type: 'select', options: [option('a', { retired: true })] })],
      ['warning FIELD_WITHOUT_OPTIONS options'],
    ],
    ['a required one is an error', [field({ type: 'select', required: true })], ['error FIELD_WITHOUT_OPTIONS options']],
    ['the list it depends on is gone', [field({ parentField: 'region' })], ['error FIELD_PARENT_GONE parentField']],
    [
      'a choice for an option that is gone',
      [parent, field({ type: 'select', parentField: 'region', options: [option('a', { when: ['south'] })] })],
      ['warning FIELD_OPTION_UNREACHABLE options'],
    ],
    ['personal data without a mask', [field({ pii: true })], ['warning FIELD_PII_UNMASKED mask']],
    ['a phone has a mask by its type', [field({ pii: true, type: 'phone' })], []],
    ['a condition over a fact that is gone', [field({ requiredWhen: condition })], ['error CONDITION_INVALID requiredWhen'], true],
    ['a retired field is left alone', [field({ retired: true, parentField: 'region' })], []],
  ])('%s', (...[, fields, expected, broken]) => expect(run(fields, broken)).toEqual(expected));
});
