import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** A titled box of a page. */
export const Panel = (props: { title: ReactNode; actions?: ReactNode; children: ReactNode; minHeight?: number }) => (
  <Box
    component="section"
    aria-label={typeof props.title === 'string' ? props.title : undefined}
    sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1 }}
  >
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2, py: 0.75, minHeight: 44 }}>
      <Typography variant="subtitle1" component="h2" sx={{ flex: 1 }}>
        {props.title}
      </Typography>
      {props.actions}
    </Box>
    <Box sx={{ px: 2, pb: 2, minHeight: props.minHeight }}>{props.children}</Box>
  </Box>
);
