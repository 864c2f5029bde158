import QuietIcon from '@mui/icons-material/DoNotDisturbOnOutlined';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { Lead } from '../../api/types';
import { useTime } from '../../common/time';
import { useMemory } from './memory';

/** Until when the person is left alone, who said so and why. */
export const QuietReason = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const time = useTime();
  const quiet = useMemory(lead.id).data?.quiet;
  return (
    <Box role="note" sx={{ display: 'flex', gap: 1, color: 'error.main' }}>
      <QuietIcon fontSize="small" />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {translate('pools.quiet.until', { at: time.dateTime(lead.doNotContactUntil) })}
        </Typography>
        {quiet?.reason && (
          <Typography variant="caption" color="text.secondary" component="div" sx={{ overflowWrap: 'anywhere' }}>
            {quiet.name}: {quiet.reason}
          </Typography>
        )}
      </Box>
    </Box>
  );
};
