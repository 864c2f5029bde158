import { useListContext } from 'ra-core';

/** What the list is filtered by now. */
export const useFilterValues = (): Record<string, unknown> => {
  const list = useListContext();
  return list.filterValues as Record<string, unknown>;
};
