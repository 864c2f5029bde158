import { Box } from '@mui/material';
import { useGetMany, type RaRecord } from 'ra-core';
import type { ReactNode } from 'react';
import type { Lead } from '../api/types';
import { RecordLink } from '../common/record-link';

/** Names of the leads of a page, asked for together; a lead that cannot be read, or has no name, is called by its number. */
export function useLeadNames(rows: readonly { readonly lead: number }[] | undefined): (id: number) => string {
  const ids = [...new Set((rows ?? []).map((row) => row.lead))];
  const { data } = useGetMany<Lead & RaRecord>('leads', { ids }, { enabled: ids.length > 0 });
  const names = new Map((data ?? []).map((lead) => [lead.id, lead.name || lead.company]));
  return (id) => names.get(id) || `#${id}`;
}

/** The lead of a row, which leads to its page; `below` is said under it where the table is too narrow for a column of its own. */
export const LeadCell = ({ id, name, below }: { id: number; name: string; below?: ReactNode }) => (
  <RecordLink to={`/leads/${id}`}>
    {name}
    {below !== undefined && (
      <Box sx={{ display: { xs: 'block', md: 'none' }, fontWeight: 400, fontSize: 12, color: 'text.secondary' }}>{below}</Box>
    )}
  </RecordLink>
);
