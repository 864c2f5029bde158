import CustomerIcon from '@mui/icons-material/VerifiedOutlined';
import FreeIcon from '@mui/icons-material/CheckCircleOutline';
import OwnedIcon from '@mui/icons-material/PersonOutlined';
import PoolIcon from '@mui/icons-material/WavesOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import { Box, Button, Dialog, DialogContent, DialogTitle, TextField, Typography, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { useShortcuts } from '../../common/shortcuts';
import { useTime } from '../../common/time';
import { useLeadVerbs } from '../../leads/use-lead-verbs';
import { lookUp, type LookupAnswer, type LookupStatus } from '../api';
import { TONE_COLOUR, type Tone } from '../parts';
import { lookupOf } from './value';

const OPEN = 'leadsea:lookup';
export const openLookup = (): void => {
  window.dispatchEvent(new Event(OPEN));
};

const LOOK: Readonly<Record<LookupStatus, { tone: Tone; icon: ReactNode }>> = {
  free: { tone: 'good', icon: <FreeIcon /> },
  pool: { tone: 'plain', icon: <PoolIcon /> },
  protected: { tone: 'warning', icon: <ShieldIcon /> },
  owned: { tone: 'warning', icon: <OwnedIcon /> },
  customer: { tone: 'quiet', icon: <CustomerIcon /> },
};

const Answer = ({ answer, close }: { answer: LookupAnswer; close: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const { claim, tellRefusal } = useLeadVerbs();
  const [busy, setBusy] = useState(false);
  const { tone, icon } = LOOK[answer.status];
  const { lead, pool, owner } = answer;
  const take = async (): Promise<void> => {
    if (lead === null || !pool) return;
    setBusy(true);
    const outcome = await claim([{ id: lead, pool: pool.id }]);
    tellRefusal(outcome);
    setBusy(false);
    if (outcome?.done.length) close();
  };
  return (
    <Box
      role="status"
      sx={{ display: 'flex', gap: 1.5, p: 2, border: 1, borderColor: 'divider', borderRadius: 1, alignItems: 'flex-start' }}
    >
      <Box sx={{ color: TONE_COLOUR[tone], display: 'grid', '& svg': { fontSize: 28 } }}>{icon}</Box>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="subtitle1" sx={{ color: TONE_COLOUR[tone] }}>
          {translate(`pools.lookup.status.${answer.status}`, { pool: pool?.name ?? '' })}
        </Typography>
        <Typography variant="body2" color="text.secondary">
          {answer.protectedUntil
            ? translate('pools.lookup.until', { at: time.dateTime(answer.protectedUntil) })
            : translate(`pools.lookup.hint.${answer.status}`)}
          {owner && ` ${translate('pools.lookup.owner', { name: owner.name })}`}
        </Typography>
        <Typography variant="caption" color="text.secondary">
          {translate(`pools.lookup.by.${answer.by}`)}
          {answer.count > 1 && ` · ${translate('pools.lookup.count', { smart_count: answer.count })}`}
        </Typography>
      </Box>
      <Box sx={{ display: 'grid', gap: 0.5 }}>
        {lead !== null && pool?.canClaim && answer.status === 'pool' && (
          <Button variant="contained" disabled={busy} onClick={() => void take()}>
            {translate('pools.lookup.claim')}
          </Button>
        )}
        {lead !== null && (
          <Button component={Link} to={`/leads/${lead}`} onClick={close} color="inherit">
            {translate('shortcuts.open')}
          </Button>
        )}
      </Box>
    </Box>
  );
};

const Form = ({ close }: { close: () => void }) => {
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const [typed, setTyped] = useState('');
  const asked = lookupOf(typed);
  const look = useMutation({ mutationFn: lookUp });
  const { data, error } = look;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (asked && !look.isPending) look.mutate(asked);
        }}
      >
        <Box sx={{ display: 'flex', gap: 1, pt: 1 }}>
          <TextField
            autoFocus
            fullWidth
            label={translate('pools.lookup.what')}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              look.reset();
            }}
            slotProps={{ htmlInput: { autoComplete: 'off', inputMode: 'text' } }}
          />
          <Button type="submit" variant="contained" disabled={!asked || look.isPending}>
            {translate('pools.lookup.go')}
          </Button>
        </Box>
      </form>
      <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 0.75, mb: 2 }}>
        {translate('pools.lookup.privacy')}
      </Typography>
      {Boolean(error) && (
        <Typography role="alert" variant="body2" color="error">
          {refusalText(error)}
        </Typography>
      )}
      <Box sx={{ display: 'grid', gap: 1, minHeight: 96 }}>
        {data && data.answers.length === 0 && (
          <Answer
            answer={{
              by: asked?.phone ? 'phone' : asked?.email ? 'email' : 'company',
              status: data.status,
              lead: null,
              pool: null,
              protectedUntil: null,
              owner: null,
              count: 0,
            }}
            close={close}
          />
        )}
        {data?.answers.map((answer, index) => (
          <Answer key={index} answer={answer} close={close} />
        ))}
      </Box>
      {data && (
        <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1.5 }}>
          {translate('pools.lookup.used', { used: data.used.day, limit: data.limit.day })}
        </Typography>
      )}
    </>
  );
};

/** 查重: is this person or company free, in a pool, somebody's, or a customer? Opened from the bar above or with `d`. */
export const LookupDialog = () => {
  const translate = useTranslate();
  const access = useAccess();
  const [open, setOpen] = useState(false);
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const allowed = access.can('read', 'leads');
  useEffect(() => {
    const show = (): void => setOpen(true);
    window.addEventListener(OPEN, show);
    return () => window.removeEventListener(OPEN, show);
  }, []);
  useShortcuts([{ key: 'd', label: 'pools.lookup.title', run: openLookup }], allowed);
  if (!allowed) return null;
  const close = (): void => setOpen(false);
  return (
    <Dialog open={open} onClose={close} fullWidth maxWidth="sm" fullScreen={isSmall}>
      <DialogTitle>{translate('pools.lookup.title')}</DialogTitle>
      <DialogContent>
        <Form close={close} />
        {isSmall && (
          <Button fullWidth color="inherit" onClick={close} sx={{ mt: 2 }}>
            {translate('ra.action.close')}
          </Button>
        )}
      </DialogContent>
    </Dialog>
  );
};
