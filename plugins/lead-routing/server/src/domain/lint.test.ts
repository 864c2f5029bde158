import { routingPolicySchema, routingTemplate, type RoutingPolicyInput } from '../../../contracts';
import { lintRouting, type Known } from './lint';
import { skillWords } from './skills';

const label = { zh: '规则', en: 'Rule' };
const known: Known = {
  members: [
    { id: 1, email: 'li@example.com', active: true, roles: ['sales'], teamKeys: ['north', 'all'] },
    { id: 2, email: 'old@example.com', active: false, roles: ['sdr'], teamKeys: ['empty'] },
  ],
  teams: new Set(['north', 'all', 'empty']),
  roles: new Set(['sales', 'sdr']),
  pools: new Set(['pool']),
};
const codes = (input: Partial<RoutingPolicyInput>): string[] =>
  lintRouting(routingPolicySchema.parse({ otherwise: { kind: 'pool', key: 'pool' }, ...input }), known).map(
    (finding) => `${finding.level} ${finding.code}`,
  );
type Rule = NonNullable<RoutingPolicyInput['rules']>[number];
const rule = (over: Partial<Rule>): Rule => ({ key: 'r', label, destination: { kind: 'team', key: 'north' }, ...over });

describe('routing policy checks', () => {
  it('takes weights of six decimals as they are, and refuses finer ones instead of rounding them (R-57)', () => {
    const weighing = (weight: number): string[] =>
      codes({ rules: [rule({ destination: { kind: 'group', members: [{ member: 1, weight }] } })] });
    for (const weight of [0.07, 0.000001, 33.333333, 1.1, 9999.999999, 10_000]) expect(weighing(weight)).toEqual([]);
    expect(weighing(1 / 3)).toEqual(['error WEIGHT_TOO_FINE']);
    expect(weighing(9999.9999991)).toEqual(['error WEIGHT_TOO_FINE']);
    expect(weighing(0.0000001)).toEqual(['error WEIGHT_TOO_FINE', 'error GROUP_EMPTY']);
  });

  it('refuses what a lead counts as when it is finer than hundredths (R-53)', () => {
    const counting = (weight: number, pausedWeight = 0.5): string[] =>
      codes({ rules: [rule({})], capacity: { weights: [{ when: { combinator: 'and', rules: [] }, weight }], pausedWeight } });
    expect(counting(0.33)).toEqual([]);
    expect(counting(1.1, 0.29)).toEqual([]);
    expect(counting(0.333)).toEqual(['error COUNT_TOO_FINE']);
    expect(counting(0.5, 0.125)).toEqual(['error COUNT_TOO_FINE']);
  });

  it('has nothing to say about a sound policy', () => {
    expect(codes({ rules: [rule({})] })).toEqual([]);
    expect(codes(routingTemplate({ desk: [{ member: 'LI@example.com', weight: 2 }], team: 'north', pool: 'pool' }))).toEqual([]);
  });

  it('refuses a policy without a last rule', () => {
    expect(routingPolicySchema.safeParse({ rules: [] }).success).toBe(false);
  });

  it.each<[string, Partial<RoutingPolicyInput>, string]>([
    ['an unknown team', { rules: [rule({ destination: { kind: 'team', key: 'x' } })] }, 'error TEAM_UNKNOWN'],
    ['a team without active people', { rules: [rule({ destination: { kind: 'team', key: 'empty' } })] }, 'warning TARGET_EMPTY'],
    ['an unknown pool', { otherwise: { kind: 'pool', key: 'x' } }, 'error POOL_UNKNOWN'],
    ['an unknown person', { otherwise: { kind: 'member', email: 'no@example.com' } }, 'error MEMBER_UNKNOWN'],
    ['nobody chosen', { otherwise: { kind: 'member' } }, 'error MEMBER_MISSING'],
    ['a disabled person', { otherwise: { kind: 'member', id: 2 } }, 'warning TARGET_DISABLED'],
    ['an unknown role', { rules: [rule({ destination: { kind: 'role', key: 'x' } })] }, 'error ROLE_UNKNOWN'],
    ['a role nobody active has', { rules: [rule({ destination: { kind: 'role', key: 'sdr' } })] }, 'warning TARGET_EMPTY'],
    ['an empty group', { rules: [rule({ destination: { kind: 'group', members: [{ member: 1, weight: 0 }] } })] }, 'error GROUP_EMPTY'],
    [
      'a person twice in a group',
      { rules: [rule({ destination: { kind: 'group', members: [{ member: 1 }, { member: 1 }] } })] },
      'error MEMBER_TWICE',
    ],
    [
      'a range with nothing in it',
      {
        rules: [
          rule({
            destination: { kind: 'table', columns: ['lead.employees'], rows: [{ cells: ['50..10'], to: { kind: 'pool', key: 'pool' } }] },
          }),
        ],
      },
      'warning CELL_EMPTY_RANGE',
    ],
    ['two rules of one key', { rules: [rule({}), rule({})] }, 'error KEY_TWICE'],
    ['the reserved key', { rules: [rule({ key: 'otherwise' })] }, 'error KEY_RESERVED'],
    [
      'a rule after one that takes everything',
      { rules: [rule({ destination: { kind: 'pool', key: 'pool' } }), rule({ key: 'later' })] },
      'warning RULE_UNREACHABLE',
    ],
    ['a cap of 0', { rules: [rule({ periodCap: { per: 'day', max: 0 } })] }, 'warning CAP_ZERO'],
    ['another cap of 0', { rules: [rule({ caps: [{ per: 'week', max: 0 }] })] }, 'warning CAP_ZERO'],
    ['a limit of 0', { rules: [rule({ loadLimits: [{ scope: 'group', max: 0 }] })] }, 'warning CAP_ZERO'],
    ['a last rule that waits', { otherwise: { kind: 'hold', seconds: 60 } }, 'error OTHERWISE_HOLDS'],
    ['a last rule that can find nobody', { otherwise: { kind: 'team', key: 'north' } }, 'warning OTHERWISE_MAY_BE_EMPTY'],
    ['an unknown fallback', { rules: [rule({ onEmpty: { pool: 'x' } })] }, 'error POOL_UNKNOWN'],
  ])('finds %s', (_name, input, expected) => {
    expect(codes(input)).toEqual([expected]);
  });
});

describe('skills as words', () => {
  it('understands lists and names with values', () => {
    expect([...skillWords(['CRM', ' ERP '], 'zh-CN')]).toEqual(['crm', 'erp', 'zh']);
    expect([...skillWords({ product: ['ERP'], language: 'de', demo: true, old: false }, null)]).toEqual([
      'product',
      'erp',
      'product:erp',
      'language',
      'de',
      'language:de',
      'demo',
    ]);
    expect(skillWords(null, null).size).toBe(0);
  });
});
