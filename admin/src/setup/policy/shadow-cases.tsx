import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
  useMediaQuery,
} from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import type { ConsoleProvider } from '../../api/data-provider';
import { postJson } from '../../api/http-client';
import type { Lead } from '../../api/types';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import type { ShadowOutcome } from './shadow-panel';

type Side = Readonly<Record<string, unknown>>;
interface Case {
  readonly key: string;
  readonly subjectId: number;
  readonly at: string;
  readonly live: Side;
  readonly silent: Side;
}

const dateOf = (side: Side, key: string): string | null => (typeof side[key] === 'string' ? side[key] : null);
const idOf = (side: Side, key: string): number | null => (typeof side[key] === 'number' ? side[key] : null);

/** What one side did with a record, in a few words: a person, a pool, a date, or how a promise stands. */
const useSideWords = () => {
  const translate = useTranslate();
  const lookups = useLookups();
  const time = useTime();
  return (resource: string, side: Side): string => {
    if (Object.keys(side).length === 0) return translate('setup.shadow.none');
    if (resource === 'pools') {
      const at = dateOf(side, 'at');
      return at ? time.dateTime(at) : translate('setup.shadow.kept');
    }
    if (resource === 'sla-contracts') {
      const due = dateOf(side, 'dueAt');
      const state = dateOf(side, 'breachedAt')
        ? translate('setup.shadow.missed')
        : translate(`clock.${String(side['state'])}`, { _: String(side['state']) });
      return [due ? time.dateTime(due) : '', state].filter(Boolean).join(' · ');
    }
    return lookups.member(idOf(side, 'owner')) || lookups.pool(idOf(side, 'pool')) || translate('setup.shadow.waits');
  };
};

/** The records behind one outcome of a silent run: what was done, and what the draft would have done. */
export const ShadowCases = (props: { resource: string; id: number; outcome: ShadowOutcome; onClose: () => void }) => {
  const { resource, id, outcome, onClose } = props;
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const words = useSideWords();
  const provider = useDataProvider<ConsoleProvider>();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', resource, id, 'shadow', outcome.key],
    queryFn: () => postJson<{ cases: readonly Case[]; limited: boolean }>(`/${resource}/${id}/shadow-cases`, { outcome: outcome.key }),
  });
  const ids = [...new Set((data?.cases ?? []).map(({ subjectId }) => subjectId))];
  const leads = useQuery({
    queryKey: ['leads', 'shadow', ids],
    queryFn: async () => new Map((await provider.getMany<Lead>('leads', { ids })).data.map((lead) => [lead.id, lead])),
    enabled: ids.length > 0,
  });
  const content = () => {
    if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
    if (!data) return <RowsSkeleton rows={6} height={36} />;
    if (data.cases.length === 0) return <EmptyState dense title={translate('pools.rows.none')} />;
    return (
      <Box sx={{ overflowX: 'auto' }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{translate('setup.shadow.lead')}</TableCell>
              {resource === 'sla-contracts' && <TableCell>{translate('setup.shadow.metric')}</TableCell>}
              <TableCell>{translate('setup.shadow.was')}</TableCell>
              <TableCell>{translate('setup.shadow.would')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.cases.map((one) => {
              const lead = leads.data?.get(one.subjectId);
              return (
                <TableRow key={one.key}>
                  <TableCell>
                    <Link to={`/leads/${one.subjectId}`}>{lead?.name || lead?.company || `#${one.subjectId}`}</Link>
                    <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{time.dateTime(one.at)}</Box>
                  </TableCell>
                  {resource === 'sla-contracts' && (
                    <TableCell>{typeof one.silent['metric'] === 'string' ? one.silent['metric'] : ''}</TableCell>
                  )}
                  <TableCell>{words(resource, one.live)}</TableCell>
                  <TableCell>{words(resource, one.silent)}</TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Box>
    );
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="md" fullScreen={isSmall}>
      <DialogTitle>{text(outcome.label)}</DialogTitle>
      <DialogContent sx={{ minHeight: 160 }}>
        {content()}
        {data?.limited && (
          <Typography variant="caption" color="text.secondary">
            {translate('setup.shadow.limited', { count: data.cases.length })}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
