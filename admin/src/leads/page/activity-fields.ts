import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'ra-core';
import type { ConsoleProvider } from '../../api/data-provider';
import { useAccess } from '../../api/session-context';
import type { TimelineEntry } from '../../api/types';
import { useCustomColumns } from '../../layouts/list-columns';

interface Activity {
  readonly id: number;
  readonly custom?: Record<string, unknown> | null;
}
export interface OwnValue {
  readonly label: string;
  readonly value: string;
}

const MANY = 200;

/**
 * What the company's own fields say of each follow-up in a lead's story. They are read as records of their own, so that a role that hides a field
 * hides it here too; nothing is asked where there are no such fields.
 */
export const useActivityValues = (leadId: number): ((entry: TimelineEntry) => readonly OwnValue[]) => {
  const provider = useDataProvider<ConsoleProvider>();
  const access = useAccess();
  const columns = useCustomColumns<Activity>('activities');
  const { data } = useQuery({
    queryKey: ['activities', 'lead', leadId],
    queryFn: () => provider.getAll<Activity>('activities', { lead: leadId }, ['occurredAt', 'DESC'], MANY),
    enabled: columns.length > 0 && access.can('read', 'activities'),
  });
  return (entry) => {
    const activity = data?.data.find(({ id }) => id === entry.data?.activity);
    if (!activity) return [];
    return columns.flatMap((column) => {
      const value = column.render(activity);
      return typeof value === 'string' && value !== '' ? [{ label: column.label, value }] : [];
    });
  };
};
