import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** What a page says when it has nothing to show: what this is, and what to do next. */
export const EmptyState = (props: { icon?: ReactNode; title: string; hint?: string; action?: ReactNode; dense?: boolean }) => (
  <Box
    sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 1, py: props.dense ? 3 : 9, px: 2, color: 'text.secondary' }}
  >
    {props.icon && (
      <Box
        sx={{
          display: 'grid',
          placeItems: 'center',
          width: 48,
          height: 48,
          borderRadius: '50%',
          bgcolor: 'action.selected',
          color: 'primary.main',
        }}
      >
        {props.icon}
      </Box>
    )}
    <Typography variant="subtitle1" color="text.primary">
      {props.title}
    </Typography>
    {props.hint && (
      <Typography variant="body2" sx={{ maxWidth: 420 }}>
        {props.hint}
      </Typography>
    )}
    {props.action && <Box sx={{ mt: 1 }}>{props.action}</Box>}
  </Box>
);
