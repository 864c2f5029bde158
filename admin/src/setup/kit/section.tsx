import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** A titled part of a form with one sentence that says what it decides. */
export const Section = (props: {
  title: string;
  help?: string;
  /** The part of the body it is about, where its fields do not name it themselves. */
  at?: string;
  children: ReactNode;
}) => (
  <Box
    component="section"
    data-place={props.at}
    sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, p: { xs: 1.5, sm: 2 }, mb: 2 }}
  >
    <Typography variant="subtitle1" component="h2">
      {props.title}
    </Typography>
    {props.help && (
      <Typography variant="body2" color="text.secondary">
        {props.help}
      </Typography>
    )}
    <Box sx={{ display: 'grid', gap: 2, mt: 1.5, '& > *': { minWidth: 0 } }}>{props.children}</Box>
  </Box>
);

/** Fields side by side, wrapping on narrow screens. */
export const Row = ({ children }: { children: ReactNode }) => (
  <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>{children}</Box>
);
