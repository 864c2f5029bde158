import FlameIcon from '@mui/icons-material/LocalFireDepartment';
import StarIcon from '@mui/icons-material/Star';
import { Box, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { Lead } from '../../api/types';

/** Place of the score among the leads, and of its rise over the last week. */
export const Standing = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const { stars, flames } = lead;
  if (!stars) return null;
  return (
    <Tooltip title={translate('score.standing', { stars, flames: flames ?? 0 })}>
      <Box
        role="img"
        aria-label={translate('score.standing', { stars, flames: flames ?? 0 })}
        sx={{ display: 'inline-flex', alignItems: 'center', '& svg': { fontSize: 14 } }}
      >
        {[1, 2, 3, 4, 5].map((star) => (
          <StarIcon key={star} sx={{ color: star <= stars ? 'warning.main' : 'action.disabled' }} />
        ))}
        {Array.from({ length: flames ?? 0 }, (_, index) => (
          <FlameIcon key={index} sx={{ color: 'error.main' }} />
        ))}
      </Box>
    </Tooltip>
  );
};
