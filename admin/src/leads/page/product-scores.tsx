import type { ProductScore } from '@leadsea/lead-grading/contracts/explanation';
import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { getJson } from '../../api/http-client';
import type { Lead } from '../../api/types';
import { useText } from '../../common/text';
import { showCount } from '../../i18n/counts';

/** Engagement by product, when the lead has touched any. */
export const ProductScores = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const text = useText();
  const { data } = useQuery({
    queryKey: ['product-scores', lead.id, lead.version],
    queryFn: ({ signal }) => getJson<ProductScore[]>(`/leads/${lead.id}/product-scores`, signal),
  });
  if (!data || data.length === 0) return null;
  const most = Math.max(1, ...data.map((one) => one.score));
  return (
    <Box sx={{ mt: 1.5 }}>
      <Typography variant="subtitle2">{translate('score.products')}</Typography>
      {data.map((one) => (
        <Box
          key={one.product}
          sx={{ display: 'grid', gridTemplateColumns: '1fr 80px 32px', gap: 1, alignItems: 'center', fontSize: 13, py: 0.25 }}
        >
          <Box sx={{ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {one.label ? text(one.label) : one.product}
          </Box>
          <Box sx={{ height: 6, borderRadius: 3, bgcolor: 'action.selected', overflow: 'hidden' }}>
            <Box sx={{ height: '100%', width: `${(100 * one.score) / most}%`, bgcolor: 'secondary.main' }} />
          </Box>
          <Box sx={{ textAlign: 'right', fontWeight: 600 }}>{showCount(one.score)}</Box>
        </Box>
      ))}
    </Box>
  );
};
