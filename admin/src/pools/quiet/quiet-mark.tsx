import QuietIcon from '@mui/icons-material/DoNotDisturbOnOutlined';
import { Box, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { memo } from 'react';
import { useTicking } from '../../common/product-clock';
import { useTime } from '../../common/time';

/** True while nobody may contact the person. */
export const useIsQuiet = (until: string | null | undefined): boolean =>
  useTicking((now) => (until && Date.parse(until) > now ? 'yes' : '')) === 'yes';

/** A sign on leads that are to be left alone until a date; nothing on the others. `words` says it beside the sign. */
export const QuietMark = memo(({ until, words }: { until: string | null | undefined; words?: boolean }) => {
  const translate = useTranslate();
  const time = useTime();
  const isQuiet = useIsQuiet(until);
  if (!isQuiet) return null;
  const text = translate('pools.quiet.until', { at: time.date(until) });
  return (
    <Tooltip title={text}>
      <Box
        component="span"
        role="img"
        aria-label={text}
        sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, color: 'error.main', fontSize: 12, verticalAlign: '-3px', ml: 0.5 }}
      >
        <QuietIcon sx={{ fontSize: 16 }} />
        {words && text}
      </Box>
    </Tooltip>
  );
});
QuietMark.displayName = 'QuietMark';
