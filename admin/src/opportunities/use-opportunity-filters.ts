import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import { useCustomFilters } from '../leads/list/filter-definitions';
import type { FilterDefinition } from '../leads/list/filters';

/** The filters of the list of opportunities this member may use. */
export const useOpportunityFilters = (): FilterDefinition[] => {
  const translate = useTranslate();
  const access = useAccess();
  const meta = useMeta();
  const custom = useCustomFilters('opportunities');
  return useMemo(() => {
    const people = meta.members.map(({ id, name }) => ({ value: id, label: name }));
    const plain: FilterDefinition[] = [
      { field: 'owner', kind: 'owner', label: translate('fields.owner'), options: people },
      { field: 'amount', kind: 'number', label: translate('opp.amount') },
      { field: 'probability', kind: 'number', label: translate('opp.probability') },
      { field: 'expectedAt', kind: 'due', label: translate('opp.expected') },
      { field: 'closedAt', kind: 'since', label: translate('opp.closed') },
      { field: 'createdAt', kind: 'since', label: translate('opp.made') },
    ];
    return [...plain.filter(({ field }) => ['read', 'write'].includes(access.field('opportunities', field))), ...custom];
  }, [translate, access, meta, custom]);
};
