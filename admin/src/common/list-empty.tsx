import { Button } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { EmptyState } from './empty-state';
import { useFilterValues } from './use-filter-values';

interface ListEmptyProps {
  readonly icon: ReactNode;
  /** What the list says while there is nothing at all, and what to do next. */
  readonly title: string;
  readonly hint: string;
  /** What it says where nothing fits the filters. */
  readonly noMatch: string;
  /** Filters with a control of their own: they do not count as filters, and stay when the others are cleared. */
  readonly keep?: readonly string[];
}

/** A list without rows: because there are none, or because of its filters, which can then be cleared. */
export const ListEmpty = ({ icon, title, hint, noMatch, keep = [] }: ListEmptyProps) => {
  const translate = useTranslate();
  const { setFilters } = useListContext();
  const values = Object.entries(useFilterValues());
  const kept = values.filter(([key]) => keep.includes(key));
  if (values.length === kept.length) return <EmptyState icon={icon} title={title} hint={hint} />;
  return (
    <EmptyState
      icon={icon}
      title={noMatch}
      hint={translate('leads.noMatchHint')}
      action={
        <Button variant="outlined" onClick={() => setFilters(Object.fromEntries(kept), undefined, false)}>
          {translate('ra.navigation.clear_filters')}
        </Button>
      }
    />
  );
};
