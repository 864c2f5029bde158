import type { ResourceDefinition } from '@leadsea/crm-core';

/**
 * People as the standards of a policy ask for them (考核标准): whoever may read routing policies, and so sees everybody's shares, may see whom a
 * condition over their own record holds for. Nobody else may ask it, and nothing of the record itself is shown.
 */
export const routingPeople: ResourceDefinition = {
  name: 'routing-people',
  access: 'routing-policies',
  table: 'crm_members',
  subject: 'member',
  rows: { owner: null, team: null, pool: null },
  base: (alias) => ({ sql: `coalesce(${alias}.active, true)`, bindings: [] }),
  fields: [
    { name: 'name', type: 'text' },
    { name: 'team', type: 'reference', reference: 'teams', column: 'team_id' },
  ],
  search: ['name'],
  defaultSort: ['name', 'ASC'],
};
