import { Box } from '@mui/material';

/** Got (filled) against owed (mark), on one scale for the group; no mark where nothing is owed. */
export const ShareBar = ({ entitled, received, most }: { entitled: number; received: number; most: number }) => (
  <Box sx={{ position: 'relative', height: 10, bgcolor: 'action.hover', borderRadius: 0.5 }} aria-hidden="true">
    <Box
      sx={{
        position: 'absolute',
        inset: 0,
        width: `${(received / most) * 100}%`,
        bgcolor: 'primary.main',
        opacity: 0.75,
        borderRadius: 0.5,
      }}
    />
    {entitled > 0 && (
      <Box
        sx={{
          position: 'absolute',
          top: -2,
          bottom: -2,
          left: `calc(${(entitled / most) * 100}% - 1px)`,
          width: 2,
          bgcolor: 'text.primary',
        }}
      />
    )}
  </Box>
);
