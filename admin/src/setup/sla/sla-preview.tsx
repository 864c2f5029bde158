import { useTranslate } from 'ra-core';
import { Box, Typography } from '@mui/material';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface SlaPreviewBody {
  metrics?: { key: string; label: LocalisedText; leads: number; openClocks: number }[];
}

/** Per deadline: how many leads it would run for now, and how many clocks are open. */
export const SlaPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const body: SlaPreviewBody = preview;
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {body.metrics?.map((metric) => (
        <Box key={metric.key}>
          <Typography variant="subtitle2">{text(metric.label)}</Typography>
          <Facts
            facts={[
              { label: translate('setup.sla.preview.leads'), value: metric.leads },
              { label: translate('setup.sla.preview.open'), value: metric.openClocks },
            ]}
          />
        </Box>
      ))}
    </Box>
  );
};
