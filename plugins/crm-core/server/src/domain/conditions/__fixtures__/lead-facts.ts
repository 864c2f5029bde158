import type { Condition, ConditionRule, FactDefinition } from '../../../../../contracts';
import { factsFromColumns } from '..';

const label = { zh: '事实', en: 'Fact' };

/** One fact of every type, for the tests of the compiler. */
export const facts: readonly FactDefinition[] = [
  ...factsFromColumns('lead', [
    { name: 'country', type: 'text', label },
    { name: 'city', type: 'text', label },
    { name: 'stage', type: 'select', label, options: [{ value: 'mql', label }] },
    { name: 'score', type: 'number', label },
    { name: 'idle', type: 'duration', label },
    { name: 'dueAt', type: 'date', label },
    { name: 'isTest', type: 'boolean', label },
    { name: 'tags', type: 'multiselect', label },
    { name: 'owner', type: 'reference', reference: 'members', column: 'owner_id', label },
    { name: 'team', type: 'reference', reference: 'teams', column: 'team_id', label },
    { name: 'pool', type: 'reference', reference: 'pools', column: 'pool_id', label },
  ]),
  {
    subject: 'lead',
    key: 'behaviour.count',
    label,
    type: 'count',
    operators: [],
    args: [
      { key: 'kind', type: 'select', required: true, options: [{ value: 'visit', label }] },
      { key: 'within', type: 'duration' },
      { key: 'match', type: 'text' },
    ],
    sql: (alias, args) => ({ sql: `(SELECT count(*) FROM e WHERE e.lead_id = ${alias}.id AND e.kind = ?)`, bindings: [args['kind']] }),
  },
];

export const group = (...rules: Condition['rules']): Condition => ({ combinator: 'and', rules });
export const rule = (field: string, operator: string, value?: unknown, more: Partial<ConditionRule> = {}): ConditionRule => ({
  field,
  operator,
  value,
  ...more,
});
