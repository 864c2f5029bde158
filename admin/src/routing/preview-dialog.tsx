import type { BatchPreview } from '@leadsea/lead-routing/contracts/batch-preview';
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
  TableRow,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { postJson } from '../api/http-client';
import { ErrorState } from '../common/error-state';
import { RowsSkeleton } from '../common/page';
import { ShareBar } from './share-bar';
import { showCount } from '../i18n/counts';

const MOST_PEOPLE = 20;

const gradesText = (grades: Readonly<Record<string, number>>): string =>
  Object.entries(grades)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([grade, count]) => `${grade} ${count}`)
    .join(' · ');

const Outcome = ({ data }: { data: BatchPreview }) => {
  const translate = useTranslate();
  const words = (key: string, count: number): string => translate(`routing.preview.${key}`, { smart_count: count });
  const most = Math.max(1, ...data.people.map(({ leads }) => leads));
  const rest = [
    ...data.pools.map(({ name, leads }) => `${name}: ${leads}`),
    ...(data.held > 0 ? [words('held', data.held)] : []),
    ...(data.nobody > 0 ? [words('nobody', data.nobody)] : []),
  ];
  return (
    <>
      <Typography variant="body2" color="text.secondary">
        {data.total > data.leads
          ? translate('routing.preview.first', { leads: data.leads, total: data.total })
          : words('leads', data.leads)}
      </Typography>
      {data.people.length > 0 && (
        <Table size="small" sx={{ '& td': { px: 0.5 } }}>
          <TableBody>
            {data.people.slice(0, MOST_PEOPLE).map((person) => (
              <TableRow key={person.member}>
                <TableCell sx={{ width: '30%' }}>{person.name}</TableCell>
                <TableCell sx={{ width: '30%' }}>
                  <ShareBar entitled={0} received={person.leads} most={most} />
                </TableCell>
                <TableCell align="right" sx={{ fontWeight: 600 }}>
                  {showCount(person.leads)}
                </TableCell>
                <TableCell sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>{gradesText(person.grades)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {data.people.length > MOST_PEOPLE && <Typography variant="caption">{words('more', data.people.length - MOST_PEOPLE)}</Typography>}
      {rest.map((line) => (
        <Typography key={line} variant="body2">
          {line}
        </Typography>
      ))}
    </>
  );
};

/** who would get how many of a batch and of which grade, before it is done. */
export const PreviewDialog = ({ asked, close, confirm }: { asked: object; close: () => void; confirm: () => void }) => {
  const translate = useTranslate();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['routing-preview', asked],
    queryFn: () => postJson<BatchPreview>('/routing/preview', asked),
    gcTime: 0,
  });
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{translate('routing.preview.title')}</DialogTitle>
      <DialogContent>
        <Box sx={{ display: 'grid', gap: 1, minHeight: 160, alignContent: 'start' }}>
          {isPending && <RowsSkeleton rows={4} />}
          {error && <ErrorState dense error={error} retry={() => void refetch()} />}
          {data && <Outcome data={data} />}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{translate('ra.action.cancel')}</Button>
        <Button
          variant="contained"
          disabled={isPending}
          onClick={() => {
            close();
            confirm();
          }}
        >
          {translate('routing.preview.confirm')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
