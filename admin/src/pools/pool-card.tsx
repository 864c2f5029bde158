import PauseIcon from '@mui/icons-material/PauseCircleOutline';
import { Box, ButtonBase, Tooltip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useRef } from 'react';
import type { PoolCard } from '../api/types';
import { ToneChip } from '../common/badges';
import { When } from '../common/countdown';
import { LimitBar } from './limit-bar';
import { Stat } from './parts';

/** What kind of pool it is, where that is more than “claim what you like”. */
export const KindChip = ({ kind }: { kind: string }) => {
  const translate = useTranslate();
  return kind === 'claimable' ? null : <ToneChip text={translate(`pools.kind.${kind}`, { _: kind })} tone="info" />;
};

export const PausedMark = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  return pool.recyclingPaused ? (
    <Tooltip title={translate('pools.paused')}>
      <PauseIcon fontSize="small" color="warning" aria-label={translate('pools.paused')} />
    </Tooltip>
  ) : null;
};

/** A pool at a glance: what is in it, what of it is mine, what I may still take. */
export const PoolBoardCard = ({ pool, selected, onSelect }: { pool: PoolCard; selected: boolean; onSelect: () => void }) => {
  const translate = useTranslate();
  const card = useRef<HTMLButtonElement>(null);
  // The one that is open is seen, also where the cards lie side by side.
  useEffect(() => {
    if (selected) card.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
  return (
    <ButtonBase
      ref={card}
      onClick={onSelect}
      aria-pressed={selected}
      sx={{
        display: 'flex',
        flexDirection: 'column',
        alignItems: 'stretch',
        justifyContent: 'flex-start',
        textAlign: 'left',
        p: 2,
        borderRadius: 1,
        border: 1,
        borderColor: selected ? 'primary.main' : 'divider',
        boxShadow: (theme) => (selected ? `inset 0 0 0 1px ${theme.palette.primary.main}` : 'none'),
        bgcolor: 'background.paper',
        color: 'text.primary',
        '&:hover': { borderColor: 'primary.main' },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 24 }}>
        <Typography variant="subtitle1" noWrap sx={{ flex: 1 }}>
          {pool.name}
        </Typography>
        <PausedMark pool={pool} />
        <KindChip kind={pool.kind} />
      </Box>
      <Typography variant="caption" color="text.secondary" noWrap component="div" sx={{ minHeight: 16 }}>
        {pool.oldest ? (
          <>
            {translate('pools.oldest')} <When at={pool.oldest} />
          </>
        ) : (
          translate('pools.noLeads')
        )}
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 3, mt: 1 }}>
        <Stat size="large" value={pool.available} label={translate(pool.kind === 'claimable' ? 'pools.available' : 'pools.waiting')} />
        <Stat size="small" value={pool.hot} label={translate('label.hot')} />
        <Stat size="small" value={pool.mine} label={translate('pools.mine')} />
      </Box>
      <Box sx={{ display: 'grid', gap: 1, mt: 1.5 }}>
        {pool.limits.map((limit, index) => (
          <LimitBar key={`${limit.key}-${index}`} limit={limit} />
        ))}
      </Box>
    </ButtonBase>
  );
};
