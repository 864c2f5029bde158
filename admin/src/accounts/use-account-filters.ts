import { useTranslate } from 'ra-core';
import { useListFilters, useOwnerFilter } from '../leads/list/filter-definitions';
import type { FilterDefinition } from '../leads/list/filters';

/** The filters of the list of accounts this member may use. */
export const useAccountFilters = (): FilterDefinition[] => {
  const translate = useTranslate();
  return useListFilters('accounts', [
    useOwnerFilter(),
    ...(['industry', 'city', 'province', 'country'] as const).map((field): FilterDefinition => ({
      field,
      kind: 'text',
      label: translate(`fields.${field}`),
    })),
    { field: 'employees', kind: 'number', label: translate('fields.employees') },
  ]);
};
