import type { CustomField } from '../../../../contracts';
import { behaviourFacts, customFieldFact, factsFromColumns, factsFromRelated, sinceFact } from '.';

const label = { zh: '事实', en: 'Fact' };
const context = { now: new Date('2026-03-02T12:00:00Z'), actor: null };

test('a column fact has all operators of its type, its snake case column and its own guard', () => {
  const [fact] = factsFromColumns('lead', [{ name: 'capturedAt', type: 'date', label }]);
  expect(fact).toMatchObject({ subject: 'lead', key: 'lead.capturedAt', accessField: 'capturedAt' });
  expect(fact?.operators).toContain('withinNext');
  expect(fact?.sql('l', {}, context)).toEqual({ sql: 'l.captured_at', bindings: [] });
});

test('a column that is no identifier is refused when it is declared', () => {
  expect(() => factsFromColumns('lead', [{ name: 'x', type: 'text', label, column: 'x; DROP TABLE y' }])).toThrow('not an SQL identifier');
});

test('a fact of a related row is a scalar subquery guarded by the other resource', () => {
  const [fact] = factsFromRelated({
    subject: 'lead',
    prefix: 'account',
    table: 'crm_accounts',
    foreignKey: 'account_id',
    accessResource: 'accounts',
    facts: [{ name: 'industry', type: 'text', label }],
  });
  expect(fact).toMatchObject({ subject: 'lead', key: 'account.industry', accessField: 'accounts:industry' });
  expect(fact?.sql('l', {}, context).sql).toBe('(SELECT l_r.industry FROM crm_accounts l_r WHERE l_r.id = l.account_id)');
});

test('behaviour counts people in a window that ends now', () => {
  const [count, lastAt] = behaviourFacts({
    subject: 'lead',
    prefix: 'behaviour',
    table: 'crm_engagements',
    foreignKey: 'lead_id',
    label: { count: label, lastAt: label },
  });
  expect(count?.sql('l', { kind: 'visit', match: '/pricing', within: 'P30D' }, context)).toEqual({
    sql: '(SELECT count(*) FROM crm_engagements l_b WHERE (l_b.lead_id = l.id AND l_b.occurred_at <= ?::timestamptz AND l_b.human AND l_b.kind = ?::text AND l_b.asset ILIKE ?::text AND l_b.occurred_at > ?::timestamptz))',
    bindings: ['2026-03-02T12:00:00.000Z', 'visit', '%/pricing%', '2026-01-31T12:00:00.000Z'],
  });
  expect(lastAt?.sql('l', {}, context).sql).toContain('SELECT max(l_b.occurred_at)');
  expect(count?.args?.map((arg) => arg.key)).toEqual(['kind', 'product', 'match', 'within']);
});

test('time since is in seconds up to now', () => {
  const fact = sinceFact({ subject: 'lead', key: 'since.held', label, column: 'held_since' });
  expect(fact.sql('l', {}, context)).toEqual({
    sql: 'extract(epoch FROM (?::timestamptz - l.held_since))',
    bindings: ['2026-03-02T12:00:00.000Z'],
  });
});

test('a retired custom field and a key that is no word give no fact', () => {
  const field: Pick<CustomField, 'key' | 'type' | 'label' | 'options' | 'retired'> = {
    key: 'budget',
    type: 'money',
    label,
    options: [],
    retired: false,
  };
  expect(customFieldFact('lead', field)).toMatchObject({ key: 'lead.custom.budget', type: 'number', accessField: 'custom.budget' });
  expect(customFieldFact('lead', { ...field, retired: true })).toBeNull();
  expect(customFieldFact('lead', { ...field, key: "x' OR '1'='1" })).toBeNull();
});
