import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { NotFound } from '../shell/not-found';

const ScorecardPage = lazy(() => import('./scorecard/scorecard-page'));
const ContractsPage = lazy(() => import('./contracts/contracts-page'));
const ContractPage = lazy(() => import('./contracts/contract-page'));
const ClocksPage = lazy(() => import('./clocks-page'));
const ObligationsPage = lazy(() => import('./obligations-page'));
const PeriodLeadsPage = lazy(() => import('./period-leads-page'));
const DisputesPage = lazy(() => import('./disputes-page'));
const HandOffsPage = lazy(() => import('./hand-offs-page'));

/** Pages about the agreement of marketing and sales, loaded when somebody opens `/sla/*`. */
const Sla = () => (
  <Routes>
    <Route index element={<Navigate to="scorecard" replace />} />
    <Route path="scorecard" element={<ScorecardPage />} />
    <Route path="contracts" element={<ContractsPage />} />
    <Route path="contracts/:id" element={<ContractPage />} />
    <Route path="clocks" element={<ClocksPage />} />
    <Route path="obligations" element={<ObligationsPage />} />
    <Route path="periods/:contract/:key" element={<PeriodLeadsPage />} />
    <Route path="disputes" element={<DisputesPage />} />
    <Route path="hand-offs" element={<HandOffsPage />} />
    <Route path="*" element={<NotFound />} />
  </Routes>
);

export default Sla;
