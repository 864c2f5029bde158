import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRefusalText } from '../api/errors';
import type { BulkResult } from '../api/types';
import type { VerbOutcome } from './use-lead-verbs';

/** What a bulk verb refused, grouped by reason, in words; nothing when all went well. */
export const RefusalsDialog = (props: { outcome: VerbOutcome | null; nameOf: (id: number) => string; onClose: () => void }) => {
  const translate = useTranslate();
  const text = useRefusalText();
  const refused = props.outcome?.refused ?? [];
  const groups = new Map<string, BulkResult[]>();
  for (const result of refused) groups.set(text(result), [...(groups.get(text(result)) ?? []), result]);
  return (
    <Dialog open={refused.length > 0} onClose={props.onClose} maxWidth="sm" fullWidth>
      <DialogTitle>{translate('bulk.refused', { smart_count: refused.length, done: props.outcome?.done.length ?? 0 })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {[...groups].map(([reason, results]) => (
          <Box key={reason}>
            <Typography variant="body2" sx={{ fontWeight: 600 }}>
              {reason}
            </Typography>
            <Typography variant="caption" color="text.secondary">
              {results.map((result) => props.nameOf(result.id)).join(' · ')}
            </Typography>
          </Box>
        ))}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={props.onClose}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
