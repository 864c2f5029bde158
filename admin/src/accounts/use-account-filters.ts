import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import { useCustomFilters } from '../leads/list/filter-definitions';
import type { FilterDefinition } from '../leads/list/filters';

/** The filters of the list of accounts this member may use. */
export const useAccountFilters = (): FilterDefinition[] => {
  const translate = useTranslate();
  const access = useAccess();
  const meta = useMeta();
  const custom = useCustomFilters('accounts');
  return useMemo(() => {
    const people = meta.members.map(({ id, name }) => ({ value: id, label: name }));
    const plain: FilterDefinition[] = [
      { field: 'owner', kind: 'owner', label: translate('fields.owner'), options: people },
      ...(['industry', 'city', 'province', 'country'] as const).map((field): FilterDefinition => ({
        field,
        kind: 'text',
        label: translate(`fields.${field}`),
      })),
      { field: 'employees', kind: 'number', label: translate('fields.employees') },
    ];
    return [...plain.filter(({ field }) => ['read', 'write'].includes(access.field('accounts', field))), ...custom];
  }, [translate, access, meta, custom]);
};
