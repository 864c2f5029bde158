import { Box, ButtonBase, Typography } from '@mui/material';
import type { Notice } from '../api/types';
import { When } from '../common/countdown';
import { useText } from '../common/text';

/** Where a notice leads, below the console's root. */
export const linkOf = (notice: Notice): string | null =>
  (notice.link ?? (notice.subject === 'lead' && notice.subjectId ? `/leads/${notice.subjectId}` : null))?.replace(/^\/console/, '') ?? null;

export const NoticeRow = ({ notice, open }: { notice: Notice; open: (notice: Notice) => void }) => {
  const text = useText();
  return (
    <ButtonBase
      onClick={() => open(notice)}
      sx={{
        display: 'grid',
        gridTemplateColumns: '8px 1fr auto',
        columnGap: 1,
        width: '100%',
        textAlign: 'left',
        px: 2,
        py: 1,
        alignItems: 'baseline',
        borderBottom: 1,
        borderColor: 'divider',
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      <Box sx={{ width: 7, height: 7, borderRadius: '50%', bgcolor: notice.readAt ? 'transparent' : 'secondary.main' }} />
      <Box>
        <Typography variant="body2" sx={{ fontWeight: notice.readAt ? 400 : 600 }}>
          {text(notice.title)}
        </Typography>
        <Typography variant="caption" color="text.secondary" component="div">
          {text(notice.body)}
        </Typography>
      </Box>
      <Typography variant="caption" color="text.secondary">
        <When at={notice.at} />
      </Typography>
    </ButtonBase>
  );
};
