import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRefusalText } from '../api/errors';
import type { BulkResult } from '../api/types';
import { couldBeClaimed } from '../pools/together';
import type { VerbOutcome } from './use-lead-verbs';

/** What a bulk verb refused, grouped by reason, in words; nothing when all went well. Of leads asked for together the others may be claimed alone. */
export const RefusalsDialog = (props: {
  outcome: VerbOutcome | null;
  nameOf: (id: number) => string;
  onClose: () => void;
  claimRest?: (ids: number[]) => void;
}) => {
  const translate = useTranslate();
  const text = useRefusalText();
  const refused = props.outcome?.refused ?? [];
  const rest = couldBeClaimed(refused);
  const title =
    rest.length > 0
      ? translate('pools.together.none', { smart_count: refused.length - rest.length, asked: refused.length })
      : translate('bulk.refused', { smart_count: refused.length, done: props.outcome?.done.length ?? 0 });
  const groups = new Map<string, BulkResult[]>();
  for (const result of refused) groups.set(text(result), [...(groups.get(text(result)) ?? []), result]);
  return (
    <Dialog open={refused.length > 0} onClose={props.onClose} maxWidth="sm" fullWidth>
      <DialogTitle>{title}</DialogTitle>
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
        {rest.length > 0 && props.claimRest && (
          <Button variant="outlined" onClick={() => props.claimRest?.(rest)}>
            {translate('pools.together.rest', { smart_count: rest.length })}
          </Button>
        )}
        <Button variant="contained" onClick={props.onClose}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
