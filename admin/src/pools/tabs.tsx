import { Box, Tab, Tabs, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { useAccess } from '../api/session-context';
import { useDocumentTitle } from '../common/page';
import { usePoolDuties } from './use-board';

const TABS = ['board', 'next', 'drops', 'requests', 'reports', 'fair-play', 'hand-over', 'exhausted', 'undo'] as const;
export type PoolTab = (typeof TABS)[number];

const pathOf = (tab: PoolTab): string => (tab === 'board' ? '/pools' : `/pools/${tab}`);

/** Heading of every page of the pools, with the ways to the others. */
export const PoolsHeader = ({ actions }: { actions?: ReactNode }) => {
  const translate = useTranslate();
  const { pathname } = useLocation();
  const access = useAccess();
  const { manages, queues, drops } = usePoolDuties();
  const current = TABS.find((tab) => tab !== 'board' && pathname.startsWith(pathOf(tab))) ?? 'board';
  const isShown: Record<PoolTab, boolean> = {
    board: true,
    next: queues.length > 0,
    drops: drops.length > 0,
    requests: true,
    reports: manages,
    'fair-play': manages,
    'hand-over': manages || access.can('transfer', 'leads'),
    exhausted: manages,
    undo: manages,
  };
  useDocumentTitle(translate(`pools.tab.${current}`));
  return (
    <Box sx={{ bgcolor: 'background.default', borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 52, px: { xs: 2, md: 3 }, pt: 1 }}>
        <Typography variant="h5" component="h1" noWrap sx={{ flex: 1 }}>
          {translate('menu.pools')}
        </Typography>
        {actions}
      </Box>
      <Tabs
        value={current}
        variant="scrollable"
        scrollButtons={false}
        aria-label={translate('menu.pools')}
        sx={{ px: { xs: 1, md: 2 }, minHeight: 40 }}
      >
        {TABS.filter((tab) => isShown[tab] || tab === current).map((tab) => (
          <Tab key={tab} value={tab} component={Link} to={pathOf(tab)} label={translate(`pools.tab.${tab}`)} />
        ))}
      </Tabs>
    </Box>
  );
};
