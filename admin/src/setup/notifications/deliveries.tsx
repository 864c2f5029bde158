import { Box, Button, MenuItem, Table, TableBody, TableCell, TableHead, TableRow, TextField } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useGetList, useNotify, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import type { Company } from './types';

interface Delivery extends RaRecord {
  id: number;
  channel: string;
  members: number[];
  type: string;
  count: number;
  state: 'held' | 'queued' | 'sent' | 'failed' | 'dropped' | 'merged';
  held: 'quiet' | 'digest' | null;
  dueAt: string;
  attempts: number;
  error: string | null;
  at: string;
}
const STATES = ['held', 'queued', 'sent', 'failed', 'dropped', 'merged'] as const;
const TONES = { held: 'warning', queued: 'info', sent: 'success', failed: 'danger', dropped: 'neutral', merged: 'neutral' } as const;
const SHOWN = 100;

/** What left the product, newest first; a failed message can be sent again. */
export const Deliveries = ({ company }: { company: Company }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const lookups = useLookups();
  const client = useQueryClient();
  const [state, setState] = useState('');
  const { data, error, refetch } = useGetList<Delivery>('deliveries', {
    pagination: { page: 1, perPage: SHOWN },
    sort: { field: 'id', order: 'DESC' },
    filter: state ? { state } : {},
  });
  const retry = async (id: number): Promise<void> => {
    await postJson(`/deliveries/${id}/retry`, {}).catch((cause: unknown) => notify(refusal(cause), { type: 'error' }));
    await client.invalidateQueries({ queryKey: ['deliveries'] });
  };
  const typeName = (type: string): string => text(company.types.find((one) => one.type === type)?.label) || type;
  const channelName = (key: string): string => text(company.channels.find((one) => one.key === key)?.label) || key;
  return (
    <>
      <TextField
        select
        size="small"
        label={translate('setup.notice.delivery.state')}
        value={state}
        onChange={(event) => setState(event.target.value)}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        sx={{ minWidth: 160, mb: 1.5 }}
      >
        <MenuItem value="">{translate('setup.notice.delivery.all')}</MenuItem>
        {STATES.map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.notice.delivery.states.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'auto' }}>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : !data ? (
          <RowsSkeleton rows={8} />
        ) : data.length === 0 ? (
          <EmptyState title={translate('setup.notice.delivery.empty')} />
        ) : (
          <Table size="small">
            <TableHead>
              <TableRow>
                {['at', 'state', 'what', 'to', 'channel', 'problem'].map((column) => (
                  <TableCell key={column}>{translate(`setup.notice.delivery.${column}`)}</TableCell>
                ))}
                <TableCell />
              </TableRow>
            </TableHead>
            <TableBody>
              {data.map((row) => (
                <TableRow key={row.id} hover>
                  <TableCell sx={{ whiteSpace: 'nowrap' }}>
                    <When at={row.at} />
                  </TableCell>
                  <TableCell>
                    <ToneChip tone={TONES[row.state]} text={translate(`setup.notice.delivery.states.${row.state}`)} />
                  </TableCell>
                  <TableCell>
                    {typeName(row.type)}
                    {row.count > 1 && ` · ${translate('setup.notice.delivery.count', { count: row.count })}`}
                  </TableCell>
                  <TableCell>{(row.members ?? []).map((id) => lookups.member(id)).join(', ')}</TableCell>
                  <TableCell>{channelName(row.channel)}</TableCell>
                  <TableCell sx={{ maxWidth: 320, overflowWrap: 'anywhere' }}>
                    {row.state === 'held' && row.held
                      ? translate(`setup.notice.delivery.held.${row.held}`, { until: time.weekdayTime(row.dueAt) })
                      : row.error}
                  </TableCell>
                  <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
                    {row.state === 'failed' && access.can('update', 'deliveries') && (
                      <Button size="small" onClick={() => void retry(row.id)}>
                        {translate('setup.notice.delivery.retry')}
                      </Button>
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Box>
    </>
  );
};
