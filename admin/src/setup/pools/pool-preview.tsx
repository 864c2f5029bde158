import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';
import type { PreviewProps } from '../policy/types';
import type { Preflight } from '../../pools/duty-api';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { PreflightView } from './preflight/preflight-view';

interface PoolPreviewBody {
  available?: number;
  held?: number;
  people?: number;
  rules?: { key: string; label: LocalisedText; leads: number }[];
  preflight?: Preflight;
}

/** How many leads and people a pool concerns, and how many held leads each recycle rule is about. */
export const PoolPreview = ({ preview, id, stamp }: PreviewProps) => {
  const translate = useTranslate();
  const text = useText();
  const body: PoolPreviewBody = preview;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {body.preflight && id !== undefined && <PreflightView brief pool={id} preflight={body.preflight} stamp={stamp ?? null} />}
      <Facts
        facts={[
          { label: translate('setup.pool.preview.available'), value: body.available ?? 0 },
          { label: translate('setup.pool.preview.held'), value: body.held ?? 0 },
          { label: translate('setup.pool.preview.people'), value: body.people ?? 0 },
          ...(body.rules ?? []).map((rule) => ({
            label: translate('setup.pool.preview.rule', { name: text(rule.label) || rule.key }),
            value: rule.leads,
          })),
        ]}
      />
    </Box>
  );
};
