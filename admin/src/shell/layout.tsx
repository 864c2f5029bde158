import { Box, Skeleton } from '@mui/material';
import { Suspense, type ReactNode } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';
import { useLocation } from 'react-router-dom';
import { SessionGate } from '../api/session-context';
import { ErrorState } from '../common/error-state';
import { PageSkeleton } from '../common/page';
import { LookupDialog } from '../pools/lookup/lookup-dialog';
import { OverrideHost } from '../pools/override/override-host';
import { BottomNav } from './bottom-nav';
import { GoKeys } from './go-keys';
import { LiveProvider, OfflineNotice } from './live';
import { CommandPalette } from './palette';
import { ShortcutHelp } from './shortcut-help';
import { Sidebar } from './sidebar';
import { TopBar } from './top-bar';
import { ViewAsBar } from './view-as-bar';

/** The frame before anything is known: same sizes as the real one. */
export const ShellSkeleton = () => (
  <Box sx={{ display: 'flex', height: '100dvh', bgcolor: 'background.default' }}>
    <Box
      sx={{ width: 208, display: { xs: 'none', md: 'block' }, bgcolor: 'background.paper', borderRight: 1, borderColor: 'divider', p: 2 }}
    >
      <Skeleton width={110} height={28} />
    </Box>
    <Box sx={{ flex: 1 }}>
      <Box sx={{ height: 52, bgcolor: 'background.paper', borderBottom: 1, borderColor: 'divider' }} />
      <PageSkeleton />
    </Box>
  </Box>
);

const Failed = ({ error, resetErrorBoundary }: FallbackProps) => <ErrorState error={error as unknown} retry={() => resetErrorBoundary()} />;

const Content = ({ children }: { children: ReactNode }) => {
  const { pathname } = useLocation();
  return (
    <Box component="main" id="main-content" sx={{ flex: 1, minHeight: 0, overflow: 'auto', overscrollBehavior: 'contain' }}>
      <ErrorBoundary resetKeys={[pathname]} FallbackComponent={Failed}>
        <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
      </ErrorBoundary>
    </Box>
  );
};

export const AppLayout = ({ children }: { children: ReactNode }) => (
  <SessionGate loading={<ShellSkeleton />} failed={(error, retry) => <ErrorState error={error} retry={retry} />}>
    <LiveProvider>
      <OverrideHost>
        <Box sx={{ display: 'flex', height: '100dvh', bgcolor: 'background.default', color: 'text.primary' }}>
          <Sidebar />
          <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
            <ViewAsBar />
            <TopBar />
            <Content>{children}</Content>
            <BottomNav />
          </Box>
        </Box>
        <OfflineNotice />
        <ShortcutHelp />
        <LookupDialog />
        <CommandPalette />
        <GoKeys />
      </OverrideHost>
    </LiveProvider>
  </SessionGate>
);
