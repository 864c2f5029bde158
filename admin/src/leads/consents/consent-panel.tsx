import { CONSENT_CHANNELS, type ConsentBasis, type ConsentChannel } from '@leadsea/leads/contracts/consent';
import { Box, Button, Collapse, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { getJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { Panel } from '../../common/panel';
import { ConsentDialog } from './consent-dialog';

type State = 'granted' | 'withdrawn' | 'unknown';
interface Consents {
  readonly now: Readonly<Record<ConsentChannel, State>>;
  readonly history: readonly {
    readonly id: number;
    readonly channel: ConsentChannel;
    readonly state: State;
    readonly basis: ConsentBasis;
    readonly text: string | null;
    readonly source: string | null;
    readonly note: string | null;
    readonly member: number | null;
    readonly at: string;
  }[];
}

const TONES = { granted: 'success', withdrawn: 'danger', unknown: 'neutral' } as const;

const Proof = ({ history }: Pick<Consents, 'history'>) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const [open, setOpen] = useState(false);
  return (
    <Box sx={{ mt: 0.5 }}>
      <Button size="small" color="inherit" aria-expanded={open} onClick={() => setOpen(!open)} sx={{ ml: -0.5 }}>
        {translate('consent.proof', { smart_count: history.length })}
      </Button>
      <Collapse in={open} unmountOnExit>
        {history.map((one) => (
          <Box key={one.id} sx={{ py: 0.75, borderTop: 1, borderColor: 'divider', fontSize: 12, overflowWrap: 'anywhere' }}>
            <b>
              {translate(`consent.channel.${one.channel}`)}: {translate(`consent.state.${one.state}`)}
            </b>{' '}
            · {translate(`consent.basis.${one.basis}`)} · <When at={one.at} />
            <Box sx={{ color: 'text.secondary' }}>
              {one.source && translate('consent.from', { source: one.source === 'console' ? translate('consent.console') : one.source })}
              {one.member !== null && ` ${translate('consent.by', { name: lookups.member(one.member) })}`}
            </Box>
            {one.text && <Box sx={{ fontStyle: 'italic' }}>“{one.text}”</Box>}
            {one.note && <Box>{one.note}</Box>}
          </Box>
        ))}
      </Collapse>
    </Box>
  );
};

/** What the person allows per channel, and the proof of it. */
export const ConsentPanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const [recording, setRecording] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['consents', lead.id],
    queryFn: ({ signal }) => getJson<Consents>(`/leads/${lead.id}/consents`, signal),
  });
  return (
    <Panel
      title={translate('consent.title')}
      actions={
        lead.quarantine !== 'erased' &&
        access.can('update', 'leads', lead) && <Button onClick={() => setRecording(true)}>{translate('consent.record')}</Button>
      }
      minHeight={108}
    >
      {error && <ErrorState dense error={error} retry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton rows={3} />}
      {data && (
        <>
          {CONSENT_CHANNELS.map((channel) => (
            <Box key={channel} sx={{ display: 'flex', alignItems: 'center', minHeight: 32 }}>
              <Typography variant="body2" sx={{ flex: 1 }}>
                {translate(`consent.channel.${channel}`)}
              </Typography>
              <ToneChip tone={TONES[data.now[channel]]} text={translate(`consent.state.${data.now[channel]}`)} />
            </Box>
          ))}
          {data.history.length > 0 && <Proof history={data.history} />}
        </>
      )}
      {recording && <ConsentDialog lead={lead.id} close={() => setRecording(false)} />}
    </Panel>
  );
};
