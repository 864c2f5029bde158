import { poolSchema, POOL_RIGHTS, type PoolRight } from '../../../contracts';
import { coveredFields, poolsByVerb, rightsIn } from './membership';

const person = { id: 7, teamKeys: ['shanghai', 'china'], roles: ['sales'] };
const pool = (rights: readonly PoolRight[], more: Record<string, unknown> = {}) =>
  poolSchema.parse({ members: [{ type: 'member', ref: 7, rights }], ...more });

describe('rights in a pool', () => {
  test('rows for the person, his teams, those above them, his roles and everybody add up; nobody else’s count', () => {
    const body = poolSchema.parse({
      members: [
        { type: 'everyone', rights: ['see'] },
        { type: 'team', ref: 'china', rights: ['claim'] },
        { type: 'role', ref: 'sales', rights: ['edit'] },
        { type: 'member', ref: 7, rights: ['export'] },
        { type: 'member', ref: 77, rights: ['assign'] },
        { type: 'team', ref: 'chin', rights: ['transfer'] },
      ],
    });
    expect([...rightsIn(body, person)].sort()).toEqual(['claim', 'edit', 'export', 'see']);
  });

  test('managing is everything; every right but importing holds seeing', () => {
    expect([...rightsIn(pool(['manage']), person)].sort()).toEqual([...POOL_RIGHTS].sort());
    for (const right of POOL_RIGHTS)
      expect({ right, sees: rightsIn(pool([right]), person).has('see') }).toEqual({ right, sees: right !== 'import' });
  });

  test('each verb reaches the pools in which its right is held', () => {
    const pools = POOL_RIGHTS.map((right, index) => ({ policyId: index + 1, body: pool([right]) }));
    const idOf = (...rights: PoolRight[]): number[] => rights.map((right) => POOL_RIGHTS.indexOf(right) + 1).sort((a, b) => a - b);
    const { seen, verbs } = poolsByVerb(pools, person);
    expect(seen).toEqual(idOf('see', 'claim', 'assign', 'transfer', 'edit', 'export', 'manage'));
    expect(verbs).toEqual({
      assign: idOf('assign', 'manage'),
      transfer: idOf('transfer', 'manage'),
      recycle: idOf('transfer', 'manage'),
      update: idOf('edit', 'manage'),
      log: idOf('edit', 'manage'),
      import: idOf('import', 'manage'),
      export: idOf('export', 'manage'),
      delete: idOf('manage'),
      merge: idOf('manage'),
    });
  });
});

describe('fields covered in a pool', () => {
  const fields = [
    { field: 'company', access: 'masked' },
    { field: 'company', access: 'hidden', role: 'sales' },
    { field: 'city', access: 'hidden', role: 'sales' },
  ];

  test.each<[string, readonly string[], readonly { field: string; access: string }[]]>([
    [
      'the strictest row for a role counts',
      ['sales'],
      [
        { field: 'company', access: 'hidden' },
        { field: 'city', access: 'hidden' },
      ],
    ],
    ['several roles add up: the one that shows most', ['sales', 'sdr'], [{ field: 'company', access: 'masked' }]],
    ['a row without a role is for every role, and for none', [], [{ field: 'company', access: 'masked' }]],
  ])('%s', (_name, roles, expected) => expect(coveredFields(pool(['see'], { fields }), { ...person, roles })).toEqual(expected));

  test('whoever manages the pool sees them all', () => {
    expect(coveredFields(pool(['manage'], { fields }), person)).toEqual([]);
  });
});
