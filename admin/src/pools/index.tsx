import { lazy } from 'react';
import { Route, Routes } from 'react-router-dom';
import { NotFound } from '../shell/not-found';
import PoolsPage from './pools-page';

const NextPage = lazy(() => import('./queue/next-page'));
const DropsPage = lazy(() => import('./drops/drops-page'));
const RequestsPage = lazy(() => import('./requests/requests-page'));
const ReportsPage = lazy(() => import('./reports/reports-page'));
const FairPlayPage = lazy(() => import('./fair-play/fair-play-page'));
const HandOverPage = lazy(() => import('./hand-over/hand-over-page'));
const ExhaustedPage = lazy(() => import('./exhausted/exhausted-page'));
const UndoPage = lazy(() => import('./undo/undo-page'));

/** The pages of the pools, below `/pools`. */
const Pools = () => (
  <Routes>
    <Route index element={<PoolsPage />} />
    <Route path="next" element={<NextPage />} />
    <Route path="drops" element={<DropsPage />} />
    <Route path="requests" element={<RequestsPage />} />
    <Route path="reports" element={<ReportsPage />} />
    <Route path="fair-play" element={<FairPlayPage />} />
    <Route path="hand-over" element={<HandOverPage />} />
    <Route path="exhausted" element={<ExhaustedPage />} />
    <Route path="undo" element={<UndoPage />} />
    <Route path="*" element={<NotFound />} />
  </Routes>
);

export default Pools;
