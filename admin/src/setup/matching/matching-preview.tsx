import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface Tally {
  readonly auto: number;
  readonly suggest: number;
  readonly none: number;
}
interface Preview {
  readonly days?: number;
  readonly leads?: number;
  readonly changed?: number;
  readonly before?: Tally;
  readonly after?: Tally;
}

/** What would have become of the leads of the last days: now, and by the draft. */
export const MatchingPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const { days = 0, leads = 0, changed = 0, before, after } = preview as Preview;
  const line = (key: keyof Tally) => ({
    label: translate(`setup.matching.verdict.${key}`),
    value: before?.[key] === after?.[key] ? (after?.[key] ?? 0) : `${before?.[key] ?? 0} → ${after?.[key] ?? 0}`,
  });
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2">{translate('setup.matching.previewOf', { smart_count: leads, days })}</Typography>
      <Facts facts={[line('auto'), line('suggest'), line('none'), { label: translate('setup.matching.changed'), value: changed }]} />
    </Box>
  );
};
