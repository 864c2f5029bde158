import InboxIcon from '@mui/icons-material/InboxOutlined';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { useMe } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { Panel } from '../../common/panel';
import { useTime } from '../../common/time';
import { RecordLink } from '../../common/record-link';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { PageBody } from '../parts';
import { PoolsHeader } from '../tabs';
import { decide, useRequests, withdraw, type ProtectionRequest } from './requests';

const TONE = { pending: 'warning', approved: 'good', refused: 'danger', withdrawn: 'neutral', lapsed: 'neutral' } as const;

const DecideDialog = (props: { request: ProtectionRequest; approve: boolean; close: () => void; done: () => Promise<void> }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const notify = useNotify();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const { request, approve } = props;
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const { state } = await decide(request.id, approve, note.trim());
      notify(translate(`pools.requests.state.${state}`), { type: 'success' });
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    } finally {
      await props.done();
      setBusy(false);
      props.close();
    }
  };
  return (
    <Dialog open onClose={props.close} fullWidth maxWidth="xs">
      <DialogTitle>{translate(approve ? 'pools.requests.approve' : 'pools.requests.refuse')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
        <Typography variant="body2">
          {request.memberName}: {request.reason}
        </Typography>
        <TextField
          autoFocus
          multiline
          minRows={2}
          label={translate('verbs.note')}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={props.close}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" color={approve ? 'primary' : 'error'} disabled={busy} onClick={() => void run()}>
          {translate(approve ? 'pools.requests.approve' : 'pools.requests.refuse')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

const Line = ({ request, done }: { request: ProtectionRequest; done: () => Promise<void> }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const time = useTime();
  const notify = useNotify();
  const refusal = useRefusalText();
  const me = useMe().member;
  const [asking, setAsking] = useState<boolean | null>(null);
  const takeBack = async (): Promise<void> => {
    try {
      await withdraw(request.id);
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
    await done();
  };
  return (
    <Box
      role="listitem"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1.5,
        py: 1,
        borderTop: 1,
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0 },
      }}
    >
      <Box sx={{ flex: 1, minWidth: 200 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, fontSize: 14 }}>
          <RecordLink to={`/leads/${request.lead}`}>{request.leadName || `#${request.lead}`}</RecordLink>
          <Box sx={{ color: 'text.secondary' }}>{request.leadCompany}</Box>
          <ToneChip text={translate(`pools.requests.state.${request.state}`)} tone={TONE[request.state]} />
        </Box>
        <Typography variant="body2">{request.reason}</Typography>
        <Typography variant="caption" color="text.secondary" component="div">
          {request.memberName ?? lookups.member(request.member)} · {translate(`pools.requests.kind.${request.kind}`)} ·{' '}
          {translate('pools.why.until', { at: time.dateTime(request.until) })} · <When at={request.createdAt} />
          {request.state === 'pending' && request.recycleAt && (
            <>
              {' '}
              · {translate('fields.recycleAt')} <When at={request.recycleAt} late />
            </>
          )}
        </Typography>
        {request.note && (
          <Typography variant="body2" color="text.secondary">
            {lookups.member(request.decidedBy)}: {request.note}
          </Typography>
        )}
      </Box>
      {request.canDecide && (
        <>
          <Button variant="outlined" color="inherit" onClick={() => setAsking(false)} sx={{ minHeight: { xs: 40, md: 32 } }}>
            {translate('pools.requests.refuse')}
          </Button>
          <Button variant="contained" onClick={() => setAsking(true)} sx={{ minHeight: { xs: 40, md: 32 } }}>
            {translate('pools.requests.approve')}
          </Button>
        </>
      )}
      {request.state === 'pending' && !request.canDecide && request.member === me.id && (
        <Button variant="outlined" color="inherit" onClick={() => void takeBack()}>
          {translate('pools.requests.withdraw')}
        </Button>
      )}
      {asking !== null && <DecideDialog request={request} approve={asking} close={() => setAsking(null)} done={done} />}
    </Box>
  );
};

/** Requests to keep leads: those I decide, and my own. */
const RequestsPage = () => {
  const translate = useTranslate();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const { data, error, isPending, refetch } = useRequests();
  const done = async (): Promise<void> => {
    changed();
    await client.invalidateQueries({ queryKey: ['pool-requests'] });
  };
  const waiting = data?.filter((request) => request.state === 'pending') ?? [];
  const decided = data?.filter((request) => request.state !== 'pending') ?? [];
  const list = (requests: readonly ProtectionRequest[]) => (
    <Box role="list">
      {requests.map((request) => (
        <Line key={request.id} request={request} done={done} />
      ))}
    </Box>
  );
  return (
    <>
      <PoolsHeader />
      <PageBody>
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && <RowsSkeleton rows={4} height={64} />}
        {data?.length === 0 && (
          <EmptyState icon={<InboxIcon />} title={translate('pools.requests.empty')} hint={translate('pools.requests.emptyHint')} />
        )}
        {waiting.length > 0 && <Panel title={translate('pools.requests.waiting')}>{list(waiting)}</Panel>}
        {decided.length > 0 && <Panel title={translate('pools.requests.decided')}>{list(decided)}</Panel>}
      </PageBody>
    </>
  );
};

export default RequestsPage;
