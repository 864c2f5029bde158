import { QueryClient } from '@tanstack/react-query';
import { CustomRoutes, Resource, type I18nProvider } from 'ra-core';
import { lazy, Suspense } from 'react';
import { Admin } from 'react-admin';
import { Route } from 'react-router-dom';
import { ApiError } from './api/http-client';
import { authProvider } from './api/auth-provider';
import { dataProvider } from './api/data-provider';
import { LoginPage } from './login/login-page';
import { AppLayout, ShellSkeleton } from './shell/layout';
import { NotFound } from './shell/not-found';
import { Start } from './shell/start';
import { Notices } from './shell/notices';
import { darkTheme, lightTheme } from './theme/theme';

const JoinPage = lazy(() => import('./login/join-page'));
const HomePage = lazy(() => import('./dashboards/home-page'));
const DefinitionsPage = lazy(() => import('./definitions/definitions-page'));
const OpportunitiesPage = lazy(() => import('./opportunities/opportunities-page'));
const ProfilePage = lazy(() => import('./profile/profile-page'));
const WorkPage = lazy(() => import('./work/work-page'));
const LeadsPage = lazy(() => import('./leads/list/leads-page'));
const LeadPage = lazy(() => import('./leads/page/lead-page'));
const Pools = lazy(() => import('./pools/index'));
const CampaignsPage = lazy(() => import('./campaigns/campaigns-page'));
const AccountsPage = lazy(() => import('./accounts/accounts-page'));
const AccountPage = lazy(() => import('./accounts/account-page'));
const TasksPage = lazy(() => import('./tasks/tasks-page'));
const NoticesPage = lazy(() => import('./notices/notices-page'));
const Setup = lazy(() => import('./setup/index'));
const Imports = lazy(() => import('./imports/index'));
const Sla = lazy(() => import('./sla/index'));
const Routing = lazy(() => import('./routing/index'));

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
      <Route path="/home" element={<HomePage />} />
      <Route path="/definitions" element={<DefinitionsPage />} />
      <Route path="/opportunities" element={<OpportunitiesPage />} />
      <Route path="/profile" element={<ProfilePage />} />
      <Route path="/work" element={<WorkPage />} />
      <Route path="/leads" element={<LeadsPage />} />
      <Route path="/leads/:id" element={<LeadPage />} />
      <Route path="/leads/:id/show" element={<LeadPage />} />
      <Route path="/pools/*" element={<Pools />} />
      <Route path="/accounts" element={<AccountsPage />} />
      <Route path="/accounts/:id" element={<AccountPage />} />
      <Route path="/campaigns" element={<CampaignsPage />} />
      <Route path="/campaigns/:id" element={<CampaignsPage />} />
      <Route path="/tasks" element={<TasksPage />} />
      <Route path="/notices" element={<NoticesPage />} />
      <Route path="/setup/*" element={<Setup />} />
      <Route path="/imports/*" element={<Imports />} />
      <Route path="/sla/*" element={<Sla />} />
      <Route path="/routing/*" element={<Routing />} />
    </CustomRoutes>
  </Admin>
);
