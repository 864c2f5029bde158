import BellIcon from '@mui/icons-material/NotificationsNoneOutlined';
import { Badge, Box, Button, IconButton, Popover, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import type { Notice } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { NoticeRow } from '../notices/notice-row';
import { useNoticeActions } from '../notices/use-notices';

const SHOWN = 20;
const MOST = 99;

/** What the product told this person: unread ones counted live, a click opens what it is about. */
export const Notices = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const provider = useDataProvider<ConsoleProvider>();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { open, readAll } = useNoticeActions();
  const { data } = useQuery({
    queryKey: ['notifications', 'bell'],
    queryFn: () => provider.getAll<Notice>('notifications', {}, ['id', 'DESC'], SHOWN),
  });
  const { data: waiting } = useQuery({
    queryKey: ['notifications', 'unread'],
    queryFn: () => provider.getAll<Notice>('notifications', { readAt_null: true }, ['id', 'DESC'], 1),
  });
  const notices = data?.data ?? [];
  const unread = waiting?.total ?? 0;
  return (
    <>
      <IconButton
        aria-label={`${translate('notices.title')}${unread > 0 ? ` (${unread})` : ''}`}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: 'text.secondary' }}
      >
        <Badge badgeContent={unread} color="secondary" max={MOST}>
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
            {unread > 0 && <Button onClick={() => void readAll()}>{translate('notices.readAll')}</Button>}
          </Box>
          {notices.length === 0 && <EmptyState dense title={translate('notices.none')} />}
          <Box sx={{ maxHeight: 420, overflow: 'auto' }}>
            {notices.map((notice) => (
              <NoticeRow
                key={notice.id}
                notice={notice}
                open={(one) => {
                  setAnchor(null);
                  open(one);
                }}
              />
            ))}
          </Box>
          <Button
            fullWidth
            onClick={() => {
              setAnchor(null);
              navigate('/notices');
            }}
          >
            {translate('setup.notice.mine.more')}
          </Button>
        </Box>
      </Popover>
    </>
  );
};
