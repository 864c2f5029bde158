import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import { Box, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { viewAs } from '../api/view-as';

/** Says that one looks through the eyes of another, and ends it. */
export const ViewAsBar = () => {
  const translate = useTranslate();
  const view = viewAs.get();
  if (!view) return null;
  return (
    <Box
      role="status"
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1.5,
        px: { xs: 2, md: 3 },
        minHeight: 40,
        flex: 'none',
        bgcolor: 'warning.main',
        color: 'warning.contrastText',
        fontSize: 13,
        fontWeight: 600,
      }}
    >
      <EyeIcon sx={{ fontSize: 18 }} />
      <Box sx={{ flex: 1, minWidth: 0, py: 0.5 }}>{translate('setup.access.looking', { name: view.name })}</Box>
      <Button
        variant="outlined"
        size="small"
        onClick={viewAs.end}
        sx={{ flex: 'none', color: 'inherit', borderColor: 'currentColor', bgcolor: 'transparent' }}
      >
        {translate('setup.access.end')}
      </Button>
    </Box>
  );
};
