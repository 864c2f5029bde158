import { Box, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { PoolLimit } from '../api/types';
import { useText } from '../common/text';
import { useTime } from '../common/time';
import { ShareBar } from './parts';

/** One of my limits: how much is left, and when it is full again. */
export const LimitBar = ({ limit }: { limit: PoolLimit }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const left = Math.max(0, limit.limit - limit.used);
  const share = limit.limit > 0 ? limit.used / limit.limit : 1;
  const low = left === 0;
  const hints = [
    limit.carried && translate('pools.carried', { smart_count: limit.carried }),
    limit.resetsAt && translate('pools.resets', { at: time.weekdayTime(limit.resetsAt) }),
  ];
  return (
    <Tooltip title={hints.filter(Boolean).join(' ')}>
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, fontSize: 12, color: 'text.secondary', mb: 0.5 }}>
          <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {text(limit.label) || limit.key}
          </Box>
          <Box component="span" sx={{ color: low ? 'warning.main' : undefined, fontWeight: low ? 650 : 400, whiteSpace: 'nowrap' }}>
            {low && limit.resetsAt
              ? translate('pools.resets', { at: time.weekdayTime(limit.resetsAt) })
              : translate(low ? 'pools.nothingLeft' : 'pools.left', { left, limit: limit.limit })}
          </Box>
        </Box>
        <ShareBar share={share} tone={low ? 'warning' : 'plain'} />
      </Box>
    </Tooltip>
  );
};
