import { Box, Tooltip } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { memo } from 'react';
import { gradeColours, labelColour } from '../theme/theme';
import { useLookups } from './lookups';

/** Letter × number of a lead, e.g. `A1`; a dash while it has none. */
export const GradeBadge = memo(({ grade, size = 22 }: { grade: string | null | undefined; size?: number }) => {
  const theme = useTheme();
  if (!grade)
    return (
      <Box component="span" sx={{ color: 'text.disabled' }}>
        –
      </Box>
    );
  const [ground, ink] = gradeColours(theme, grade);
  return (
    <span
      style={{
        display: 'inline-grid',
        placeItems: 'center',
        minWidth: size * 1.35,
        height: size,
        padding: '0 4px',
        borderRadius: 5,
        background: ground,
        color: ink,
        fontWeight: 700,
        fontSize: size * 0.56,
      }}
    >
      {grade}
    </span>
  );
});
GradeBadge.displayName = 'GradeBadge';

/** hot · warm · cold as a dot and a word. */
export const LabelMark = memo(({ label }: { label: 'hot' | 'warm' | 'cold' | null | undefined }) => {
  const theme = useTheme();
  const translate = useTranslate();
  if (!label) return null;
  const colour = labelColour(theme, label);
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, color: colour, fontWeight: 600, whiteSpace: 'nowrap' }}>
      <span style={{ width: 7, height: 7, borderRadius: '50%', background: colour }} />
      {translate(`label.${label}`)}
    </span>
  );
});
LabelMark.displayName = 'LabelMark';

export const StageChip = memo(({ stage }: { stage: string | null | undefined }) => {
  const lookups = useLookups();
  if (!stage) return null;
  const colour = lookups.stage(stage)?.color ?? 'currentColor';
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <span style={{ width: 8, height: 8, borderRadius: 2, background: colour, opacity: 0.85 }} />
      {lookups.stageLabel(stage)}
    </span>
  );
});
StageChip.displayName = 'StageChip';

/** A reason as a small tinted chip. */
export const ToneChip = memo(({ text, tone = 'neutral' }: { text: string; tone?: string }) => {
  const theme = useTheme();
  const ink = {
    danger: theme.palette.error.main,
    warning: theme.palette.warning.main,
    success: theme.palette.success.main,
    good: theme.palette.success.main,
    info: theme.palette.info.main,
  }[tone];
  return (
    <Tooltip title={text.length > 40 ? text : ''}>
      <span
        style={{
          display: 'inline-block',
          maxWidth: 280,
          overflow: 'hidden',
          textOverflow: 'ellipsis',
          whiteSpace: 'nowrap',
          padding: '1px 8px',
          borderRadius: 5,
          fontSize: 12,
          fontWeight: 550,
          lineHeight: '20px',
          color: ink ?? theme.palette.text.secondary,
          background: ink ? `color-mix(in srgb, ${ink} 12%, transparent)` : theme.palette.action.hover,
        }}
      >
        {text}
      </span>
    </Tooltip>
  );
});
ToneChip.displayName = 'ToneChip';
