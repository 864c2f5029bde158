import { Box, type Theme } from '@mui/material';
import type { SystemStyleObject } from '@mui/system';
import type { ReactNode } from 'react';
import { Link, type To } from 'react-router-dom';

interface RecordLinkProps {
  readonly to: To;
  /** Place and size, where the row wants one. */
  readonly sx?: SystemStyleObject<Theme>;
  readonly children: ReactNode;
}

const NAME = { color: 'inherit', fontWeight: 600, textDecoration: 'none', '&:hover': { color: 'primary.main' } } as const;

/** The name of a record in a row, which leads to its page; a press on it is not one on the row. */
export const RecordLink = ({ to, sx, children }: RecordLinkProps) => (
  <Box component={Link} to={to} onClick={(event) => event.stopPropagation()} sx={{ ...NAME, ...sx }}>
    {children}
  </Box>
);
