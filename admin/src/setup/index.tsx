import { lazy } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router-dom';
import { NotFound } from '../shell/not-found';
import { POLICY_KINDS } from './kinds';
import { PolicyList } from './policy/policy-list';
import { PolicyPage } from './policy/policy-page';

const GradingLabPage = lazy(() => import('./grading-lab/lab-page'));
const FieldsPage = lazy(() => import('./fields/fields-page'));
const LayoutsPage = lazy(() => import('./layouts/layouts-page'));
const MembersPage = lazy(() => import('./people/members-page'));
const TeamsPage = lazy(() => import('./people/teams-page'));
const SourcesPage = lazy(() => import('./sources/sources-page'));
const ConfigPage = lazy(() => import('./config/config-page'));
const AuditPage = lazy(() => import('./audit/audit-page'));
const ErasuresPage = lazy(() => import('../leads/erasure/erasures-page'));
const NotificationsPage = lazy(() => import('./notifications/notifications-page'));
const ReviewsPage = lazy(() => import('./reviews/reviews-page'));
const LinterPage = lazy(() => import('./linter/linter-page'));
const AccessPage = lazy(() => import('./access/access-page'));
const RolesPage = lazy(() => import('./people/roles-page'));

/** A policy by the resource it belongs to, as links of notices name it. */
const OpenPolicy = () => {
  const { resource, id } = useParams();
  const kind = POLICY_KINDS.find((ui) => ui.resource === resource);
  return kind ? <Navigate to={`/setup/${kind.slug}/${id}`} replace /> : <NotFound />;
};

/**
 * The set-up pages, loaded when somebody opens `/setup/*`.
 * A kind of policy is one entry of `kinds.tsx`; its words are in `messages.ts`, its menu line in `menu.tsx`.
 */
const Setup = () => (
  <Routes>
    <Route index element={<Navigate to="pools" replace />} />
    {POLICY_KINDS.map((ui) => (
      <Route key={ui.slug} path={ui.slug}>
        <Route index element={<PolicyList key={ui.slug} ui={ui} />} />
        <Route path=":id" element={<PolicyPage key={ui.slug} ui={ui} />} />
      </Route>
    ))}
    <Route path="open/:resource/:id" element={<OpenPolicy />} />
    <Route path="grading/:id/lab" element={<GradingLabPage />} />
    <Route path="sources" element={<SourcesPage />} />
    <Route path="fields" element={<FieldsPage />} />
    <Route path="layouts" element={<LayoutsPage />} />
    <Route path="members" element={<MembersPage />} />
    <Route path="teams" element={<TeamsPage />} />
    <Route path="roles" element={<RolesPage />} />
    <Route path="reviews" element={<ReviewsPage />} />
    <Route path="linter" element={<LinterPage />} />
    <Route path="access" element={<AccessPage />} />
    <Route path="config" element={<ConfigPage />} />
    <Route path="audit" element={<AuditPage />} />
    <Route path="erasures" element={<ErasuresPage />} />
    <Route path="notifications" element={<NotificationsPage />} />
    <Route path="*" element={<NotFound />} />
  </Routes>
);

export default Setup;
