import PauseIcon from '@mui/icons-material/PauseCircleOutline';
import PlayIcon from '@mui/icons-material/PlayCircleOutline';
import { Box, Button, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { When } from '../../common/countdown';
import { Panel } from '../../common/panel';
import { recycling } from '../../pools/duty-api';
import { useBoard } from '../../pools/use-board';

/** Stops the taking back of leads at once, and starts it again with a grace. */
export const KillSwitch = ({ id }: { id: number }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const access = useAccess();
  const client = useQueryClient();
  const pool = useBoard().data?.find((one) => one.id === id);
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (!pool || !(access.can('update', 'pools') || pool.rights?.includes('manage'))) return null;
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      setAsking(false);
      setReason('');
    } catch (cause) {
      setError(refusal(cause));
    } finally {
      await client.invalidateQueries({ queryKey: ['pools-board'] });
      setBusy(false);
    }
  };
  const paused = pool.recyclingPaused;
  return (
    <Panel title={translate('setup.pool.switch.title')}>
      {paused ? (
        <Box sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="body2" color="warning.main">
            {translate('setup.pool.switch.paused')} <When at={paused.at} /> {paused.name}
          </Typography>
          {paused.reason && <Typography variant="body2">{paused.reason}</Typography>}
          <Box>
            <Button variant="contained" startIcon={<PlayIcon />} disabled={busy} onClick={() => void run(() => recycling.resume(id))}>
              {translate('setup.pool.switch.resume')}
            </Button>
          </Box>
        </Box>
      ) : (
        <Box sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="body2" color="text.secondary">
            {translate('setup.pool.switch.hint')}
          </Typography>
          {asking && (
            <TextField
              autoFocus
              label={translate('setup.pool.switch.reason')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 500 } }}
            />
          )}
          <Box sx={{ display: 'flex', gap: 1 }}>
            <Button
              variant={asking ? 'contained' : 'outlined'}
              color="warning"
              startIcon={<PauseIcon />}
              disabled={busy}
              onClick={() => (asking ? void run(() => recycling.pause(id, reason.trim())) : setAsking(true))}
            >
              {translate('setup.pool.switch.pause')}
            </Button>
            {asking && (
              <Button color="inherit" onClick={() => setAsking(false)}>
                {translate('ra.action.cancel')}
              </Button>
            )}
          </Box>
        </Box>
      )}
      {error && (
        <Typography role="alert" variant="body2" color="error" sx={{ mt: 1 }}>
          {error}
        </Typography>
      )}
    </Panel>
  );
};
