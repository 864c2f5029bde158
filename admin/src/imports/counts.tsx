import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';

/** Numbers side by side; a bad one is red as soon as it is not zero. */
export const Counts = ({ counts, words }: { counts: readonly { key: string; value: number; bad?: boolean }[]; words: string }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: `repeat(${counts.length === 4 ? 2 : 3}, 1fr)`, sm: `repeat(${counts.length}, minmax(0, 1fr))` },
        gap: 1,
      }}
    >
      {counts.map((count) => (
        <Box key={count.key} sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5 }}>
          <Typography variant="h5" component="div" color={count.bad && count.value > 0 ? 'error' : undefined}>
            {showNumber(count.value, locale)}
          </Typography>
          <Typography variant="body2" color="text.secondary">
            {translate(`${words}.${count.key}`)}
          </Typography>
        </Box>
      ))}
    </Box>
  );
};
