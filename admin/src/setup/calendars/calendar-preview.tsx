import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface Effect {
  readonly moved: number;
  readonly breached: number;
  readonly unbreached: number;
}
interface CalendarPreviewBody {
  clocks?: {
    clocks: number;
    replan: Effect;
    recompute: Effect;
    sample: { lead: number; label: LocalisedText; before: string | null; after: string | null }[];
  };
}

/** What a new revision would move: for each option how many deadlines, how many become late, how many are no longer late. */
export const CalendarPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const { clocks }: CalendarPreviewBody = preview;
  if (!clocks) return null;
  const effect = (mode: 'replan' | 'recompute') => (
    <Box key={mode}>
      <Typography variant="subtitle2">{translate(`setup.calendar.modes.${mode}`)}</Typography>
      <Facts
        facts={[
          { label: translate('setup.calendar.moved'), value: clocks[mode].moved },
          { label: translate('setup.calendar.becomeLate'), value: clocks[mode].breached },
          { label: translate('setup.calendar.noLongerLate'), value: clocks[mode].unbreached },
        ]}
      />
    </Box>
  );
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="body2">{translate('setup.calendar.openClocks', { count: clocks.clocks })}</Typography>
      {clocks.clocks > 0 && (['replan', 'recompute'] as const).map(effect)}
      {clocks.sample.slice(0, 5).map((one, index) => (
        <Typography key={index} variant="caption" color="text.secondary" component="div">
          {`#${one.lead} ${text(one.label)}: ${time.dateTime(one.before)} → ${time.dateTime(one.after)}`}
        </Typography>
      ))}
    </Box>
  );
};
