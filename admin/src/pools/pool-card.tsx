import { Box, ButtonBase, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { PoolCard, PoolLimit } from '../api/types';
import { When } from '../common/countdown';
import { useLocaleCode, useText } from '../common/text';
import { useTime } from '../common/time';
import { showNumber } from '../common/values';

const Figure = ({ value, label, strong }: { value: string; label: string; strong?: boolean }) => (
  <Box>
    <Box sx={{ fontSize: strong ? 24 : 16, fontWeight: 650, lineHeight: 1.3 }}>{value}</Box>
    <Typography variant="caption" color="text.secondary">
      {label}
    </Typography>
  </Box>
);

const LimitBar = ({ limit }: { limit: PoolLimit }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const left = Math.max(0, limit.limit - limit.used);
  const share = limit.limit > 0 ? Math.min(1, limit.used / limit.limit) : 1;
  return (
    <Box sx={{ mt: 1 }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', fontSize: 12, color: 'text.secondary' }}>
        <span>{text(limit.label) || limit.key}</span>
        <Box component="span" sx={{ color: left === 0 ? 'warning.main' : undefined, fontWeight: left === 0 ? 650 : 400 }}>
          {left === 0 && limit.resetsAt
            ? translate('pools.resets', { at: time.weekdayTime(limit.resetsAt) })
            : translate('pools.left', { left, limit: limit.limit })}
        </Box>
      </Box>
      <Box sx={{ mt: 0.5, height: 4, borderRadius: 2, bgcolor: 'action.selected', overflow: 'hidden' }}>
        <Box sx={{ height: '100%', width: `${share * 100}%`, bgcolor: left === 0 ? 'warning.main' : 'primary.main' }} />
      </Box>
    </Box>
  );
};

export const PoolBoardCard = ({ pool, selected, onSelect }: { pool: PoolCard; selected: boolean; onSelect: () => void }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  return (
    <ButtonBase
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
      }}
    >
      <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'baseline', gap: 1 }}>
        <Typography variant="subtitle1" noWrap>
          {pool.name}
        </Typography>
        {pool.oldest && (
          <Typography variant="caption" color="text.secondary" noWrap>
            {translate('pools.oldest')} <When at={pool.oldest} />
          </Typography>
        )}
      </Box>
      <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 3, mt: 1 }}>
        <Figure strong value={showNumber(pool.available, locale)} label={translate('pools.available')} />
        <Figure value={showNumber(pool.hot, locale)} label={translate('label.hot')} />
        <Figure value={showNumber(pool.mine, locale)} label={translate('pools.mine')} />
      </Box>
      {pool.limits.map((limit) => (
        <LimitBar key={limit.key} limit={limit} />
      ))}
    </ButtonBase>
  );
};
