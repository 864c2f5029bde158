import { Navigate, Route, Routes } from 'react-router-dom';
import { NotFound } from '../shell/not-found';
import { FairnessPage } from './fairness-page';
import { LeavePage } from './leave/leave-page';
import { MonitorPage } from './monitor-page';
import { SuggestionsPage } from './suggestions-page';

/** Pages about what routing did, loaded when somebody opens `/routing/*`; words are in `messages.ts`, menu lines in `menu.tsx`. */
const Routing = () => (
  <Routes>
    <Route index element={<Navigate to="monitor" replace />} />
    <Route path="monitor" element={<MonitorPage />} />
    <Route path="fairness" element={<FairnessPage />} />
    <Route path="suggestions" element={<SuggestionsPage />} />
    <Route path="leave" element={<LeavePage />} />
    <Route path="*" element={<NotFound />} />
  </Routes>
);

export default Routing;
