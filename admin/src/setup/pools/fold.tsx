import ExpandIcon from '@mui/icons-material/ExpandMore';
import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { useStore, useTranslate } from 'ra-core';
import { useEffect, type ReactNode } from 'react';
import { useIssuesBelow } from '../kit/form-context';
import { useOpenFor } from '../kit/target';

interface FoldProps {
  /** Place of the section in the stored preference and in links. */
  name: string;
  icon: ReactNode;
  title: string;
  help?: string;
  /** What is decided here, in one plain sentence; stands in the closed section. */
  summary: ReactNode;
  /** Paths of the body whose complaints concern this section. */
  paths: readonly string[];
  children: ReactNode;
}

const useWrong = (paths: readonly string[]): boolean => {
  const { length } = [...new Set(paths.flatMap(useIssuesBelow))];
  return length > 0;
};

/** A section that says in a sentence what it decides, and opens to be changed. What the server complains about opens by itself. */
export const Fold = ({ name, icon, title, help, summary, paths, children }: FoldProps) => {
  const translate = useTranslate();
  const [open, setOpen] = useStore<boolean>(`ui.poolSection.${name}`, name === 'basics' || name === 'members');
  const wrong = useWrong(paths);
  useOpenFor(paths, () => setOpen(true));
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong, setOpen]);
  return (
    <Box
      component="section"
      data-place={paths[0]}
      id={`section-${name}`}
      aria-label={title}
      sx={{
        bgcolor: 'background.paper',
        border: 1,
        borderColor: wrong ? 'error.main' : 'divider',
        borderRadius: 1,
        mb: 1.5,
        scrollMarginTop: 72,
      }}
    >
      <ButtonBase
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-label={title}
        sx={{
          width: '100%',
          display: 'flex',
          alignItems: 'flex-start',
          gap: 1.5,
          p: { xs: 1.5, sm: 2 },
          textAlign: 'left',
          borderRadius: 1,
        }}
      >
        <Box sx={{ display: 'grid', placeItems: 'center', color: 'primary.main', '& svg': { fontSize: 20 } }}>{icon}</Box>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="subtitle1" component="h2" color="text.primary">
            {title}
          </Typography>
          <Typography variant="body2" color="text.secondary" component="div" sx={{ overflowWrap: 'anywhere' }}>
            {open ? help : summary || translate('setup.pool.nothingSet')}
          </Typography>
        </Box>
        <ExpandIcon fontSize="small" sx={{ color: 'text.secondary', transform: open ? 'rotate(180deg)' : 'none' }} />
      </ButtonBase>
      <Collapse in={open} unmountOnExit>
        <Box sx={{ display: 'grid', gap: 2, px: { xs: 1.5, sm: 2 }, pb: 2, '& > *': { minWidth: 0 } }}>{children}</Box>
      </Collapse>
    </Box>
  );
};
