import MoreIcon from '@mui/icons-material/MoreVert';
import { IconButton, Menu, MenuItem, TextField, Tooltip, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../common/date-field';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { LocalisedText, SlaClock } from '../api/types';
import { useLocaleCode, useText } from '../common/text';
import { formatDuration, useTime } from '../common/time';
import { AskDialog } from './ask-dialog';

interface Pauses {
  readonly reasons: readonly { readonly key: string; readonly label: LocalisedText; readonly untilInbound: boolean }[];
  readonly seconds: number | null;
  readonly count: number | null;
  readonly spent: boolean;
}

export interface ActedClock extends SlaClock {
  readonly pauseKind?: 'condition' | 'manual' | null;
}

const useRefresh = (): (() => Promise<unknown>) => {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [['sla-clocks'], ['leads'], ['timeline'], ['clock'], ['sla-disputes']].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
};

const PauseDialog = ({ clock, close }: { clock: ActedClock; close: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const locale = useLocaleCode();
  const refresh = useRefresh();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  const { data } = useQuery({
    queryKey: ['clock', clock.id, 'pauses'],
    queryFn: ({ signal }) => getJson<Pauses>(`/sla-clocks/${clock.id}/pauses`, signal),
    staleTime: 0,
  });
  const chosen = data?.reasons.find((one) => one.key === reason);
  const hint = (): string => {
    if (!data) return ' ';
    if (data.reasons.length === 0) return translate('sla.act.none');
    if (data.spent || data.seconds === 0 || data.count === 0) return translate('sla.act.used');
    if (data.seconds === null && data.count === null) return translate('sla.act.pauseFree');
    return translate('sla.act.pauseHint', {
      count: data.count ?? '∞',
      time: data.seconds === null ? '∞' : formatDuration(data.seconds, locale),
    });
  };
  return (
    <AskDialog
      title={translate('sla.act.pauseTitle')}
      hint={hint()}
      submit={translate('sla.act.pause')}
      ready={reason !== ''}
      close={close}
      run={async () => {
        await postJson(`/sla-clocks/${clock.id}/pause`, {
          reason,
          note: note.trim() || null,
          until: until ? time.fromLocalInput(until) : null,
        });
        await refresh();
      }}
    >
      <TextField
        select
        required
        label={translate('sla.act.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        helperText={chosen?.untilInbound ? translate('sla.act.untilInbound') : ' '}
      >
        {(data?.reasons ?? []).map((one) => (
          <MenuItem key={one.key} value={one.key}>
            {text(one.label)}
          </MenuItem>
        ))}
      </TextField>
      <DateField
        type="datetime-local"
        label={translate('sla.act.until')}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <TextField multiline minRows={2} label={translate('sla.act.note')} value={note} onChange={(event) => setNote(event.target.value)} />
    </AskDialog>
  );
};

const ReasonDialog = ({ clock, verb, close }: { clock: ActedClock; verb: 'waive' | 'dispute'; close: () => void }) => {
  const translate = useTranslate();
  const refresh = useRefresh();
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      title={translate(`sla.act.${verb}Title`)}
      hint={translate(`sla.act.${verb}Hint`)}
      submit={translate(`sla.act.${verb}`)}
      ready={reason.trim() !== ''}
      close={close}
      run={async () => {
        await postJson(`/sla-clocks/${clock.id}/${verb}`, { reason: reason.trim() });
        await refresh();
      }}
    >
      <TextField
        required
        autoFocus
        multiline
        minRows={2}
        label={translate('sla.act.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
    </AskDialog>
  );
};

/** What this member may do with a deadline by hand; nothing is shown where there is nothing. */
export const ClockActions = ({ clock }: { clock: ActedClock }) => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const refresh = useRefresh();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [dialog, setDialog] = useState<'pause' | 'waive' | 'dispute' | null>(null);
  const missed = clock.breachedAt !== null && clock.state !== 'waived';
  const at = async (verb: 'resume' | 'unwaive'): Promise<void> => {
    try {
      await postJson(`/sla-clocks/${clock.id}/${verb}`, {});
      await refresh();
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    }
  };
  const offers = [
    {
      key: 'pause',
      shown: (clock.state === 'running' || clock.state === 'breached_open') && access.can('pause', 'sla-clocks'),
      run: () => setDialog('pause'),
    },
    {
      key: 'resume',
      shown: clock.state === 'paused' && clock.pauseKind === 'manual' && access.can('pause', 'sla-clocks'),
      run: () => void at('resume'),
    },
    { key: 'dispute', shown: missed && access.can('dispute', 'sla-clocks'), run: () => setDialog('dispute') },
    { key: 'waive', shown: missed && access.can('waive', 'sla-clocks'), run: () => setDialog('waive') },
    { key: 'unwaive', shown: clock.state === 'waived' && access.can('waive', 'sla-clocks'), run: () => void at('unwaive') },
  ].filter((offer) => offer.shown);
  if (offers.length === 0) return null;
  return (
    <>
      <Tooltip title={translate('sla.act.more')}>
        <IconButton aria-label={translate('sla.act.more')} aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
          <MoreIcon sx={{ fontSize: 18 }} />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {offers.map((offer) => (
          <MenuItem
            key={offer.key}
            onClick={() => {
              setAnchor(null);
              offer.run();
            }}
          >
            <Typography variant="body2">{translate(`sla.act.${offer.key}`)}</Typography>
          </MenuItem>
        ))}
      </Menu>
      {dialog === 'pause' && <PauseDialog clock={clock} close={() => setDialog(null)} />}
      {(dialog === 'waive' || dialog === 'dispute') && <ReasonDialog clock={clock} verb={dialog} close={() => setDialog(null)} />}
    </>
  );
};
