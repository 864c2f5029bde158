import { useTranslate } from 'ra-core';
import { useListFilters, useOwnerFilter } from '../leads/list/filter-definitions';
import type { FilterDefinition } from '../leads/list/filters';

/** The filters of the list of opportunities this member may use. */
export const useOpportunityFilters = (): FilterDefinition[] => {
  const translate = useTranslate();
  return useListFilters('opportunities', [
    useOwnerFilter(),
    { field: 'amount', kind: 'number', label: translate('opp.amount') },
    { field: 'probability', kind: 'number', label: translate('opp.probability') },
    { field: 'expectedAt', kind: 'due', label: translate('opp.expected') },
    { field: 'closedAt', kind: 'since', label: translate('opp.closed') },
    { field: 'createdAt', kind: 'since', label: translate('opp.made') },
  ]);
};
