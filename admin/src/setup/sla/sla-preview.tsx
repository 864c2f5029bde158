import { useTranslate } from 'ra-core';
import { Box, Typography } from '@mui/material';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { AgainstLegend, Facts, moves } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface SlaPreviewBody {
  metrics?: { key: string; label: LocalisedText; leads: number; added?: number; removed?: number; openClocks: number }[];
  gone?: { key: string; label: LocalisedText; removed: number; openClocks: number }[];
}

/** Per deadline: how many leads it would run for now, who comes in and falls out against the live version, and how many clocks are open. */
export const SlaPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const body: SlaPreviewBody = preview;
  const metrics = [
    ...(body.metrics ?? []).map((metric) => ({ ...metric, name: text(metric.label) })),
    ...(body.gone ?? []).map((metric) => ({
      ...metric,
      leads: 0,
      added: 0,
      name: translate('setup.kit.gone', { name: text(metric.label) }),
    })),
  ];
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {metrics.map((metric) => (
        <Box key={metric.key}>
          <Typography variant="subtitle2">{metric.name}</Typography>
          <Facts
            legend={false}
            facts={[
              { label: translate('setup.sla.preview.leads'), value: metric.leads, added: metric.added, removed: metric.removed },
              { label: translate('setup.sla.preview.open'), value: metric.openClocks },
            ]}
          />
        </Box>
      ))}
      {metrics.some(moves) && <AgainstLegend />}
    </Box>
  );
};
