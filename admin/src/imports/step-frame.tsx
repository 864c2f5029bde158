import { Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import type { ImportRecord } from './types';

export interface StepProps {
  record: ImportRecord;
  /** Tells the page that the record changed, with the new one where it is known. */
  changed: (next?: ImportRecord) => void;
  back: () => void;
  next: () => void;
}

/** A step with its buttons at the foot, which stay in sight. */
export const StepFrame = (props: {
  hint?: string;
  error?: string | null;
  children: ReactNode;
  back?: () => void;
  next?: { label: string; run: () => void; disabled?: boolean };
  extra?: ReactNode;
}) => {
  const translate = useTranslate();
  return (
    <Box>
      {props.hint && (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1.5, maxWidth: 760 }}>
          {props.hint}
        </Typography>
      )}
      {props.children}
      {props.error && (
        <Typography role="alert" variant="body2" color="error" sx={{ mt: 1.5 }}>
          {props.error}
        </Typography>
      )}
      <Box sx={{ position: 'sticky', bottom: 0, display: 'flex', gap: 1, py: 1.5, mt: 1, bgcolor: 'background.default', zIndex: 2 }}>
        {props.back && (
          <Button color="inherit" onClick={props.back}>
            {translate('imports.back')}
          </Button>
        )}
        {props.extra}
        <Box sx={{ flex: 1 }} />
        {props.next && (
          <Button variant="contained" onClick={props.next.run} disabled={props.next.disabled}>
            {props.next.label}
          </Button>
        )}
      </Box>
    </Box>
  );
};
