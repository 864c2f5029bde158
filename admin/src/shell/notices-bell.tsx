import BellIcon from '@mui/icons-material/NotificationsNoneOutlined';
import { Badge, Box, Button, ButtonBase, IconButton, Popover, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import type { Notice } from '../api/types';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { useText } from '../common/text';

const SHOWN = 20;

const linkOf = (notice: Notice): string | null =>
  notice.link ?? (notice.subject === 'lead' && notice.subjectId ? `/leads/${notice.subjectId}` : null);

/** What the product told this person: unread ones counted, a click opens what it is about. */
export const Notices = () => {
  const translate = useTranslate();
  const text = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const provider = useDataProvider<ConsoleProvider>();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { data } = useQuery({
    queryKey: ['notifications', 'bell'],
    queryFn: () => provider.getAll<Notice>('notifications', {}, ['id', 'DESC'], SHOWN),
  });
  const notices = data?.data ?? [];
  const unread = notices.filter((notice) => !notice.readAt);
  const read = async (ids: (number | string)[]): Promise<void> => {
    if (ids.length === 0) return;
    await provider.readNotices(ids.map(Number)).catch(() => undefined);
    await client.invalidateQueries({ queryKey: ['notifications'] });
  };
  const open = (notice: Notice): void => {
    setAnchor(null);
    void read(notice.readAt ? [] : [notice.id]);
    const link = linkOf(notice);
    if (link) navigate(link.replace(/^\/console/, ''));
  };
  return (
    <>
      <IconButton
        aria-label={translate('notices.title')}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: 'text.secondary' }}
      >
        <Badge badgeContent={unread.length} color="secondary" max={SHOWN - 1}>
          <BellIcon fontSize="small" />
        </Badge>
      </IconButton>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        <Box sx={{ width: 360, maxWidth: '92vw' }}>
          <Box sx={{ display: 'flex', alignItems: 'center', px: 2, minHeight: 44, borderBottom: 1, borderColor: 'divider' }}>
            <Typography variant="subtitle1" sx={{ flex: 1 }}>
              {translate('notices.title')}
            </Typography>
            {unread.length > 0 && (
              <Button onClick={() => void read(unread.map((notice) => notice.id))}>{translate('notices.readAll')}</Button>
            )}
          </Box>
          {notices.length === 0 && <EmptyState dense title={translate('notices.none')} />}
          <Box sx={{ maxHeight: 420, overflow: 'auto' }}>
            {notices.map((notice) => (
              <ButtonBase
                key={notice.id}
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
            ))}
          </Box>
        </Box>
      </Popover>
    </>
  );
};
