import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useCopyOfLead } from './api';

/** What the holder of a lead is told when it looks like one of a pool, and what was decided. */
export const CopyNote = ({ lead, shown }: { lead: number; shown: boolean }) => {
  const translate = useTranslate();
  const [copy] = useCopyOfLead(lead, shown).data ?? [];
  if (!copy) return null;
  return (
    <Box role="note" sx={{ display: 'flex', gap: 1, color: copy.state === 'dismissed' ? 'text.secondary' : 'warning.main' }}>
      <CopyIcon fontSize="small" />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2">{translate(`pools.copies.mine.${copy.state}`, { pool: copy.poolName ?? '–' })}</Typography>
        <Typography variant="caption" color="text.secondary" component="div" sx={{ overflowWrap: 'anywhere' }}>
          {copy.reason ?? copy.grounds.map((ground) => translate(`pools.copies.ground.${ground}`)).join(' · ')}
        </Typography>
      </Box>
    </Box>
  );
};
