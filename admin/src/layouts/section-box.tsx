import ExpandIcon from '@mui/icons-material/ExpandMore';
import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { useId, useState, type ReactNode } from 'react';

/** At most so many beside each other, fewer where there is no room for them. */
const COLUMNS = {
  1: '1fr',
  2: 'repeat(auto-fill, minmax(max(min(100%, 136px), calc(50% - 12px)), 1fr))',
  3: 'repeat(auto-fill, minmax(max(min(100%, 110px), calc(33.3% - 12px)), 1fr))',
} as const;

/** A titled part of a record's form; one that is closed until somebody opens it has a button for a heading. */
export const SectionBox = (props: { title: string; columns: 1 | 2 | 3; collapsed: boolean; dense?: boolean; children: ReactNode }) => {
  const [open, setOpen] = useState(!props.collapsed);
  const id = useId();
  const grid = (
    <Box
      id={id}
      // What is missing in a closed part must be seen, or saving would stop without a word.
      onInvalidCapture={() => setOpen(true)}
      // What is typed into needs more room than what is read.
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: props.dense ? COLUMNS[props.columns] : '1fr', sm: COLUMNS[props.columns] },
        columnGap: 2,
        ...(props.dense ? {} : { rowGap: 1.5, pt: 0.5 }),
      }}
    >
      {props.children}
    </Box>
  );
  const title = (
    <Typography variant="subtitle2" component="h3">
      {props.title}
    </Typography>
  );
  if (!props.collapsed)
    return (
      <Box sx={{ mt: 1.5 }}>
        <Box sx={{ mb: 0.5 }}>{title}</Box>
        {grid}
      </Box>
    );
  return (
    <Box sx={{ mt: 1.5 }}>
      <ButtonBase
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-controls={id}
        sx={{ width: '100%', justifyContent: 'space-between', minHeight: 32, borderRadius: 1 }}
      >
        {title}
        <ExpandIcon fontSize="small" sx={{ transform: open ? 'rotate(180deg)' : undefined, color: 'text.secondary' }} />
      </ButtonBase>
      <Collapse in={open} unmountOnExit={false}>
        {grid}
      </Collapse>
    </Box>
  );
};
