import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

const AFFECTED = [
  'leads',
  'work',
  'pools-board',
  'timeline',
  'explain',
  'sla-clocks',
  'tasks',
  'activities',
  'opportunities',
  'reports',
  'recent-changes',
];

/** Asks again for everything a lead's change can show in. */
export const useLeadsChanged = (): (() => void) => {
  const client = useQueryClient();
  return useCallback(() => {
    for (const name of AFFECTED) void client.invalidateQueries({ queryKey: [name] });
  }, [client]);
};
