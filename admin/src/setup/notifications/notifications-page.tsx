import { Box, Tab, Tabs, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useSearchParams } from 'react-router-dom';
import { getJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { Bots } from './bots';
import { Deliveries } from './deliveries';
import { Matrix } from './matrix';
import type { Company } from './types';

const TABS = ['matrix', 'bots', 'log'] as const;

/** Who is told of what by which channel; the chat groups; what became of the messages. */
const NotificationsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const [params, setParams] = useSearchParams();
  const tab = TABS.find((one) => one === params.get('tab')) ?? 'matrix';
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['notice-settings'],
    queryFn: () => getJson<Company>('/notice-settings'),
  });
  return (
    <>
      <PageHeader title={translate('setup.notice.title')} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1180 }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('setup.notice.intro')}
        </Typography>
        <Tabs value={tab} onChange={(_event, next: string) => setParams({ tab: next }, { replace: true })} sx={{ mb: 2, minHeight: 40 }}>
          {TABS.map((one) => (
            <Tab key={one} value={one} label={translate(`setup.notice.${one}`)} sx={{ minHeight: 40 }} />
          ))}
        </Tabs>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : !data ? (
          <RowsSkeleton rows={8} />
        ) : tab === 'matrix' ? (
          <Matrix key={dataUpdatedAt} company={data} readOnly={!access.can('update', 'notice-settings')} reload={() => void refetch()} />
        ) : tab === 'bots' ? (
          <Bots />
        ) : (
          <Deliveries company={data} />
        )}
      </Box>
    </>
  );
};

export default NotificationsPage;
