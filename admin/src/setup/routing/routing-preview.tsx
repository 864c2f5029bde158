import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';

interface RoutingPreviewBody {
  days?: number;
  total?: number;
  unowned?: number;
  rules?: { key: string; label: LocalisedText; recent: number; unowned: number }[];
}

/** By which rule the leads of the last days would be taken. */
export const RoutingPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const body: RoutingPreviewBody = preview;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2" color="text.secondary">
        {translate('setup.routing.preview.recent', { smart_count: body.days ?? 30 })}
      </Typography>
      <Facts
        facts={[
          ...(body.rules ?? []).map((rule) => ({ label: text(rule.label) || rule.key, value: rule.recent })),
          { label: translate('setup.routing.preview.total'), value: body.total ?? 0 },
          { label: translate('setup.routing.preview.unowned'), value: body.unowned ?? 0 },
        ]}
      />
    </Box>
  );
};
