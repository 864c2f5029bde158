import CloseIcon from '@mui/icons-material/Close';
import { Box, Dialog, DialogContent, DialogTitle, IconButton, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import type { Lead } from '../api/types';
import { LogForm } from './log-form';

/** The log form over the page, for lists; full screen on a phone. */
export const LogDialog = (props: { lead: Lead | null; kind: string; onClose: () => void }) => {
  const translate = useTranslate();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  return (
    <Dialog open={props.lead !== null} onClose={props.onClose} fullWidth maxWidth="sm" fullScreen={isSmall}>
      <DialogTitle sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Box component="span" sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
          {translate('log.titleFor', { name: props.lead?.name || `#${props.lead?.id ?? ''}` })}
        </Box>
        <IconButton onClick={props.onClose} aria-label={translate('ra.action.close')}>
          <CloseIcon fontSize="small" />
        </IconButton>
      </DialogTitle>
      <DialogContent sx={{ pt: '8px !important' }}>
        {props.lead && <LogForm leadId={props.lead.id} initialKind={props.kind} autoFocus onDone={props.onClose} />}
      </DialogContent>
    </Dialog>
  );
};
