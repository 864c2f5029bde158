import { gradingModelSchema, type AccountScoring } from '../../../contracts';
import { accountScore, type AccountLead } from './account';

const anything = { combinator: 'and' as const, rules: [] };
const role = (key: string, weight: number, needed = false) => ({ key, label: { zh: key, en: key }, when: anything, weight, needed });
function scoring(over: Partial<AccountScoring>): AccountScoring {
  const { account } = gradingModelSchema.parse({
    fit: {},
    engagement: {},
    thresholds: { letters: { A: 3, B: 2, C: 1 }, numbers: { 1: 3, 2: 2, 3: 1 } },
    labelling: { by: 'score', hot: 2, warm: 1 },
    account: { breadthPoints: 0, ...over },
  });
  if (!account) throw new Error('The model scores no companies.');
  return account;
}
/** Leads by score, role of each by place; null = none of them. */
const leads = (...rows: readonly (readonly [score: number, role: number | null])[]): AccountLead[] =>
  rows.map(([score, place], index) => ({ id: index + 1, score, role: place }));
const three = leads([80, null], [40, null], [20, null]);

describe('a company from its leads (§6)', () => {
  test.each([
    ['max', 80],
    ['sum', 100],
    ['blend', Math.round(0.6 * 80 + 0.4 * 30)],
  ] as const)('%s', (strategy, score) => {
    expect(accountScore(scoring({ strategy }), three)).toMatchObject({ score, champion: 1, leads: 3 });
  });

  test('a sum ends at the cap and takes nothing away for leads below zero', () => {
    expect(accountScore(scoring({ strategy: 'sum', cap: 90 }), three).score).toBe(90);
    expect(accountScore(scoring({ strategy: 'sum' }), leads([30, null], [-50, null])).score).toBe(30);
  });

  test('a champion alone is not diluted', () => {
    expect(accountScore(scoring({ strategy: 'blend' }), leads([70, null])).score).toBe(70);
  });

  test('by role: a lead counts as much as its role, one without a role little', () => {
    const roles = [role('boss', 90), role('user', 30)];
    expect(accountScore(scoring({ strategy: 'roles', roles }), leads([80, 0], [40, 1])).score).toBe(70);
    expect(accountScore(scoring({ strategy: 'roles', roles }), leads([80, 0], [40, null])).score).toBe(76);
  });

  test('breadth: points for each further role that is engaged, not for a second lead in the same', () => {
    const roles = [role('boss', 50), role('user', 50)];
    const by = (rows: AccountLead[]) => accountScore(scoring({ strategy: 'max', roles, breadthPoints: 7 }), rows);
    expect(by(leads([50, 0], [10, 0]))).toMatchObject({ score: 50, breadth: 1 });
    expect(by(leads([50, 0], [10, 1]))).toMatchObject({ score: 57, breadth: 2 });
    expect(by(leads([50, 0], [0, 1]))).toMatchObject({ score: 50, breadth: 1 });
  });

  test('without a needed role it stays one point below qualified, and says which is missing', () => {
    const needed = scoring({ strategy: 'max', qualifiedFrom: 60, roles: [role('boss', 50, true), role('user', 50)] });
    expect(accountScore(needed, leads([90, 1]))).toMatchObject({ score: 59, qualified: false, missing: ['boss'] });
    expect(accountScore(needed, leads([90, 1], [5, 0]))).toMatchObject({ score: 90, qualified: true, missing: [] });
  });

  test('it can be qualified though no single lead is, and nobody is nothing', () => {
    expect(accountScore(scoring({ strategy: 'sum', qualifiedFrom: 60 }), leads([35, null], [30, null]))).toMatchObject({ qualified: true });
    expect(accountScore(scoring({ strategy: 'blend' }), [])).toEqual({
      score: 0,
      qualified: false,
      breadth: 0,
      missing: [],
      leads: 0,
      champion: null,
    });
  });
});
