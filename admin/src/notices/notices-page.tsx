import DoneAllIcon from '@mui/icons-material/DoneAll';
import { Box, Button, Tab, Tabs, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { ListContextProvider, useListController, useTranslate } from 'ra-core';
import { useSearchParams } from 'react-router-dom';
import type { Notice } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader, RowsSkeleton } from '../common/page';
import { Pager } from '../common/pager';
import { MySettings } from './my-settings';
import { NoticeRow } from './notice-row';
import { useNoticeActions } from './use-notices';

const UNREAD = { readAt_null: true };

const Inbox = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const unread = params.get('show') === 'unread';
  const list = useListController<Notice>({
    resource: 'notifications',
    perPage: 25,
    sort: { field: 'id', order: 'DESC' },
    filter: unread ? UNREAD : {},
    disableSyncWithLocation: true,
  });
  const { open, readAll } = useNoticeActions();
  return (
    <Box sx={{ maxWidth: 760 }}>
      <Box sx={{ display: 'flex', gap: 1, mb: 1.5, justifyContent: 'space-between' }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={unread ? 'unread' : 'all'}
          onChange={(_event, next: string | null) => next && setParams(next === 'unread' ? { show: next } : {}, { replace: true })}
        >
          <ToggleButton value="all">{translate('setup.notice.mine.all')}</ToggleButton>
          <ToggleButton value="unread">{translate('setup.notice.mine.unread')}</ToggleButton>
        </ToggleButtonGroup>
        <Button startIcon={<DoneAllIcon />} onClick={() => void readAll()}>
          {translate('notices.readAll')}
        </Button>
      </Box>
      <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
        {list.error ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : !list.data ? (
          <RowsSkeleton rows={8} />
        ) : list.data.length === 0 ? (
          <EmptyState title={translate('setup.notice.mine.empty')} hint={translate('setup.notice.mine.emptyHint')} />
        ) : (
          list.data.map((notice) => <NoticeRow key={notice.id} notice={notice} open={open} />)
        )}
        <ListContextProvider value={list}>
          <Pager />
        </ListContextProvider>
      </Box>
    </Box>
  );
};

/** The inbox of a member, and how he wants to be told. */
const NoticesPage = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'settings' ? 'settings' : 'list';
  return (
    <>
      <PageHeader title={translate('setup.notice.mine.title')} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4 }}>
        <Tabs
          value={tab}
          onChange={(_event, next: string) => setParams(next === 'settings' ? { tab: next } : {}, { replace: true })}
          sx={{ mb: 2, minHeight: 40 }}
        >
          <Tab value="list" label={translate('setup.notice.mine.list')} sx={{ minHeight: 40 }} />
          <Tab value="settings" label={translate('setup.notice.mine.settings')} sx={{ minHeight: 40 }} />
        </Tabs>
        {tab === 'settings' ? <MySettings /> : <Inbox />}
      </Box>
    </>
  );
};

export default NoticesPage;
