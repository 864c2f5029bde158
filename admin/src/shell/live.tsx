import { Box, Tooltip } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { followLive, type LiveState } from '../api/live';

const LiveContext = createContext<LiveState>('connecting');

/** Keeps the pages fresh while it is mounted: what another person changes shows without a reload. */
export const LiveProvider = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const abort = new AbortController();
    void followLive(client, setState, abort.signal);
    return () => abort.abort();
  }, [client]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
};

const COLOUR = { connecting: 'text.disabled', online: 'success.main', offline: 'warning.main' } as const;

/** A small light: green while changes arrive by themselves. */
export const LiveDot = () => {
  const translate = useTranslate();
  const state = useContext(LiveContext);
  return (
    <Tooltip title={translate(`live.${state}`)}>
      <Box role="status" aria-label={translate(`live.${state}`)} sx={{ display: 'grid', placeItems: 'center', width: 24, height: 24 }}>
        <Box sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: COLOUR[state] }} />
      </Box>
    </Tooltip>
  );
};

/** Says plainly that what is shown may be old. Appears after three seconds, so that a short gap does not flicker. */
export const OfflineNotice = () => {
  const translate = useTranslate();
  const state = useContext(LiveContext);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (state !== 'offline') {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), 3000);
    return () => clearTimeout(timer);
  }, [state]);
  if (!shown) return null;
  return (
    <Box
      role="alert"
      sx={{
        position: 'fixed',
        zIndex: 'snackbar',
        top: 8,
        left: '50%',
        transform: 'translateX(-50%)',
        px: 2,
        py: 0.75,
        borderRadius: 1,
        fontSize: 13,
        bgcolor: 'warning.main',
        color: 'warning.contrastText',
        boxShadow: 4,
      }}
    >
      {translate('live.notice')}
    </Box>
  );
};
