import NextIcon from '@mui/icons-material/ChevronRight';
import PrevIcon from '@mui/icons-material/ChevronLeft';
import { Box, IconButton, LinearProgress, Typography } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useLocaleCode } from './text';
import { showTotal } from './values';

/** Foot of a list: which rows of how many, and the pages around. Always the same height. */
export const Pager = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { page, perPage, total, setPage, hasNextPage, hasPreviousPage, isFetching } = useListContext();
  const begin = (page - 1) * perPage + 1;
  return (
    <Box
      sx={{
        position: 'relative',
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        justifyContent: 'flex-end',
        gap: 1,
        height: 44,
        px: { xs: 2, md: 3 },
        bgcolor: 'background.paper',
      }}
    >
      {isFetching && <LinearProgress sx={{ position: 'absolute', top: -2, left: 0, right: 0, height: 2 }} />}
      {total !== undefined && total > 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('ra.navigation.page_range_info', {
            offsetBegin: begin,
            offsetEnd: Math.min(page * perPage, total),
            total: showTotal(total, locale),
          })}
        </Typography>
      )}
      <IconButton disabled={!hasPreviousPage} onClick={() => setPage(page - 1)} aria-label={translate('ra.navigation.previous')}>
        <PrevIcon fontSize="small" />
      </IconButton>
      <IconButton disabled={!hasNextPage} onClick={() => setPage(page + 1)} aria-label={translate('ra.navigation.next')}>
        <NextIcon fontSize="small" />
      </IconButton>
    </Box>
  );
};
