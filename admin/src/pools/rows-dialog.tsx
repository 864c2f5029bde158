import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import type { Lead } from '../api/types';
import { GradeBadge, StageChip } from '../common/badges';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { RowsSkeleton } from '../common/page';
import { RecordLink } from '../common/record-link';

const PAGE = 50;

/** What is behind a number: which leads, and how to ask for them. */
export interface Rows {
  readonly title: string;
  /** Tells this question from others. */
  readonly key: readonly unknown[];
  readonly load: () => Promise<{ readonly ids: readonly number[]; readonly total: number }>;
}

const Line = ({ lead }: { lead: Lead }) => {
  const lookups = useLookups();
  return (
    <Box
      role="listitem"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '44px 1fr auto', sm: '44px minmax(0, 1.2fr) minmax(0, 1.2fr) 110px 110px 90px' },
        columnGap: 1.5,
        alignItems: 'center',
        minHeight: 40,
        fontSize: 13,
        borderBottom: 1,
        borderColor: 'divider',
        '& > *': { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
      }}
    >
      <GradeBadge grade={lead.grade} />
      <RecordLink to={`/leads/${lead.id}`}>{lead.name || `#${lead.id}`}</RecordLink>
      <Box sx={{ display: { xs: 'none', sm: 'block' } }}>{lead.company}</Box>
      <Box sx={{ display: { xs: 'none', sm: 'block' } }}>
        <StageChip stage={lead.stage} />
      </Box>
      <Box>{lookups.member(lead.owner) || lookups.pool(lead.pool)}</Box>
      <Box sx={{ display: { xs: 'none', sm: 'block' }, color: 'text.secondary' }}>
        {lead.recycleAt && <When at={lead.recycleAt} late />}
      </Box>
    </Box>
  );
};

const List = ({ rows }: { rows: Rows }) => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const [shown, setShown] = useState(PAGE);
  const found = useQuery({ queryKey: ['pool-rows', ...rows.key], queryFn: rows.load });
  const ids = found.data?.ids.slice(0, shown) ?? [];
  const leads = useQuery({
    queryKey: ['leads', 'rows', ids],
    queryFn: async () => (await provider.getMany<Lead>('leads', { ids: [...ids] })).data,
    enabled: ids.length > 0,
    placeholderData: (old) => old,
  });
  const error = found.error ?? leads.error;
  if (error) return <ErrorState dense error={error} retry={() => void found.refetch()} />;
  if (found.data?.ids.length === 0) return <EmptyState dense title={translate('pools.rows.none')} />;
  if (!leads.data) return <RowsSkeleton rows={8} height={40} />;
  const more = (found.data?.ids.length ?? 0) - ids.length;
  return (
    <>
      <Box role="list">
        {leads.data.map((lead) => (
          <Line key={lead.id} lead={lead} />
        ))}
      </Box>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mt: 1 }}>
        <Typography variant="caption" color="text.secondary" sx={{ flex: 1 }}>
          {translate('pools.rows.count', { shown: leads.data.length, total: found.data?.total ?? 0 })}
        </Typography>
        {more > 0 && (
          <Button onClick={() => setShown(shown + PAGE)}>{translate('timeline.more', { smart_count: Math.min(more, PAGE) })}</Button>
        )}
      </Box>
    </>
  );
};

/** The leads behind a number, each one click away. */
export const RowsDialog = ({ rows, onClose }: { rows: Rows | null; onClose: () => void }) => {
  const translate = useTranslate();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  return (
    <Dialog open={rows !== null} onClose={onClose} fullWidth maxWidth="md" fullScreen={isSmall}>
      <DialogTitle>{rows?.title}</DialogTitle>
      <DialogContent sx={{ minHeight: 200 }}>{rows && <List rows={rows} />}</DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
