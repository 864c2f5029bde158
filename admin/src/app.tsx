import { QueryClient } from '@tanstack/react-query';
import { CustomRoutes, Resource, type I18nProvider } from 'ra-core';
import { lazy, Suspense } from 'react';
import { Admin } from 'react-admin';
import { Route } from 'react-router-dom';
import { ApiError } from './api/http-client';
import { authProvider } from './api/auth-provider';
import { dataProvider } from './api/data-provider';
import { LoginPage } from './login/login-page';
import { PAGES } from './pages';
import { AppLayout, ShellSkeleton } from './shell/layout';
import { NotFound } from './shell/not-found';
import { Start } from './shell/start';
import { Notices } from './shell/notices';
import { darkTheme, lightTheme } from './theme/theme';

const JoinPage = lazy(() => import('./login/join-page'));

const RETRIES = 2;
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      /** A refusal stays a refusal; only a lost connection or a failing server is asked again. */
      retry: (failures, error) => failures < RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

export const App = ({ i18nProvider }: { i18nProvider: I18nProvider }) => (
  <Admin
    authProvider={authProvider}
    dataProvider={dataProvider}
    i18nProvider={i18nProvider}
    queryClient={queryClient}
    theme={lightTheme}
    darkTheme={darkTheme}
    layout={AppLayout}
    loginPage={LoginPage}
    loading={ShellSkeleton}
    catchAll={NotFound}
    notification={Notices}
    requireAuth
    disableTelemetry
  >
    <Resource name="leads" />
    <CustomRoutes noLayout>
      <Route
        path="/join"
        element={
          <Suspense fallback={null}>
            <JoinPage />
          </Suspense>
        }
      />
    </CustomRoutes>
    <CustomRoutes>
      <Route path="/" element={<Start />} />
      {PAGES.map(({ path, Page }) => (
        <Route key={path} path={path} element={<Page />} />
      ))}
    </CustomRoutes>
  </Admin>
);
